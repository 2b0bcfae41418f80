"""Comparing the registers of an area: new leads, kept ones, healed ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from grid.calendar.now import now, today
from grid.hints import hint
from grid.law.queries import the_law
from grid.ledger.actions import Line, record, record_many
from grid.ledger.verbs import Verb
from grid.registers.models import Row
from grid.scope import Actor, Right, ask, in_area, person_of
from grid.subjects.models import Standing, Subject
from grid.subjects.moves import Move
from grid.territory.queries import current_area
from tasks.comparison.models import Comparison, Lead, LeadState
from tasks.comparison.queries import current_rows, known_of, params_of
from tasks.comparison.rules import TITLES, Hit, Params, hits

LIVE = (LeadState.OPEN, LeadState.TASKED, LeadState.CONFIRMED)
BATCH = 1000


@dataclass(frozen=True)
class Report:
    """`healed_subjects` had leads that healed and have none left alive: what their registers say now fits."""

    comparison: Comparison
    compared: int
    found: int
    kept: int
    healed: int
    healed_subjects: frozenset[int]


@dataclass
class _Tally:
    found: int = 0
    kept: int = 0
    healed: int = 0
    healed_subjects: set[int] = field(default_factory=set)


def run_comparison(area: str, *, by: Actor, as_of: date) -> Report:
    """Compares the current rows of all registers about subjects in `area`, by the law of `as_of`.

    Each batch of subjects is one transaction under their locks: a run cut off leaves whole batches, and running
    again makes no lead twice. Raises NotYourPost, NotHere, UnknownArea; KeyError when the law has a gap that day.
    """
    params = params_of(the_law(as_of))
    comparison = _open(area, as_of, by)
    ids, tally = _to_compare(area), _Tally()
    for start in range(0, len(ids), BATCH):
        _compare(comparison, ids[start : start + BATCH], params, tally, by)
    return _finish(comparison, len(ids), tally, by)


def order_comparison(area: str, *, by: Actor) -> None:
    """Queues a comparison of `area` by today's law; its result shows on the page of leads.

    Part of a comparison, whose entry the run writes. Raises NotYourPost, NotHere, UnknownArea.
    """
    from tasks.comparison.jobs import compare_area

    ask(by, Right.COMPARE, area)
    current_area(area)
    compare_area.enqueue(area, person_of(by))


@transaction.atomic
def _open(area: str, as_of: date, by: Actor) -> Comparison:
    ask(by, Right.COMPARE, area)
    current_area(area)
    return Comparison.objects.create(area=area, as_of=as_of, run_at=now(), run_by_id=by.person_id)


def _to_compare(area: str) -> list[int]:
    """Whoever taxes or insurance know of, and whoever has a live lead: nobody else can gain or lose one."""
    rows = Row.objects.filter(in_area(area), register__in=("social", "tax"), until=None)
    live = Lead.objects.filter(in_area(area), state__in=LIVE)
    return sorted({*rows.values_list("subject", flat=True), *live.values_list("subject", flat=True)})


@transaction.atomic
def _compare(comparison: Comparison, ids: Sequence[int], params: Params, tally: _Tally, by: Actor) -> None:
    subjects = list(Subject.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    rows = current_rows(ids)
    live, dismissed = _leads(ids)
    new: list[Lead] = []
    kept: list[Lead] = []
    gone: list[Lead] = []
    newer: list[Lead] = []
    for subject in subjects:
        own = rows.get(subject.pk, {})
        found = {hit.rule: hit for hit in hits(known_of(subject, own), params, comparison.as_of)}
        for rule, lead in live.get(subject.pk, {}).items():
            (kept if rule in found else gone).append(lead)
            if rule in found and _explain(lead, found.pop(rule), own):
                newer.append(lead)
        new += _new_leads(comparison, subject, found, own, dismissed)
    _save_new(new, by)
    Lead.objects.bulk_update(newer, ["why", "clause", "facts", "left", "right"])
    healed = _close(gone, {s.pk for s in subjects if s.standing != Standing.ACTIVE}, by)
    _count(tally, new, kept, healed)
    for area in {lead.area for lead in (*new, *gone)}:
        hint("inbox", area)


def _leads(ids: Sequence[int]) -> tuple[dict[int, dict[str, Lead]], set[tuple[int, str, int, int | None]]]:
    """Live leads by subject and rule; and the row versions about which somebody already said no."""
    live: dict[int, dict[str, Lead]] = {}
    for lead in (
        Lead.objects.select_for_update(of=("self",)).filter(subject__in=ids, state__in=LIVE).order_by("pk")
    ):
        live.setdefault(lead.subject_id, {})[lead.rule] = lead
    refuted = Lead.objects.filter(subject__in=ids, state=LeadState.DISMISSED)
    return live, set(refuted.values_list("subject", "rule", "left", "right"))


def _explain(lead: Lead, hit: Hit, rows: dict[str, Row]) -> bool:
    """Follows newer rows while nobody works on it; later, what the worker was told stays as it was told.
    Whether it changed: rewriting every kept lead took four times as long as finding it."""
    left, right = rows[hit.left], rows.get(hit.right)
    same = (lead.left_id, lead.right_id, lead.why) == (left.pk, right.pk if right else None, hit.why[:300])
    if lead.state != LeadState.OPEN or same:
        return False
    lead.why, lead.clause, lead.facts = hit.why[:300], hit.clause, dict(hit.facts)
    lead.left, lead.right = left, right
    return True


def _new_leads(
    comparison: Comparison, subject: Subject, found: dict[str, Hit], rows: dict[str, Row],
    dismissed: set[tuple[int, str, int, int | None]],
) -> Iterator[Lead]:  # fmt: skip
    for rule, hit in found.items():
        left, right = rows[hit.left], rows.get(hit.right)
        if (subject.pk, rule, left.pk, right.pk if right else None) in dismissed:
            continue
        yield Lead(
            comparison=comparison,
            subject=subject,
            area=subject.area,
            rule=rule,
            why=hit.why[:300],
            clause=hit.clause,
            facts=dict(hit.facts),
            left=left,
            right=right,
            found_on=today(),
        )


def _save_new(new: Sequence[Lead], by: Actor) -> None:
    Lead.objects.bulk_create(new)
    record_many(Verb.LEAD_FOUND, [_line(lead, left=lead.left_id, right=lead.right_id) for lead in new], by=by)


def _close(gone: Sequence[Lead], ended: set[int], by: Actor) -> list[Lead]:
    """Heals leads the registers no longer bear out; those of a subject out of business are dropped instead."""
    was = {lead.pk: str(lead.state) for lead in gone}
    for lead in gone:
        lead.state = LeadState.DISMISSED if lead.subject_id in ended else LeadState.HEALED
        lead.closed_on = today()
    Lead.objects.bulk_update(gone, ["state", "closed_on"])
    healed = [lead for lead in gone if lead.state == LeadState.HEALED]
    dropped = [lead for lead in gone if lead.state == LeadState.DISMISSED]
    record_many(Verb.LEAD_HEALED, [_line(lead, was=was[lead.pk]) for lead in healed], by=by)
    why = "登记已注销或吊销"
    record_many(Verb.LEAD_DROPPED, [_line(lead, was=was[lead.pk], reason=why) for lead in dropped], by=by)
    return healed


def _line(lead: Lead, **more: object) -> Line:
    data = {
        "lead": lead.pk,
        "rule": f"{lead.rule} {TITLES[lead.rule]}",
        "why": lead.why,
        "clause": lead.clause,
    }
    return Line(lead.area, lead.subject_id, data={**data, **more})


def _count(tally: _Tally, new: Sequence[Lead], kept: Sequence[Lead], healed: Sequence[Lead]) -> None:
    alive = {lead.subject_id for lead in (*new, *kept)}
    tally.found += len(new)
    tally.kept += len(kept)
    tally.healed += len(healed)
    tally.healed_subjects |= {lead.subject_id for lead in healed} - alive


@transaction.atomic
def _finish(comparison: Comparison, compared: int, tally: _Tally, by: Actor) -> Report:
    comparison.compared, comparison.found = compared, tally.found
    comparison.kept, comparison.healed = tally.kept, tally.healed
    comparison.save(update_fields=["compared", "found", "kept", "healed"])
    record(
        Verb.COMPARISON_RUN,
        by=by,
        area=comparison.area,
        data={
            "comparison": comparison.pk,
            "as_of": comparison.as_of,
            "compared": compared,
            "found": tally.found,
            "kept": tally.kept,
            "healed": tally.healed,
        },
    )
    hint("inbox", comparison.area)
    return Report(
        comparison, compared, tally.found, tally.kept, tally.healed, frozenset(tally.healed_subjects)
    )


def follow_moves(moves: Sequence[Move], by: Actor) -> None:
    """Live leads go with their subject; closed ones stay where they were closed.

    Part of the action that moves.
    """
    by_area: dict[str, list[int]] = {}
    for move in moves:
        if move.old:
            by_area.setdefault(move.new, []).append(move.subject_id)
    for area, ids in by_area.items():
        for start in range(0, len(ids), BATCH):
            Lead.objects.filter(subject__in=ids[start : start + BATCH], state__in=LIVE).update(area=area)
