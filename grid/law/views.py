"""The law's parameters at the desk: what is in force and on what basis, its history, and the legal office's acts."""

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.calendar.now import today
from grid.law import actions, queries
from grid.law.actions import Typed
from grid.law.forms import EndForm, ReviewForm, VersionForm, WithdrawForm
from grid.law.models import Provision
from grid.requests import DeskRequest
from grid.scope import Actor, Right

FORM = "grid/law/form.html"
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def provisions(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    text, unreviewed = request.GET.get("q", "").strip(), bool(request.GET.get("unreviewed"))
    facts = {
        "sections": queries.sections_of(viewer, text, unreviewed),
        "text": text,
        "unreviewed": unreviewed,
        "may_edit": viewer.has(Right.EDIT_LAW),
        "may_review": viewer.has(Right.CONFIRM_LAW) or viewer.has(Right.RETELL),
    }
    return render(request, "grid/law/list.html", facts)


@login_required
@require_safe
def provision(request: DeskRequest, key: str) -> HttpResponse:
    viewer = request.actor
    versions = queries.versions_of(viewer, key)
    facts = {
        "key": key,
        "title": versions[0].provision.title,
        "versions": versions,
        "table": queries.table_of(versions),
        "history": queries.history_of(key),
        "may_edit": viewer.has(Right.EDIT_LAW),
        "may_review": viewer.has(Right.CONFIRM_LAW),
    }
    return render(request, "grid/law/detail.html", facts)


@login_required
@read_or_write
def new_version(request: DeskRequest, key: str) -> HttpResponse:
    viewer = request.actor
    versions = queries.versions_of(viewer, key)
    _require(viewer)
    like = next((v for v in versions if v.is_now), versions[0]).provision
    form = VersionForm(request.POST or None, like=like)

    def enter() -> HttpResponse:
        given = form.cleaned_data
        typed = Typed(given["value"], given.get("unit", like.unit), given["basis"], given["valid_from"])
        new = actions.enter_version(key, typed, given["why"], by=viewer)
        words = _("已录入自 {day} 起的新版本，待法制审核。").format(day=new.valid_from)
        return done(request, words, "law-key", key)

    return answer_form(request, form, FORM, _form(like, _("录入新版本")), enter)


@login_required
@read_or_write
def review(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    version = queries.version_at(viewer, pk)
    _require(viewer, Right.CONFIRM_LAW)
    form = ReviewForm(request.POST or None)

    def act() -> HttpResponse:
        actions.review_version(version, form.cleaned_data["why"], by=viewer)
        words = _("已审核，“待法制审核”标记随之消失。")
        return done(request, words, "law-key", version.key)

    facts = _form(version, _("法制审核"), queries.shown_of(viewer, version))
    return answer_form(request, form, FORM, facts, act)


@login_required
@read_or_write
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """Ends a version in force, or takes one back that has not begun."""
    viewer = request.actor
    version = queries.version_at(viewer, pk)
    _require(viewer)
    begun = version.valid_from <= today()
    form: Form = (EndForm if begun else WithdrawForm)(request.POST or None)

    def act() -> HttpResponse:
        if begun:
            actions.end_version(version, **form.cleaned_data, by=viewer)
            return done(request, _("已终止。"), "law-key", version.key)
        actions.withdraw_version(version, form.cleaned_data["why"], by=viewer)
        return done(request, _("已撤回，前一版本继续有效。"), "law-key", version.key)

    title = _("终止这个版本") if begun else _("撤回这个版本")
    facts = _form(version, title, queries.shown_of(viewer, version))
    return answer_form(request, form, FORM, facts, act)


def _require(viewer: Actor, right: Right = Right.EDIT_LAW) -> None:
    if not viewer.has(right):
        raise problems.NotYourPost(right=right.value)


def _form(version: Provision, title: str, shown: queries.Version | None = None) -> dict[str, object]:
    """What the form's page shows besides the form: of which parameter, and the version it is about."""
    table = queries.table_in(shown.provision) if shown else []
    return {"key": version.key, "name": version.title, "title": title, "shown": shown, "table": table}
