"""Bringing a colleague into a step from the case page, and answering there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grid import problems
from grid.requests import DeskRequest
from grid.scope import Actor
from workflows.engine.signing import forms, queries
from workflows.engine.signing.actions import binding, taking_back
from workflows.engine.signing.forms import AskForm
from workflows.engine.signing.queries.matters import Place, place_at
from workflows.engine.signing.rules import Way


@login_required
@require_POST
def ask(request: DeskRequest, code: str, kind: str, way: str) -> HttpResponse:
    """Hands over, delegates, or asks for opinions, at the step of the case or a proceeding beside it."""
    case = queries.case_at(request.actor, code)
    if way not in list(Way):
        raise problems.NotHere()
    place, chosen = place_at(case, kind), Way(way)
    everybody = queries.colleagues(place)
    form = forms.AskForm(
        request.POST, way=chosen, step=place.step, colleagues=everybody, prefix=f"{kind}-{way}"
    )
    if form.is_valid():
        _perform(place, chosen, form, request.actor)
        messages.success(request, _("已记下，被请的同事会在收件箱看到。"))
    else:
        messages.error(request, _("没有办理：请选择同事并写明事由。"))
    return redirect("case", code=case.code)


def _perform(place: Place, way: Way, form: AskForm, by: Actor) -> None:
    question, at = form.cleaned_data["question"], form.cleaned_data["at"]
    if way == Way.COUNTERSIGN:
        binding.ask_countersigners(place, form.asked, question, by=by, at=at)
        return
    acts = {
        Way.HAND_OVER: binding.hand_over_step,
        Way.DELEGATE: binding.delegate_step,
        Way.SIGNER: binding.ask_signer,
    }
    acts[way](place, form.asked[0], question, by=by, at=at)


@login_required
@require_POST
def take_back(request: DeskRequest, code: str, kind: str) -> HttpResponse:
    """Takes back the last step of the case or a proceeding beside it, by whoever took it."""
    case = queries.case_at(request.actor, code)
    form = forms.TakeBackForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        taking_back.take_back(place_at(case, kind).matter, given["words"], by=request.actor, at=given["at"])
        messages.success(request, _("已撤回，回到上一步。"))
    else:
        messages.error(request, _("没有办理：请写明撤回的理由。"))
    return redirect("case", code=case.code)


@login_required
@require_POST
def answer(request: DeskRequest, pk: int, act: str) -> HttpResponse:
    """What the asked colleague says, or that the asking is taken back."""
    move = queries.move_at(request.actor, pk)
    made = {"opinion": forms.OpinionForm, "prepare": forms.PrepareForm, "recall": forms.RecallForm}
    if act not in made:
        raise problems.NotHere()
    form = made[act](request.POST)
    if not form.is_valid():
        messages.error(request, _("没有办理：内容没有填写完整。"))
        return redirect("case", code=move.case.code)
    given = form.cleaned_data
    if act == "opinion":
        binding.give_opinion(move, given["answer"], given["words"], by=request.actor)
    elif act == "prepare":
        binding.prepare_step(move, given["words"], by=request.actor)
    else:
        binding.recall_move(move, given["words"], by=request.actor)
    messages.success(request, _("已记下。"))
    return redirect("case", code=move.case.code)
