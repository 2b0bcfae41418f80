"""Versions of the law somebody entered: marked wherever they are used until another person has reviewed them."""

from django.conf import settings
from django.db.models import F, Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.queries import versions_to_review
from grid.scope import Actor
from grid.waiting import Pile, Row, Waiting, as_rows


def _versions(viewer: Actor, _limit: int) -> QuerySet[Model]:
    return as_rows(versions_to_review(viewer), "key", "title", F("valid_from"))


def _lines(_viewer: Actor, rows: list[Row]) -> list[Waiting]:
    """One line for all parameters to review; a single one is linked to directly."""
    if not rows:
        return []
    title, why = _("{n} 项参数待法制审核").format(n=len(rows)), _("别人修订，审核之前用到它的地方都有标记")
    href = reverse("law-key", args=[rows[0].key]) if len(rows) == 1 else f"{reverse('law')}?unreviewed=1"
    since = min(today(), *(row.since for row in rows))
    return [Waiting("law", _("法制审核"), title, why, settings.CITY, href, since)]


VERSIONS = Pile(_versions, _lines)
