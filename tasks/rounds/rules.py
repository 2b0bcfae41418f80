"""Planning a round: whom to visit, who goes there, and why. Pure, over plain values.

乌政〔2020〕17号 四(二): 以网格为单位逐户摸排,检查不漏一户. Whoever is chosen is therefore either given to a worker
or named with the reason why not; the same input always makes the same plan, so that the dry run is what is sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

GRID, COMMUNITY, STREET, DISTRICT = 15, 12, 9, 6


class Candidate(NamedTuple):
    """A subject the round's area and rules chose. `area` is its grid, or while it is unplaced the narrowest area that is
    known of it: a community is enough to send somebody.

    `why` says in words why it was chosen; `urgent` ones (with a lead) are served first when room is short;
    `busy` is the code of another round in which it waits already; `form` is what it will be asked with.
    """

    subject: int
    area: str
    why: str
    urgent: bool = False
    busy: str = ""
    form: str = "employer"


@dataclass(frozen=True, slots=True)
class Worker:
    """A posting that may be given doors. `load` counts the doors it has already.

    `cover` is the posting that does its work while it is away. `cover_only`: it may stand in, or keep what it has,
    but is no worker of this area itself. `person` is whoever holds it, maybe with other postings.
    """

    posting: int
    name: str
    area: str
    load: int = 0
    away: bool = False
    cover: int | None = None
    cover_only: bool = False
    person: int = 0


class Why(StrEnum):
    """Why a chosen subject is given to nobody."""

    UNPLACED = "unplaced"
    BUSY = "busy"
    NO_WORKER = "no_worker"
    FULL = "full"


class Assigned(NamedTuple):
    """`how` says in words why this worker goes there."""

    candidate: Candidate
    posting: int
    how: str


class LeftOver(NamedTuple):
    candidate: Candidate
    why: Why
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    assigned: list[Assigned]
    left_over: list[LeftOver]

    @property
    def is_unplaced(self) -> bool:
        """Whether it sends nobody out because nothing of what was chosen has a grid."""
        return (
            not self.assigned
            and bool(self.left_over)
            and all(door.why == Why.UNPLACED for door in self.left_over)
        )


def plan(candidates: Iterable[Candidate], workers: Iterable[Worker], per_worker: int) -> Plan:
    """Gives each candidate to a worker of its grid, else of its community, none getting above `per_worker` doors.

    First everybody's own grids are served, then the doors of which only the community is known (whoever finds one says
    there which grid it lies in), then those who have room help their neighbours, so that help never takes the room a
    worker needs at home. Each time the leads come first.
    """
    crew, made, waiting = _Crew(workers, per_worker), Plan([], []), []
    for candidate in sorted(_in_order(candidates), key=_turn):
        if reason := _not_to_be_sent(candidate):
            made.left_over.append(LeftOver(candidate, *reason))
        elif seat := crew.least_loaded(crew.at_home(candidate.area)):
            made.assigned.append(crew.give(candidate, seat, crew.words_of(candidate.area, seat)))
        else:
            waiting.append(candidate)
    for candidate in waiting:
        if seat := crew.least_loaded(crew.near(candidate.area)):
            made.assigned.append(crew.give(candidate, seat, crew.help_words(candidate.area, seat)))
        else:
            made.left_over.append(LeftOver(candidate, *crew.refusal(candidate.area)))
    return made


def _in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each subject once, those with leads first, then by area and number."""
    ordered = sorted(
        candidates, key=lambda candidate: (not candidate.urgent, candidate.area, candidate.subject)
    )
    return list({candidate.subject: candidate for candidate in reversed(ordered)}.values())[::-1]


def _turn(candidate: Candidate) -> tuple[bool, bool]:
    return not candidate.urgent, len(candidate.area) < GRID


def _not_to_be_sent(candidate: Candidate) -> tuple[Why, str] | None:
    if len(candidate.area) == STREET:
        return Why.UNPLACED, _("只知道街道，已列入所辖各社区的认领清单")
    if len(candidate.area) < STREET:
        return Why.UNPLACED, _("街道不明，已列入各街道、社区的认领清单")
    if candidate.busy:
        return Why.BUSY, _("已在轮次 {round} 中待查").format(round=candidate.busy)
    return None


class _Room:
    """How many doors a posting has and may have: one for a posting, however many grids it serves."""

    __slots__ = ("left", "load", "posting")

    def __init__(self, posting: int, load: int, most: int) -> None:
        self.posting, self.load, self.left = posting, load, most - load


