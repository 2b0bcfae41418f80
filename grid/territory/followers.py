"""Postings that begin or end, who must hear of it, what work waits for one, and which phones somebody has.

Rooms above keep work that belongs to a posting. The grid may not know them, so they ask to be told, as they do of
moving subjects (see subjects.actions.moves). A follower runs inside the transaction of the act: what it raises undoes it. It
is called with all the postings of one act at once: nine hundred may begin together.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from grid.scope import Actor
from grid.territory.models import Posting


@dataclass(frozen=True, slots=True)
class Work:
    """Some of what waits for a posting, in words, and the page on which it is handed over."""

    words: str
    url: str


Provider = Callable[[Posting, Actor], list[Work]]
_providers: list[Provider] = []
Follower = Callable[[Sequence[Posting], Actor], None]
_followers: list[Follower] = []


def on_postings_changed(follower: Follower) -> Follower:
    """Registers a function called with the postings that were given or ended by one act, and the actor; asking twice
    changes nothing."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def postings_changed(*postings: Posting, by: Actor) -> None:
    """Part of the action that gave or ended them: calls every function registered for it."""
    for follower in _followers if postings else ():
        follower(postings, by)


def register_work(provider: Provider) -> Provider:
    """Registers a function that says what waits for a posting, as far as a viewer may know; asking twice changes
    nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def work_of(posting: Posting, viewer: Actor) -> list[Work]:
    return [work for provider in _providers for work in provider(posting, viewer)]


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone somebody may use, and when it last asked."""

    words: str
    seen_at: datetime | None


PhoneProvider = Callable[[Collection[int]], dict[int, list[Phone]]]
_phone_tellers: list[PhoneProvider] = []


def register_phones(provider: PhoneProvider) -> PhoneProvider:
    """Registers a function that says which phones each of some people has; asking twice changes nothing."""
    if provider not in _phone_tellers:
        _phone_tellers.append(provider)
    return provider


def phones_of(people: Collection[int]) -> dict[int, list[Phone]]:
    """Person → phones that are not revoked; nothing for who has none."""
    found: dict[int, list[Phone]] = {}
    for provider in _phone_tellers:
        for person, phones in provider(people).items():
            found.setdefault(person, []).extend(phones)
    return found
