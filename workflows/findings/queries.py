"""Findings to be reviewed, each with what was answered at the door in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import problems
from grid.registers.layouts import LAYOUTS
from grid.registers.queries import Facts
from grid.scope import Actor, Right, in_area, within
from tasks.coverage.states import CoverState
from tasks.findings.models import Finding, FindingState
from tasks.findings.rules import settled_state
from tasks.forms import tables
from tasks.forms.rules import told
from tasks.visits.models import Visit
from workflows.findings import rules


@dataclass(frozen=True)
class Answer:
    """One answer of a visit; `name` is the question a return may point at."""

    name: str
    label: str
    value: str


def findings_for(viewer: Actor, *, state: str = FindingState.OPEN, area: str = "") -> QuerySet[Finding]:
    """Findings where `viewer` may review, oldest first; what viewer recorded is for somebody else."""
    rows = within(Finding.objects.all(), viewer, Right.REVIEW).select_related(
        "subject", "visit", "recorded_by"
    )
    if state:
        rows = rows.filter(state=state)
    if area:
        rows = rows.filter(in_area(area)) if area.isdigit() else rows.none()
    return rows.order_by("made_at", "pk")


def finding_at(viewer: Actor, pk: int) -> Finding:
    """Raises NotHere outside the viewer's territory."""
    rows = within(Finding.objects.all(), viewer, Right.SEE_CASES).select_related(
        "subject", "visit__task__round", "visit__person", "recorded_by", "reviewed_by"
    )
    finding = rows.filter(pk=pk).first()
    if finding is None:
        raise problems.NotHere()
    return finding


def settles_as(finding: Finding) -> str:
    """The state its subject will have in the coverage account once the finding is confirmed."""
    visit = finding.seen
    return str(CoverState(settled_state(visit.outcome, visit.answers, finding.measures)).label)


def is_form_unknown(visit: Visit) -> bool:
    """Whether the visit was filled in on a form, or a version of one, that was never given out here."""
    return tables.known(visit.form, visit.form_version) is None


def answers_of(visit: Visit) -> list[Answer]:
    """The answers in the order of the form, in words. An unknown form shows the names as they came."""
    form = tables.known(visit.form, visit.form_version) or _current(visit.form)
    asked = [question.name for question in form.questions] if form else []
    said = dict(zip(visit.answers, told(form, visit.answers), strict=True))
    known, strange = [name for name in asked if name in said], [name for name in said if name not in asked]
    return [Answer(name, *said[name]) for name in known + strange]


def _current(code: str) -> Any:
    try:
        return tables.current(code)
    except KeyError:
        return None


@dataclass(frozen=True)
class Column:
    """Who speaks in one column of the comparison, and from where."""

    label: str
    source: str


@dataclass(frozen=True)
class Beside:
    """The visit and the three registers, fact by fact. A register without a line says so in its column."""

    columns: list[Column]
    lines: list[rules.Line]

    @property
    def rows(self) -> list[tuple[rules.Line, list[tuple[str, str]]]]:
        """Each line with its cells under the names of their columns."""
        labels = [column.label for column in self.columns]
        return [(line, list(zip(labels, line.cells, strict=True))) for line in self.lines]


def beside(visit: Visit, answers: list[Answer], facts: Mapping[str, Facts]) -> Beside:
    """Expects `visit.person` at hand; reads nothing."""
    words = {answer.name: answer.value for answer in answers}
    seen = _("{who} {when:%Y-%m-%d %H:%M}").format(
        who=visit.person.full_name, when=timezone.localtime(visit.recorded_at)
    )
    columns = [Column(_("走访"), f"{seen} {visit.code}")]
    for register, layout in LAYOUTS.items():
        said = facts.get(register)
        columns.append(Column(layout.label, said.place if said else str(_("没有记录"))))
    data = {register: said.data for register, said in facts.items()}
    return Beside(columns, rules.lines_of(visit.answers, words, data))
