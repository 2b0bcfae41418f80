"""The first week's list: what is left before a city's work can begin."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.ledger.queries.checkpoints import newest, note_of
from grid.requests import DeskRequest
from grid.scope import Right, require
from project.checklist import actions
from project.checklist import problems as checklist_problems
from project.checklist.forms import CheckpointForm
from project.checklist.queries import checklist_of, city_of


@login_required
@require_safe
def checklist(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    found = checklist_of(viewer)
    facts = {"list": found, "may_close": viewer.can(Right.POST, city_of(viewer))}
    return render(request, "project/checklist.html", facts)


@login_required
@require_POST
def close(request: DeskRequest) -> HttpResponse:
    try:
        actions.close_checklist(by=request.actor)
    except checklist_problems.ChecklistUnfinished as problem:
        messages.error(request, problem.detail)
        return redirect("checklist")
    messages.success(request, _("首周清单已收起，需要时仍可从本地址打开。"))
    return redirect("inbox")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def checkpoint(request: DeskRequest) -> HttpResponse:
    """The newest checkpoint to be taken away, and who keeps it."""
    viewer = request.actor
    city = city_of(viewer)
    if not city:
        raise problems.NotHere()
    require(viewer, Right.CLEAR_ALARM, city)
    point = newest()
    form = CheckpointForm(request.POST or None, initial={"size": point.size})
    if request.method == "POST" and form.is_valid():
        actions.note_checkpoint(form.cleaned_data["where"], form.cleaned_data["size"], by=viewer)
        messages.success(request, _("已记入台账。"))
        return redirect("checklist")
    facts = {"form": form, "point": point, "note": note_of(point)}
    status = 422 if request.method == "POST" else 200
    return render(request, "project/checkpoint.html", facts, status=status)
