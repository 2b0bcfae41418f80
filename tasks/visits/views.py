"""One visit on one page, and its photos."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tasks.forms import tables
from tasks.forms.rules import faults_of, told
from tasks.visits import queries

# What a phone's camera makes; anything else is handed out as bytes that no browser will run.
_SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))


@login_required
@require_safe
def visit_page(request: HttpRequest, code: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    visit = queries.visit(viewer, code)
    form = tables.known(visit.form, visit.form_version)
    faults = faults_of(form, visit.answers, visit.outcome) if form else []
    facts = {
        "visit": visit,
        "finding": getattr(visit, "finding", None),
        "form": form,
        "told": list(told(form, visit.answers)),
        "doubted": [_label(form, fault.name) for fault in faults] if form else [],
        "photos": list(queries.evidence_of(viewer, code)),
    }
    return render(request, "tasks/visits/detail.html", facts)


def _label(form: tables.Form, name: str) -> str:
    question = form.question(name)
    return question.label if question else name


@login_required
@require_safe
def photo(request: HttpRequest, code: str, sha256: str) -> FileResponse:
    _evidence, file = queries.photo(request.actor, code, sha256)  # type: ignore[attr-defined]
    opened = file.open("rb")
    start = opened.read(12)
    opened.seek(0)
    kind = next((kind for sign, kind in _SIGNATURES if start.startswith(sign)), "application/octet-stream")
    answer = FileResponse(opened, content_type=kind, as_attachment=kind == "application/octet-stream")
    answer["Cache-Control"] = "private, no-store"
    return answer
