"""Groups of alike addresses: the list of them, and one with its list, its map and its act."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grid import problems
from grid.outside import is_area, wholes
from grid.placing.batches.queries import last_of
from grid.placing.bulk import actions, queries
from grid.placing.bulk.queries import Group
from grid.placing.bulk.rules import KIND_NAMES, Kind, acts_left, stretches_of
from grid.placing.bulk.views.placing import asked_area, followed, map_of, outcome_page
from grid.placing.queries import placing_wanted
from grid.requests import DeskRequest
from grid.scope import Actor
from grid.territory.choosing.queries import area_meant, label_for

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def _kind(request: DeskRequest) -> str:
    """By what the page groups; "" for what tells most of each address."""
    given = (request.POST or request.GET).get("by", "")
    return given if given in {kind.value for kind in Kind} else ""


@login_required
@read_or_write
def groups(request: DeskRequest) -> HttpResponse:
    viewer, area = asked_area(request)
    kind = _kind(request)
    status, wrong = 200, ""
    if request.method == "POST":
        try:
            return _placed(request, viewer, area, kind)
        except problems.Problem as problem:
            if problem.status in (403, 404):
                raise
            status, wrong = problem.status, f"{problem.detail}{problem.advice}"
    found = queries.groups_of(viewer, area, kind)
    waiting = queries.waiting_in(viewer, area).count()
    typed = dict(zip(request.POST.getlist("key"), request.POST.getlist("grid"), strict=False))
    shown = [(group, typed.get(group.key, "")) for group in found[: queries.MOST_GROUPS]]
    counts = [group.count for group in found]
    facts: dict[str, object] = {
        "groups": shown, "area": area, "wrong": wrong, "total": len(found), "waiting": waiting, "kind": kind,
        "kinds": [(name.value, label) for name, label in KIND_NAMES.items()], "covered": sum(counts[: len(shown)]),
        "left": acts_left(counts, waiting), "alone": waiting - sum(counts),
        "asked": json.dumps({**placing_wanted(area).asked, "field": "grid", "near": area}),
        "last": last_of(viewer),
    }  # fmt: skip
    return render(request, "grid/placing/groups.html", facts, status=status)


def _placed(request: DeskRequest, viewer: Actor, area: str, kind: str) -> HttpResponse:
    texts = zip(request.POST.getlist("key"), request.POST.getlist("grid"), strict=False)
    chosen = {
        key: area_meant(viewer, text, placing_wanted(key.split(":")[0])).code
        for key, text in texts
        if text.strip()
    }
    if not chosen:
        raise problems.NothingChosen()
    placed, ordered = actions.place_groups(chosen, area, kind, by=viewer)
    if ordered:
        messages.success(request, _("户数较多，正在后台归格。"))
        return followed(ordered)
    words = _("{groups} 组，归格 {n} 户。").format(groups=len(chosen), n=len(placed))
    messages.success(request, words)
    return redirect(f"{reverse('pool-groups')}?{urlencode({'area': area, 'by': kind})}")


@login_required
@read_or_write
def group(request: DeskRequest) -> HttpResponse:
    """One group: who is in it, the map, and one act for all that stay ticked. Then comes the next."""
    viewer, area = asked_area(request)
    kind = _kind(request)
    given = request.POST or request.GET
    key, part = given.get("key", "")[:100], given.get("part", "")[:12]
    wrong, status = "", 200
    if request.method == "POST":
        try:
            return _placed_group(request, viewer, area, key)
        except problems.Problem as problem:
            if problem.status in (403, 404):
                raise
            status, wrong = problem.status, f"{problem.detail}{problem.advice}"
    whole = queries.group_of(viewer, area, key)
    found = queries.group_of(viewer, area, key, part) if whole and part else whole
    if whole is None or found is None:
        if request.method != "POST":
            messages.info(request, _("这一组已经没有待归格的对象。"))
        else:
            messages.error(request, wrong)
        return redirect(f"{reverse('pool-groups')}?{urlencode({'area': area, 'by': kind})}")
    facts = {
        **_facts(request, viewer, found),
        "whole": whole,
        "area": area,
        "kind": kind,
        "part": part,
        "wrong": wrong,
    }
    facts["parts"] = stretches_of(whole.roads.values()) if whole.kind == Kind.ROAD else []
    return render(request, "grid/placing/group.html", facts, status=status)


def _facts(request: DeskRequest, viewer: Actor, found: Group) -> dict[str, object]:
    given = request.POST or request.GET
    listed = queries.listed_of(viewer, found)
    wanted = placing_wanted(found.area)
    ticked = set(wholes(request.POST.getlist("chosen")))
    to = given.get("to", "")
    typed = label_for(viewer, to, wanted) if is_area(to) else request.POST.get("grid", "")
    return {
        "group": found, "more": found.count - len(listed), "typed": typed,
        "rows": [(subject, road, not ticked or subject.pk in ticked) for subject, road in listed],
        "asked": json.dumps({**wanted.asked, "field": "grid", "near": found.area}),
        "map": map_of(viewer, found.area), "last": last_of(viewer),
    }  # fmt: skip


def _placed_group(request: DeskRequest, viewer: Actor, area: str, key: str) -> HttpResponse:
    place = area_meant(viewer, request.POST.get("grid", ""), placing_wanted(key.split(":")[0]))
    listed = actions.Listed(
        frozenset(wholes(request.POST.getlist("shown"))), frozenset(wholes(request.POST.getlist("chosen")))
    )
    outcome = actions.place_group(key, place.code, listed, by=viewer)
    kind = _kind(request)
    following = outcome_page(request, outcome, place, area)
    return following or _next(viewer, area, kind)


def _next(viewer: Actor, area: str, kind: str) -> HttpResponse:
    """The largest group that is left."""
    left = queries.groups_of(viewer, area, kind)
    given = {"area": area, "by": kind}
    if not left:
        return redirect(f"{reverse('pool-groups')}?{urlencode(given)}")
    return redirect(f"{reverse('pool-group')}?{urlencode({**given, 'key': left[0].key})}")
