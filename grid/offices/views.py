"""The offices at the desk: who signs where, what is lacking, and the two persons' acts."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.offices import actions, queries
from grid.offices.forms import ConfirmForm, EndForm, FileForm, OfficeForm, WithdrawForm
from grid.offices.rules import FIELDS, Entered
from grid.requests import DeskRequest
from grid.scope import Actor, Right, require

FORM = "grid/offices/form.html"
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def offices(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    waiting = queries.waiting_for(viewer)
    facts = {
        "districts": queries.districts_of(viewer),
        "waiting": len(waiting),
        "may_confirm": sum(row.may_confirm for row in waiting),
        "may_edit": viewer.can(Right.EDIT_LAW, settings.CITY),
    }
    return render(request, "grid/offices/list.html", facts)


@login_required
@require_safe
def office(request: DeskRequest, area: str, part: str) -> HttpResponse:
    viewer = request.actor
    facts = {
        "versions": queries.versions_of(viewer, area, part),
        "title": queries.title_of(area, part),
        "area": area,
        "part": part,
        "history": queries.history_of(area, part),
        "may_edit": viewer.can(Right.EDIT_LAW, settings.CITY),
    }
    return render(request, "grid/offices/detail.html", facts)


@login_required
@read_or_write
def enter(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    areas = [(district.code, district.name) for district in queries.districts_of(viewer)]
    _require(viewer, Right.EDIT_LAW)
    asked = {name: request.GET.get(name, "") for name in ("area", "part")}
    form = OfficeForm(request.POST or None, areas=areas, initial={**asked, **queries.typed_before(**asked)})

    def act() -> HttpResponse:
        given = form.cleaned_data
        fields = {name: given[name] for name in FIELDS}
        new = Entered(given["area"], given["part"], fields, given["valid_from"])
        actions.enter_body(new, given["why"], by=viewer)
        return done(request, _("已录入，由另一人确认之后写入文书。"), "offices")

    return answer_form(request, form, FORM, {"title": _("录入机关")}, act)


@login_required
@read_or_write
def import_file(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    queries.waiting_for(viewer)
    _require(viewer, Right.EDIT_LAW)
    form = FileForm(request.POST or None, request.FILES or None)

    def act() -> HttpResponse:
        file = form.cleaned_data["file"]
        entered, standing = actions.import_bodies(file.name, file.read(), by=viewer)
        words = _("已录入 {n} 个机关，由另一人确认之后写入文书。").format(n=entered)
        more = _("另有 {n} 行早已录入，没有变化。").format(n=standing) if standing else ""
        return done(request, words + more, "offices")

    return answer_form(request, form, FORM, {"title": _("导入机关")}, act)


@login_required
@read_or_write
def confirm(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    waiting = [row.body for row in queries.waiting_for(viewer) if row.may_confirm]
    _require(viewer, Right.CONFIRM_LAW)
    names = queries.area_names(body.area for body in waiting)
    form = ConfirmForm(
        request.POST or None, waiting=[(body.pk, queries.in_one_line(body, names)) for body in waiting]
    )

    def act() -> HttpResponse:
        count = actions.confirm_bodies(form.cleaned_data["chosen"], form.cleaned_data["why"], by=viewer)
        words = _("已确认 {n} 个机关，自其起始日写入文书。").format(n=count)
        return done(request, words, "offices")

    return answer_form(request, form, FORM, {"title": _("确认机关")}, act)


@login_required
@read_or_write
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """Ends what is confirmed, or takes back what nobody has confirmed."""
    viewer = request.actor
    body = queries.body_at(viewer, pk)
    _require(viewer, Right.EDIT_LAW)
    form: Form = (EndForm if body.confirmed else WithdrawForm)(request.POST or None)

    def act() -> HttpResponse:
        if body.confirmed:
            actions.end_body(body, **form.cleaned_data, by=viewer)
            return done(request, _("已终止；之后没有接续的，相应文书不能制作。"), "offices")
        actions.withdraw_body(body, form.cleaned_data["why"], by=viewer)
        return done(request, _("已撤回。"), "offices")

    title = _("终止机关") if body.confirmed else _("撤回录入")
    return answer_form(request, form, FORM, {"title": title, "shown": body}, act)


def _require(viewer: Actor, right: Right) -> None:
    if not viewer.has(right):
        raise problems.NotYourPost(right=right.value)
    require(viewer, right, settings.CITY)  # a right over a district is none over the city's offices
