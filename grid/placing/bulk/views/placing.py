"""What the pages of placing share: who places where, what may be chosen, the map, and what became of those chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from grid import problems
from grid.operations.models import Operation
from grid.outside import is_area
from grid.placing.bulk.actions import Outcome
from grid.placing.bulk.queries import grids_on_map
from grid.requests import DeskRequest
from grid.scope import Actor, Right, reaches
from grid.territory.choosing.queries import label_of
from grid.territory.grids.views.drawing import Picture, picture_of
from grid.territory.models import Area, Level
from grid.territory.queries import names_of


def asked_area(request: DeskRequest) -> tuple[Actor, str]:
    """Who places, and in which area of the address (empty: wherever they may). Raises NotHere, NotYourPost."""
    viewer = request.actor
    if not viewer.has(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    area = (request.POST or request.GET).get("area", "")
    if area and not (is_area(area) and reaches(viewer, area, Right.PLACE)):
        raise problems.NotHere()
    return viewer, area


def back(area: str) -> HttpResponse:
    return redirect(f"{reverse('pool')}?area={area}" if area else "pool")


def followed(ordered: Sequence[Operation]) -> HttpResponse:
    """To the page of what was ordered; several are followed on the page of the pool."""
    return redirect("operation", ordered[0].pk) if len(ordered) == 1 else back("")


@dataclass(frozen=True, slots=True)
class Map:
    """The grids one may click, each with the words it puts into the field."""

    picture: Picture
    labels: dict[str, str]
    is_sample: bool

    @property
    def shapes(self) -> list[tuple[str, str, str]]:
        """(code, words, path)."""
        return [(shape.code, self.labels[shape.code], shape.path) for shape in self.picture.shapes]


def map_of(viewer: Actor, area: str) -> Map | None:
    """None where no grid has an outline: the field alone does as well."""
    grids = grids_on_map(viewer, area)
    picture = picture_of(grids)
    if picture is None:
        return None
    return Map(picture, {grid.code: label_of(grid) for grid in grids}, any(grid.is_sample for grid in grids))


def in_words(outcome: Outcome, place: Area | None) -> str:
    words = _("归格 {n} 户。").format(n=len(outcome.placed))
    if place and place.level < Level.GRID and outcome.placed:
        words = _("{n} 户归到{area}，在那里待归格。").format(n=len(outcome.placed), area=place.name)
    if outcome.taught:
        words += _("记住了“{piece}”。").format(piece=outcome.taught)
    return words


def outcome_page(
    request: HttpRequest, outcome: Outcome, place: Area | None, area: str
) -> HttpResponse | None:
    """Says what was done; a page of its own names those that were not placed, and who was faster. None where all were."""
    if outcome.placed:
        messages.success(request, in_words(outcome, place))
    if not outcome.faster and not outcome.elsewhere:
        return None
    areas = {subject.area for subject in outcome.elsewhere} | {
        subject.area for subject, _last in outcome.faster
    }
    names = names_of(areas)
    facts = {
        "outcome": outcome, "area": area,
        "faster": [(subject, last, names.get(subject.area, subject.area)) for subject, last in outcome.faster],
        "elsewhere": [(subject, names.get(subject.area, subject.area)) for subject in outcome.elsewhere],
    }  # fmt: skip
    return render(request, "grid/placing/outcome.html", facts)
