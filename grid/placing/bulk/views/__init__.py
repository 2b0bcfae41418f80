"""Placing many at once: the whole pool read again, what was ticked, a table filled in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.keeping import on_disk
from grid.outside import wholes
from grid.placing.actions import order_replacing
from grid.placing.bulk import actions, queries
from grid.placing.bulk.actions import tables
from grid.placing.bulk.forms import TableForm
from grid.placing.bulk.views.placing import asked_area, back, followed, outcome_page
from grid.placing.queries import placing_wanted
from grid.requests import DeskRequest
from grid.scope import Right
from grid.sheets import as_table
from grid.territory.choosing.queries import area_meant


@login_required
@require_POST
def again(request: DeskRequest) -> HttpResponse:
    """After areas, names or grids came: every address of the pool is read once more."""
    viewer, area = asked_area(request)
    areas = [area] if area else viewer.areas(Right.PLACE)
    return followed([order_replacing(code, by=viewer) for code in areas])


@login_required
@require_POST
def many(request: DeskRequest) -> HttpResponse:
    viewer, area = asked_area(request)
    chosen = wholes(request.POST.getlist("chosen"))
    try:
        if not chosen:
            raise problems.NothingChosen()
        place = area_meant(viewer, request.POST.get("grid", ""), placing_wanted(area))
        outcome = actions.place_many(chosen, place.code, why=request.POST.get("why", "")[:100], by=viewer)
    except problems.Problem as problem:
        if problem.status in (403, 404):
            raise
        messages.error(request, f"{problem.detail}{problem.advice}")
        return back(area)
    return outcome_page(request, outcome, place, area) or back(area)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: DeskRequest) -> HttpResponse:
    """The pool goes out as a table and comes back filled in; the answer tells what became of each line."""
    viewer, area = asked_area(request)
    form = TableForm(request.POST or None, request.FILES or None)
    outcome = tables.TableOutcome()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                with on_disk(file.chunks()) as path:
                    outcome = tables.place_table(path, file.name or "", by=viewer)
                status = 200
            except problems.Problem as problem:
                if problem.status in (403, 404):
                    raise
                form.add_error("file", f"{problem.detail}{problem.advice}")
                status = problem.status
    facts = {"form": form, "area": area, **_of_table(outcome)}
    facts["waiting"] = queries.waiting_in(viewer, area).count()
    return render(request, "grid/placing/table.html", facts, status=status)


SHOWN = 200  # refused lines on the page; all of them stand in the batch


def _of_table(outcome: tables.TableOutcome) -> dict[str, object]:
    verdicts = [line.verdict for line in outcome.lines]
    names = (tables.PLACED, tables.ORDERED, tables.SAME, tables.BLANK, tables.REFUSED)
    refused = [line for line in outcome.lines if line.verdict == tables.REFUSED]
    return {
        "told": outcome.lines, "counts": {name: verdicts.count(name) for name in names}, "refused": refused[:SHOWN],
        "unseen": max(len(refused) - SHOWN, 0), "batch": outcome.batch, "operation": outcome.operation,
    }  # fmt: skip


@login_required
@require_safe
def export(request: DeskRequest, kind: str) -> HttpResponseBase:
    viewer, area = asked_area(request)
    return as_table(kind, "pool", queries.table_of(queries.waiting_in(viewer, area)))
