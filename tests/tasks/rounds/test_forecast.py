"""What the pace so far promises: with its range, and nothing where there is too little to say."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.calendar.now import CITY_TIME, moved_to, now, today
from grid.calendar.rules import Workdays, workdays_between
from tasks.doors.models import CheckTask, TaskState
from tasks.rounds.forecast.queries import outlook_of
from tasks.rounds.forecast.rules import FARTHEST, Progress, daily, forecast
from tests.doors import arrival, make_round, make_task, push

WEEK = Workdays(covered=frozenset(range(2020, 2040)))
BEGAN = date(2026, 3, 2)  # a Monday
DAYS, DOORS = 3, 10


def progress(counts, left=50, length=30, began=BEGAN):
    """`counts`: doors of each day from the first on; today is the day after the last of them."""
    seen = {began + timedelta(n): count for n, count in enumerate(counts) if count}
    return Progress(began, began + timedelta(len(counts)), began + timedelta(length), left, seen)


counts = st.lists(st.integers(0, 60), min_size=0, max_size=25)
lefts = st.integers(0, 3_000)


def test_ten_a_day_take_five_working_days_for_fifty():
    found = forecast(progress([10] * 4), WEEK, DAYS, DOORS)
    # Today is Friday; five working days on is the next Friday.
    assert (found.pace, found.ends_on) == (10.0, date(2026, 3, 13))
    assert found.earliest < found.ends_on < found.latest
    assert found.left == found.left_best == 0 and not found.is_late


def test_a_pace_too_slow_says_what_will_be_left():
    found = forecast(progress([4, 2, 3, 3], left=300, length=14), WEEK, DAYS, DOORS)
    assert found.is_late and 0 < found.left_best < found.left < found.left_worst <= 300
    assert found.ends_on > BEGAN + timedelta(14)


@pytest.mark.parametrize("counts", [[], [30], [30, 30], [3, 3, 3], [0, 0, 0, 0, 0]])
def test_too_little_promises_nothing(counts):
    assert forecast(progress(counts), WEEK, DAYS, DOORS) is None


def test_what_was_seen_on_a_day_off_counts_to_the_working_day_before():
    weekend = {date(2026, 3, 6): 5, date(2026, 3, 7): 3, date(2026, 3, 8): 2}
    told = Progress(BEGAN, date(2026, 3, 10), date(2026, 4, 1), 5, weekend)
    assert daily(told, WEEK) == [0, 0, 0, 0, 10, 0]
    # A round that was sent out on a Saturday begins with its first working day.
    early = Progress(date(2026, 2, 28), date(2026, 3, 4), date(2026, 4, 1), 5, {date(2026, 2, 28): 4})
    assert daily(early, WEEK) == [4, 0]


@given(counts, lefts)
def test_the_range_holds_what_is_promised(done, left):
    told = progress(done, left)
    found = forecast(told, WEEK, DAYS, DOORS)
    assert sum(daily(told, WEEK)) == (
        sum(done) if any(map(WEEK.works, told.settled)) or daily(told, WEEK) else 0
    )
    if found is None:
        return
    assert 0 <= found.left_best <= found.left <= found.left_worst <= left
    assert found.earliest is not None and told.day < found.earliest
    for sooner, later in ((found.earliest, found.ends_on), (found.ends_on, found.latest)):
        assert later is None or (sooner is not None and sooner <= later)
    for day in filter(None, (found.earliest, found.ends_on, found.latest)):
        assert WEEK.works(day) and day - told.day <= FARTHEST


@given(counts, lefts, st.integers(1, 500))
def test_more_doors_left_never_end_sooner(done, left, more):
    first = forecast(progress(done, left), WEEK, DAYS, DOORS)
    second = forecast(progress(done, left + more), WEEK, DAYS, DOORS)
    if first and second:
        assert second.left >= first.left and second.left_worst >= first.left_worst
        assert second.ends_on is None or (first.ends_on is not None and first.ends_on <= second.ends_on)


@given(counts, st.integers(1, 3_000), st.randoms(use_true_random=False))
def test_only_the_counts_matter_not_their_order(done, left, random):
    working = [count for n, count in enumerate(done) if WEEK.works(BEGAN + timedelta(n))]
    shuffled = working[:]
    random.shuffle(shuffled)

    def laid(values):
        ahead = iter(values)
        return [next(ahead) if WEEK.works(BEGAN + timedelta(n)) else 0 for n in range(len(done))]

    assert forecast(progress(laid(working), left), WEEK, DAYS, DOORS) == forecast(
        progress(laid(shuffled), left), WEEK, DAYS, DOORS
    )


@given(counts, st.integers(1, 3_000), st.integers(0, 60))
def test_a_longer_round_leaves_no_more(done, left, longer):
    short = forecast(progress(done, left, length=30), WEEK, DAYS, DOORS)
    long = forecast(progress(done, left, length=30 + longer), WEEK, DAYS, DOORS)
    assert (short is None) == (long is None)
    if short and long:
        assert long.left <= short.left and long.ends_on == short.ends_on
        assert workdays_between(BEGAN, BEGAN + timedelta(30), WEEK) > 0


@pytest.mark.django_db
@pytest.mark.once
def test_the_page_tells_the_progress_and_only_then_a_forecast(
    cast, make_employer, client, django_assert_max_num_queries
):
    start = datetime(2026, 3, 2, 9, tzinfo=CITY_TIME)
    with moved_to(start):
        round = make_round(
            cast.qian, area="150302001", due_on=date(2026, 3, 27), dispatch_run=1, dispatch_total=30
        )
        tasks = [make_task(round, make_employer(), cast.post.wang, dispatched_at=now()) for _ in range(16)]
    client.force_login(cast.qian)
    with moved_to(start + timedelta(hours=3)):
        push(cast.post.wang, cast.by.wang, arrival(tasks[0], outcome="nobody_in", answers={}))
        page = client.get(f"/rounds/{round.code}/").content.decode()
    assert "已走访 0 / 16 户，还剩 16 户" in page and "还说不准何时走访完" in page
    for day in range(4):
        with moved_to(start + timedelta(days=day, hours=4)):
            push(cast.post.wang, cast.by.wang, *(arrival(task) for task in tasks[day * 3 : day * 3 + 3]))
    with moved_to(start + timedelta(days=4)), django_assert_max_num_queries(8):
        outlook = outlook_of(round)
    with moved_to(start + timedelta(days=4)):
        page = client.get(f"/rounds/{round.code}/").content.decode()
    assert (outlook.done, outlook.progress.left, outlook.forecast.pace) == (12, 4, 3.0)
    assert outlook.forecast.ends_on == date(2026, 3, 10)
    assert "每个工作日 3.0 户" in page and "约 2026-03-10 走访完" in page and "到截止能走访完" in page
    CheckTask.objects.filter(state=TaskState.OPEN).update(state=TaskState.CANCELLED)
    with moved_to(start + timedelta(days=4)):
        assert outlook_of(round).forecast is None
    assert today()
