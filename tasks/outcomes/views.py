"""走访结果表: what each outcome and its reason asks for, counts as and is followed by, with its basis and days."""

from collections.abc import Iterator, Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grid.requests import DeskRequest
from grid.scope import Right
from grid.sheets import KINDS, as_table
from tasks.outcomes import queries
from tasks.outcomes.rules import KEY, Line, lines_of


@login_required
@require_safe
def outcomes(request: DeskRequest) -> HttpResponseBase:
    lines = lines_of(queries.rows_shown(request.actor))
    if (export := request.GET.get("export", "")) in KINDS:
        return as_table(export, "outcomes", _table(lines))
    may = request.actor.has(Right.EDIT_LAW) or request.actor.has(Right.CONFIRM_LAW)
    return render(request, "tasks/outcomes/table.html", {"lines": lines, "may_edit": may, "key": KEY})


def _table(lines: Sequence[Line]) -> Iterator[list[object]]:
    yield [_("结果"), _("情形"), _("要求填写"), _("计为"), _("接下来"), _("依据"), _("自"), _("法制审核")]
    for line in lines:
        row = line.row
        yield [
            line.outcome, row.title if row.is_reason else "", line.asks, line.counts, line.follows, row.basis,
            row.valid_from, _("已审核") if row.reviewed else _("待法制审核"),
        ]  # fmt: skip
