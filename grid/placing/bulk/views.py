"""Placing many at once: the whole pool read again, alike addresses, what was ticked, a table filled in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.keeping import on_disk
from grid.operations.models import Operation
from grid.outside import is_area, wholes
from grid.placing.actions import order_replacing
from grid.placing.bulk import actions, queries
from grid.placing.bulk.forms import TableForm
from grid.requests import DeskRequest
from grid.scope import Actor, Right, reaches
from grid.sheets import as_table


def _require_placer(request: DeskRequest) -> tuple[Actor, str]:
    """Who places, and in which area of the address (empty: wherever they may). Raises NotHere, NotYourPost."""
    viewer = request.actor
    if not viewer.has(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    area = (request.POST or request.GET).get("area", "")
    if area and not (is_area(area) and reaches(viewer, area, Right.PLACE)):
        raise problems.NotHere()
    return viewer, area


def _back(area: str) -> HttpResponse:
    return redirect(f"{reverse('pool')}?area={area}" if area else "pool")


@login_required
@require_POST
def again(request: DeskRequest) -> HttpResponse:
    """After areas, names or grids came: every address of the pool is read once more."""
    viewer, area = _require_placer(request)
    areas = [area] if area else viewer.areas(Right.PLACE)
    return _followed([order_replacing(code, by=viewer) for code in areas])


def _followed(ordered: list[Operation]) -> HttpResponse:
    """To the page of what was ordered; several are followed on the page of the pool."""
    return redirect("operation", ordered[0].pk) if len(ordered) == 1 else _back("")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: DeskRequest) -> HttpResponse:
    viewer, area = _require_placer(request)
    names = queries.grid_names(viewer, area)
    status, wrong = 200, ""
    if request.method == "POST":
        try:
            texts = zip(request.POST.getlist("key"), request.POST.getlist("grid"), strict=False)
            chosen = {key: names.grid(text) for key, text in texts if text.strip()}
            if not chosen:
                raise problems.NothingChosen()
            placed, ordered = actions.place_groups(chosen, area, by=viewer)
        except problems.Problem as problem:
            if problem.status in (403, 404):
                raise
            status, wrong = problem.status, f"{problem.detail}{problem.advice}"
        else:
            saved = _("记住了 {pieces} 个地址片段，").format(pieces=len(chosen))
            if ordered:
                messages.success(request, saved + _("户数较多，正在后台归格。"))
                return _followed(ordered)
            messages.success(request, saved + _("归格 {n} 户。").format(n=len(placed)))
            return redirect(f"{reverse('pool-groups')}?area={area}")
    found = queries.groups_of(viewer, area)
    typed = dict(zip(request.POST.getlist("key"), request.POST.getlist("grid"), strict=False))
    shown = [(group, typed.get(group.key, "")) for group in found[: queries.MOST_GROUPS]]
    facts: dict[str, object] = {
        "groups": shown, "area": area, "choices": names.choices, "wrong": wrong, "total": len(found),
        "covered": sum(group.count for group, _typed in shown), "waiting": queries.waiting_in(viewer, area).count(),
    }  # fmt: skip
    return render(request, "grid/placing/groups.html", facts, status=status)


@login_required
@require_POST
def many(request: DeskRequest) -> HttpResponse:
    viewer, area = _require_placer(request)
    chosen = wholes(request.POST.getlist("chosen"))
    try:
        if not chosen:
            raise problems.NothingChosen()
        grid = queries.grid_names(viewer, area).grid(request.POST.get("grid", ""))
        placed = actions.place_many(chosen, grid, why=request.POST.get("why", "")[:100], by=viewer)
    except problems.Problem as problem:
        if problem.status in (403, 404):
            raise
        messages.error(request, f"{problem.detail}{problem.advice}")
        return _back(area)
    messages.success(request, _("归格 {n} 户。").format(n=len(placed)))
    if left := len(set(chosen)) - len(placed):
        words = _("另有 {n} 户没有归格：已由别人归格，或地址写明在别处。").format(n=left)
        messages.warning(request, words)
    return _back(area)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: DeskRequest) -> HttpResponse:
    """The pool goes out as a table and comes back filled in; the answer tells what became of each line."""
    viewer, area = _require_placer(request)
    form = TableForm(request.POST or None, request.FILES or None)
    outcomes: list[actions.LineOutcome] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                with on_disk(file.chunks()) as path:
                    outcomes = actions.place_table(path, file.name or "", by=viewer)
                status = 200
            except problems.Problem as problem:
                if problem.status in (403, 404):
                    raise
                form.add_error("file", f"{problem.detail}{problem.advice}")
                status = problem.status
    verdicts = [row.verdict for row in outcomes]
    counts = {
        name: verdicts.count(name) for name in (actions.PLACED, actions.SAME, actions.BLANK, actions.REFUSED)
    }
    refused = [row for row in outcomes if row.verdict == actions.REFUSED]
    facts = {"form": form, "area": area, "told": outcomes, "refused": refused, "counts": counts}
    facts["waiting"] = queries.waiting_in(viewer, area).count()
    return render(request, "grid/placing/table.html", facts, status=status)


@login_required
@require_safe
def export(request: DeskRequest, kind: str) -> HttpResponseBase:
    viewer, area = _require_placer(request)
    return as_table(kind, "pool", queries.table_of(queries.waiting_in(viewer, area)))
