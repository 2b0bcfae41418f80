"""Orders to the departments, each department its own; and the measures, kept by the legal office."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.requests import DeskRequest
from grid.scope import Right
from workflows.sanctions import actions, queries
from workflows.sanctions.forms import AnswerForm, LiftForm, MeasureForm
from workflows.sanctions.models import SanctionOrder

PAGE = 50


@login_required
@require_safe
def order_list(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    if not queries.reads_orders(viewer):
        raise problems.NotHere()
    waiting = request.GET.get("state", "waiting") == "waiting"
    page = Paginator(queries.orders_for(viewer, only_waiting=waiting), PAGE).get_page(request.GET.get("page"))
    return render(request, "workflows/sanctions/list.html", {"page": page, "waiting": waiting})


@login_required
@require_safe
def order_page(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, queries.order_at(request.actor, pk))


def _page(
    request: DeskRequest, order: SanctionOrder, bound: Form | None = None, status: int = 200
) -> HttpResponse:
    form = None
    if order.waits and queries.held_at(order, request.actor):
        form = bound or (LiftForm() if order.lift_at else AnswerForm())
    context = {"order": order, "form": form, "sees_file": request.actor.can(Right.SEE_CASES, order.area)}
    return render(request, "workflows/sanctions/order.html", context, status=status)


@login_required
@require_POST
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    order = queries.order_at(request.actor, pk)
    form = LiftForm(request.POST) if order.lift_at else AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    given = form.cleaned_data
    if order.lift_at:
        actions.answer_lift(order, given["answer"], by=request.actor)
    else:
        actions.answer_order(order, given["answer"], given["why"], by=request.actor)
    messages.success(request, _("已反馈。"))
    return redirect("sanction-orders")


@login_required
@require_safe
def measure_list(request: DeskRequest) -> HttpResponse:
    if not queries.reads_orders(request.actor):
        raise problems.NotHere()
    context = {"measures": queries.measures(), "may_edit": request.actor.has(Right.EDIT_LAW)}
    return render(request, "workflows/sanctions/measures.html", context)


@login_required
def measure(request: DeskRequest, code: str) -> HttpResponse:
    """Editing a measure's basis makes a new version of it, with the reason."""
    viewer = request.actor
    if not viewer.has(Right.EDIT_LAW):
        raise problems.NotYourPost(right=Right.EDIT_LAW.value)
    found = queries.measure_at(code)
    given = {"basis": found.basis, "in_national_list": found.in_national_list}
    form = MeasureForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        actions.edit_sanction(found, **form.cleaned_data, by=viewer)
        messages.success(request, _("已修改，今日起执行。"))
        return redirect("sanction-measures")
    context = {"measure": found, "form": form, "versions": queries.versions_of(code)}
    status = 422 if request.method == "POST" else 200
    return render(request, "workflows/sanctions/measure.html", context, status=status)
