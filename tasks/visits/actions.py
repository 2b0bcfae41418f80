"""Opening photos once, after they came: what the reviewer is shown, and what she is told where nothing can be shown.

The upload does not wait for it. A clock's job opens what is new; a page that needs a photo before opens it itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from grid import problems
from grid.keeping import stored
from grid.pictures.queries import Shown, shown_of
from grid.scope import Actor
from tasks.forms.rules.wording import unjudged_words
from tasks.visits.models import Evidence, Look, Visit
from tasks.visits.queries import evidence_of, judged
from tasks.visits.rules.marks import Doubt, doubts_of

_BATCH: Final = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands beside a visit wherever somebody decides about it; `unjudged` says what its form could not judge."""

    photos: list[Evidence]
    doubts: list[Doubt]
    unjudged: str


def seen_with(viewer: Actor, visit: Visit) -> Seen:
    """The photos of a visit, opened, and what is doubtful about it."""
    photos = list(evidence_of(viewer, visit.code))
    look_at(photos)
    files = [photo.name for photo in photos if photo.received_at]
    form, found = judged(visit)
    doubts = doubts_of(form, visit.answers, found.faults, visit.marks, files)
    return Seen(photos, doubts, unjudged_words(form, found))


def look_at_new() -> int:
    """Periodic: opens the photos nobody has opened yet. How many."""
    seen = 0
    while rows := list(Evidence.objects.filter(look=Look.UNSEEN, received_at__isnull=False)[:_BATCH]):
        if not (now_seen := look_at(rows)):
            break
        seen += now_seen
    return seen


def look_at(evidence: Iterable[Evidence]) -> int:
    """Opens those of these photos that are here and were not opened; how many. While there is no room for what would
    be shown, they wait."""
    new = [photo for photo in evidence if photo.received_at and photo.look == Look.UNSEEN]
    files = {photo.pk: stored(photo.path) for photo in new}
    here = [photo for photo in new if files[photo.pk].is_file()]
    found = {photo.pk: Shown(Look.GONE.value) for photo in new}
    for start in range(0, len(here), _BATCH):
        part = here[start : start + _BATCH]
        try:
            shown = shown_of([files[photo.pk] for photo in part])
        except problems.NoRoom:
            here_later = {photo.pk for photo in here[start:]}
            new = [photo for photo in new if photo.pk not in here_later]
            break
        found |= dict(zip((photo.pk for photo in part), shown, strict=True))
    for photo in new:
        photo.look, photo.shown_path = found[photo.pk].look, found[photo.pk].path
        Evidence.objects.filter(pk=photo.pk).update(look=photo.look, shown_path=photo.shown_path)
    return len(new)
