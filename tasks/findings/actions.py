"""Making findings out of visits, and the second pair of eyes on them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, day_of, now, today
from grid.hints import hint
from grid.law.queries import the_law
from grid.law.rules.mandate import cited
from grid.ledger.actions import Line, record, record_acts
from grid.ledger.bulk import insert_models
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, require
from grid.subjects.queries import employer_named
from tasks.comparison.actions import raise_lead
from tasks.comparison.models import UNSETTLED, Lead, LeadState
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions import moves
from tasks.findings import problems as findings_problems
from tasks.findings import rules
from tasks.findings.models import Finding
from tasks.findings.queries import speaker_of
from tasks.findings.verbs import FindingVerb
from tasks.followups.actions import Conclusion, carry_out, drop_corrected
from tasks.forms import tables
from tasks.forms.judging import judge
from tasks.forms.queries import Version, known_of, with_base
from tasks.outcomes.rules import Row, reviewed_outcome
from tasks.visits.models import Visit
from tasks.visits.rules import Merged
from tasks.visits.states import FindingState


@dataclass(frozen=True, slots=True)
class FindingInput:
    """A visit to a known subject, what registers say of that subject, and whether it speaks for the door."""

    visit: Visit
    registers: Mapping[str, Version]
    speaks: bool
    clashes: bool = False
    # What holds at the door where others were there too (see Finding.merged).
    merged: Merged | None = None
    # The reason given for its outcome; None where none was.
    row: Row | None = None


# --- made with the visit -----------------------------------------------------------------------------


def make_findings(inputs: Sequence[FindingInput], *, by: Actor, held: Held | None = None) -> list[Finding]:
    """One finding for each visit, in the visit's own transaction; no measures means all was in order there."""
    made, told = write_findings(inputs)
    if told:
        record_acts(told, by=by, held=held)
    return made


def write_findings(inputs: Sequence[FindingInput]) -> tuple[list[Finding], list[tuple[Verb, Line]]]:
    """The findings, and what the action that took the visits has yet to tell of them.

    A visit that does not speak for its door gets its finding too, already replaced: it can be brought back.
    """
    made = [_finding(finding_input) for finding_input in inputs]
    insert_models(made)
    lines: list[tuple[Verb, Line]] = [
        (FindingVerb.FINDING_MADE, _line(finding, finding_input.visit.code))
        for finding, finding_input in zip(made, inputs, strict=True)
        if finding.measures and finding_input.speaks
    ]
    return made, lines


def _finding(finding_input: FindingInput) -> Finding:
    visit = finding_input.visit
    return Finding(
        visit=visit,
        subject_id=visit.subject_id or 0,
        area=visit.area,
        measures=measures_of(visit, finding_input.merged, finding_input.registers, finding_input.row),
        merged=finding_input.merged,
        state=_state_of(finding_input),
        recorded_by_id=visit.person_id,
        made_at=visit.received_at,
    )


def _state_of(finding_input: FindingInput) -> FindingState:
    if finding_input.clashes:
        return FindingState.CLASHING
    return FindingState.OPEN if finding_input.speaks else FindingState.REPLACED


def measures_of(
    visit: Visit, merged: Merged | None, registers: Mapping[str, Version], row: Row | None = None
) -> list[dict[str, str]]:
    """What the facts call for: the visit's own, or those that hold at its door. `row`: the reason given for the outcome."""
    outcome, told = (merged["outcome"], merged["answers"]) if merged else (visit.outcome, visit.answers)
    form = tables.known(visit.form, visit.form_version)
    day = day_of(visit.counts_at)
    judged = judge(form, told, outcome, day)
    known = known_of(registers)
    if judged.sound.get("wage_base") == "below":
        known = with_base(known, registers, the_law(day))
    owed = rules.measures_owed(rules.Facts(outcome, judged.sound, known, row))
    return [measure.as_json(day) | {"clause": cited(rules.CLAUSE)} for measure in owed]


def _line(finding: Finding, visit: str) -> Line:
    basis = sorted({measure["articles"] for measure in finding.measures})
    data = {
        "finding": finding.pk,
        "visit": visit,
        "measures": _names(finding),
        "basis": [cited(rules.CLAUSE), *basis],
    }
    return Line(finding.area, finding.subject_id, "", data)


def _names(finding: Finding) -> list[str]:
    return rules.matter(finding.measures)


