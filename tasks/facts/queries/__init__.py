"""Reading facts: what holds at a door and why, and what earlier visits found out about a subject."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of
from grid.registers.queries import facts_of
from grid.scope import Actor, Right, Role, within
from grid.subjects.models import Subject
from tasks.comparison.queries import beside
from tasks.comparison.rules.beside import Beside
from tasks.facts.models import Decision
from tasks.facts.queries.reading import answers_of, decided_of, label_of, versions_of
from tasks.facts.rules import OUTCOME, WORDS, Fact, Line, Why, contested, merge
from tasks.findings.models import Finding
from tasks.findings.queries import confirmed
from tasks.forms import tables
from tasks.forms.rules.wording import answers_in_words
from tasks.outcomes.rules import label_of_reason
from tasks.visits.models import Outcome, Visit
from tasks.visits.queries import form_of
from tasks.visits.rules import NOBODY_IN
from tasks.visits.rules.believing import Stamp, places


@dataclass(frozen=True, slots=True)
class Cell:
    """What one visit said of one field, in words, what stood in the form before it, and why it holds or not."""

    visit: Visit
    value: str
    base: str
    why: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a door; `cells` in the order of the visits, None where a visit was silent."""

    field: str
    label: str
    cells: list[Cell | None]
    is_contested: bool
    decision: Decision | None

    @property
    def differs(self) -> bool:
        return len({cell.value for cell in self.cells if cell}) > 1

    @property
    def sides(self) -> list[Cell]:
        """Those between whom somebody has to decide."""
        return [cell for cell in self.cells if cell and cell.why == Why.CLASH]


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Everything said at one door, beginning with what came of each visit."""

    visits: list[Visit]
    rows: list[Row]

    @property
    def contested(self) -> list[Row]:
        return [row for row in self.rows if row.is_contested]


def at_door(viewer: Actor, visit: Visit) -> AtDoor:
    """The visits to the door of a visit the viewer reads, field by field. Two queries."""
    rows = Visit.objects.filter(task=visit.task_id) if visit.task_id else Visit.objects.filter(pk=visit.pk)
    met = within(rows.exclude(outcome=NOBODY_IN), viewer)
    visits = list(met.select_related("person", "replaces").order_by("counts_at", "pk"))
    decisions = Decision.objects.filter(task=visit.task_id).select_related("chosen", "by").order_by("pk")
    return _seen(visits, list(decisions) if visit.task_id else [])


def _seen(visits: list[Visit], decisions: Sequence[Decision]) -> AtDoor:
    facts = merge(versions_of(visits), decided_of(decisions))
    by_key = {visit.client_id: visit for visit in visits}
    last = {decision.field: decision for decision in decisions}
    open_fields = contested(facts)
    names = [*open_fields, *(n for n in _in_form_order(visits, facts) if n not in open_fields)]
    rows = [_row(facts[name], by_key, visits, name in open_fields, last.get(name)) for name in names]
    return AtDoor(visits, rows)


def _in_form_order(visits: Sequence[Visit], facts: Mapping[str, Fact]) -> list[str]:
    asked = [OUTCOME]
    for visit in visits:
        form = tables.known(visit.form, visit.form_version)
        asked += [question.name for question in form.questions] if form else []
    return [name for name in dict.fromkeys([*asked, *facts]) if name in facts]


def _row(
    fact: Fact,
    by_key: Mapping[UUID, Visit],
    visits: Sequence[Visit],
    is_open: bool,
    decision: Decision | None,
) -> Row:
    lines = {line.key: line for line in fact.lines}
    cells = [_cell(fact.field, lines.get(visit.client_id), visit) for visit in visits]
    first = by_key[fact.lines[0].key]
    return Row(fact.field, label_of(first, fact.field), cells, is_open, decision)


def _cell(name: str, line: Line | None, visit: Visit) -> Cell | None:
    if line is None:
        return None
    base = _in_words(visit, name, line.base) if line.base is not None else ""
    return Cell(visit, _in_words(visit, name, line.value), base, line.why, str(WORDS[line.why]))


def _in_words(visit: Visit, name: str, value: object) -> str:
    if name == OUTCOME:
        return str(Outcome(value).label) if value in Outcome.values else str(value)
    form = form_of(visit) if label_of_reason(name) else tables.known(visit.form, visit.form_version)
    return next((words for _label, words in answers_in_words(form, {name: value})), str(value))


# --- what is known of a subject ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A field as the newest confirmed visit has it: `on` is the day it was seen, in the city."""

    value: Any
    on: date
    person_id: int
    person: str
    role: str

    def source(self, reader: int | None) -> str:
        """`走访 2026-11-20 网格员`: to others a role, to the person themselves their name."""
        who = self.person if reader == self.person_id else Role(self.role).label
        return _("走访 {on} {who}").format(on=self.on.isoformat(), who=who)


