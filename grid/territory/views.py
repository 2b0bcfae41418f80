"""Areas and who is posted in them."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.calendar.now import today
from grid.requests import DeskRequest
from grid.scope import Right, require
from grid.territory import actions, queries
from grid.territory.followers import work_of
from grid.territory.forms import AbsenceForm, EndAbsenceForm, EndForm, PostingForm
from grid.territory.models import Level
from grid.territory.rules import Post
from grid.territory.succession.queries import successors_of

PAGE = 50
FORM = "grid/territory/form.html"
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def areas(request: DeskRequest) -> HttpResponse:
    """Where the viewer's territory begins; straight to the area when there is only one."""
    tops = queries.tops_of(request.actor)
    if len(tops) == 1:
        return redirect("area", tops[0].code)
    return render(request, "grid/territory/list.html", {"areas": tops})


@login_required
@require_safe
def area(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    found = queries.area_of(viewer, code)
    successors = queries.names_of(successors_of(code)) if found.valid_to else {}
    page = Paginator(queries.postings_in(viewer, code), PAGE).get_page(request.GET.get("page"))
    facts = {
        "area": found,
        "rows": [(posting, queries.may_post(viewer, posting.role, posting.area_id)) for posting in page],
        "path": [ancestor for ancestor in queries.path_of(code)[:-1] if queries.sees(viewer, ancestor.code)],
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
def new_posting(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    found = queries.area_of(viewer, code)
    roles = queries.roles_to_post(viewer, found)
    if not roles:
        raise problems.NotYourPost(right=Right.POST.value)
    form = PostingForm(request.POST or None, roles=roles)

    def give() -> HttpResponse:
        given = dict(form.cleaned_data)
        person = queries.person_meant(viewer, given.pop("username"))
        posting = actions.give_posting(person, Post(area=code, **given), by=viewer)
        return done(request, _("已安排：%s。") % posting, "area", code)

    asked = request.POST.get("username", "").strip()[:40]
    facts = {"area": found, "title": _("安排岗位"), "asked": asked}
    return answer_form(request, form, "grid/territory/posting.html", facts, give)


@login_required
@read_or_write
def end_posting(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    posting = queries.posting_of(viewer, pk)
    if not queries.may_post(viewer, posting.role, posting.area_id):
        raise problems.NotYourPost(right=Right.POST.value)
    form = EndForm(request.POST or None)

    def end() -> HttpResponse:
        actions.end_posting(posting, **form.cleaned_data, by=viewer)
        return done(request, _("已结束：%s。") % posting, "area", posting.area_id)

    then = _(
        "岗位结束的次日起，这些门户先归在本网格任职的人，再归本社区的同事；没有人的，留在轮次的“无人负责”里。"
    )
    facts = {"area": posting.area, "title": _("结束岗位：%s") % posting}
    return answer_form(request, form, FORM, facts | {"work": work_of(posting, viewer), "then": then}, end)


@login_required
@read_or_write
def new_absence(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    posting = queries.posting_of(viewer, pk)
    require(viewer, Right.ASSIGN, posting.area_id)
    form = AbsenceForm(request.POST or None, covers=queries.covers_for(posting, today(), today()))

    def note() -> HttpResponse:
        given = form.cleaned_data
        actions.note_absence(
            posting, first_day=given["first_day"], last_day=given["last_day"], cover=form.posting(),
            reason=given["reason"], by=viewer,
        )  # fmt: skip
        return done(request, _("已登记缺勤：%s。") % posting, "area", posting.area_id)

    then = _(
        "缺勤期间，这些门户和线索仍归本人，由代班人在自己的手机上走访；不指定代班的，等本人回来，或者现在转派。"
    )
    facts = {"area": posting.area, "title": _("登记缺勤：%s") % posting}
    return answer_form(request, form, FORM, facts | {"work": work_of(posting, viewer), "then": then}, note)


@login_required
@read_or_write
def end_absence(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    absence = queries.absence_of(viewer, pk)
    require(viewer, Right.ASSIGN, absence.posting.area_id)
    form = EndAbsenceForm(request.POST or None)

    def end() -> HttpResponse:
        actions.end_absence(absence, **form.cleaned_data, by=viewer)
        words = _("已提前结束缺勤：%s。") % absence.posting
        return done(request, words, "area", absence.posting.area_id)

    facts = {"area": absence.posting.area, "title": _("提前结束缺勤：%s") % absence.posting}
    return answer_form(request, form, FORM, facts, end)
