"""The coverage page: the account of an area, its map, and the names behind each number."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grid import problems
from grid.calendar.now import today
from grid.scope import reaches
from tasks.coverage import drawing, queries
from tasks.coverage.states import CoverState

PAGE = 50


@login_required
def account(request: HttpRequest, code: str = "") -> HttpResponse:
    viewer = request.actor
    area = queries.area_in_reach(viewer, code or queries.top_area(viewer))
    day = _day(request)
    whole, lines = queries.coverage(viewer, area, day)
    shades = queries.grid_shades(viewer, area, day)
    context = {
        "area": area,
        "ancestors": [(above, reaches(viewer, above)) for above in _ancestors(area.code)],
        "day": day,
        "is_today": day == today(),
        "whole": whole,
        "lines": lines,
        "states": list(CoverState),
        "register": queries.register_size(viewer, area),
        "map": drawing.draw_map(shades, depth=len(lines[0].code) if lines else 15),
    }
    return render(request, "tasks/coverage/account.html", context)


@login_required
def subjects(request: HttpRequest, code: str, state: str) -> HttpResponse:
    area = queries.area_in_reach(request.actor, code)
    if state not in CoverState.values:
        raise problems.NotHere()
    rows = Paginator(queries.subjects_in(request.actor, area, state, pool="pool" in request.GET), PAGE)
    context = {"area": area, "state": CoverState(state), "page": rows.get_page(request.GET.get("page"))}
    return render(request, "tasks/coverage/subjects.html", context)


def _day(request: HttpRequest) -> date:
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), today())
    except ValueError:
        return today()


def _ancestors(code: str) -> list[str]:
    return [code[:length] for length in (4, 6, 9, 12) if length < len(code)]
