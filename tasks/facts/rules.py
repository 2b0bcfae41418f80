"""What holds at a door when several visits speak of it, field by field. Pure.

Nothing here keeps a state: what holds is reckoned anew from the set of all versions and the decisions made
between them. So the order in which visits arrive, the batches they come in and repeats cannot matter, and no
value is ever dropped: every version stays in the history of its field with the reason why it holds or not.

乌政〔2020〕17号 四(二)2: 逐一摸排、精准核查. Whom to believe where two people say different things is for a named
person to decide, never for the machine.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from grid.texts import Text
from tasks.forms.rules import Answers
from tasks.visits.rules.believing import Place, Stamp, places

OUTCOME: Final = "outcome"


class Why(StrEnum):
    """Why one version of a field holds, or does not."""

    HOLDS = "holds"
    SAME = "same"
    REVISED = "revised"
    CORRECTED = "corrected"
    CLASH = "clash"
    DECIDED = "decided"


WORDS: Final[Mapping[Why, Text]] = {
    Why.HOLDS: _("采用"),
    Why.SAME: _("与采用的一致"),
    Why.REVISED: _("本人后来另有走访，或已按要求补充"),
    Why.CORRECTED: _("他人在看到此值后作了更正"),
    Why.CLASH: _("两人所报不一，待核定"),
    Why.DECIDED: _("经核定不采用"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """What one visit says of a door. `said` holds the outcome and each answer a rule may rely on; `shown` the
    values its form stood at when it was opened; `at` is the moment it counts as, `nth` the order of its arrival, and
    `doubted` says that its phone's time was not believed."""

    key: UUID
    person: int
    at: datetime
    said: Answers
    shown: Answers = field(default_factory=dict)
    replaces: UUID | None = None
    nth: int = 0
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A named person's word on one field: `chosen` is to be believed among the versions `over`.

    A version that comes later is not bound by it. `nth` orders the decisions: the later one counts.
    """

    field: str
    chosen: UUID
    over: frozenset[UUID]
    nth: int


@dataclass(frozen=True, slots=True)
class Line:
    """One version of one field. `base` is what its worker was shown, None where nothing was."""

    key: UUID
    value: Any
    base: Any
    why: Why


@dataclass(frozen=True, slots=True)
class Fact:
    """One field: who holds it with which value, and its whole history. Nobody holds a contested field."""

    field: str
    lines: tuple[Line, ...]

    @property
    def holder(self) -> Line | None:
        return next((line for line in self.lines if line.why is Why.HOLDS), None)

    @property
    def is_contested(self) -> bool:
        return any(line.why is Why.CLASH for line in self.lines)


Facts = dict[str, Fact]


def merge(versions: Iterable[Version], decisions: Iterable[Decided] = ()) -> Facts:
    """Every field anybody spoke of. The arguments are sets: order and repetition do not count."""
    by_key = {version.key: version for version in versions}
    stands = _places(by_key)
    ordered = sorted(by_key.values(), key=lambda version: stands[version.key])
    speaking = _speaking(by_key)
    latest = _latest(decisions)
    names = sorted({name for version in ordered for name in version.said})
    return {name: Fact(name, _lines(name, ordered, speaking, latest, by_key)) for name in names}


def _places(by_key: Mapping[UUID, Version]) -> dict[UUID, Place]:
    return places(Stamp(version.key, version.at, version.nth, version.doubted) for version in by_key.values())


def _speaking(by_key: Mapping[UUID, Version]) -> set[UUID]:
    """Of each person the latest version, unless somebody replaced it by name: then what that person said before does
    not come back to life, for it was revised already."""
    replaced = {version.replaces for version in by_key.values() if version.replaces != version.key}
    stands = _places(by_key)
    ranks = {version.key: _rank(version, by_key, stands) for version in by_key.values()}
    last: dict[int, Version] = {}
    for version in by_key.values():
        other = last.get(version.person)
        if other is None or ranks[version.key] > ranks[other.key]:
            last[version.person] = version
    return {version.key for version in last.values()} - replaced


def _rank(version: Version, by_key: Mapping[UUID, Version], stands: Mapping[UUID, Place]) -> Place:
    """A correction by name is as late as what it corrects, whatever a clock set back says."""
    place, seen, current = stands[version.key], {version.key}, version
    while current.replaces is not None and current.replaces in by_key and current.replaces not in seen:
        current = by_key[current.replaces]
        seen.add(current.key)
        if current.person == version.person and stands[current.key].at > place.at:
            place = place._replace(at=stands[current.key].at)
    return place


def _latest(decisions: Iterable[Decided]) -> dict[tuple[str, UUID], Decided]:
    found: dict[tuple[str, UUID], Decided] = {}
    for decision in sorted(decisions, key=lambda decision: decision.nth):
        found |= {(decision.field, key): decision for key in decision.over}
    return found


def _lines(
    name: str,
    ordered: Sequence[Version],
    speaking: set[UUID],
    latest: Mapping[tuple[str, UUID], Decided],
    by_key: Mapping[UUID, Version],
) -> tuple[Line, ...]:
    """The history of one field in order of time. Of several who agree the latest holds."""
    spoken = [version for version in ordered if name in version.said]
    live = [
        version
        for version in spoken
        if version.key in speaking and not _is_overruled(version, name, latest, by_key)
    ]
    believed = [
        version for version in live if not any(_corrects(other, version, name) for other in live)
    ] or live
    values = {_level(version.said[name]) for version in believed}
    holder = believed[-1] if len(values) == 1 else None
    keys = {version.key for version in believed}

    def why(version: Version) -> Why:
        if version.key not in speaking:
            return Why.REVISED
        if version not in live:
            return Why.DECIDED
        if holder is None:
            return Why.CLASH if version.key in keys else Why.CORRECTED
        if version.key == holder.key:
            return Why.HOLDS
        return Why.SAME if same(version.said[name], holder.said[name]) else Why.CORRECTED

    return tuple(
        Line(version.key, version.said[name], version.shown.get(name), why(version)) for version in spoken
    )


def _is_overruled(
    version: Version, name: str, latest: Mapping[tuple[str, UUID], Decided], by_key: Mapping[UUID, Version]
) -> bool:
    decided = latest.get((name, version.key))
    chosen = by_key.get(decided.chosen) if decided else None
    if chosen is None or name not in chosen.said:
        return False
    return not same(version.said[name], chosen.said[name])


def _corrects(other: Version, version: Version, name: str) -> bool:
    """Whoever was shown this value and said otherwise knows better than whoever left it as it was.

    Where both were shown the same, it is the one who changed it; where both changed it, neither corrects.
    """
    shown = other.shown.get(name)
    if shown is None or same(other.said[name], version.said[name]):
        return False
    return same(shown, version.said[name])


def same(value: object, other: object) -> bool:
    return _level(value) == _level(other)


def _level(value: object) -> str:
    """Values as compared: 12 is 12.0, and the order of ticked choices says nothing."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = sorted(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


