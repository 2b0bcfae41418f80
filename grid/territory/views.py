"""Areas and who is posted in them."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.calendar.now import today
from grid.scope import Right, ask
from grid.territory import actions, queries
from grid.territory.forms import AbsenceForm, EndForm, MergeForm, PostingForm
from grid.territory.models import Area, Level
from grid.territory.recut import Part, recut_grid

PAGE = 50
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """Where the viewer's territory begins; straight to the area when there is only one."""
    tops = queries.tops_of(request.actor)  # type: ignore[attr-defined]
    if len(tops) == 1:
        return redirect("area", tops[0].code)
    return render(request, "grid/territory/list.html", {"areas": tops})


@login_required
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    found = queries.area_of(viewer, code)
    successors = queries.names_of(queries.successors_of(code)) if found.valid_to else {}
    facts = {
        "area": found,
        "path": [one for one in queries.path_of(code)[:-1] if viewer.can(Right.SEE, one.code)],
        "below": list(queries.areas_below(viewer, code)),
        "successors": sorted(successors.items()),
        "page": Paginator(queries.postings_in(viewer, code), PAGE).get_page(request.GET.get("page")),
        "closed": found.valid_to is not None and found.valid_to < today(),
        "may": {
            "post": viewer.can(Right.POST, code),
            "assign": viewer.can(Right.ASSIGN, code),
            "recut": viewer.can(Right.RECUT, code) and found.level == Level.GRID,
        },
    }
    return render(request, "grid/territory/detail.html", facts)


@login_required
@read_or_write
def new_posting(request: HttpRequest, code: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    found = queries.area_of(viewer, code)
    ask(viewer, Right.POST, code)
    form = PostingForm(request.POST or None, area=found)

    def give() -> str:
        given = dict(form.cleaned_data)
        person = queries.person_named(given.pop("username"))
        posting = actions.give_posting(person, given.pop("role"), code, **given, by=viewer)
        return _("已安排：%s。") % posting

    return _answer(request, form, found, _("安排岗位"), give)


@login_required
@read_or_write
def end_posting(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    posting = queries.posting_of(viewer, pk)
    ask(viewer, Right.POST, posting.area_id)
    form = EndForm(request.POST or None)

    def end() -> str:
        actions.end_posting(posting, **form.cleaned_data, by=viewer)
        return _("已结束：%s。") % posting

    return _answer(request, form, posting.area, _("结束岗位：%s") % posting, end)


@login_required
@read_or_write
def new_absence(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    posting = queries.posting_of(viewer, pk)
    ask(viewer, Right.ASSIGN, posting.area_id)
    form = AbsenceForm(request.POST or None, covers=queries.covers_for(posting, today(), today()))

    def note() -> str:
        given = form.cleaned_data
        actions.note_absence(
            posting, first_day=given["first_day"], last_day=given["last_day"], cover=form.posting(),
            reason=given["reason"], by=viewer,
        )  # fmt: skip
        return _("已登记缺勤：%s。") % posting

    return _answer(request, form, posting.area, _("登记缺勤：%s") % posting, note)


@login_required
@read_or_write
def merge(request: HttpRequest, code: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    grid = queries.area_of(viewer, code)
    ask(viewer, Right.RECUT, code)
    form = MergeForm(request.POST or None, grids=queries.sibling_grids(viewer, grid))

    def cut() -> str:
        part = Part(code=form.cleaned_data["into"], households=grid.households)
        done = recut_grid(grid, [part], reason=form.cleaned_data["reason"], by=viewer)
        return _("%(name)s已撤销，%(count)d 户由%(into)s承接。") % {
            "name": grid.name, "count": len(done.moves), "into": done.successors[0].name,
        }  # fmt: skip

    return _answer(request, form, grid, _("并入另一网格"), cut)


def _answer(request: HttpRequest, form: Form, area: Area, title: str, act: Callable[[], str]) -> HttpResponse:
    """Shows the form, or acts and goes back to the area; a refusal stands above what was typed."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act())
            return redirect("area", area.code)
        except problems.Problem as problem:
            if problem.status in (403, 404):
                raise
            form.add_error(None, problem.detail)
            status = problem.status
    facts = {"form": form, "area": area, "title": title}
    return render(request, "grid/territory/form.html", facts, status=status)
