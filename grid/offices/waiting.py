"""Offices somebody entered: they count once another person has confirmed them."""

from django.conf import settings
from django.db.models import F, Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.offices.queries import offices_to_confirm
from grid.scope import Actor
from grid.waiting import Pile, Row, Waiting, as_rows


def _offices(viewer: Actor, _limit: int) -> QuerySet[Model]:
    return as_rows(offices_to_confirm(viewer), "pk", "name", F("valid_from"))


def _lines(_viewer: Actor, rows: list[Row]) -> list[Waiting]:
    """One line for all of them: they are confirmed on one page."""
    if not rows:
        return []
    title, why = _("{n} 个机关待第二人确认").format(n=len(rows)), _("别人录入，确认之后才用于文书")
    since = min(today(), *(row.since for row in rows))
    return [Waiting("office", _("确认机关"), title, why, settings.CITY, reverse("office-confirm"), since)]


OFFICES = Pile(_offices, _lines)
