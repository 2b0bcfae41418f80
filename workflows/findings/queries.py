"""Findings to be reviewed, each with what was answered at the door in words."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.scope import Actor, Right, narrowed, within
from tasks.comparison.models import UNSETTLED, Lead
from tasks.comparison.rules import TITLES
from tasks.coverage.states import CoverState
from tasks.findings.models import Finding
from tasks.findings.queries import speakers_of
from tasks.findings.rules import lead_verdict, settled_state
from tasks.forms import tables
from tasks.outcomes.rules import Line, lines_of
from tasks.visits.models import Visit
from tasks.visits.states import FindingState
from workflows.cases.models import Case
from workflows.cases.queries.answers import Answer, answers_of
from workflows.cases.queries.foreseeing import Outlook, outlook_of, running_case


@dataclass(frozen=True)
class File:
    """A finding as it is read to be decided: what was answered, on whose word, what would follow."""

    finding: Finding
    answers: list[Answer]
    outlook: Outlook
    rejecting: str
    speakers: set[int | None]


def file_of(finding: Finding) -> File:
    outlook = outlook_of(finding, running_case(finding.subject_id))
    return File(finding, answers_of(finding.seen), outlook, rejecting_words(finding), speakers_of(finding))


def outcome_line(finding: Finding) -> Line | None:
    """The reason given for the outcome, with what a confirmation makes of it; None where none was given. One query at
    most."""
    row = finding.row
    return lines_of([row])[0] if row is not None and row.is_reason else None


def findings_for(viewer: Actor, *, state: str = FindingState.OPEN, area: str = "") -> QuerySet[Finding]:
    """Findings where `viewer` may review, oldest first; what viewer recorded is for somebody else."""
    rows = within(Finding.objects.all(), viewer, Right.REVIEW).select_related(
        "subject", "visit__after_end", "recorded_by"
    )
    if state:
        rows = rows.filter(state=state)
    rows = narrowed(rows, area)
    return rows.order_by("made_at", "pk")


def finding_at(viewer: Actor, pk: int) -> Finding:
    """Raises NotHere outside the viewer's territory."""
    rows = within(Finding.objects.all(), viewer, Right.SEE_CASES).select_related(
        "subject",
        "visit__task__round",
        "visit__person",
        "visit__after_end__decided_by",
        "recorded_by",
        "reviewed_by",
    )
    finding = rows.filter(pk=pk).first()
    if finding is None:
        raise problems.NotHere()
    return finding


def rejecting_words(finding: Finding) -> str:
    """What follows where the measures are found not to hold: as what the subject counts, and what becomes of its
    leads, by the rules by which `reject_finding` does it. One query."""
    outcome, answers = finding.outcome, finding.sound
    said = [
        _("计为“{settles}”").format(
            settles=CoverState(settled_state(outcome, answers, [], finding.row)).label
        )
    ]
    live = Lead.objects.filter(subject=finding.subject_id, state__in=UNSETTLED).order_by("rule")
    verdicts = {
        rule: lead_verdict(rule, [], outcome, answers) for rule in live.values_list("rule", flat=True)
    }
    for verdict, words in (("dismissed", _("线索{rules}排除")), ("open", _("线索{rules}仍待核查"))):
        if rules := [TITLES[rule] for rule, found in verdicts.items() if found == verdict]:
            said.append(words.format(rules="“" + "”“".join(rules) + "”"))
    return "，".join(said)


def case_of(viewer: Actor, finding: Finding, outlook: Outlook) -> Case | None:
    """The case under way while the finding waits; afterwards the one it opened or joined. None where there is none,
    or the viewer may not read it."""
    case = outlook.case
    if finding.state != FindingState.OPEN:
        case = Case.objects.filter(_cases_of(finding)).order_by("pk").last()
    return case if case and viewer.can(Right.SEE_CASES, case.area) else None


def _cases_of(finding: Finding) -> Q:
    """Opened by the finding, or under way about its subject when it was confirmed."""
    at, opened = finding.reviewed_at, Q(finding=finding.pk)
    if at is None or finding.state != FindingState.CONFIRMED or not finding.measures:
        return opened
    under_way = Q(opened_at__lte=at) & (Q(closed_at=None) | Q(closed_at__gt=at))
    return opened | (Q(subject=finding.subject_id) & under_way)


def is_form_unknown(visit: Visit) -> bool:
    """Whether the visit was filled in on a form, or a version of one, that was never given out here."""
    return tables.known(visit.form, visit.form_version) is None
