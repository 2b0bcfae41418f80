"""The feed of the credit platform: every public entry once, at the place of its last change.

Places are taken from a locked row, so changes commit in the order of their places and a reader who has seen
place n has missed nothing before it. An entry that left the list stays in the feed as a tombstone, which tells
no more than that it left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from grid.calendar.now import day_of
from workflows.listing.models import Listing
from workflows.listing.rules import is_public, masked
from workflows.notices.actions import take_number

SERIES = "public listings"
COLUMNS = (
    "place", "code", "state", "name", "credit_code", "ground", "basis", "facts", "correction", "authority",
    "decided_on", "published_on", "ends_on", "objected", "removed_on",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    entries: list[dict[str, str | int | bool | None]]
    cursor: int
    more: bool


def next_place() -> int:
    """The place of a change that is being made; the row stays locked until the transaction ends."""
    return take_number(SERIES, 0)


def bump_feed(listing: Listing) -> None:
    """Part of every change of a public entry: moves it to the end of the feed."""
    listing.feed = next_place()
    listing.save(update_fields=["feed"])


def feed_row(
    listing: Listing, on: date, authority: Callable[[date], str]
) -> dict[str, str | int | bool | None]:
    """The row of the feed for an entry on a day; a tombstone once it is not public. `authority`: who decided, by
    the day of the decision."""
    entry: dict[str, str | int | bool | None] = dict.fromkeys(COLUMNS, "")
    entry |= {"place": listing.feed, "code": listing.code, "state": "removed", "objected": False}
    if not shown(listing, on):
        left_on = listing.removed_at or listing.stayed_at
        return entry | {"removed_on": str(day_of(left_on) if left_on else listing.ends_on)}
    assert listing.published_at is not None
    names = private_names(listing)
    return entry | {
        "state": "published",
        "name": listing.subject.name,
        "credit_code": listing.subject.code,
        "ground": listing.ground.title,
        "basis": listing.ground.basis,
        "facts": masked(listing.facts, names),
        "correction": masked(listing.correction, names),
        "authority": authority(listing.decided_on or day_of(listing.published_at)),
        "decided_on": str(listing.decided_on),
        "published_on": str(day_of(listing.published_at)),
        "ends_on": str(listing.ends_on),
        "objected": bool(getattr(listing, "objected", False)),
    }


def private_names(listing: Listing) -> list[str]:
    """Names of natural persons that may stand in what was written about the entry."""
    return [listing.subject.full_name] if listing.subject.is_person else []


def shown(listing: Listing, on: date) -> bool:
    return is_public(
        published=listing.published_at is not None,
        removed=listing.removed_at is not None,
        dropped=listing.dropped_at is not None,
        stayed=listing.stayed_at is not None,
        ends_on=listing.ends_on,
        on=on,
    )
