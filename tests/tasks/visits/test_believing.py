"""The laws of whose word a visit is, and of when."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tasks.facts.rules import Version, merge
from tasks.visits.rules.believing import (
    SLACK,
    Counted,
    Stamp,
    Warrant,
    believed_try,
    counted,
    ground_of,
    places,
    waits,
)
from tests.doors import at, number

RECEIVED = datetime(2026, 11, 30, 8, tzinfo=UTC)
MONTH = timedelta(days=30)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))


@given(told=MOMENTS, task=st.none() | MOMENTS, phone=st.none() | MOMENTS)
def test_a_visit_counts_when_it_was_made_or_when_it_came(
    told: datetime, task: datetime | None, phone: datetime | None
) -> None:
    word = counted(told, RECEIVED, task, phone)
    assert word.at == (RECEIVED if word.doubt else min(told, RECEIVED)) and word.at <= RECEIVED
    if not word.doubt:
        assert all(first is None or told >= first - SLACK for first in (task, phone))


def test_what_is_believed_and_what_is_doubted() -> None:
    issued = RECEIVED - timedelta(days=20)
    for told, doubt in (
        (RECEIVED - timedelta(days=14), ""),
        (RECEIVED + timedelta(minutes=9), ""),
        (RECEIVED + timedelta(minutes=11), "ahead"),
        (datetime(2031, 1, 1, tzinfo=UTC), "ahead"),
        (datetime(1970, 1, 1, tzinfo=UTC), "before_task"),
        (issued - timedelta(hours=1), "before_task"),
    ):
        assert counted(told, RECEIVED, issued).doubt == doubt, told
    assert counted(issued, RECEIVED, None, RECEIVED - timedelta(days=2)).doubt == "before_phone"


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[bool, int, int]]:
    """In order of arrival: whether its time is doubted, its minute, and its person."""
    one = st.tuples(st.booleans(), st.integers(0, 9), st.integers(1, 2))
    return draw(st.lists(one, min_size=1, max_size=7))


def versions(story: list[tuple[bool, int, int]], wild: datetime) -> list[Version]:
    """A doubted visit counts at its arrival (its place in the story) whatever `wild` time its phone told."""
    made = []
    for nth, (is_wild, minute, person) in enumerate(story, start=1):
        word = counted(wild, at(100 + nth), at(0)) if is_wild else Counted(at(minute))
        made.append(
            Version(number(nth), person, word.at, {"employees": nth}, {}, None, nth, bool(word.doubt))
        )
    return made


WILD = (at(100) + timedelta(days=1500), datetime(1970, 1, 2, tzinfo=UTC))


@given(story=stories(), data=st.data())
def test_facts_do_not_hang_on_what_a_wrong_clock_says(
    story: list[tuple[bool, int, int]], data: st.DataObject
) -> None:
    ahead, behind = (versions(story, wild) for wild in WILD)
    shuffled = data.draw(st.permutations([*ahead, *ahead]))
    assert merge(shuffled) == merge(ahead)
    lines = [[(line.key, line.why) for line in fact.lines] for fact in merge(ahead).values()]
    assert lines == [[(line.key, line.why) for line in fact.lines] for fact in merge(behind).values()]


@given(story=stories())
def test_a_believed_visit_that_comes_later_holds_over_every_doubted_one(
    story: list[tuple[bool, int, int]],
) -> None:
    for person in (1, 2):
        own = [version for version in versions(story, WILD[0]) if version.person == person]
        believed = [version for version in own if not version.doubted]
        if not own or not believed:
            continue
        (holder,) = (line.key for line in merge(own)["employees"].lines if line.why == "holds")
        last, here = believed[-1], {version.key: version for version in own}
        after = [version for version in own if version.nth > last.nth]
        if not after:
            assert not here[holder].doubted
        if not any(version.doubted for version in own):
            assert here[holder].at == max(version.at for version in own)


@given(story=stories())
def test_places_follow_believed_times_where_nothing_is_doubted(story: list[tuple[bool, int, int]]) -> None:
    stamps = [
        Stamp(number(n), at(minute), n, False) for n, (_wild, minute, _who) in enumerate(story, start=1)
    ]
    stands = places(stamps)
    assert sorted(stamps, key=lambda stamp: stands[stamp.key]) == sorted(
        stamps, key=lambda stamp: (stamp.at, stamp.nth)
    )


ENDED = RECEIVED - timedelta(days=3)


def test_what_an_ordinary_end_left_on_the_phone_is_taken() -> None:
    before, after = Counted(ENDED - timedelta(hours=1)), Counted(ENDED + timedelta(seconds=1))
    ordinary = Warrant(ended_at=ENDED, ending="revoked")
    assert ground_of(before, RECEIVED, Warrant(), MONTH) == ""
    assert ground_of(before, RECEIVED, ordinary, MONTH) == "in_time"
    assert ground_of(after, RECEIVED, ordinary, MONTH) == "after"
    assert ground_of(Counted(RECEIVED, "ahead"), RECEIVED, ordinary, MONTH) == "undated"
    assert ground_of(before, ENDED + timedelta(days=31), ordinary, MONTH) == "overdue"
    assert ground_of(before, RECEIVED, Warrant(ended_at=ENDED, ending="lost"), MONTH) == "lost"


@given(
    told=MOMENTS, ending=st.sampled_from(["lost", "revoked", "posting", "person"]), late=st.integers(0, 200)
)
def test_nothing_later_than_its_end_is_taken_unseen(told: datetime, ending: str, late: int) -> None:
    received = ENDED + timedelta(days=late)
    ground = ground_of(counted(told, received), received, Warrant(ended_at=ENDED, ending=ending), MONTH)
    if not waits(ground):
        assert ending != "lost" and told <= ENDED and late <= 30


def test_a_day_to_come_again_is_one_a_calendar_can_have_meant() -> None:
    made = RECEIVED.date()
    assert believed_try(made, made) == made and believed_try(None, made) is None
    for days in (-1, 400, 1500):
        assert believed_try(made + timedelta(days=days), made) is None
