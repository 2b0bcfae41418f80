"""Areas and who is posted in them."""

from collections.abc import Callable, Mapping
from typing import Any

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
from grid.territory.forms import AbsenceForm, EndAbsenceForm, EndForm, PostingForm
from grid.territory.models import Area, Level
from grid.territory.staffing import work_of

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
    page = Paginator(queries.postings_in(viewer, code), PAGE).get_page(request.GET.get("page"))
    facts = {
        "area": found,
        "rows": [(one, queries.may_post(viewer, one.role, one.area_id)) for one in page],
        "path": [one for one in queries.path_of(code)[:-1] if queries.sees(viewer, one.code)],
        "below": list(queries.areas_below(viewer, code)),
        "successors": sorted(successors.items()),
        "page": page,
        "today": today(),
        "closed": found.valid_to is not None and found.valid_to < today(),
        "may": {
            "post": bool(queries.roles_to_post(viewer, found)),
            "assign": viewer.can(Right.ASSIGN, code),
            "recut": viewer.can(Right.RECUT, code) and found.level == Level.GRID,
            "grids": viewer.can(Right.RECUT, code),
        },
    }
    return render(request, "grid/territory/detail.html", facts)


@login_required
@read_or_write
def new_posting(request: HttpRequest, code: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    found = queries.area_of(viewer, code)
    roles = queries.roles_to_post(viewer, found)
    if not roles:
        raise problems.NotYourPost(right=Right.POST.value)
    form = PostingForm(request.POST or None, roles=roles)

    def give() -> str:
        given = dict(form.cleaned_data)
        person = queries.person_meant(viewer, given.pop("username"))
        posting = actions.give_posting(person, given.pop("role"), code, **given, by=viewer)
        return _("已安排：%s。") % posting

    extra = {"asked": request.POST.get("username", "").strip()[:40]}
    return answer_form(
        request, form, found, _("安排岗位"), give, page="grid/territory/posting.html", extra=extra
    )


@login_required
@read_or_write
def end_posting(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    posting = queries.posting_of(viewer, pk)
    if not queries.may_post(viewer, posting.role, posting.area_id):
        raise problems.NotYourPost(right=Right.POST.value)
    form = EndForm(request.POST or None)

    def end() -> str:
        actions.end_posting(posting, **form.cleaned_data, by=viewer)
        return _("已结束：%s。") % posting

    then = _(
        "岗位结束的次日起，这些门户先归在本网格任职的人，再归本社区的同事；没有人的，留在轮次的“无人负责”里。"
    )
    extra = {"work": work_of(posting, viewer), "then": then}
    return answer_form(request, form, posting.area, _("结束岗位：%s") % posting, end, extra=extra)


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

    then = _(
        "缺勤期间，这些门户和线索仍归本人，由代班人在自己的手机上走访；不指定代班的，等本人回来，或者现在转派。"
    )
    extra = {"work": work_of(posting, viewer), "then": then}
    return answer_form(request, form, posting.area, _("登记缺勤：%s") % posting, note, extra=extra)


@login_required
@read_or_write
def end_absence(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    absence = queries.absence_of(viewer, pk)
    ask(viewer, Right.ASSIGN, absence.posting.area_id)
    form = EndAbsenceForm(request.POST or None)

    def end() -> str:
        actions.end_absence(absence, **form.cleaned_data, by=viewer)
        return _("已提前结束缺勤：%s。") % absence.posting

    title = _("提前结束缺勤：%s") % absence.posting
    return answer_form(request, form, absence.posting.area, title, end)


def answer_form(
    request: HttpRequest,
    form: Form,
    area: Area,
    title: str,
    act: Callable[[], str],
    *,
    page: str = "grid/territory/form.html",
    warning: str = "",
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Shows the form, or acts and goes back to the area; a refusal stands above what was typed."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act())
            return redirect("area", area.code)
        except problems.Problem as problem:
            if problem.status in (403, 404):
                raise
            form.add_error(None, f"{problem.detail}{problem.advice}")
            status = problem.status
    elif request.method == "POST":
        status = 422
    facts = {"form": form, "area": area, "title": title, "warning": warning, **(extra or {})}
    return render(request, page, facts, status=status)
