"""The coverage page: the accounts of an area by sort, its map, and the names behind each number."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grid import outside, problems
from grid.calendar.now import today
from grid.requests import DeskRequest
from grid.scope import reaches
from grid.subjects.models import Sort
from tasks.coverage import queries
from tasks.coverage.states import CoverState
from tasks.coverage.views import drawing

PAGE = 50


@login_required
def account(request: DeskRequest, code: str = "") -> HttpResponse:
    viewer = request.actor
    area = queries.area_in_reach(viewer, code or queries.top_area(viewer))
    day = _day(request)
    account = queries.account_of(viewer, area, day)
    sorts = account.sorts()
    sort = _sort(request) or (sorts[0].code if sorts else Sort.UNITS.value)
    lines = account.parts(queries.names_below(area), sort)
    shades = queries.grid_shades(viewer, account, sort)
    context = {
        "area": area,
        "ancestors": [(above, reaches(viewer, above)) for above in _ancestors(area.code)],
        "day": day,
        "is_today": day == today(),
        "everything": account.whole(),
        "sorts": sorts,
        "sort": Sort(sort),
        "whole": account.whole(sort),
        "lines": lines,
        "states": list(CoverState),
        "waiting": queries.waiting_for_grid(viewer, area, sort) if day == today() else [],
        "register": queries.register_size(viewer, area),
        "map": drawing.draw_map(shades, depth=len(lines[0].code) if lines else 15),
    }
    return render(request, "tasks/coverage/account.html", context)


def _sort(request: HttpRequest) -> str:
    """The sort of subjects that the address names; "" where it names none."""
    named = request.GET.get("sort", "")
    return named if named in Sort.values else ""


@login_required
def subjects(request: DeskRequest, code: str, state: str) -> HttpResponse:
    area = queries.area_in_reach(request.actor, code)
    if state not in CoverState.values:
        raise problems.NotHere()
    sort = _sort(request)
    found = queries.subjects_in(request.actor, area, state, sort, pool="pool" in request.GET)
    context = {
        "area": area,
        "state": CoverState(state),
        "sort": Sort(sort) if sort else None,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "tasks/coverage/subjects.html", context)


def _day(request: HttpRequest) -> date:
    try:
        return min(outside.day(request.GET.get("on", "")), today())
    except outside.Unreadable:
        return today()


def _ancestors(code: str) -> list[str]:
    return [code[:length] for length in (4, 6, 9, 12) if length < len(code)]
