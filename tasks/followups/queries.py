"""What of the consequences of visits is left, always within the viewer's territory."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from grid import problems
from grid.law.rules.mandate import shipped_titles
from grid.scope import Actor, Right, within
from grid.subjects.models import Subject
from grid.subjects.rules import match_name, plain
from tasks.doors.models import CheckTask, TaskState
from tasks.followups.models import FollowKind, FollowState, FollowUp
from tasks.outcomes.rules import KEY
from tasks.visits.models import Visit

# Who may end each of them.
RIGHT_OF = {
    FollowKind.AGAIN: Right.REVIEW,
    FollowKind.MERGE: Right.PLACE,
    FollowKind.NOTE: Right.REFER,
    FollowKind.PLACE: Right.PLACE,
}
_LIVE = (TaskState.OPEN, TaskState.RETURNED, TaskState.VISITED)


def follows_left(viewer: Actor, kind: str = "") -> QuerySet[FollowUp]:
    """What waits where the viewer may end it, the soonest first. To a door somebody goes again only where no worker has
    it and nobody was there since."""
    wanted = Q()
    for known, right in RIGHT_OF.items():
        if kind in ("", known) and viewer.areas(right):
            own = within(FollowUp.objects.filter(kind=known, state=FollowState.OPEN), viewer, right)
            wanted |= Q(pk__in=own.values("pk"))
    rows = FollowUp.objects.filter(wanted).exclude(_is_under_way()) if wanted else FollowUp.objects.none()
    return rows.select_related("subject", "other", "visit").order_by("due_on", "pk")


def _is_under_way() -> Q:
    held = CheckTask.objects.filter(subject=OuterRef("subject"), state__in=_LIVE)
    later = Visit.objects.filter(subject=OuterRef("subject"), pk__gt=OuterRef("visit"))
    return Q(kind=FollowKind.AGAIN) & (Q(Exists(held)) | Q(Exists(later)))


def reason_title(code: str) -> str:
    """What the row of a reason is called. A title never changes."""
    return shipped_titles().get(KEY + code, code)


def require_ender(viewer: Actor) -> None:
    """Raises NotYourPost for whoever may end none of them."""
    if not any(map(viewer.has, RIGHT_OF.values())):
        raise problems.NotYourPost(right=Right.REVIEW.value)


def follow_at(viewer: Actor, pk: int) -> FollowUp:
    """One that waits, or NotHere."""
    found = follows_left(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def merge_proposals(viewer: Actor, subject: Subject) -> Iterator[FollowUp]:
    """What visits proposed this subject to be one with, and the other way round."""
    rows = within(FollowUp.objects.filter(kind=FollowKind.MERGE, state=FollowState.OPEN), viewer, Right.PLACE)
    found = rows.filter(Q(subject=subject) | Q(other=subject), other__isnull=False)
    yield from found.select_related("subject", "other", "visit")


def subject_named(words: str, city: str) -> Subject | None:
    """The one subject of the city that a code or a whole name stands for; None where there is none, or more."""
    code, name = plain(words), match_name(words)
    if not code:
        return None
    rows = Subject.objects.filter(area__startswith=city, same_as=None)
    exact = list(rows.filter(Q(credit_code=code) | Q(legacy_code=code) | Q(local_code=words.strip()))[:2])
    found = exact or (list(rows.filter(match_name=name)[:2]) if name else [])
    return found[0] if len(found) == 1 else None
