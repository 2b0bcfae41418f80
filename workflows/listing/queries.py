"""The public list, and grounds to choose from."""

from datetime import date

from django.db.models import Q, QuerySet

from grid import problems
from grid.calendar.now import today
from workflows.listing.models import Ground, Listing


def published(text: str = "") -> QuerySet[Listing]:
    """What the public may read: entries whose period has not ended, even if no clock came by yet."""
    rows = Listing.objects.filter(
        published_at__isnull=False, removed_at=None, dropped_at=None, ends_on__gte=today()
    ).select_related("subject", "ground")
    if text := text.strip():
        rows = rows.filter(Q(subject__name__contains=text) | Q(subject__credit_code=text.upper()))
    return rows.order_by("-published_at", "-pk")


def published_entry(code: str) -> Listing:
    """Raises NotHere for what is not public: never listed, not yet, or no longer."""
    entry = published().filter(code=code).first()
    if entry is None:
        raise problems.NotHere()
    return entry


def grounds_on(day: date) -> QuerySet[Ground]:
    """Grounds whose legal basis is in force."""
    in_force = Q(valid_to=None) | Q(valid_to__gte=day)
    return Ground.objects.filter(in_force, valid_from__lte=day).order_by("code")
