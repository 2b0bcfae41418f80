"""Reading visits, always within the viewer's territory."""

from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from grid import problems
from grid.scope import Actor, Right, within
from tasks.findings.models import FindingState
from tasks.visits.models import Evidence, Route, Visit

_FORMER = ("task_id", "client_id", "outcome", "answers", "recorded_at", "person__full_name")
_WITH = ("subject", "premise", "person", "posting__area", "task__round", "finding__reviewed_by", "replaces")


def visit(viewer: Actor, code: str) -> Visit:
    """One visit with all its page shows, or NotHere."""
    found = within(Visit.objects.select_related(*_WITH), viewer).filter(code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def evidence_of(viewer: Actor, code: str) -> QuerySet[Evidence]:
    """The photos a visit promised, arrived or not."""
    return within(Evidence.objects.filter(visit__code=code), viewer, field="visit__area").order_by("pk")


def photo(viewer: Actor, code: str, sha256: str) -> tuple[Evidence, Path]:
    """An arrived photo and its file, or NotHere."""
    found = evidence_of(viewer, code).filter(sha256=sha256).exclude(received_at=None).first()
    file = Path(settings.FILES) / found.path if found else None
    if found is None or file is None or not file.is_file():
        raise problems.NotHere()
    return found, file


def formers_of(task_ids: Collection[int]) -> dict[int, Visit]:
    """Task → the visit that speaks for its door. One query; the tasks come from a scoped one."""
    silent = (FindingState.REPLACED, FindingState.REJECTED)
    rows = Visit.objects.filter(task__in=task_ids, finding__isnull=False).exclude(finding__state__in=silent)
    spoken = rows.select_related("person").only(*_FORMER).order_by("pk")
    return {visit.task_id: visit for visit in spoken if visit.task_id is not None}


def unclaimed(viewer: Actor) -> QuerySet[Visit]:
    """Visits to nobody known, waiting for somebody to say whom they were about."""
    rows = Visit.objects.filter(route=Route.UNKNOWN_TASK, subject=None).select_related("person")
    return within(rows, viewer, Right.REVIEW).order_by("received_at")


def clashes(viewer: Actor) -> QuerySet[Visit]:
    """Second visits to one door by another person, waiting for a decision."""
    rows = Visit.objects.filter(route=Route.CLASH, finding__state=FindingState.REPLACED)
    return within(rows.select_related("person", "subject"), viewer, Right.REVIEW).order_by("received_at")
