"""Two plans side by side, at the desk."""

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grid import problems
from grid.outside import whole
from grid.requests import DeskRequest
from grid.scope import Right
from grid.sheets import KINDS, as_table
from tasks.rounds.comparing import queries
from tasks.rounds.comparing.queries import Row
from tasks.rounds.comparing.rules import Difference, Differs

PAGE = 50
MOST = 5_000  # doors for one worker, as where a round is planned


@login_required
@require_safe
def compare(request: DeskRequest) -> HttpResponseBase:
    """Which two, and with which limits, stands in the address; without two rounds the page asks for them."""
    viewer, asked = request.actor, request.GET
    if not viewer.has(Right.SEE_CASES):
        raise problems.NotYourPost(right=Right.SEE_CASES.value)
    codes = (asked.get("a", ""), asked.get("b", ""))
    limits = (whole(asked.get("a_most", ""), MOST), whole(asked.get("b_most", ""), MOST))
    sides = [
        {"name": name, "label": label, "code": code, "most": most}
        for name, label, code, most in zip("ab", (_("甲"), _("乙")), codes, limits, strict=True)
    ]
    context: dict[str, object] = {"offered": queries.offered(viewer), "asked": sides}
    status = 200
    if all(codes):
        try:
            found = queries.compared(viewer, codes, limits)
        except problems.NotHere:
            raise
        except problems.Problem as problem:
            context["refusal"], status = f"{problem.detail}{problem.advice}", problem.status
        else:
            how = asked.get("how", "")
            rows = [row for row in found.differences if how in ("", row.how)]
            if (kind := asked.get("export", "")) in KINDS:
                return as_table(kind, "plans", _table(rows))
            page = Paginator(rows, PAGE).get_page(asked.get("page"))
            context |= {
                "found": found,
                "sides": [(_("甲"), found.first), (_("乙"), found.second)],
                "how": how if how in list(Differs) else "",
                "page": page,
                "rows": queries.rows_of(list(page)),
                "workers": queries.workers_of(found.loads),
            }
    return render(request, "tasks/rounds/comparing/compare.html", context, status=status)


def _table(found: Sequence[Difference]) -> Iterator[list[object]]:
    """What the page shows, all pages of it."""
    yield [_("对象"), _("代码"), _("差别"), _("甲"), _("乙")]
    yield from _lines(queries.rows_of(found))


def _lines(rows: Iterable[Row]) -> Iterator[list[object]]:
    for row in rows:
        yield [row.subject.name, row.subject.code, row.how, row.first, row.second]