class _Seat(NamedTuple):
    """A posting as it serves one grid: itself, or standing in for the grid's own worker."""

    room: _Room
    name: str
    words: str


class _Crew:
    def __init__(self, workers: Iterable[Worker], per_worker: int) -> None:
        self.by_posting = {worker.posting: worker for worker in workers}
        self.rooms = {w.posting: _Room(w.posting, w.load, per_worker) for w in self.by_posting.values()}
        self.teams: dict[str, list[_Seat]] = {}
        self.missing: dict[str, list[str]] = {}
        for worker in sorted(self.by_posting.values(), key=lambda worker: worker.posting):
            if not worker.cover_only:
                self._seat(worker)
        self.communities: dict[str, list[_Seat]] = {}
        for area, seats in self.teams.items():
            self.communities.setdefault(area[:COMMUNITY], []).extend(seats)

    def _seat(self, worker: Worker) -> None:
        if not worker.away:
            seat = _Seat(
                self.rooms[worker.posting], worker.name, _("本网格网格员{name}").format(name=worker.name)
            )
        else:
            cover = self.by_posting.get(worker.cover or 0)
            if cover is None or cover.away:
                self.missing.setdefault(worker.area, []).append(worker.name)
                return
            words = _("{name}缺勤，由{cover}代班").format(name=worker.name, cover=cover.name)
            seat = _Seat(self.rooms[cover.posting], cover.name, words)
        self.teams.setdefault(worker.area, []).append(seat)

    def own(self, area: str) -> Sequence[_Seat]:
        """Who serves this grid: posted to it, or to its whole community."""
        own, wide = self.teams.get(area, ()), self.teams.get(area[:COMMUNITY], ())
        return [*own, *wide] if own and wide else own or wide

    def at_home(self, area: str) -> Sequence[_Seat]:
        """Of a door of which only the community is known: who is posted to the community as such has it before the
        workers of its grids share it by load."""
        if len(area) == GRID:
            return self.own(area)
        return self.teams.get(area, ()) or self.near(area)

    def near(self, area: str) -> Sequence[_Seat]:
        return self.communities.get(area[:COMMUNITY], ())

    def words_of(self, area: str, seat: _Seat) -> str:
        if len(area) == GRID:
            return seat.words
        if seat in self.teams.get(area, ()):
            return _("只知道社区，由本社区指定的{name}上门，到门口定网格").format(name=seat.name)
        return _("只知道社区，由同社区{name}上门，到门口定网格").format(name=seat.name)

    @staticmethod
    def least_loaded(seats: Sequence[_Seat]) -> _Seat | None:
        free = [seat for seat in seats if seat.room.left > 0]
        if len(free) < 2:
            return free[0] if free else None
        return min(free, key=lambda seat: (seat.room.load, seat.room.posting))

    @staticmethod
    def give(candidate: Candidate, seat: _Seat, how: str) -> Assigned:
        seat.room.load += 1
        seat.room.left -= 1
        return Assigned(candidate, seat.room.posting, how)

    @staticmethod
    def hold(seat: _Seat, words: str) -> "Holder":
        seat.room.load += 1
        seat.room.left -= 1
        return Holder(seat.room.posting, words)

    def help_words(self, area: str, seat: _Seat) -> str:
        if len(area) < GRID:
            return self.words_of(area, seat)
        if self.own(area):
            return _("本网格人手已满，由同社区{name}协助").format(name=seat.name)
        if away := self.missing.get(area):
            return _("{away}缺勤且无人代班，由同社区{name}协助").format(away="、".join(away), name=seat.name)
        return _("本网格没有网格员，由同社区{name}协助").format(name=seat.name)

    def held(self, person: int, area: str) -> Worker | None:
        """The closest of somebody's postings that `area` lies in."""
        around = [
            worker
            for worker in self.by_posting.values()
            if worker.person == person and _is_ground_of(worker, area)
        ]
        return max(around, key=lambda worker: (len(worker.area), -worker.posting), default=None)

    def held_near(self, person: int, area: str) -> Worker | None:
        near = [worker for worker in self.by_posting.values() if worker.person == person]
        return min(
            (worker for worker in near if worker.area.startswith(area[:COMMUNITY])),
            key=lambda worker: worker.posting,
            default=None,
        )

    def refusal(self, area: str) -> tuple[Why, str]:
        if len(area) < GRID:
            return _refusal_of_community(bool(self.near(area)))
        if self.near(area):
            return Why.FULL, _("本网格和同社区网格员均已达到每人上限")
        if away := self.missing.get(area):
            return Why.NO_WORKER, _("{away}缺勤且无人代班，同社区没有其他网格员").format(away="、".join(away))
        return Why.NO_WORKER, _("本网格和同社区都没有在岗网格员")


