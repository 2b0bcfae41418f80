"""A change of streets, communities or grids: drafted on a page, rehearsed, read, decided."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.recut import problems as recut_problems
from grid.recut.changes import actions, queries
from grid.recut.changes.forms import ChangeForm
from grid.recut.changes.models import AreaChange, ChangeKind, ChangeState
from grid.requests import DeskRequest
from grid.sheets import KINDS, as_table
from grid.territory.queries import area_of, current_area
from grid.territory.views import FORM

PAGE = 50


@login_required
@require_safe
def changes(request: DeskRequest) -> HttpResponse:
    page = Paginator(queries.changes(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "grid/recut/changes/list.html", {"page": page, "kinds": KINDS})


@login_required
@require_safe
def changes_table(request: DeskRequest, kind: str) -> HttpResponseBase:
    if kind not in KINDS:
        raise problems.NotHere()
    head = [_("调整"), _("类型"), _("批准文号"), _("生效日"), _("状态"), _("理由"), _("拟定"), _("决定")]
    rows = (
        [c.title, c.get_kind_display(), c.document, c.on, c.get_state_display(), c.reason, c.made_by.full_name,
         c.decided_by.full_name if c.decided_by else ""]
        for c in queries.changes(request.actor)
    )  # fmt: skip
    return as_table(kind, "changes", [head, *rows])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_change(request: DeskRequest, code: str, kind: str) -> HttpResponse:
    viewer = request.actor
    area = area_of(viewer, code)
    if kind not in queries.kinds_at(viewer, area):
        raise problems.NotHere()
    form = ChangeForm(request.POST or None, area=current_area(code), kind=kind)

    def draft() -> HttpResponse:
        given = form.cleaned_data
        change = actions.draft_change(
            form.asked(), on=given["on"], reason=given["reason"], document=given["document"], by=viewer
        )
        if change.mark:
            return done(
                request, _("已拟定并试算，还没有改动任何数据。请看过结果再决定。"), "area-change", change.pk
            )
        actions.order_rehearsal(change, by=viewer)
        return done(request, _("户数较多，已交后台试算。"), "area-change", change.pk)

    warning = _(
        "这一步只拟定和试算，不改动数据。看过试算结果并决定之后才生效；生效之后不能撤销，旧代码不再使用，历史保留。"
    )
    facts = {"area": area, "title": ChangeKind(kind).label, "warning": warning}
    return answer_form(request, form, FORM, facts, draft)


@login_required
@require_safe
def change(request: DeskRequest, pk: int) -> HttpResponse:
    found = queries.change_of(request.actor, pk)
    return render(request, "grid/recut/changes/detail.html", _facts(found))


def _facts(found: AreaChange) -> dict[str, object]:
    told = found.result or found.rehearsal or {"areas": []}
    return {
        "change": found,
        "lines": queries.touched_of(found),
        "areas": told["areas"],
        "may_decide": found.state == ChangeState.DRAFT and found.mark,
        "may_withdraw": found.state in (ChangeState.DRAFT, ChangeState.DECIDED, ChangeState.FAILED),
        "kinds": KINDS,
    }


@login_required
@require_safe
def change_table(request: DeskRequest, pk: int, kind: str) -> HttpResponseBase:
    """Old code, new code: what other offices need to follow."""
    if kind not in KINDS:
        raise problems.NotHere()
    told = _facts(queries.change_of(request.actor, pk))["areas"]
    assert isinstance(told, list)
    head = [_("原代码"), _("原名称"), _("新代码"), _("新名称")]
    rows = ([line["old"], line["name"], line["new"], line["becomes"]] for line in told)
    return as_table(kind, f"change-{pk}", [head, *rows])


@login_required
@require_POST
def rehearse(request: DeskRequest, pk: int) -> HttpResponse:
    return _again(request, queries.change_of(request.actor, pk), _("已重新试算。"))


def _again(request: DeskRequest, change: AreaChange, words: str) -> HttpResponse:
    if actions.is_large(actions.planned(actions.asked_of(change))):
        actions.order_rehearsal(change, by=request.actor)
        return done(request, _("户数较多，已交后台试算。"), "area-change", change.pk)
    actions.rehearse_change(change, by=request.actor)
    return done(request, words, "area-change", change.pk)


@login_required
@require_POST
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    found = queries.change_of(request.actor, pk)
    try:
        decided = actions.decide_change(found, request.POST.get("seen", ""), by=request.actor)
    except recut_problems.RehearsalStale as stale:
        return _again(request, found, f"{stale.detail}{stale.advice}")
    words = _("已生效：%s。") if decided.state == ChangeState.DONE else _("已决定，到生效日自动办理：%s。")
    return done(request, words % decided.title, "area-change", pk)


@login_required
@require_POST
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    found = queries.change_of(request.actor, pk)
    actions.withdraw_change(found, request.POST.get("reason", "")[:200], by=request.actor)
    return done(request, _("已撤回：%s。") % found.title, "area-change", pk)
