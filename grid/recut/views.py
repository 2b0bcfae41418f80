"""A grid cut in two, or put into another."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from grid import problems
from grid.answers import answer_form, done
from grid.operations.models import Operation
from grid.outside import wholes
from grid.recut.actions import (
    Part,
    Recut,
    is_large,
    order_recut,
    proposed_split,
    recut_grid,
    rehearse_recut,
    split_parts,
)
from grid.recut.forms import DIRECTIONS, MergeForm, SplitForm
from grid.recut.queries import grids_around
from grid.recut.rehearsal.actions import fingerprint, lines_of
from grid.requests import DeskRequest
from grid.scope import Right, require
from grid.territory import queries
from grid.territory.models import Area

read_or_write = require_http_methods(["GET", "HEAD", "POST"])

HALVES = {"we": (_lazy("西半"), _lazy("东半")), "ns": (_lazy("北半"), _lazy("南半"))}


@login_required
@read_or_write
def split(request: DeskRequest, code: str) -> HttpResponse:
    """A grid cut in two. The page proposes who goes where by the doors, and each household can be moved over."""
    viewer = request.actor
    grid = queries.area_of(viewer, code)
    require(viewer, Right.RECUT, code)
    direction = (request.POST or request.GET).get("direction", "we")
    if direction not in HALVES:
        raise problems.NotHere()
    proposal = proposed_split(grid, direction)
    pks = [subject.pk for subject in proposal.subjects]
    form = SplitForm(
        request.POST or None, grid=grid, subjects=pks, labels=HALVES[direction],
        initial={"direction": direction},
    )  # fmt: skip

    def cut() -> HttpResponse:
        given = form.cleaned_data
        parts = split_parts(
            grid, proposal, (given["first_name"], given["second_name"]), given["households"], given["second"]
        )
        if is_large(grid):
            return _ordered(request, grid, order_recut(grid, parts, reason=given["reason"], by=viewer))
        seen = request.POST.get("seen", "")
        if not seen:
            told = rehearse_recut(grid, parts, reason=given["reason"], by=viewer)
            return _rehearsed(request, form, "grid/recut/split.html", facts, told)
        recut = recut_grid(grid, parts, reason=given["reason"], by=viewer, seen=seen)
        return done(request, _split_words(grid, recut), "area", grid.code)

    facts = {
        "area": grid, "title": _("分为两个网格"), "subjects": proposal.subjects, "unsure": proposal.unsure,
        "second": set(wholes(request.POST.getlist("second")))
        if request.method == "POST"
        else proposal.second,
        "directions": DIRECTIONS, "direction": direction, "halves": HALVES[direction],
    }  # fmt: skip
    return answer_form(request, form, "grid/recut/split.html", facts, cut)


def _split_words(grid: Area, done: Recut) -> str:
    first, second = (successor.name for successor in done.successors)
    facts = {"name": grid.name, "first": first, "second": second, "count": len(done.moves)}
    return _("%(name)s已分为%(first)s和%(second)s，%(count)d 户随之调整。") % facts


def _rehearsed(
    request: HttpRequest, form: Form, page: str, facts: Mapping[str, object], told: Mapping[str, int]
) -> HttpResponse:
    """The form once more, with what the re-cut would touch; nothing was changed."""
    shown = {"form": form, "lines": lines_of(told), "seen": fingerprint(told)}
    return render(request, page, {**facts, **shown})


def _ordered(request: HttpRequest, grid: Area, operation: Operation) -> HttpResponse:
    words = _("户数较多，已交后台办理：%s。办完之后，这里写明由哪些网格承接。") % operation.title
    return done(request, words, "area", grid.code)


@login_required
@read_or_write
def merge(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    grid = queries.area_of(viewer, code)
    require(viewer, Right.RECUT, code)
    form = MergeForm(request.POST or None, grids=grids_around(viewer, grid))

    def cut() -> HttpResponse:
        part = Part(code=form.cleaned_data["into"], households=grid.households)
        reason = form.cleaned_data["reason"]
        if is_large(grid):
            return _ordered(request, grid, order_recut(grid, [part], reason=reason, by=viewer))
        seen = request.POST.get("seen", "")
        if not seen:
            told = rehearse_recut(grid, [part], reason=reason, by=viewer)
            return _rehearsed(request, form, "grid/recut/merge.html", facts, told)
        recut = recut_grid(grid, [part], reason=reason, by=viewer, seen=seen)
        words = _("%(name)s已撤销，%(count)d 户由%(into)s承接。") % {
            "name": grid.name, "count": len(recut.moves), "into": recut.successors[0].name,
        }  # fmt: skip
        return done(request, words, "area", grid.code)

    warning = (
        _("并入之后不能撤销：%s的代码不再使用，名下的对象、任务和点位都归入所选网格，历史保留。") % grid.name
    )
    facts = {"area": grid, "title": _("并入另一网格"), "warning": warning}
    return answer_form(request, form, "grid/recut/merge.html", facts, cut)