def _refusal_of_community(has_workers: bool) -> tuple[Why, str]:
    if has_workers:
        return Why.FULL, _("本社区网格员均已达到每人上限")
    return Why.NO_WORKER, _("本社区没有在岗网格员")


# --- whose door it is now ------------------------------------------------------------------------------


class OpenDoor(NamedTuple):
    """A door still to be visited, in the grid `area` where it is now, and who has it: a posting, ended perhaps, and its
    person. `is_given`: it was somebody else's ground already, and the ground only got another name."""

    task: int
    area: str
    posting: int
    person: int
    is_given: bool = False


class Holder(NamedTuple):
    """Whose door it is, and why in words; no posting: nobody's, and why. Where it stays as it is no words are due."""

    posting: int | None
    words: str = ""


def holders(doors: Iterable[OpenDoor], workers: Iterable[Worker]) -> dict[int, Holder]:
    """Whose each door is now: the one law, whatever happened to grids, subjects or postings. `workers` are those in
    force in the doors' communities, with the other postings in force of whoever has a door.

    In this order: whoever has it and holds its ground, also with another posting; whoever was given it on foreign
    ground that only got another name; whoever serves the ground; whoever has it, as long as they are posted at all;
    a neighbour; nobody. 四(二)2: 检查不漏一户, so none is lost, and one that is nobody's says so.
    """
    crew = _Crew(workers, per_worker=MANY)
    return {door.task: _holder(door, crew) for door in sorted(doors, key=lambda door: (door.area, door.task))}


# Duties move as they stand: the limit for each worker is for planning.
MANY: Final = 1_000_000


def _is_ground_of(worker: Worker, area: str) -> bool:
    """While only the community of a door is known, it is the ground of each of its workers."""
    return area.startswith(worker.area) or (len(area) < GRID and worker.area.startswith(area))


def _holder(door: OpenDoor, crew: _Crew) -> Holder:
    own = crew.by_posting.get(door.posting)
    if own and _is_ground_of(own, door.area):
        return Holder(own.posting)
    if same := crew.held(door.person, door.area):
        return Holder(same.posting, _("{name}在本网格任职，仍由其走访").format(name=same.name))
    if own and door.is_given:
        return Holder(own.posting)
    if seat := crew.least_loaded(crew.at_home(door.area)):
        return crew.hold(seat, crew.words_of(door.area, seat))
    if stays := own or crew.held_near(door.person, door.area):
        return Holder(stays.posting, _("本网格没有在岗网格员，仍由{name}走访").format(name=stays.name))
    if seat := crew.least_loaded(crew.near(door.area)):
        return crew.hold(seat, crew.help_words(door.area, seat))
    return Holder(None, crew.refusal(door.area)[1])


def approval_path(area: str, planner: str) -> list[str]:
    """The approvals a round needs, in order, as states.

    Every level the round lies wholly within says yes (乌政〔2020〕17号 四(二): 街道、区级审批), except the one that
    planned it; where that leaves nobody, a second person of the planning level does.

    >>> approval_path("150302001", "city")
    ['street_approval', 'district_approval']
    >>> approval_path("150302001", "district")
    ['street_approval']
    >>> approval_path("1503", "city")
    ['city_approval']
    """
    own, needed = f"{planner}_approval", ["city_approval"]
    if len(area) >= DISTRICT:
        needed = ["street_approval"] * (len(area) >= STREET) + ["district_approval"]
    return [state for state in needed if state != own] or [own]


# Which level says yes at each approval, from below to above.
LEVELS: Final = {"street_approval": "street", "district_approval": "district", "city_approval": "city"}


def after_yes(path: Sequence[str], role: str) -> list[str]:
    """What a round still needs once `role` has said yes at the first approval of `path`: the level above answers for those
    below it, so that nobody is asked twice for the same round.

    >>> after_yes(["street_approval", "district_approval"], "street")
    ['district_approval']
    >>> after_yes(["street_approval", "district_approval"], "district")
    []
    """
    levels = list(LEVELS.values())
    rank = levels.index(role) if role in levels else -1
    return [state for state in path[1:] if levels.index(LEVELS[state]) > rank]
