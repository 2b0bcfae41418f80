"""The auditor's pages: a search box, then a story with proofs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from grid import problems
from grid.ledger import actions, keys, queries, stories
from grid.scope import Right


@login_required
def search(request: HttpRequest) -> HttpResponse:
    if not request.actor.has(Right.RETELL):
        raise problems.NotYourPost(right=Right.RETELL.value)
    sought = request.GET.get("q", "")
    context = {"sought": sought, "hits": stories.find(request.actor, sought)}
    return render(request, "grid/ledger/search.html", context)


@login_required
def story(request: HttpRequest, case: str) -> HttpResponse:
    told = stories.story_of_case(request.actor, case)
    return render(request, "grid/ledger/story.html", {"story": told})


@login_required
def subject_story(request: HttpRequest, pk: int) -> HttpResponse:
    told = stories.story_of_subject(request.actor, pk)
    return render(request, "grid/ledger/story.html", {"story": told})


@login_required
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The one-click proof of one entry, as a fragment for the story page."""
    entry = stories.entry_in_reach(request.actor, pk)
    return render(request, "grid/ledger/check.html", {"entry": entry, "proof": queries.proof_of(entry)})


@login_required
@require_POST
def export(request: HttpRequest, case: str) -> HttpResponse:
    stories.story_of_case(request.actor, case)
    content = actions.export_case(case, by=request.actor)
    answer = HttpResponse(content, content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{case}.ledger.jsonl"'
    return answer


def public_key(request: HttpRequest) -> HttpResponse:
    """The key with which anybody checks the ledger's seals."""
    return HttpResponse(keys.public_key_pem(), content_type="application/x-pem-file")


def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint: whoever keeps one notices later if the ledger was cut or rewritten."""
    return HttpResponse(queries.checkpoint_note(), content_type="text/plain; charset=utf-8")


def handovers(request: HttpRequest) -> HttpResponse:
    """How the signing keys followed one another, each note signed by both."""
    return HttpResponse(queries.handover_notes(), content_type="text/plain; charset=utf-8")
