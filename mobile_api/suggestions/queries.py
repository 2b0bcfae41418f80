"""Reading suggestions: the desk's list, and what a phone has not heard yet."""

from typing import Any

from django.db.models import Q, QuerySet

from grid import problems
from grid.scope import Actor, Right, within
from mobile_api.suggestions.models import Suggestion

LATEST = 100


def suggestions(viewer: Actor, state: str = "") -> QuerySet[Suggestion]:
    """Those of the viewer's territory, oldest first while they wait, newest first else."""
    rows = within(Suggestion.objects.all(), viewer, Right.HEAR).select_related(
        "person", "answered_by", "task__subject"
    )
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("received_at" if state == "open" else "-received_at", "pk")


def suggestion(viewer: Actor, pk: int) -> Suggestion:
    found = suggestions(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def news_for(posting_id: int, person_id: int, after: int, upto: int) -> list[dict[str, Any]]:
    """What the person's phone at this posting lacks: changes of the feed between two numbers; and when it starts
    over, also those written under the person's former postings. The latest hundred."""
    wanted = Q(posting=posting_id, feed__gt=after, feed__lte=upto)
    if after == 0:
        wanted |= ~Q(posting=posting_id)
    rows = Suggestion.objects.filter(wanted, person=person_id).select_related("answered_by")
    return [_as_told(row) for row in rows.order_by("-feed", "-pk")[:LATEST]]


def _as_told(row: Suggestion) -> dict[str, Any]:
    return {
        "client_id": str(row.client_id),
        "text": row.text,
        "state": row.state,
        "answer": row.answer,
        "by": row.answered_by.full_name if row.answered_by else "",
        "at": row.answered_at.isoformat() if row.answered_at else None,
    }
