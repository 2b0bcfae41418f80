"""What inspections put into somebody's inbox."""

from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor
from grid.waiting import Seldom, Waiting
from workflows.clocks.models import Clock, Pause
from workflows.clocks.terms import kinds_of
from workflows.inspections.models import Inspection
from workflows.inspections.queries import waiting_for
from workflows.notices.terms import SPARED, WITHDRAWN

# The heads publish, in lines of their own.
PUBLISHING = ("penalty.publish", "penalty.withdraw")


def _inspections(viewer: Actor, limit: int) -> list[Waiting]:
    """Inspections whose next step is the viewer's, with the soonest of their running terms."""
    # A paper that is late to be handed over stays so until it is.
    owed = Q(fired_at=None) | Q(kind__in=(SPARED, WITHDRAWN))
    running = Clock.objects.filter(
        owed, case=OuterRef("case"), kind__in=kinds_of("inspection"), stopped_at=None
    )
    running = running.exclude(kind__in=PUBLISHING)
    running = running.exclude(Exists(Pause.objects.open().filter(clock=OuterRef("pk"))))
    soonest = running.order_by().values("case").annotate(first=Min("due_on")).values("first")
    rows = waiting_for(viewer).annotate(term=Subquery(soonest)).select_related("case__subject")[:limit]
    return [
        Waiting(
            "inspection", str(row.get_state_display()), f"{row.code} {row.case.subject.name}",
            _inspection_words(row), row.area, reverse("inspection", args=[row.case.code]),
            day_of(row.proposed_at), row.term, row.state,
        )
        for row in rows
    ]  # fmt: skip


def _inspection_words(row: Inspection) -> str:
    if not row.is_open:
        return _("已作出决定，待送达当事人")
    return str(row.returned_why or row.why)


INSPECTIONS = Seldom(waiting_for, _inspections)
