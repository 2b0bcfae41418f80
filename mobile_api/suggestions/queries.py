"""Reading suggestions: the desk's list, and what a phone has not heard yet."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Right, within
from grid.territory.models import Posting
from grid.territory.queries import valid_on
from mobile_api.devices.queries.posts import FIELD_ROLES
from mobile_api.suggestions.models import Suggestion

FORMER = 20


def suggestions(viewer: Actor, state: str = "") -> QuerySet[Suggestion]:
    """Those of the viewer's territory, oldest first while they wait, newest first else."""
    rows = within(Suggestion.objects.all(), viewer, Right.HEAR).select_related(
        "person", "answered_by", "task__subject"
    )
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("received_at" if state == "open" else "-received_at", "pk")


def at_work(person: int | OuterRef) -> QuerySet[Posting]:
    """The field postings a person holds today: to their phones an answer goes."""
    return Posting.objects.filter(valid_on(today()), person=person, role__in=FIELD_ROLES)


def with_standing(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Each with `is_at_work`: whether its author holds a field posting today."""
    return rows.annotate(is_at_work=Exists(at_work(OuterRef("person"))))


def suggestion(viewer: Actor, pk: int) -> Suggestion:
    found = suggestions(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def news(changed: Q, person_id: int, limit: int) -> list[tuple[tuple[int, int], dict[str, object]]]:
    """The person's suggestions among `changed` (a part of a posting's feed), each with its place in the feed."""
    rows = Suggestion.objects.filter(changed, person=person_id).select_related("answered_by")
    return [((row.feed, row.pk), _for_phone(row)) for row in rows.order_by("feed", "pk")[:limit]]


def of_former_postings(posting_ids: Collection[int], person_id: int) -> list[dict[str, object]]:
    """What the person suggested at postings that are none of these, the latest few."""
    rows = (
        Suggestion.objects.filter(person=person_id)
        .exclude(posting__in=posting_ids)
        .select_related("answered_by")
    )
    return [_for_phone(row) for row in rows.order_by("-received_at", "-pk")[:FORMER]]


def _for_phone(row: Suggestion) -> dict[str, object]:
    return {
        "client_id": str(row.client_id),
        "text": row.text,
        "state": row.state,
        "answer": row.answer,
        "by": row.answered_by.full_name if row.answered_by else "",
        "at": row.answered_at.isoformat() if row.answered_at else None,
    }
