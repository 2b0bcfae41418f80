"""One visit on one page, and its photos."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grid.keeping import open_stored
from grid.pictures.queries import kind_of
from grid.requests import DeskRequest
from tasks.forms.rules.wording import answers_in_words
from tasks.visits import queries
from tasks.visits.actions import look_at, seen_with


@login_required
@require_safe
def visit_page(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    visit = queries.visit(viewer, code)
    form = queries.form_of(visit)
    facts = {
        "visit": visit,
        "finding": getattr(visit, "finding", None),
        "form": form,
        "told": list(answers_in_words(form, visit.answers)),
        "seen": seen_with(viewer, visit),
    }
    return render(request, "tasks/visits/detail.html", facts)


@login_required
@require_safe
def photo(request: DeskRequest, code: str, sha256: str) -> FileResponse:
    found = queries.photo(request.actor, code, sha256)
    look_at([found])
    picture = queries.shown_file(found)
    answer = FileResponse(open_stored(picture), content_type=kind_of(picture))
    answer["Cache-Control"] = "private, no-store"
    return answer
