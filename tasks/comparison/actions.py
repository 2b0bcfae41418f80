"""Comparing the registers of an area: new leads, kept ones, healed ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from grid.calendar.now import CITY_TIME, now, today
from grid.hints import hint
from grid.law.queries import the_law
from grid.law.rules.mandate import cited
from grid.ledger.actions import Line, record, record_acts, record_many
from grid.registers.actions.rolling_back import changed_by
from grid.registers.models import Delivery, DeliveryState, Row
from grid.scope import Actor, Right, in_area, machine, require, require_person
from grid.subjects.actions.moves import Move
from grid.subjects.models import Subject
from grid.territory.models import Person
from grid.territory.queries import actor_of, current_area
from tasks.comparison.models import LIVE, Comparison, Lead, LeadState, Origin
from tasks.comparison.queries import current_rows, known_of, params_of
from tasks.comparison.rules import TITLES, TOLD, TOLD_CLAUSE, Hit, Known, Params, hits, why_dropped
from tasks.comparison.verbs import ComparisonVerb

BATCH = 1000
COMPARER = machine("名册比对")


@dataclass(frozen=True)
class Report:
    """`healed_subjects` had leads that healed and have none left alive: what their registers say now fits."""

    comparison: Comparison
    compared: int
    found: int
    kept: int
    healed: int
    healed_subjects: frozenset[int]


def run_comparison(area: str, *, by: Actor, as_of: date) -> Report:
    """Compares the current rows of all registers about subjects in `area`, by the law of `as_of`.

    Each batch of subjects is one transaction under their locks: a run cut off leaves whole batches, and running
    again makes no lead twice. Raises NotYourPost, NotHere, UnknownArea; KeyError when the law has a gap that day.
    """
    params_of(the_law(as_of))
    return finish_comparison(_open(area, as_of, by), by=by)


def compare_delivery(delivery: Delivery, *, by: Actor = COMPARER) -> Report | None:
    """Looks again at what a delivery changed, or gave back where it was undone, and at nothing else. Once for each;
    None when it was done. Raises as run_comparison."""
    origin = Origin.UNDONE if delivery.state == DeliveryState.UNDONE else Origin.DELIVERY
    comparison, _new = Comparison.objects.get_or_create(
        delivery=delivery,
        origin=origin,
        defaults={"area": delivery.area, "as_of": today(), "run_at": now(), "run_by_id": by.person_id},
    )
    return None if comparison.finished_at else finish_comparison(comparison, by=by)


def finish_comparison(comparison: Comparison, *, by: Actor) -> Report:
    """The run from where it stands to its end. Part of a comparison, whose entry is written at its end."""
    params, healed = params_of(the_law(comparison.as_of)), set[int]()
    ids = [pk for pk in _to_compare(comparison) if pk > comparison.done_to]
    for start in range(0, len(ids), BATCH):
        healed |= _compare(comparison.pk, ids[start : start + BATCH], params, by)
    return _finish(comparison.pk, healed, by)


def follow_delivery(delivery: Delivery, by: Actor) -> None:
    """A register was taken, or undone: what it changed is compared again, in the background.

    Part of an import."""
    compare_after.enqueue(delivery.pk)


def compare_nightly() -> int:
    """Periodic: the whole city, once a night, however many clocks there are. How many runs were ordered."""
    day = today()
    if not Row.objects.exists() or now().astimezone(CITY_TIME).hour < int(
        the_law(day)["compare.night_hour"].value
    ):
        return 0
    return _order_night(day)


@transaction.atomic
def _order_night(day: date) -> int:
    """Part of a comparison, whose entry is written at its end."""
    run, is_new = Comparison.objects.get_or_create(
        area=settings.CITY, as_of=day, origin=Origin.NIGHT, defaults={"run_at": now()}
    )
    if is_new:
        compare_on.enqueue(run.pk)
    return int(is_new)


def order_comparison(area: str, *, by: Actor) -> None:
    """Queues a comparison of `area` by today's law; its result shows on the page of leads.

    Part of a comparison, whose entry the run writes. Raises NotYourPost, NotHere, UnknownArea.
    """
    require(by, Right.COMPARE, area)
    current_area(area)
    compare_area.enqueue(area, require_person(by))


# --- in the background: a city's registers take longer than a person should wait for a page ---------------


@task()
def compare_area(area: str, person_id: int) -> None:
    """In the name of whoever pressed the button. May run again after a crash: no lead is made twice."""
    run_comparison(area, by=actor_of(Person.objects.get(pk=person_id)), as_of=today())


@task()
def compare_after(delivery_id: int) -> None:
    """What a delivery changed. May run again after a crash: it goes on where it was."""
    compare_delivery(Delivery.objects.get(pk=delivery_id))


@task()
def compare_on(comparison_id: int) -> None:
    """Continues an interrupted run from where it stands."""
    comparison = Comparison.objects.get(pk=comparison_id)
    if comparison.finished_at is None:
        finish_comparison(comparison, by=COMPARER)


# --- one run ---------------------------------------------------------------------------------------------


@transaction.atomic
def _open(area: str, as_of: date, by: Actor) -> Comparison:
    require(by, Right.COMPARE, area)
    current_area(area)
    return Comparison.objects.create(area=area, as_of=as_of, run_at=now(), run_by_id=by.person_id)


def _to_compare(comparison: Comparison) -> list[int]:
    """Whoever taxes or insurance know of, and whoever has a live lead: nobody else can gain or lose one. After a
    delivery only those it changed."""
    if comparison.delivery is not None:
        changed = Subject.objects.filter(pk__in=changed_by(comparison.delivery))
        return sorted(changed.values_list("pk", flat=True))
    rows = Row.objects.filter(in_area(comparison.area), register__in=("social", "tax"), until=None)
    live = Lead.objects.filter(in_area(comparison.area), state__in=LIVE)
    return sorted({*rows.values_list("subject", flat=True), *live.values_list("subject", flat=True)})


@transaction.atomic
def _compare(pk: int, ids: Sequence[int], params: Params, by: Actor) -> set[int]:
    """One batch: the subjects healed in it. Nothing where another worker was here before."""
    comparison = Comparison.objects.select_for_update(of=("self",)).select_related("delivery").get(pk=pk)
    if comparison.done_to >= ids[-1]:
        return set()
    subjects = list(Subject.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    rows = current_rows(ids)
    live, dismissed = _leads(ids)
    new: list[Lead] = []
    kept: list[Lead] = []
    gone: list[tuple[Lead, Known]] = []
    newer: list[Lead] = []
    for subject in subjects:
        own = rows.get(subject.pk, {})
        known = known_of(subject, own)
        found = {hit.rule: hit for hit in hits(known, params, comparison.as_of)}
        for rule, lead in live.get(subject.pk, {}).items():
            if rule not in found:
                gone.append((lead, known))
                continue
            kept.append(lead)
            if _explain(lead, found.pop(rule), own):
                newer.append(lead)
        new += _new_leads(comparison, subject, found, own, dismissed)
    _save_new(new, by)
    Lead.objects.bulk_update(newer, ["why", "clause", "facts", "left", "right"])
    healed, dropped = _close(gone, comparison, by)
    _count(comparison, {"found": new, "kept": kept, "healed": healed, "dropped": dropped}, ids)
    for area in {lead.area for lead in (*new, *healed, *dropped)}:
        hint("inbox", area)
    return {lead.subject_id for lead in healed} - {lead.subject_id for lead in (*new, *kept)}


def _leads(ids: Sequence[int]) -> tuple[dict[int, dict[str, Lead]], set[tuple[int, str, int, int | None]]]:
    """Live leads by subject and rule; and the row versions about which somebody already said no."""
    live: dict[int, dict[str, Lead]] = {}
    for lead in (
        Lead.objects.select_for_update(of=("self",))
        .filter(subject__in=ids, state__in=LIVE)
        .exclude(rule=TOLD)
        .order_by("pk")
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
    lead.why, lead.clause, lead.facts = hit.why[:300], cited(hit.clause), dict(hit.facts)
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
            clause=cited(hit.clause),
            facts=dict(hit.facts),
            left=left,
            right=right,
            found_on=today(),
        )


def _save_new(new: Sequence[Lead], by: Actor) -> None:
    Lead.objects.bulk_create(new)
    record_many(
        ComparisonVerb.LEAD_FOUND,
        [_line(lead, left=lead.left_id, right=lead.right_id) for lead in new],
        by=by,
    )


def raise_lead(employer: Subject, *, by: Actor) -> Lead | None:
    """A lead on a unit of which somebody told that it does not insure its staff; None where one is alive already. Nothing
    in it says who told. Part of confirming what was told."""
    if Lead.objects.filter(subject=employer, rule=TOLD, state__in=LIVE).exists():
        return None
    lead = Lead.objects.create(
        subject=employer,
        area=employer.area,
        rule=TOLD,
        why=_("收到反映：有职工没有参加社会保险（来源保密）"),
        clause=TOLD_CLAUSE,
        found_on=today(),
    )
    record(ComparisonVerb.LEAD_TOLD, _line(lead), by=by)
    hint("inbox", lead.area)
    return lead


def _close(
    gone: Sequence[tuple[Lead, Known]], comparison: Comparison, by: Actor
) -> tuple[list[Lead], list[Lead]]:
    """Heals leads that insurance now answers; those whose ground went, or whose register was taken back, are dropped
    instead. (healed, dropped)"""
    healed: list[Lead] = []
    dropped: list[Lead] = []
    told = []
    for lead, known in gone:
        was, why = str(lead.state), why_dropped(lead.rule, known)
        why = "所依据的名册批次已撤回" if comparison.origin == Origin.UNDONE else why
        lead.state = LeadState.DISMISSED if why else LeadState.HEALED
        lead.closed_on, lead.closed_in = today(), comparison
        (dropped if why else healed).append(lead)
        facts = {"was": was, "reason": why} if why else {"was": was}
        told.append(
            (ComparisonVerb.LEAD_DROPPED if why else ComparisonVerb.LEAD_HEALED, _line(lead, **facts))
        )
    Lead.objects.bulk_update([lead for lead, _known in gone], ["state", "closed_on", "closed_in"])
    record_acts(told, by=by)
    return healed, dropped


def _line(lead: Lead, **more: object) -> Line:
    data = {
        "lead": lead.pk,
        "rule": f"{lead.rule} {TITLES[lead.rule]}",
        "why": lead.why,
        "clause": lead.clause,
    }
    return Line(lead.area, lead.subject_id, data={**data, **more})


def _count(comparison: Comparison, told: Mapping[str, Sequence[Lead]], ids: Sequence[int]) -> None:
    """Adds a batch to the run, and says how far it has come."""
    by_rule = {rule: dict(counts) for rule, counts in comparison.by_rule.items()}
    for name, leads in told.items():
        setattr(comparison, name, getattr(comparison, name) + len(leads))
        for lead in leads:
            counts = by_rule.setdefault(lead.rule, {})
            counts[name] = counts.get(name, 0) + 1
    comparison.by_rule, comparison.done_to = by_rule, ids[-1]
    comparison.compared += len(ids)
    comparison.save(update_fields=[*told, "by_rule", "done_to", "compared"])


@transaction.atomic
def _finish(pk: int, healed: set[int], by: Actor) -> Report:
    comparison = Comparison.objects.select_for_update(of=("self",)).get(pk=pk)
    counts = {name: getattr(comparison, name) for name in ("compared", "found", "kept", "healed", "dropped")}
    if comparison.finished_at is None:
        comparison.finished_at = now()
        comparison.save(update_fields=["finished_at"])
        facts = {"comparison": pk, "as_of": comparison.as_of, "delivery": comparison.delivery_id, **counts}
        facts |= {"origin_name": str(Origin(comparison.origin).label), "by_rule": comparison.by_rule}
        record(ComparisonVerb.COMPARISON_RUN, Line(comparison.area, data=facts), by=by)
        hint("inbox", comparison.area)
    counts.pop("dropped")
    return Report(comparison, **counts, healed_subjects=frozenset(healed))


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
