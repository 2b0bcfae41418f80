"""A term with what made it longer or stand still."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grid import problems
from grid.requests import DeskRequest
from grid.scope import Actor, Right, require
from workflows.clocks import actions, queries
from workflows.clocks import problems as clocks_problems
from workflows.clocks.forms import PauseForm, ResumeForm
from workflows.clocks.models import Clock


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: DeskRequest, pk: int) -> HttpResponse:
    """One term of a case; whoever inspects lets it stand still for a lawful reason, or go on."""
    viewer = request.actor
    found = queries.clock_at(viewer, pk)
    form, act = _act_on(found, viewer, request.POST or None)
    status = 200
    if request.method == "POST":
        require(viewer, Right.INSPECT, found.area)
        if form is None:
            raise clocks_problems.ClockNotPausable(term=found.name)
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data)
                messages.success(request, _("已记入期限。"))
                return redirect("clock", pk)
            except problems.Problem as refused:
                if refused.status in (403, 404):
                    raise
                form.add_error(None, refused.detail)
    facts = {"clock": found, "form": form, "waiting": queries.reasons_to_pause(found, reviewed=False)}
    return render(request, "workflows/clocks/detail.html", facts, status=status)


def _act_on(
    found: Clock, viewer: Actor, given: QueryDict | None
) -> tuple[PauseForm | ResumeForm | None, Callable[[dict[str, Any]], object]]:
    """The form that fits the term now, and what it does; no form where there is nothing to do."""
    stands = any(pause.last_day is None for pause in found.pauses.all())
    reasons = queries.reasons_to_pause(found)
    if not found.is_running or not viewer.can(Right.INSPECT, found.area) or not (stands or reasons):
        return None, lambda said: None
    if stands:
        return ResumeForm(given), lambda said: actions.resume_after(found, **said, by=viewer)
    return PauseForm(given, reasons=reasons), lambda said: actions.pause_for(found, **said, by=viewer)
