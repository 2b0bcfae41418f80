"""Rounds at the desk: the list, the draft, the page with its dry run, the doors and their hand-over."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.ledger.queries import history
from grid.scope import Right
from grid.territory.queries import names_of
from tasks.comparison.rules import TITLES
from tasks.rounds import actions, forms, queries, states
from tasks.rounds.models import Round, RoundState
from tasks.visits.models import TaskState

PAGE = 50


@login_required
@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    viewer, state = request.actor, request.GET.get("state", "")  # type: ignore[attr-defined]
    page = Paginator(queries.rounds_for(viewer, state), PAGE).get_page(request.GET.get("page"))
    names = names_of(round.area for round in page)
    for round in page:
        round.area_name = names.get(round.area, round.area)
    context = {
        "page": page,
        "state": state,
        "states": RoundState.choices,
        "may_plan": viewer.has(Right.PLAN),
    }
    return render(request, "tasks/rounds/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    if not viewer.has(Right.PLAN):
        raise problems.NotYourPost(right=Right.PLAN.value)
    form = forms.PlanForm(request.POST or None, areas=queries.areas_to_plan(viewer))
    if request.method == "POST" and form.is_valid():
        round = _taken(form, lambda: actions.plan_round(**form.cleaned_data, by=viewer))
        if round:
            messages.success(request, _("已制定，请核对试算后提交审批。"))
            return redirect("round", round.code)
    return render(request, "tasks/rounds/form.html", {"form": form, "round": None})


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    round = queries.round_at(viewer, code)
    if "change" not in queries.lawful_acts(viewer, round):
        raise states.out_of_order(round, _("修改"))
    terms = {
        "title": round.title,
        "lead_rules": round.rules,
        "due_on": round.due_on,
        "per_worker": round.per_worker,
    }
    form = forms.TermsForm(request.POST or None, initial=terms)
    posted = request.method == "POST" and form.is_valid()
    if posted and _taken(form, lambda: actions.change_round(round, **form.cleaned_data, by=viewer)):
        messages.success(request, _("已修改。"))
        return redirect("round", code)
    return render(request, "tasks/rounds/form.html", {"form": form, "round": round})


def _taken(form: Any, act: Any) -> Any:
    """What the act made, or None with the refusal told at the field."""
    try:
        return act()
    except problems.DeadlinePast as refused:
        form.add_error("due_on", refused.detail)
    return None


@login_required
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    round = queries.round_seen(viewer, code)
    context = {
        "round": round,
        "area_name": names_of([round.area]).get(round.area, round.area),
        "lead_rules": [(rule, TITLES.get(rule, "")) for rule in round.rules],
        "path": [RoundState(state).label for state in round.path],
        "acts": queries.lawful_acts(viewer, round),
        "is_own": queries.is_own_plan(viewer, round),
        "reason": forms.ReasonForm(),
        "counts": queries.counts_of(round) if round.dispatch_total else [],
        "is_draft": round.state in states.BEFORE_DISPATCH,
        "history": history(viewer, case=round.code),
    }
    return render(request, "tasks/rounds/detail.html", context)


@login_required
@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The dry run: nothing is written. Fetched by the round's page, because a large one takes a second or two."""
    round = queries.round_at(request.actor, code)  # type: ignore[attr-defined]
    part = "left" if request.GET.get("part") == "left" else "given"
    run = queries.dry_run(round)
    page = Paginator(run.plan.left_over if part == "left" else run.plan.assigned, PAGE).get_page(
        request.GET.get("page")
    )
    start = (page.number - 1) * PAGE
    context = {
        "round": round,
        "run": run,
        "part": part,
        "page": page,
        "choices": queries.choices(run, part, start, PAGE),
    }
    template = (
        "tasks/rounds/plan.html" if request.headers.get("HX-Request") else "tasks/rounds/plan_page.html"
    )
    return render(request, template, context)


@login_required
@require_safe
def doors(request: HttpRequest, code: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    return _doors(request, queries.round_seen(viewer, code))


def _doors(request: HttpRequest, round: Round, form: Any = None, status: int = 200) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    posting, state = request.GET.get("posting", ""), request.GET.get("state", "")
    rows = queries.doors_of(viewer, round, posting=int(posting) if posting.isdigit() else None, state=state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names, offered = names_of(task.area for task in page), queries.receivers(viewer, round.area)
    for task in page:
        task.place = names.get(task.area, task.area)
    context = {
        "round": round,
        "page": page,
        "states": TaskState.choices,
        "state": state,
        "posting": posting,
        "receivers": offered,
        "form": form or forms.HandOverForm(receivers=offered),
    }
    return render(request, "tasks/rounds/doors.html", context, status=status)


@login_required
@require_POST
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    round = queries.round_seen(viewer, code)
    offered = queries.receivers(viewer, round.area)
    form = forms.HandOverForm(request.POST, receivers=offered)
    if not form.is_valid():
        return _doors(request, round, form, 422)
    chosen = [int(pk) for pk in request.POST.getlist("chosen") if pk.isdigit()]
    to = queries.posting_named(offered, form.cleaned_data["to"])
    count = actions.hand_over_tasks(chosen, to, form.cleaned_data["why"], by=viewer)
    messages.success(request, _("已转派 {count} 户给{name}。").format(count=count, name=to.person))
    return redirect("round-doors", code)
