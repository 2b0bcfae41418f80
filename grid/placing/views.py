"""The pool of subjects without a grid, and placing one of them by hand."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from grid.answers import answer_form
from grid.operations.queries import running
from grid.outside import whole, wholes
from grid.placing import queries
from grid.placing.actions import POOL, Placed, place_subject
from grid.placing.batches.actions import PLACE
from grid.placing.bulk.queries import alike_of
from grid.placing.bulk.views.placing import asked_area, map_of
from grid.placing.forms import PlaceForm
from grid.requests import DeskRequest

PAGE = 50
MOST_AREAS = 40  # in the choice of the pool's areas: the fullest


@login_required
@require_safe
def pool(request: DeskRequest) -> HttpResponse:
    viewer, area = asked_area(request)
    delivery = whole(request.GET.get("delivery", ""))
    page = Paginator(queries.pool(viewer, area, delivery), PAGE).get_page(request.GET.get("page"))
    counts = sorted(queries.counts_by_area(viewer, delivery), key=lambda row: (row[0] != area, -row[2]))
    facts = {
        "page": page, "areas": sorted(counts[:MOST_AREAS]), "area": area, "delivery": delivery,
        "running": [*running(viewer, POOL), *running(viewer, PLACE)],
        "asked": json.dumps({**queries.placing_wanted(area).asked, "field": "grid", "near": area}),
    }  # fmt: skip
    return render(request, "grid/placing/pool.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: DeskRequest, pk: int) -> HttpResponse:
    """One subject, and who would go along because their address says the same: they stand on the page before they go,
    and whoever is not to go is unticked."""
    viewer = request.actor
    subject = queries.waiting_subject(viewer, pk)
    form = PlaceForm(
        request.POST or None, viewer=viewer, area=subject.area, initial={"grid": request.GET.get("to", "")}
    )

    def go() -> HttpResponse:
        given = form.cleaned_data
        but = {*wholes(request.POST.getlist("shown"))} - {*wholes(request.POST.getlist("chosen"))}
        placed = place_subject(subject, given["grid"], by=viewer, why=given["why"], but=but)
        messages.success(request, _in_words(placed))
        return redirect("pool")

    alike = alike_of(viewer, subject)
    ticked = {*wholes(request.POST.getlist("chosen"))} if request.method == "POST" else None
    facts = {
        "subject": subject, "alike": alike,
        "rows": [(row, ticked is None or row.pk in ticked) for row in alike.seen],
        "map": map_of(viewer, subject.area),
    }  # fmt: skip
    return answer_form(request, form, "grid/placing/place.html", facts, go)


def _in_words(placed: Placed) -> str:
    words = _("“%(name)s”已归格。") % {"name": placed.subject.name}
    if not placed.subject.is_placed:
        words = _("“%(name)s”的范围已经缩小，在那里待归格。") % {"name": placed.subject.name}
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
    elif placed.others:
        words += _("勾选的 {n} 户一同归格；有不归入的，地址片段没有记住。").format(n=len(placed.others))
    return words