def replace_findings(visit_ids: Collection[int]) -> int:
    """Findings, open or clashing, of visits that no longer speak for their door. Part of the action that took the new visit."""
    if not visit_ids:
        return 0
    waiting = Finding.objects.filter(
        visit__in=visit_ids, state__in=(FindingState.OPEN, FindingState.CLASHING)
    )
    return waiting.update(state=FindingState.REPLACED)


# --- the second pair of eyes -------------------------------------------------------------------------


@transaction.atomic
def confirm_finding(finding: Finding, remark: str = "", *, by: Actor) -> Finding:
    """The finding holds. Settles the coverage state, the leads it bears out or refutes, and the task.

    Raises SamePersonTwice for whoever recorded it or said what holds in it, AlreadyDone when a colleague was
    faster.
    """
    finding = _held_for_review(finding, _("确认"), by)
    row = finding.row
    _review(finding, FindingState.CONFIRMED, remark, by, row)
    settled = rules.settled_state(finding.outcome, finding.sound, finding.measures, row)
    mark_state([finding.subject_id], CoverState(settled), by=by)
    decided = _decided_before(finding)
    _settle_leads(finding, reviewed_outcome(row, finding.outcome), _names(finding), _since(decided))
    corrected = _correct(decided, finding.reviewed_at)
    drop_corrected([before.visit_id for before in decided], by=by)
    facts = {"remark": remark, "corrects": corrected} if corrected else {"remark": remark}
    _record(FindingVerb.FINDING_CONFIRMED, finding, by, facts)
    if row is not None:
        carry_out(Conclusion(finding.visit, row, finding.seen.answers), by=by)
    _raise_lead_on_employer(finding, by)
    return finding


def _raise_lead_on_employer(finding: Finding, by: Actor) -> None:
    """What a household says of an employer is a lead on the employer, where its name is that of one of the city."""
    name = rules.employer_named_in(finding.outcome, finding.sound)
    if name and (employer := employer_named(name, finding.area[:4])):
        raise_lead(employer, by=by)


def _decided_before(finding: Finding) -> list[Finding]:
    """What was decided of the same door before: a visit confirmed now holds instead."""
    visit, same = finding.visit, Q()
    if visit.task_id is not None:
        same |= Q(visit__task=visit.task_id)
    if visit.replaces_id is not None:
        same |= Q(visit=visit.replaces_id)
    if not same:
        return []
    rows = Finding.objects.select_for_update(of=("self",)).filter(same, reviewed_at__isnull=False)
    decided = (FindingState.CONFIRMED, FindingState.REJECTED, FindingState.CORRECTED)
    return list(rows.filter(state__in=decided).exclude(pk=finding.pk).order_by("pk"))


def _since(decided: Sequence[Finding]) -> datetime | None:
    """Since when the door's visits decided about leads; None where none did."""
    return min((finding.reviewed_at for finding in decided if finding.reviewed_at), default=None)


def _correct(decided: Sequence[Finding], at: datetime | None) -> list[int]:
    """Marks the findings confirmed so far as corrected, and answers their numbers."""
    held = [finding for finding in decided if finding.state == FindingState.CONFIRMED]
    for finding in held:
        finding.state, finding.corrected_at = FindingState.CORRECTED, at
    Finding.objects.bulk_update(held, ["state", "corrected_at"])
    return [finding.pk for finding in held]


@transaction.atomic
def return_finding(finding: Finding, question: str, fields: Sequence[str], *, by: Actor) -> Finding:
    """Asks the worker again: the door goes back to the phone with `question` and the doubted question names.

    Raises NoTaskToReturn when the visit had no task, UnknownQuestion for a name the form does not have,
    ReasonMissing without a question, SamePersonTwice and AlreadyDone as for a confirmation.
    """
    if not question.strip():
        raise problems.ReasonMissing(act=_("退回补充"))
    finding = _held_for_review(finding, _("退回补充"), by)
    visit = finding.visit
    if visit.task_id is None:
        raise findings_problems.NoTaskToReturn()
    _check_fields(visit, fields)
    moves.return_task(visit.task_id, question, fields, by=by, is_unended=visit.lacks_ground)
    finding.state, finding.remark = FindingState.RETURNED, question
    finding.reviewed_by_id, finding.reviewed_at = by.person_id, now()
    finding.save(update_fields=["state", "remark", "reviewed_by", "reviewed_at"])
    mark_state([finding.subject_id], CoverState.TO_CHECK, by=by)
    _record(FindingVerb.FINDING_RETURNED, finding, by, {"question": question, "fields": list(fields)})
    return finding


