"""Certificates that run out while their holder still holds the post: who gave the post sees to it."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.scope import Actor
from grid.waiting import Pile, Row, Waiting, as_rows
from workflows.certificates.queries import days_ahead, running_out


def _certificates(viewer: Actor, _limit: int) -> QuerySet[Model]:
    return as_rows(running_out(viewer), "pk", "number", F("valid_to"))


def _lines(_viewer: Actor, near: list[Row]) -> list[Waiting]:
    """One line for all of them: they stand on one page. The law is asked how long before, where any is near."""
    soon = today() + timedelta(days=days_ahead()) if near else today()
    rows = [row for row in near if row.since <= soon]
    if not rows:
        return []
    over = sum(row.since < today() for row in rows)
    title = _("{n} 个证件将要或者已经到期").format(n=len(rows))
    why = _("其中 {n} 个已到期，持证人不能再办理").format(n=over) if over else _("到期次日起持证人不能再办理")
    first = min(row.since for row in rows)
    href = reverse("certificates")
    return [
        Waiting("certificate", _("证件到期"), title, why, settings.CITY, href, min(first, today()), first)
    ]


CERTIFICATES = Pile(_certificates, _lines)
