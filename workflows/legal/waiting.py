"""Answers that count once another person has confirmed them."""

from django.conf import settings
from django.db.models import CharField, F, Model, QuerySet
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import CITY_TIME, today
from grid.scope import Actor
from grid.waiting import Pile, Row, Waiting, as_rows
from workflows.legal.queries import answers_to_confirm


def _answers(viewer: Actor, _limit: int) -> QuerySet[Model]:
    rows = answers_to_confirm(viewer).annotate(number=Cast(F("question"), CharField()))
    return as_rows(rows, "question", "number", TruncDate("answered_at", tzinfo=CITY_TIME))


def _lines(_viewer: Actor, rows: list[Row]) -> list[Waiting]:
    return [
        Waiting(
            "answer", _("法制答复"), _("问题 {number} 的答复待第二人确认").format(number=row.key),
            _("确认之后，据此修订的参数才算审核"), settings.CITY, reverse("legal-question", args=[row.key]),
            min(row.since, today()),
        )
        for row in rows
    ]  # fmt: skip


ANSWERS = Pile(_answers, _lines)
