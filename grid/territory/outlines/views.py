"""Outlines on the map of an area: how they fit, what they are, and drawing another."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.requests import DeskRequest
from grid.scope import Right, require
from grid.sheets import KINDS, as_table
from grid.territory import problems as territory_problems
from grid.territory.grids.forms import DrawnForm
from grid.territory.grids.views.drawing import picture_of
from grid.territory.models import Area, Level
from grid.territory.outlines import actions, queries
from grid.territory.queries import area_of, current_area


def _area(request: DeskRequest, code: str) -> Area:
    """An area with others below it, in force. Raises NotHere, NotYourPost."""
    found = area_of(request.actor, code)
    require(request.actor, Right.RECUT, code)
    if found.level == Level.GRID:
        raise problems.NotHere()
    return current_area(code)


@login_required
@require_safe
def outlines(request: DeskRequest, code: str) -> HttpResponse:
    area = _area(request, code)
    parts = queries.parts_of(request.actor, area)
    facts = {
        "area": area, "parts": parts, "flaws": queries.flaws_of(area, parts), "picture": picture_of(parts, area),
        "kinds": KINDS, "missing": [part for part in parts if not part.outline],
    }  # fmt: skip
    return render(request, "grid/territory/outlines/list.html", facts)


@login_required
@require_safe
def outlines_geojson(request: DeskRequest, code: str) -> HttpResponse:
    parts = queries.parts_of(request.actor, _area(request, code))
    found = queries.geojson_of(parts, request.GET.get("datum", ""))
    answer = JsonResponse(
        found, json_dumps_params={"ensure_ascii": False}, content_type="application/geo+json"
    )
    answer["Content-Disposition"] = f'attachment; filename="outlines-{code}.geojson"'
    return answer


@login_required
@require_safe
def flaws_table(request: DeskRequest, code: str, kind: str) -> HttpResponseBase:
    area = _area(request, code)
    if kind not in KINDS:
        raise problems.NotHere()
    head = [_("问题"), _("区划"), _("平方米"), _("经度（GCJ-02）"), _("纬度（GCJ-02）")]
    rows = (
        [str(flaw.words), "、".join(flaw.names), flaw.square_metres, flaw.lng, flaw.lat]
        for flaw in queries.flaws_of(area, queries.parts_of(request.actor, area))
    )
    return as_table(kind, f"outlines-{code}", [head, *rows])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: DeskRequest, code: str) -> HttpResponse:
    """The outline of a street or a community, on the picture of what is below it."""
    viewer = request.actor
    area = _area(request, code)
    form = DrawnForm(request.POST or None, request.FILES or None)

    def keep() -> HttpResponse:
        outline = form.drawn()
        if outline is None:
            raise territory_problems.OutlineWrong(why=_("是空的"))
        actions.draw_outline(area, outline, why=form.cleaned_data["why"], by=viewer)
        return done(request, _("已保存{name}的边界。").format(name=area.name), "outlines", code)

    facts = {"area": area, "picture": picture_of(queries.parts_of(viewer, area), area)}
    return answer_form(request, form, "grid/territory/outlines/draw.html", facts, keep)