_OF_FINDING = (
    "subject_id", "merged", "visit__outcome", "visit__answers", "visit__form", "visit__form_version",
    "visit__client_id", "visit_id", "visit__counts_at", "visit__doubt", "visit__person_id",
    "visit__person__full_name", "visit__posting__role",
)  # fmt: skip


def confirmed_for(subject_ids: Collection[int], on: date | None = None) -> dict[int, dict[str, Confirmed]]:
    """subject → field → what a confirmed visit found there, the newest of each field. One query.

    `on`: as it was known at the end of that day, whatever was corrected since. Expects subjects from a scoped query.
    """
    rows = Finding.objects.filter(confirmed(on), subject__in=subject_ids)
    seen: dict[int, list[tuple[Stamp, dict[str, Confirmed]]]] = {}
    for row in rows.order_by("pk").values_list(*_OF_FINDING) if subject_ids else ():
        subject, stamp, facts = _confirmed(row)
        seen.setdefault(subject, []).append((stamp, facts))
    return {subject: _newest(there) for subject, there in seen.items()}


def _newest(seen: Sequence[tuple[Stamp, dict[str, Confirmed]]]) -> dict[str, Confirmed]:
    stands = places(stamp for stamp, _facts in seen)
    found: dict[str, Confirmed] = {}
    for _stamp, facts in sorted(seen, key=lambda pair: stands[pair[0].key]):
        found |= facts
    return found


def _confirmed(row: Sequence[Any]) -> tuple[int, Stamp, dict[str, Confirmed]]:
    subject, merged, outcome, answers, code, version, key, nth, at, doubt, person, name, role = row
    if merged:
        outcome, answers = merged["outcome"], merged["answers"]
    said = answers_of(tables.known(code, version), outcome, answers)
    said.pop(OUTCOME)
    on = day_of(at)
    facts = {n: Confirmed(value, on, person, name, role) for n, value in said.items()}
    return subject, Stamp(key, at, nth, bool(doubt)), facts


def with_confirmed(
    prefill: Mapping[str, Mapping[str, object]],
    confirmed: Mapping[str, Confirmed],
    asked: Collection[str],
    reader: int | None,
) -> dict[str, dict[str, object]]:
    """A door's prefill with what confirmed visits found out, where that is newer than the register's row."""
    known = {name: dict(value) for name, value in prefill.items()}
    for name, fact in confirmed.items():
        older = known.get(name)
        if name in asked and (older is None or str(older["as_of"]) <= fact.on.isoformat()):
            known[name] = {"value": fact.value, "source": fact.source(reader), "as_of": fact.on.isoformat()}
    return known


def subject_facts(viewer: Actor, pk: int) -> tuple[Subject, list[tuple[str, AtDoor]]]:
    """A subject and everything visits said of it, door by door, the newest first. Raises NotHere."""
    subject = within(Subject.objects.filter(pk=pk).select_related("same_as"), viewer, Right.SEE_CASES).first()
    if subject is None:
        raise problems.NotHere()
    rows = Visit.objects.filter(subject=pk).exclude(outcome=NOBODY_IN)
    visits = list(rows.select_related("person", "replaces", "task__round").order_by("counts_at", "pk"))
    decisions = list(Decision.objects.filter(subject=pk).select_related("chosen", "by").order_by("pk"))
    doors: dict[tuple[int, int], list[Visit]] = {}
    for visit in visits:
        doors.setdefault((visit.task_id or 0, 0 if visit.task_id else visit.pk), []).append(visit)
    told_by = [
        (there[0].task.round.title if there[0].task else str(_("轮次之外")),
         _seen(there, [decision for decision in decisions if decision.task_id == there[0].task_id]))
        for there in doors.values()
    ]  # fmt: skip
    return subject, told_by[::-1]


def beside_registers(subject: Subject, doors: Sequence[tuple[str, AtDoor]]) -> Beside | None:
    """The newest visit of a subject beside what the registers say now; None where nobody was there. Two queries."""
    seen = [visit for _title, door in doors for visit in door.visits]
    if not seen:
        return None
    visit = max(seen, key=lambda candidate: (candidate.counts_at, candidate.pk))
    words = dict(
        zip(
            visit.answers,
            answers_in_words(form_of(visit), visit.answers),
            strict=True,
        )
    )
    return beside(facts_of(subject), visit, {name: value for name, (_label, value) in words.items()})
