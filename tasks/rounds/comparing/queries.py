"""Two rounds, or one with another limit, planned and held against each other."""

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.scope import Actor, Right, in_areas
from grid.subjects.models import Subject
from grid.territory.models import Posting
from grid.territory.queries import names_of
from tasks.doors.models import CheckTask, TaskState
from tasks.rounds import problems as rounds_problems
from tasks.rounds.comparing import rules
from tasks.rounds.comparing.rules import Difference, Differs, Fate, Load
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries import round_at, rounds_for
from tasks.rounds.queries.drafting import draft

# What may still be planned, or was: a round that was taken back is compared with nothing.
COMPARED = [state for state in RoundState if state != RoundState.WITHDRAWN]
MOST_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Side:
    """One plan: of which round, with which limit for each worker; `given` and `left` are its counts."""

    round: Round
    per_worker: int
    fates: dict[int, Fate]

    @property
    def given(self) -> int:
        return sum(fate.posting is not None for fate in self.fates.values())

    @property
    def left(self) -> int:
        return len(self.fates) - self.given

    @property
    def reasons(self) -> list[tuple[str, int]]:
        return Counter(fate.words for fate in self.fates.values() if fate.posting is None).most_common()


@dataclass(frozen=True, slots=True)
class Compared:
    first: Side
    second: Side
    differences: list[Difference]
    loads: list[Load]

    @property
    def by_kind(self) -> list[tuple[str, str, int]]:
        counts = Counter(difference.how for difference in self.differences)
        return [(how.value, words, counts[how]) for how, words in kinds().items()]


class Row(NamedTuple):
    """A difference as it is shown."""

    subject: Subject
    how: str
    first: str
    second: str


def kinds() -> dict[Differs, str]:
    return {
        Differs.ONLY_FIRST: _("只有甲派"),
        Differs.ONLY_SECOND: _("只有乙派"),
        Differs.OTHER_WORKER: _("派给不同的人"),
        Differs.OTHER_REASON: _("都不派，原因不同"),
    }


def compared(viewer: Actor, codes: tuple[str, str], limits: tuple[int | None, int | None]) -> Compared:
    """Plans both as they would be sent today. Raises NotHere outside the territory, SamePlan."""
    first, second = (_side(round_at(viewer, code), limit) for code, limit in zip(codes, limits, strict=True))
    if (first.round, first.per_worker) == (second.round, second.per_worker):
        raise rounds_problems.SamePlan()
    found = rules.differences(first.fates, second.fates)
    return Compared(first, second, found, rules.loads(first.fates.values(), second.fates.values()))


def _side(round: Round, limit: int | None) -> Side:
    """What was sent stands; what was not is planned as of today."""
    planned = copy(round)
    planned.per_worker = limit or round.per_worker
    fates = rules.fates_of(draft(planned, today())) if round.state != RoundState.CLOSED else {}
    sent = CheckTask.objects.filter(round=round).exclude(state=TaskState.CANCELLED)
    words = _("已派")
    fates |= {subject: Fate(posting, words) for subject, posting in sent.values_list("subject", "posting")}
    return Side(round, planned.per_worker, fates)


def offered(viewer: Actor) -> QuerySet[Round]:
    """Rounds whose plans the viewer may see whole, the newest first."""
    rows = rounds_for(viewer).filter(in_areas(viewer.areas(Right.SEE_CASES)), state__in=COMPARED)
    return rows[:MOST_OFFERED]


def workers_of(found: Sequence[Load]) -> list[tuple[Load, Posting, str]]:
    """Each load with whose it is and where. Two queries."""
    posts = Posting.objects.select_related("person").in_bulk([load.posting for load in found])
    places = names_of(post.area_id for post in posts.values())
    return [(load, post := posts[load.posting], places.get(post.area_id, post.area_id)) for load in found]


def rows_of(found: Sequence[Difference]) -> Iterator[Row]:
    """Differences as they are shown. Two queries for a page of them."""
    subjects = Subject.objects.in_bulk([difference.subject for difference in found])
    fates = [fate for difference in found for fate in (difference.first, difference.second)]
    posts = Posting.objects.select_related("person").in_bulk(
        {fate.posting for fate in fates if fate.posting is not None}
    )
    names, words = {pk: str(post.person) for pk, post in posts.items()}, kinds()
    for subject, how, first, second in found:
        yield Row(subjects[subject], words[how], _fate_words(first, names), _fate_words(second, names))


def _fate_words(fate: Fate, names: dict[int, str]) -> str:
    if not fate.is_chosen:
        return _("未选中")
    if fate.posting is None:
        return _("派不出：{words}").format(words=fate.words)
    return f"{names[fate.posting]}：{fate.words}"
