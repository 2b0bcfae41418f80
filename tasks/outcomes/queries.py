"""The rows of the law that say what came of a visit, as they stood on a day."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from grid import problems
from grid.calendar.now import today
from grid.law.models import Provision
from grid.scope import Actor
from grid.subjects.models import KINDS_OF, SubjectKind
from tasks.forms.rules import Answers, Form
from tasks.outcomes import rules
from tasks.outcomes.rules import Row


class _Stored(NamedTuple):
    """The columns read, in their order."""

    key: str
    title: str
    value: object
    basis: str
    reviewed: bool
    valid_from: date
    valid_to: date | None


def every_row() -> list[Row]:
    """Every version of every row, those not begun or over too. One query."""
    rows = Provision.objects.filter(key__startswith=rules.KEY).order_by("key", "valid_from")
    return [_row(_Stored._make(columns)) for columns in rows.values_list(*_Stored._fields)]


def _row(stored: _Stored) -> Row:
    values = rules.read_values(stored.value)
    return Row(
        code=stored.key.removeprefix(rules.KEY),
        title=stored.title,
        of=values.of,
        order=values.order,
        kinds=_kinds(values.who),
        state=values.state,
        needs=values.needs,
        may=values.may,
        follows=values.follows,
        basis=stored.basis,
        reviewed=stored.reviewed,
        valid_from=stored.valid_from,
        valid_to=stored.valid_to,
    )


def _kinds(who: Collection[str]) -> frozenset[str]:
    """Of the sorts a row names; of every kind where it names none."""
    if not who:
        return frozenset(SubjectKind.values)
    return frozenset(kind for sort in who for kind in KINDS_OF.get(sort, ()))


def row_for(outcome: str, answers: Answers, on: date) -> Row | None:
    """The row an outcome with its reason comes to on a day. One query, none for a door that was looked at."""
    if outcome == "done":
        return None
    return rules.row_of(every_row(), outcome, answers, on)


def form_with_reasons(form: Form | None, answers: Answers, on: date) -> Form | None:
    """The form that asked for these answers: with the questions of reasons where one was given. One query then, else
    none."""
    if form is None or not rules.gives_reason(answers):
        return form
    return rules.with_reasons(form, every_row(), on)


@dataclass(slots=True)
class Reasons:
    """The rows for a batch of visits, read when the first of them gives a reason; hardly any does."""

    _rows: list[Row] | None = field(default=None)

    def row(self, outcome: str, answers: Answers, on: date) -> Row | None:
        """That of the reason given; None where none was."""
        if not rules.reason_in(outcome, answers):
            return None
        row = rules.row_of(self._every(), outcome, answers, on)
        return row if row and row.is_reason else None

    def form(self, form: Form | None, answers: Answers, on: date) -> Form | None:
        if form is None or not rules.gives_reason(answers):
            return form
        return rules.with_reasons(form, self._every(), on)

    def _every(self) -> list[Row]:
        if self._rows is None:
            self._rows = every_row()
        return self._rows


def rows_shown(viewer: Actor, on: date | None = None) -> list[Row]:
    """The table of a day as it is shown. Any posting reads the law; raises NotHere without one."""
    if not (viewer.held or viewer.machine):
        raise problems.NotHere()
    day = on or today()
    rows = [row for row in every_row() if row.is_in_force(day)]
    first = {row.of: row.order for row in rows if not row.is_reason}
    return sorted(rows, key=lambda row: (first.get(row.of, 0), row.order, row.code))
