"""The law's parameters at the desk: what is in force and on what basis, its history, and the legal office's acts."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.calendar.now import today
from grid.law import actions, queries
from grid.law.forms import EndForm, ReviewForm, VersionForm, WithdrawForm
from grid.scope import Actor, Right

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def provisions(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    text, unreviewed = request.GET.get("q", "").strip(), bool(request.GET.get("unreviewed"))
    facts = {
        "sections": queries.sections_of(viewer, text, unreviewed),
        "text": text,
        "unreviewed": unreviewed,
        "may_edit": viewer.has(Right.EDIT_LAW),
    }
    return render(request, "grid/law/list.html", facts)


@login_required
@require_safe
def provision(request: HttpRequest, key: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    versions = queries.versions_of(viewer, key)
    facts = {
        "key": key,
        "title": versions[0].provision.title,
        "versions": versions,
        "table": queries.table_of(versions),
        "history": queries.told_of(key),
        "may_edit": viewer.has(Right.EDIT_LAW),
        "may_review": viewer.has(Right.LEGAL_REVIEW),
    }
    return render(request, "grid/law/detail.html", facts)


@login_required
@read_or_write
def new_version(request: HttpRequest, key: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    versions = queries.versions_of(viewer, key)
    _ask(viewer)
    like = next((v for v in versions if v.is_now), versions[0]).provision
    form = VersionForm(request.POST or None, like=like)

    def enter() -> str:
        given = form.cleaned_data
        new = actions.enter_version(
            key, given["value"], given.get("unit", like.unit), given["basis"], given["valid_from"], given["why"],
            by=viewer,
        )  # fmt: skip
        return _("已录入自 {day} 起的新版本，待法制审核。").format(day=new.valid_from)

    return _answer(request, form, key, like.title, _("录入新版本"), enter)


@login_required
@read_or_write
def review(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    version = queries.version_at(viewer, pk)
    _ask(viewer, Right.LEGAL_REVIEW)
    form = ReviewForm(request.POST or None)

    def act() -> str:
        actions.review_version(version, form.cleaned_data["why"], by=viewer)
        return _("已审核，“待法制审核”标记随之消失。")

    shown = queries.shown_of(viewer, version)
    return _answer(request, form, version.key, version.title, _("法制审核"), act, shown)


@login_required
@read_or_write
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a version in force, or takes one back that has not begun."""
    viewer = request.actor  # type: ignore[attr-defined]
    version = queries.version_at(viewer, pk)
    _ask(viewer)
    begun = version.valid_from <= today()
    form: Form = (EndForm if begun else WithdrawForm)(request.POST or None)

    def act() -> str:
        if begun:
            actions.end_version(version, **form.cleaned_data, by=viewer)
            return _("已终止。")
        actions.withdraw_version(version, form.cleaned_data["why"], by=viewer)
        return _("已撤回，前一版本继续有效。")

    title = _("终止这个版本") if begun else _("撤回这个版本")
    return _answer(request, form, version.key, version.title, title, act, queries.shown_of(viewer, version))


def _ask(viewer: Actor, right: Right = Right.EDIT_LAW) -> None:
    if not viewer.has(right):
        raise problems.NotYourPost(right=right.value)


def _answer(
    request: HttpRequest, form: Form, key: str, name: str, title: str, act: Callable[[], str],
    shown: queries.Version | None = None,
) -> HttpResponse:  # fmt: skip
    """Shows the form, or acts and goes back to the parameter; a refusal stands above what was typed."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act())
            return redirect("law-key", key)
        except problems.Problem as problem:
            if problem.status in (403, 404):
                raise
            form.add_error(None, f"{problem.detail}{problem.advice}")
            status = problem.status
    elif request.method == "POST":
        status = 422
    facts = {"form": form, "key": key, "name": name, "title": title, "shown": shown}
    facts["table"] = queries.table_in(shown.provision) if shown else []
    return render(request, "grid/law/form.html", facts, status=status)
