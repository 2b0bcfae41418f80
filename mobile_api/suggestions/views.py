"""The desk's side of suggestions: read them, answer each with words."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid.requests import DeskRequest
from grid.scope import Right
from mobile_api.suggestions import actions, queries
from mobile_api.suggestions.models import SuggestionState

PAGE = 50


@login_required
@require_safe
def suggestion_list(request: DeskRequest) -> HttpResponse:
    state = request.GET.get("state", SuggestionState.OPEN)
    state = state if state in SuggestionState.values else ""
    rows = queries.with_standing(queries.suggestions(request.actor, state))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        # The count alone is live: a list that changed under somebody's hands would take the half-written answer away.
        "waiting": queries.suggestions(request.actor, SuggestionState.OPEN).count(),
        "state": state,
        "states": SuggestionState.choices,
        "may_answer": request.actor.has(Right.ANSWER),
    }
    return render(request, "mobile_api/suggestions/list.html", facts)


@login_required
@require_POST
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    suggestion = queries.suggestion(request.actor, pk)
    actions.answer_suggestion(suggestion, request.POST.get("answer", ""), by=request.actor)
    hears = queries.at_work(suggestion.person_id).exists()
    now, later = _("已答复，对方手机下次联网时即可看到。"), _("已答复，对方重新上岗后在手机上看到。")
    messages.success(request, now if hears else later)
    return redirect("suggestions")
