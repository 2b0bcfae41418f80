"""Targets: city → district → street, each with its bars; a plan's versions, its draft, and its acts."""

from collections.abc import Callable, Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import outside, problems
from grid.calendar.now import today
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.sheets import KINDS, as_table
from grid.territory.models import Level
from grid.territory.queries import current_area, path_of
from grid.texts import Text
from workflows.duties.forms import ReasonForm
from workflows.duties.targets import actions, forms, queries
from workflows.duties.targets.models import DRAFTS, Plan, PlanState


@login_required
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    return redirect("targets-area", year=today().year, code=queries.top_of(request.actor))


@login_required
@require_safe
def area_page(request: DeskRequest, year: int, code: str) -> HttpResponseBase:
    viewer = request.actor
    found = queries.overview(viewer, year, code)
    if (kind := request.GET.get("export", "")) in KINDS:
        return _as_table(kind, found)
    may_set = viewer.can(Right.SET_TARGETS, code)
    context = {
        "found": found,
        "area": found.area,
        "year": year,
        "years": queries.years(viewer),
        "crumbs": [area for area in path_of(code)[:-1] if viewer.can(Right.SEE_CASES, area.pk)],
        "versions": queries.versions_of(viewer, year, code),
        "may_set": may_set,
        "may_begin": may_set and found.may_split and not (found.plan or found.draft),
        "may_read_draft": found.draft and queries.may_read_draft(viewer, code),
        "goes_deeper": found.area.level < Level.STREET,
    }
    return render(request, "workflows/duties/targets/area.html", context)


def _as_table(kind: str, found: queries.Overview) -> HttpResponseBase:
    """What the page shows, and nothing beyond it."""

    def lines() -> Iterator[list[object]]:
        yield [
            _("年度"), _("指标"), _("单位"), _("区划代码"), _("区划"), _("目标"), _("完成"), _("完成率%"), _("口径")
        ]  # fmt: skip
        for goal in found.goals:
            for line in (goal.whole, *goal.parts):
                target = "" if line.target is None else line.target
                percent = "" if line.percent is None else line.percent
                yield [
                    found.year, goal.goal.title, goal.goal.unit, line.area, line.name, target, line.done, percent,
                    goal.goal.definition,
                ]  # fmt: skip

    return as_table(kind, f"targets-{found.year}-{found.area.pk}", lines())


@login_required
@require_http_methods(["GET", "POST"])
def new_plan(request: DeskRequest) -> HttpResponse:
    """The city names its wholes; a district takes over what was handed down to it."""
    viewer, code = request.actor, request.GET.get("area", "")
    if not viewer.can(Right.SEE_CASES, code) or not code:
        raise problems.NotHere()
    if not viewer.can(Right.SET_TARGETS, code):
        raise problems.NotYourPost(right=Right.SET_TARGETS.value)
    area = current_area(code)
    is_city = area.level == Level.CITY
    goals = actions.goals_on_offer().values() if is_city else []
    form = forms.NewPlanForm(request.POST or None, goals=goals, initial={"year": _year(request)})
    if request.method == "POST" and form.is_valid():
        plan = actions.draft_plan(form.cleaned_data["year"], code, form.wholes(), by=viewer)
        messages.success(request, _("草案已按各下级的对象数拟出分解，请逐项核对。"))
        return redirect("plan", pk=plan.pk)
    context = {"form": form, "area": area, "is_city": is_city}
    return render(request, "workflows/duties/targets/new.html", context, status=422 if form.errors else 200)


def _year(request: HttpRequest) -> int:
    return outside.whole(request.GET.get("year", ""), most=outside.LAST_DAY.year) or today().year


@login_required
@require_safe
def plan_page(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, queries.plan_at(request.actor, pk))


def _page(
    request: DeskRequest,
    plan: Plan,
    form: Form | None = None,
    reason: Form | None = None,
    name: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer, rows = request.actor, queries.rows_of(plan)
    may_set = viewer.can(Right.SET_TARGETS, plan.area)
    is_draft = plan.state in DRAFTS
    context = {
        "plan": plan,
        "area": current_area(plan.area),
        "rows": rows,
        "form": (form or _amounts_form(plan, rows)) if may_set and is_draft else None,
        "reason": reason or ReasonForm(),
        "tried": name,
        "may_set": may_set,
        "is_draft": is_draft,
        "replaces": is_draft and queries.stands_before(plan),
        "may_revise": may_set and plan.state == PlanState.ISSUED,
        "unbalanced": [row for row in rows if not row.balance.stands],
    }
    return render(request, "workflows/duties/targets/plan.html", context, status=status)


def _amounts_form(plan: Plan, rows: list[queries.Row], data: QueryDict | None = None) -> forms.AmountsForm:
    return forms.AmountsForm(data, rows=rows, whole_area=plan.area, is_whole_fixed=bool(plan.above_id))


@login_required
@require_POST
def plan_act(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    plan, by = queries.plan_at(request.actor, pk), request.actor
    if name == "change":
        return _change(request, plan)
    if name in ("revise", "withdraw"):
        return _with_reason(request, plan, name)
    if name not in PLAIN:
        raise problems.NotHere()
    act, said = PLAIN[name]
    act(plan, by=by)
    messages.success(request, said)
    return redirect("plan", pk=plan.pk)


def _propose(plan: Plan, *, by: Actor) -> None:
    actions.propose_shares(plan, by=by)


PLAIN: dict[str, tuple[Callable[..., object], Text]] = {
    "propose": (_propose, gettext_lazy("已按现在的名册重新拟出分解。")),
    "check": (actions.check_plan, gettext_lazy("核对无误，可以下达。")),
    "issue": (actions.issue_plan, gettext_lazy("计划已下达。")),
}


def _change(request: DeskRequest, plan: Plan) -> HttpResponse:
    form = _amounts_form(plan, queries.rows_of(plan), request.POST)
    if not form.is_valid():
        return _page(request, plan, form, name="change", status=422)
    changed = actions.change_plan(plan, form.amounts(), form.gaps(), by=request.actor)
    messages.success(request, _("已保存，改动 %(n)d 项。") % {"n": changed})
    return redirect("plan", pk=plan.pk)


def _with_reason(request: DeskRequest, plan: Plan, name: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, plan, reason=form, name=name, status=422)
    if name == "revise":
        made = actions.revise_plan(plan, form.cleaned_data["why"], by=request.actor)
        messages.success(request, _("已编制新版草案；下达之前，原计划照常有效。"))
        return redirect("plan", pk=made.pk)
    actions.withdraw_plan(plan, form.cleaned_data["why"], by=request.actor)
    messages.success(request, _("草案已撤回。"))
    return redirect("targets-area", year=plan.year, code=plan.area)
