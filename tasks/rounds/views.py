"""Rounds at the desk: the list, the draft, the dry run, the doors and their hand-over. A round's own page, with its acts, is
in workflows/rounds."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.calendar.now import day_of
from grid.outside import whole, wholes
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.sheets import KINDS, as_table
from grid.territory.queries import names_of
from tasks.doors.models import CheckTask, TaskState
from tasks.forms import problems as forms_problems
from tasks.rounds import actions, forms, queries, states
from tasks.rounds import problems as rounds_problems
from tasks.rounds.choosing import queries as choosing
from tasks.rounds.choosing.actions import change_chosen, plan_chosen
from tasks.rounds.choosing.forms import initial_of
from tasks.rounds.models import Round, RoundState

PAGE = 50
Described = Iterable[Any]  # rounds with what a list shows beside them


@login_required
@require_safe
def round_list(request: DeskRequest) -> HttpResponseBase:
    viewer, state = request.actor, request.GET.get("state", "")
    rows = queries.rounds_for(viewer, state)
    if (kind := request.GET.get("export", "")) in KINDS:
        return as_table(kind, "rounds", _rounds_table(_described(viewer, rows)))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    _described(viewer, page)
    context = {
        "page": page,
        "state": state,
        "states": RoundState.choices,
        "may_plan": viewer.has(Right.PLAN),
    }
    return render(request, "tasks/rounds/list.html", context)


def _described(viewer: Actor, rounds: Described) -> Described:
    """Each with the name of its area, and how many doors wait in the viewer's territory."""
    listed = rounds if isinstance(rounds, Page) else list(rounds)
    names, waiting = names_of(round.area for round in listed), queries.waiting_in(viewer, listed)
    for round in listed:
        round.area_name = names.get(round.area, round.area)
        round.waiting = waiting.get(round.pk, 0)
    return listed


def _rounds_table(rounds: Described) -> Iterator[list[object]]:
    """What the list shows, all pages of it."""
    yield [
        _("轮次"), _("轮次号"), _("范围"), _("状态"), _("截止"), _("核查任务"), _("本辖区待走访"), _("制定"), _("制定日期")
    ]  # fmt: skip
    for round in rounds:
        yield [
            round.title, round.code, round.area_name, round.get_state_display(), round.due_on, round.dispatch_done,
            round.waiting, str(round.planned_by), day_of(round.planned_at),
        ]  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    if not viewer.has(Right.PLAN):
        raise problems.NotYourPost(right=Right.PLAN.value)
    key = request.GET.get("choice", "")
    choice = choosing.choice_at(viewer, key) if key else None
    initial = {"joins": True} | (initial_of(choice.criteria) if choice else {})
    form = forms.PlanForm(request.POST or None, viewer=viewer, initial=initial)
    form.offer(choosing.lists_for(viewer))
    if request.method == "POST" and form.is_valid():
        area = form.cleaned_data["area"]
        round = _taken(form, lambda: plan_chosen(area, form.terms(), form.chosen(), by=viewer))
        if round:
            messages.success(request, _("已制定，请核对试算后提交审批。"))
            return redirect("round", round.code)
    context = {"form": form, "round": None, "choice": choice, "saved": choosing.choices_for(viewer)}
    return render(request, "tasks/rounds/form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    round = queries.round_at(viewer, code)
    if round.state not in states.DRAFTS or not viewer.can(Right.PLAN, round.area):
        raise states.out_of_order(round, _("修改"))
    terms = {name: getattr(round, name) for name in ("title", "due_on", "per_worker", "joins")}
    form = forms.TermsForm(request.POST or None, initial=terms | initial_of(choosing.criteria_of(round)))
    form.offer(choosing.lists_for(viewer))
    posted = request.method == "POST" and form.is_valid()
    if posted and _taken(form, lambda: change_chosen(round, form.terms(), form.chosen(), by=viewer)):
        messages.success(request, _("已修改。"))
        return redirect("round", code)
    return render(request, "tasks/rounds/form.html", {"form": form, "round": round})


def _taken(form: Form, act: Callable[[], Round]) -> Round | None:
    """What the act made, or None with the refusal told at the field."""
    try:
        return act()
    except forms_problems.DeadlinePast as refused:
        form.add_error("due_on", refused.detail)
    except rounds_problems.ChoiceNameTaken as refused:
        form.add_error("save_as", refused.detail)
    return None


@login_required
@require_safe
def plan(request: DeskRequest, code: str) -> HttpResponseBase:
    """The dry run: nothing is written. Fetched by the round's page, because a large one takes a second or two."""
    round = queries.round_at(request.actor, code)
    part = "left" if request.GET.get("part") == "left" else "given"
    run = queries.dry_run(round)
    doors = run.plan.left_over if part == "left" else run.plan.assigned
    if (kind := request.GET.get("export", "")) in KINDS:
        return as_table(kind, f"plan-{code}", _plan_table(queries.choices(run, part, 0, len(doors))))
    page = Paginator(doors, PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * PAGE
    context = {
        "round": round,
        "run": run,
        "part": part,
        "page": page,
        "choices": queries.choices(run, part, start, PAGE),
        "may_place": request.actor.has(Right.PLACE),
        "choosing": choosing.count_choice(choosing.criteria_of(round), round.area),
    }
    template = (
        "tasks/rounds/plan.html" if request.headers.get("HX-Request") else "tasks/rounds/plan_page.html"
    )
    return render(request, template, context)


def _plan_table(found: Iterable[queries.Choice]) -> Iterator[list[object]]:
    """What the page shows of one part of the plan, all pages of it."""
    yield [_("对象"), _("代码"), _("网格"), _("为什么查"), _("谁去"), _("为什么是他，或者为什么派不出")]
    for row in found:
        yield [row.subject.name, row.subject.code, row.area, row.why, row.worker, row.how]


@login_required
@require_safe
def doors(request: DeskRequest, code: str) -> HttpResponseBase:
    viewer = request.actor
    round = queries.round_seen(viewer, code)
    if (kind := request.GET.get("export", "")) in KINDS:
        return as_table(kind, f"doors-{code}", _doors_table(_asked(viewer, round, request.GET)))
    return _doors(request, round)


def _doors_table(rows: QuerySet[CheckTask]) -> Iterator[list[object]]:
    """What the page shows, all pages of it."""
    yield [_("对象"), _("代码"), _("网格"), _("网格员"), _("缘由"), _("状态"), _("约定再访"), _("截止")]
    for task in rows.iterator(1_000):
        yield [
            task.subject.name, task.subject.code, task.area, str(task.posting.person), task.why,
            task.get_state_display(), task.come_again_on or "", task.due_on,
        ]  # fmt: skip


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