@transaction.atomic
def reject_finding(finding: Finding, remark: str, *, by: Actor) -> Finding:
    """The measures do not hold: the subject counts as in order, its leads are dismissed, the task is done.

    Raises NothingToReject for a finding without measures, ReasonMissing without a remark.
    """
    if not remark.strip():
        raise problems.ReasonMissing(act=_("否定发现"))
    finding = _held_for_review(finding, _("否定发现"), by)
    if not finding.measures:
        raise findings_problems.NothingToReject()
    _review(finding, FindingState.REJECTED, remark, by)
    settled = rules.settled_state(finding.outcome, finding.sound, [], finding.row)
    mark_state([finding.subject_id], CoverState(settled), by=by)
    decided = _decided_before(finding)
    _settle_leads(finding, finding.outcome, [], _since(decided))
    _correct(decided, finding.reviewed_at)
    _record(FindingVerb.FINDING_REJECTED, finding, by, {"reason": remark})
    return finding


def _held_for_review(finding: Finding, act: str, by: Actor) -> Finding:
    """The finding, locked, and open, and `by` another person with the right to review it.

    The task's posting is locked before the finding, in the order in which an arriving visit locks them.
    """
    require(by, Right.REVIEW, finding.area)
    if finding.visit.task_id is not None:
        moves.locked_task(finding.visit.task_id)
    rows = Finding.objects.select_for_update(of=("self",))
    finding = rows.select_related("visit", "recorded_by", "reviewed_by").get(pk=finding.pk)
    if (speaker := speaker_of(finding, by.person_id)) is not None:
        raise problems.SamePersonTwice(first=speaker)
    if finding.state in (FindingState.REPLACED, FindingState.CLASHING):
        raise problems.OutOfOrder(thing=_("发现"), state=FindingState(finding.state).label, act=act)
    if finding.state != FindingState.OPEN:
        raise problems.AlreadyDone(who=finding.reviewed_by, when=_when(finding))
    return finding


def _when(finding: Finding) -> str:
    at = finding.reviewed_at
    return at.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M") if at else "—"


def _check_fields(visit: Visit, fields: Sequence[str]) -> None:
    form = tables.known(visit.form, visit.form_version)
    for name in fields:
        if form and form.question(name) is None:
            raise findings_problems.UnknownQuestion(name=name)


def _review(finding: Finding, state: FindingState, remark: str, by: Actor, row: Row | None = None) -> None:
    finding.state, finding.remark = state, remark
    finding.reviewed_by_id, finding.reviewed_at = by.person_id, now()
    finding.save(update_fields=["state", "remark", "reviewed_by", "reviewed_at"])
    if finding.visit.task_id is not None:
        stays = finding.is_ungrounded or (row is not None and row.is_reason and row.keeps_open)
        after = moves.keep_open if stays else moves.finish_task
        after(finding.visit.task_id)


def _settle_leads(finding: Finding, outcome: str, measures: list[str], since: datetime | None) -> None:
    """Each live lead on the subject is borne out, refuted, or left as it was (see rules.lead_verdict). So is each that
    visits to the same door decided `since`: what they are corrected in may turn it round, and open it again."""
    answers = finding.sound
    rows = Lead.objects.select_for_update().filter(subject=finding.subject_id).order_by("pk")
    decided = Q(state__in=(LeadState.CONFIRMED, LeadState.DISMISSED), verified_at__gte=since)
    leads = list(rows.filter(Q(state__in=UNSETTLED) | decided if since else Q(state__in=UNSETTLED)))
    for lead in leads:
        verdict = rules.lead_verdict(lead.rule, measures, outcome, answers)
        if lead.state == verdict or (verdict == "open" and lead.state in UNSETTLED):
            continue
        if lead.state == LeadState.DISMISSED and _is_raised_anew(lead):
            continue
        lead.state = LeadState(verdict)
        # When a door was first asked about it stays: what was counted of a month stays counted.
        lead.verified_at = lead.verified_at or now()
        lead.closed_on = today() if verdict == "dismissed" else None
        lead.save(update_fields=["state", "verified_at", "closed_on"])


def _is_raised_anew(lead: Lead) -> bool:
    live = (*UNSETTLED, LeadState.CONFIRMED)
    return Lead.objects.filter(subject=lead.subject_id, rule=lead.rule, state__in=live).exists()


def _record(verb: Verb, finding: Finding, by: Actor, facts: Mapping[str, object]) -> None:
    data = {"finding": finding.pk, "visit": finding.visit.code, "measures": _names(finding), **facts}
    record(verb, Line(finding.area, subject=finding.subject_id, data=data), by=by)
    hint("inbox", finding.area)
