"""What a change of the ground takes along: rows of rooms above that lie in an area which ends, or whose subject moved.

The grid may not know them, so they ask to be told, as they do of moving subjects (see subjects.actions.moves). A follower
runs inside the transaction of the change and says how many of its rows it touched: a rehearsal is the same change, told
and taken back, so that what it says and what is done cannot differ.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from grid.scope import Row
from grid.subjects.actions.moves import BATCH, Move
from grid.texts import Text


@dataclass(frozen=True, slots=True)
class Ground:
    """`successor`: closed area → the one area that has its ground; one whose ground went to several is not in it.
    `joined`: those of them whose ground became a part of an area that was there before. `moves`: the subjects."""

    successor: Mapping[str, str]
    joined: frozenset[str]
    moves: Sequence[Move]

    def batches(self) -> Iterator[tuple[str, list[int]]]:
        """The moved subjects by the area they are in now, in pieces a statement can name."""
        by_area: dict[str, list[int]] = {}
        for move in self.moves:
            by_area.setdefault(move.new, []).append(move.subject_id)
        for area, subjects in by_area.items():
            for start in range(0, len(subjects), BATCH):
                yield area, subjects[start : start + BATCH]

    def renamed(self) -> dict[str, str]:
        """Closed area → the area that is it under another code."""
        return {old: new for old, new in self.successor.items() if old not in self.joined}


@dataclass(frozen=True, slots=True)
class Following:
    """Rows of a room: `key` in what is kept of a rehearsal, `label` on its page."""

    key: str
    label: Text
    follow: Callable[[Ground], int]


_followings: dict[str, Following] = {}


def on_ground_changed(following: Following) -> Following:
    """For an app's ready(): asking twice changes nothing."""
    return _followings.setdefault(following.key, following)


def follow_ground(ground: Ground) -> dict[str, int]:
    """Part of the action that changed the ground: everybody takes along what is theirs. Key → how many rows."""
    return {key: following.follow(ground) for key, following in _followings.items()}


def labels() -> dict[str, Text]:
    return {key: following.label for key, following in _followings.items()}


def take_along(rows: QuerySet[Row], ground: Ground, subject: str = "subject", area: str = "area") -> int:
    """Lays rows of the moved subjects where their subject lies now; how many. Part of following."""
    return sum(
        rows.filter(**{f"{subject}__in": subjects}).update(**{area: place})
        for place, subjects in ground.batches()
    )


def counted(rows: QuerySet[Row], ground: Ground, subject: str = "subject") -> int:
    """How many rows are of the moved subjects."""
    return sum(rows.filter(**{f"{subject}__in": subjects}).count() for _place, subjects in ground.batches())
