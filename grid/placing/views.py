"""The pool of subjects without a grid, and placing one of them by hand."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.operations.queries import running
from grid.outside import is_area, whole
from grid.placing import queries
from grid.placing.actions import POOL, Placed, place_subject
from grid.placing.bulk.queries import grid_names
from grid.placing.forms import PlaceForm
from grid.requests import DeskRequest
from grid.scope import Right, reaches

PAGE = 50


@login_required
@require_safe
def pool(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    if not viewer.has(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    area = request.GET.get("area", "")
    if area and not (is_area(area) and reaches(viewer, area, Right.PLACE)):
        raise problems.NotHere()
    delivery = whole(request.GET.get("delivery", ""))
    page = Paginator(queries.pool(viewer, area, delivery), PAGE).get_page(request.GET.get("page"))
    areas = queries.counts_by_area(viewer, delivery)
    choices = grid_names(viewer, area).choices if page.object_list else []
    facts = {
        "page": page, "areas": areas, "area": area, "delivery": delivery, "choices": choices,
        "running": running(viewer, POOL),
    }  # fmt: skip
    return render(request, "grid/placing/pool.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    subject = queries.waiting_subject(viewer, pk)
    choices = queries.grids_to_choose(viewer, subject)
    form = PlaceForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        placed = place_subject(subject, form.cleaned_data["grid"], by=viewer, why=form.cleaned_data["why"])
        messages.success(request, _in_words(placed))
        return redirect("pool")
    piece, alike = queries.would_teach(subject)
    facts = {"subject": subject, "form": form, "piece": piece, "alike": alike}
    return render(request, "grid/placing/place.html", facts)


def _in_words(placed: Placed) -> str:
    words = _("“%(name)s”已归格。") % {"name": placed.subject.name}
    if placed.operation and placed.alias:
        more = _("地址同样含“%(piece)s”的户数较多，正在后台归格。")
        return words + more % {"piece": placed.alias.pattern}
    if placed.others and placed.alias:
        count = len(placed.others)
        words += ngettext(
            "地址同样含“%(piece)s”的 %(count)d 户也随之归格。",
            "地址同样含“%(piece)s”的 %(count)d 户也随之归格。",
            count,
        ) % {"piece": placed.alias.pattern, "count": count}
    return words
