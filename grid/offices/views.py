"""The offices at the desk: who signs where, what is lacking, and the two persons' acts."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.offices import actions, queries
from grid.offices.forms import ConfirmForm, EndForm, FileForm, OfficeForm, WithdrawForm
from grid.offices.rules import FIELDS, Entered
from grid.scope import Actor, Right, ask

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
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
def office(request: HttpRequest, area: str, part: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    facts = {
        "versions": queries.versions_of(viewer, area, part),
        "title": queries.title_of(area, part),
        "area": area,
        "part": part,
        "history": queries.told_of(area, part),
        "may_edit": viewer.can(Right.EDIT_LAW, settings.CITY),
    }
    return render(request, "grid/offices/detail.html", facts)


@login_required
@read_or_write
def enter(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    areas = [(one.code, one.name) for one in queries.districts_of(viewer)]
    _ask(viewer, Right.EDIT_LAW)
    asked = {name: request.GET.get(name, "") for name in ("area", "part")}
    form = OfficeForm(request.POST or None, areas=areas, initial={**asked, **queries.typed_before(**asked)})

    def act() -> str:
        given = form.cleaned_data
        fields = {name: given[name] for name in FIELDS}
        new = Entered(given["area"], given["part"], fields, given["valid_from"])
        actions.enter_body(new, given["why"], by=viewer)
        return _("已录入，由另一人确认之后写入文书。")

    return _answer(request, form, _("录入机关"), act)


@login_required
@read_or_write
def import_file(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    queries.waiting_for(viewer)
    _ask(viewer, Right.EDIT_LAW)
    form = FileForm(request.POST or None, request.FILES or None)

    def act() -> str:
        file = form.cleaned_data["file"]
        entered, standing = actions.import_bodies(file.name, file.read(), by=viewer)
        done = _("已录入 {n} 个机关，由另一人确认之后写入文书。").format(n=entered)
        return done + (_("另有 {n} 行早已录入，没有变化。").format(n=standing) if standing else "")

    return _answer(request, form, _("导入机关"), act)


@login_required
@read_or_write
def confirm(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    waiting = [row.body for row in queries.waiting_for(viewer) if row.may_confirm]
    _ask(viewer, Right.LEGAL_REVIEW)
    names = queries.area_names(body.area for body in waiting)
    form = ConfirmForm(
        request.POST or None, waiting=[(body.pk, queries.in_one_line(body, names)) for body in waiting]
    )

    def act() -> str:
        count = actions.confirm_bodies(form.cleaned_data["chosen"], form.cleaned_data["why"], by=viewer)
        return _("已确认 {n} 个机关，自其起始日写入文书。").format(n=count)

    return _answer(request, form, _("确认机关"), act)


@login_required
@read_or_write
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends what is confirmed, or takes back what nobody has confirmed."""
    viewer = request.actor  # type: ignore[attr-defined]
    body = queries.body_at(viewer, pk)
    _ask(viewer, Right.EDIT_LAW)
    form: Form = (EndForm if body.confirmed else WithdrawForm)(request.POST or None)

    def act() -> str:
        if body.confirmed:
            actions.end_body(body, **form.cleaned_data, by=viewer)
            return _("已终止；之后没有接续的，相应文书不能制作。")
        actions.withdraw_body(body, form.cleaned_data["why"], by=viewer)
        return _("已撤回。")

    return _answer(request, form, _("终止机关") if body.confirmed else _("撤回录入"), act, body)


def _ask(viewer: Actor, right: Right) -> None:
    if not viewer.has(right):
        raise problems.NotYourPost(right=right.value)
    ask(viewer, right, settings.CITY)  # a right over a district is none over the city's offices


def _answer(
    request: HttpRequest, form: Form, title: str, act: Callable[[], str], shown: Any = None
) -> HttpResponse:
    """Shows the form, or acts and goes back to the list; a refusal stands above what was typed."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act())
            return redirect("offices")
        except problems.Problem as problem:
            if problem.status in (403, 404):
                raise
            form.add_error(None, f"{problem.detail}{problem.advice}")
            status = problem.status
    elif request.method == "POST":
        status = 422
    return render(
        request, "grid/offices/form.html", {"form": form, "title": title, "shown": shown}, status=status
    )