# --- a visit that meets others at its door -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overlap:
    """How a new visit relates to those of others: the fields in which it contradicts them, and whether it adds any."""

    clashes: tuple[str, ...]
    changes: bool
    facts: Facts


def overlap_of(
    newcomer: Version, earlier: Sequence[Version], waiting: frozenset[UUID], decisions: Sequence[Decided]
) -> Overlap:
    """`waiting` are earlier visits that wait for a decision themselves: they hold nothing yet, so a newcomer
    is measured against the others alone."""
    before = established(earlier, waiting)
    facts = merge([*before, newcomer], decisions)
    clashes = tuple(
        name
        for name, fact in facts.items()
        if any(line.key == newcomer.key and line.why is Why.CLASH for line in fact.lines)
    )
    return Overlap(clashes, held(facts) != held(merge(before, decisions)), facts)


def established(versions: Iterable[Version], waiting: Collection[UUID]) -> list[Version]:
    """Those that hold something: neither waiting for a decision, nor superseded, be it by one that waits."""
    by_key = {version.key: version for version in versions}
    return [by_key[key] for key in _speaking(by_key) if key not in waiting]


def held(facts: Facts) -> dict[str, str]:
    """Field → value that holds, as compared."""
    return {name: _level(fact.holder.value) for name, fact in facts.items() if fact.holder}


def waiting_in(facts: Facts, among: Iterable[UUID]) -> frozenset[UUID]:
    """Of the visits `among`, those with a field that waits for a decision."""
    clashing = {line.key for fact in facts.values() for line in fact.lines if line.why is Why.CLASH}
    return frozenset(key for key in among if key in clashing)


def contested(facts: Facts) -> list[str]:
    """Fields to be decided, the outcome first."""
    names = [name for name, fact in facts.items() if fact.is_contested]
    return sorted(names, key=lambda name: (name != OUTCOME, name))
