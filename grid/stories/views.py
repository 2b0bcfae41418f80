"""The auditor's pages: a search box, then a story with proofs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from grid import problems
from grid.ledger.actions import export_case
from grid.ledger.queries import proof_of
from grid.requests import DeskRequest
from grid.scope import Right
from grid.stories import queries


@login_required
def search(request: DeskRequest) -> HttpResponse:
    if not request.actor.has(Right.RETELL):
        raise problems.NotYourPost(right=Right.RETELL.value)
    sought = request.GET.get("q", "")
    context = {"sought": sought, "hits": queries.find(request.actor, sought)}
    return render(request, "grid/stories/search.html", context)


@login_required
def story(request: DeskRequest, case: str) -> HttpResponse:
    told = queries.story_of_case(request.actor, case)
    return render(request, "grid/stories/story.html", {"story": told})


@login_required
def subject_story(request: DeskRequest, pk: int) -> HttpResponse:
    told = queries.story_of_subject(request.actor, pk)
    return render(request, "grid/stories/story.html", {"story": told})


@login_required
def check(request: DeskRequest, pk: int) -> HttpResponse:
    """The one-click proof of one entry, as a fragment for the story page."""
    entry = queries.entry_in_reach(request.actor, pk)
    return render(request, "grid/stories/check.html", {"entry": entry, "proof": proof_of(entry)})


@login_required
@require_POST
def export(request: DeskRequest, case: str) -> HttpResponse:
    queries.story_of_case(request.actor, case)
    content = export_case(case, by=request.actor)
    answer = HttpResponse(content, content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{case}.ledger.jsonl"'
    return answer
