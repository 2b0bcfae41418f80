"""Rounds at the desk: the list, the draft, the dry run, the doors and their hand-over. A round's own page, with its acts, is
in workflows/rounds."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.outside import whole, wholes
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.territory.queries import names_of
from tasks.doors.models import CheckTask, TaskState
from tasks.forms import problems as forms_problems
from tasks.rounds import actions, forms, queries, states
from tasks.rounds.models import Round, RoundState

PAGE = 50


@login_required
@require_safe
def round_list(request: DeskRequest) -> HttpResponse:
    viewer, state = request.actor, request.GET.get("state", "")
    page = Paginator(queries.rounds_for(viewer, state), PAGE).get_page(request.GET.get("page"))
    names, waiting = names_of(round.area for round in page), queries.waiting_in(viewer, page)
    listed: Iterable[Any] = page
    for round in listed:
        round.area_name = names.get(round.area, round.area)
        round.waiting = waiting.get(round.pk, 0)
    context = {
        "page": page,
        "state": state,
        "states": RoundState.choices,
        "may_plan": viewer.has(Right.PLAN),
    }
    return render(request, "tasks/rounds/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    if not viewer.has(Right.PLAN):
        raise problems.NotYourPost(right=Right.PLAN.value)
    form = forms.PlanForm(request.POST or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        round = _taken(form, lambda: actions.plan_round(**form.cleaned_data, by=viewer))
        if round:
            messages.success(request, _("已制定，请核对试算后提交审批。"))
            return redirect("round", round.code)
    return render(request, "tasks/rounds/form.html", {"form": form, "round": None})


@login_required
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    round = queries.round_at(viewer, code)
    if round.state not in states.DRAFTS or not viewer.can(Right.PLAN, round.area):
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


def _taken(form: Form, act: Callable[[], Round]) -> Round | None:
    """What the act made, or None with the refusal told at the field."""
    try:
        return act()
    except forms_problems.DeadlinePast as refused:
        form.add_error("due_on", refused.detail)
    return None


@login_required
@require_safe
def plan(request: DeskRequest, code: str) -> HttpResponse:
    """The dry run: nothing is written. Fetched by the round's page, because a large one takes a second or two."""
    round = queries.round_at(request.actor, code)
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
        "may_place": request.actor.has(Right.PLACE),
    }
    template = (
        "tasks/rounds/plan.html" if request.headers.get("HX-Request") else "tasks/rounds/plan_page.html"
    )
    return render(request, template, context)


@login_required
@require_safe
def doors(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    return _doors(request, queries.round_seen(viewer, code))


def _doors(request: DeskRequest, round: Round, form: Form | None = None, status: int = 200) -> HttpResponse:
    viewer = request.actor
    given = {name: request.GET.get(name, "") for name in ("posting", "state", "door")}
    page = Paginator(_asked(viewer, round, request.GET), PAGE).get_page(request.GET.get("page"))
    names, offered = names_of(task.area for task in page), queries.receivers(viewer, round.area)
    why = queries.why_nobodys(list(page)) if given["state"] == queries.NOBODYS else {}
    listed: Iterable[Any] = page
    for task in listed:
        task.place, task.why_nobodys = names.get(task.area, task.area), why.get(task.pk, "")
    context = {
        "round": round,
        "page": page,
        "states": [*TaskState.choices, (queries.NOBODYS, _("无人负责"))],
        **given,
        "asked": urlencode({name: value for name, value in given.items() if value}),
        "receivers": offered,
        "form": form or forms.HandOverForm(receivers=offered),
    }
    return render(request, "tasks/rounds/doors.html", context, status=status)


def _asked(viewer: Actor, round: Round, asked: QueryDict) -> QuerySet[CheckTask]:
    """The doors that the filter of the page shows, on all of its pages."""
    posting, door = whole(asked.get("posting", "")), whole(asked.get("door", ""))
    return queries.doors_of(viewer, round, posting=posting, state=asked.get("state", ""), door=door)


@login_required
@require_POST
def hand_over(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    round = queries.round_seen(viewer, code)
    offered = queries.receivers(viewer, round.area)
    form = forms.HandOverForm(request.POST, receivers=offered)
    if not form.is_valid():
        return _doors(request, round, form, 422)
    every = _asked(viewer, round, request.GET).values_list("pk", flat=True)
    chosen = list(every) if "every" in request.POST else wholes(request.POST.getlist("chosen"))
    to = queries.posting_named(offered, form.cleaned_data["to"])
    count = actions.hand_over_tasks(chosen, to, form.cleaned_data["why"], by=viewer)
    messages.success(request, _("已转派 {count} 户给{name}。").format(count=count, name=to.person))
    return redirect("round-doors", code)
