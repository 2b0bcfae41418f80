"""A round's page, and the acts that are done from it. The list, the draft and the doors are pages of tasks/rounds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from grid.ledger.queries import history
from grid.requests import DeskRequest
from grid.scope import Right
from grid.territory.queries import names_of
from tasks.rounds import queries as rounds
from tasks.rounds import states
from tasks.rounds.choosing import queries as choosing
from tasks.rounds.forecast.queries import outlook_of
from tasks.rounds.joining.queries import waiting_words
from tasks.rounds.models import RoundState
from workflows.engine.acts import acts_on, offers_for
from workflows.rounds import queries
from workflows.rounds.acts import form_for


@login_required
@require_safe
def round_page(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    round = rounds.round_seen(viewer, code)
    file = queries.file_of(viewer, round)
    offers = offers_for("round", viewer, round, file)
    context = {
        "round": round,
        "area_name": names_of([round.area]).get(round.area, round.area),
        "chosen_by": choosing.words_of(choosing.criteria_of(round)),
        "path": [RoundState(state).label for state in round.path],
        "acts": [(act, form_for(act.name, round)) for act in offers],
        "is_own": queries.is_own_plan(viewer, round),
        "counts": rounds.counts_of(round) if round.dispatch_total else [],
        "approving": queries.approving_of(file),
        "outlook": outlook_of(round),
        "newcomers": waiting_words(round) if round.state == RoundState.WORKED else [],
        "given_up": file.given_up,
        "is_draft": round.state in states.BEFORE_DISPATCH,
        "may_see_plan": viewer.can(Right.SEE_CASES, round.area),
        "nobodys": rounds.doors_of(viewer, round, state=rounds.NOBODYS).count(),
        "history": history(viewer, case=round.code),
    }
    return render(request, "workflows/rounds/round.html", context)


@login_required
@require_POST
def round_act(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """One act on a round."""
    act = acts_on("round").get(name)
    if act is None:
        raise Http404
    viewer = request.actor
    round = rounds.round_at(viewer, code)
    form = form_for(name, round, request.POST)
    if not form.is_valid():
        messages.error(request, form.fault)
        return redirect("round", code)
    messages.success(request, act.words_after(act.do(round, form, viewer)))
    return redirect("round", code)
