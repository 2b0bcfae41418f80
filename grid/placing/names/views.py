"""The gazetteer: what there is, as a table that can be given back, and the report of one that was given."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.keeping import on_disk
from grid.placing.models import PlaceName
from grid.placing.names import queries
from grid.placing.names.actions import counted, import_names
from grid.placing.names.forms import NamesForm
from grid.placing.names.rules import REFUSED, Outcome
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.sheets import KINDS, as_table

PAGE = 100


def _placer(request: DeskRequest) -> Actor:
    viewer = request.actor
    if not viewer.has(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    return viewer


@login_required
@require_safe
def names(request: DeskRequest) -> HttpResponse:
    viewer = _placer(request)
    text, kind = request.GET.get("q", "").strip()[:60], request.GET.get("kind", "")
    rows = queries.names_seen(viewer, text, kind)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page, "q": text, "kind": kind, "kinds": PlaceName.Kind.choices,
        "leaves_house": settings.GEOCODER == "tianditu",
    }  # fmt: skip
    return render(request, "grid/placing/names.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: DeskRequest) -> HttpResponse:
    """Takes a table about the widest area in which the viewer places, and tells what became of each line."""
    viewer = _placer(request)
    area = min(viewer.areas(Right.PLACE), key=len)
    form = NamesForm(request.POST or None, request.FILES or None)
    outcomes: list[Outcome] | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                with on_disk(file.chunks()) as path:
                    outcomes = import_names(path, file.name or "", area, by=viewer)
                status = 200
            except problems.Problem as problem:
                if problem.status in (403, 404):
                    raise
                form.add_error("file", f"{problem.detail}{problem.advice}")
                status = problem.status
    facts = {
        "form": form, "head": queries.HEAD, "told": outcomes is not None, "counts": counted(outcomes or []),
        "refused": [outcome for outcome in outcomes or () if outcome.verdict == REFUSED],
    }  # fmt: skip
    return render(request, "grid/placing/names_import.html", facts, status=status)


@login_required
@require_safe
def export(request: DeskRequest, kind: str) -> HttpResponseBase:
    viewer = _placer(request)
    if kind not in KINDS:
        raise problems.NotHere()
    rows = queries.names_seen(viewer, request.GET.get("q", "").strip()[:60], request.GET.get("kind", ""))
    return as_table(kind, "place-names", queries.table_of(rows))
