"""What was placed at once, by whom and when; and its undoing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.answers import answer_form
from grid.outside import is_area
from grid.placing.batches import actions, queries
from grid.placing.batches.forms import UndoForm
from grid.placing.batches.models import LineState
from grid.requests import DeskRequest
from grid.scope import Right, reaches
from grid.sheets import KINDS, as_table
from grid.territory.queries import names_of

PAGE = 50


@login_required
@require_safe
def batches(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    if not viewer.has(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    area = request.GET.get("area", "")
    if area and not (is_area(area) and reaches(viewer, area, Right.PLACE)):
        raise problems.NotHere()
    page = Paginator(queries.batches_of(viewer, area), PAGE).get_page(request.GET.get("page"))
    sizes = queries.sizes_of([*page])
    facts = {"page": page, "area": area, "rows": [(found, *sizes.get(found.pk, (0, 0))) for found in page]}
    return render(request, "grid/placing/batches/list.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: DeskRequest, pk: int) -> HttpResponse:
    found = queries.batch_of(request.actor, pk)
    form = UndoForm(request.POST or None)

    def undo() -> HttpResponse:
        _batch, operation = actions.undo_batch(found, why=form.cleaned_data["why"], by=request.actor)
        if operation:
            messages.success(request, _("户数较多，正在后台撤销。"))
            return redirect("operation", operation.pk)
        messages.success(request, _("已撤销；没有撤销的，下面写明原因。"))
        return redirect("pool-batch", found.pk)

    state = request.GET.get("state", "")
    page = Paginator(queries.lines_of(found, state), PAGE).get_page(request.GET.get("page"))
    areas = {area for line in page.object_list for area in (line.before, line.after)}
    names = names_of(areas)
    counts = queries.counts_of(found)
    facts = {
        "batch": found, "page": page, "counts": counts, "state": state,
        "rows": [(line, names.get(line.before, line.before), names.get(line.after, line.after)) for line in page],
        "may_undo": not found.undone_at and any(name == LineState.PLACED for name, _label, _n in counts),
    }  # fmt: skip
    return answer_form(request, form, "grid/placing/batches/detail.html", facts, undo)


@login_required
@require_safe
def lines(request: DeskRequest, pk: int, kind: str) -> HttpResponseBase:
    if kind not in KINDS:
        raise problems.NotHere()
    found = queries.batch_of(request.actor, pk)
    return as_table(kind, f"batch-{found.pk}", queries.table_of(found))
