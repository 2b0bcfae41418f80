"""The buttons on a round's page."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from grid.requests import DeskRequest
from grid.scope import Actor
from grid.texts import Text
from tasks.rounds.forms import ReasonForm
from tasks.rounds.models import Round
from tasks.rounds.queries import round_at
from workflows.rounds import actions

Act = Callable[[Round, str, str, Actor], object]


def _approve(round: Round, why: str, at: str, by: Actor) -> None:
    actions.approve_round(round, why, by=by, at=at)


def _return(round: Round, why: str, at: str, by: Actor) -> None:
    actions.return_round(round, why, by=by, at=at)


ACTS: dict[str, tuple[Act, Text]] = {
    "submit": (lambda round, why, at, by: actions.submit_round(round, by=by), _("已提交审批。")),
    "approve": (_approve, _("已同意。")),
    "return": (_return, _("已退回修改。")),
    "withdraw": (lambda round, why, at, by: actions.withdraw_round(round, why, by=by), _("已撤回。")),
    "dispatch": (
        lambda round, why, at, by: actions.dispatch_round(round, by=by),
        _("已开始派发，进度见下。"),
    ),
    "resume": (lambda round, why, at, by: actions.resume_dispatch(round, by=by), _("已继续派发。")),
    "close": (lambda round, why, at, by: actions.close_round(round, why, by=by), _("已结束轮次。")),
}
NEED_REASON = frozenset({"return", "withdraw", "close"})


@login_required
@require_POST
def act(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """One act on a round. `at` is the state the page showed, so that an overtaken page is told who was faster."""
    if name not in ACTS:
        raise Http404
    viewer = request.actor
    round = round_at(viewer, code)
    form = ReasonForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    if name in NEED_REASON and not why:
        messages.error(request, _("请写明理由。"))
        return redirect("round", code)
    do, said = ACTS[name]
    do(round, why, request.POST.get("at", ""), viewer)
    messages.success(request, said)
    return redirect("round", code)
