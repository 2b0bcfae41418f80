"""Findings that wait for a second pair of eyes."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right, within
from grid.waiting import Waiting
from tasks.findings.models import Finding
from tasks.findings.queries import rests_on
from tasks.findings.rules import matter, without_measures
from tasks.visits.models import UNGROUNDED, Outcome, has_mark
from tasks.visits.states import FindingState


def findings_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Visits to review; what rests on the viewer's own word is for somebody else."""
    if not viewer.areas(Right.REVIEW):
        return []
    rows = within(Finding.objects.filter(state=FindingState.OPEN), viewer, Right.REVIEW)
    rows = rows.exclude(rests_on(viewer.person_id)).order_by("made_at", "pk")
    # The first alone are joined with other tables: PostgreSQL would else join all that wait before it sorts them.
    first = Finding.objects.filter(pk__in=rows.values("pk")[:limit]).order_by("made_at", "pk")
    found = first.values_list(
        "pk",
        "area",
        "made_at",
        "measures",
        "subject__name",
        "recorded_by__full_name",
        "visit__outcome",
        "visit__marks",
        named=True,
    )
    return [
        Waiting(
            "finding", _("复核走访"), row.subject__name, _finding_words(row), row.area,
            reverse("finding", args=[row.pk]), day_of(row.made_at), state=FindingState.OPEN,
        )
        for row in found
    ]  # fmt: skip


def _finding_words(row: Any) -> str:
    outcome = str(Outcome(row.visit__outcome).label)
    is_ungrounded = has_mark(row.visit__marks, UNGROUNDED)
    found = "、".join(matter(row.measures)) or without_measures(row.visit__outcome, outcome, is_ungrounded)
    return _("{who}走访：{found}").format(who=row.recorded_by__full_name, found=found)
