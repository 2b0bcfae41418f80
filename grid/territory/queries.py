"""Reading the territory: areas, and the postings a person holds."""

from datetime import date

from django.db.models import Q

from grid.calendar.now import today
from grid.scope import Held
from grid.territory.models import Person, Posting


def valid_on(day: date, prefix: str = "") -> Q:
    """Rows with valid_from/valid_to that are in force on `day`."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def held_by(person: Person, on: date | None = None) -> tuple[Held, ...]:
    """Postings `person` may act under on a day: the own ones, and those covered for an absent colleague."""
    day = on or today()
    covering = Q(
        absences__cover__person=person, absences__first_day__lte=day, absences__last_day__gte=day
    ) & valid_on(day, "absences__cover__")
    postings = Posting.objects.filter(Q(person=person) | covering).filter(valid_on(day)).distinct()
    return tuple(Held(p.pk, p.role, p.area_id, p.department) for p in postings.order_by("pk"))
