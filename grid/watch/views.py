"""The ledger's self-check: what it found, when it looked, and what the two offices say about it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.requests import DeskRequest
from grid.watch import actions, queries
from grid.watch.forms import AnswerForm


@login_required
@require_safe
def watch(request: DeskRequest) -> HttpResponse:
    return render(request, "grid/watch/watch.html", {"watch": queries.watch_for(request.actor)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alarm(request: DeskRequest, pk: int) -> HttpResponse:
    found, status = queries.alarm_at(request.actor, pk), 200
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.answer_alarm(found, form.cleaned_data["reason"], by=request.actor)
                messages.success(request, _("已记入台账。两个部门都说明之后，警报才会关闭。"))
                return redirect("alarm", pk)
            except problems.Problem as refused:
                if refused.status in (403, 404):
                    raise
                form.add_error(None, refused.detail)
    waits = queries.alarms_waiting(request.actor, 10_000).filter(pk=found.pk).exists()
    context = {"alarm": found, "form": form, "may_answer": waits or form.errors}
    return render(request, "grid/watch/alarm.html", context, status=status)
