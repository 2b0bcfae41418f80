"""Changes of divisions that wait for a decision, or could not take effect on their day."""

from django.db.models import Model, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import CITY_TIME
from grid.recut.changes.queries import changes_to_decide
from grid.scope import Actor, Right
from grid.waiting import Pile, Row, Waiting, as_rows


def _changes(viewer: Actor, limit: int) -> QuerySet[Model]:
    newest = changes_to_decide(viewer).order_by("pk").values("pk")[:limit]
    rows = changes_to_decide(viewer).filter(pk__in=newest)
    return as_rows(rows, "pk", "title", TruncDate("made_at", tzinfo=CITY_TIME))


def _lines(viewer: Actor, rows: list[Row]) -> list[Waiting]:
    why, area = _("看过试算结果，再决定或撤回"), next(iter(viewer.areas(Right.RECUT)), "")
    return [
        Waiting(
            "area-change",
            _("区划调整"),
            row.words,
            why,
            area,
            reverse("area-change", args=[row.key]),
            row.since,
        )
        for row in rows
    ]


CHANGES = Pile(_changes, _lines)
