"""Terms across Spring Festival and make-up workdays, worked by hand from the State Council's tables."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grid.calendar.models import CalendarDay, CalendarYear
from grid.calendar.queries import workdays
from grid.calendar.rules import DAY, Paused, Workdays, add_months, due_on, next_workday, workdays_between
from grid.law.calendar.actions import fill_calendar
from workflows.clocks.rules import Period, last_day

# 2026: off 1-3 Jan, 15-23 Feb, 4-6 Apr, 1-5 May, 19-21 Jun, 25-27 Sep, 1-7 Oct;
# working Sundays and Saturdays 4 Jan, 14 Feb, 28 Feb, 9 May, 20 Sep, 10 Oct.
OFF_2026 = [
    (date(2026, 1, 1), 3),
    (date(2026, 2, 15), 9),
    (date(2026, 4, 4), 3),
    (date(2026, 5, 1), 5),
    (date(2026, 6, 19), 3),
    (date(2026, 9, 25), 3),
    (date(2026, 10, 1), 7),
]
MADE_UP = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]
TABLE = {first + timedelta(days=n): False for first, length in OFF_2026 for n in range(length)} | {
    date(2026, month, day): True for month, day in MADE_UP
}
DAYS = Workdays(TABLE, frozenset({2026}))


@pytest.mark.parametrize(
    ("start", "length", "unit", "end"),
    [
        # 行政处罚法 64: 5 working days to ask for a hearing, from the day after the notice.
        (date(2026, 3, 2), 5, "wd", date(2026, 3, 9)),
        # Across the festival: 11, 12, 13 and the make-up Saturday 14 Feb, then the first day after it.
        (date(2026, 2, 10), 5, "wd", date(2026, 2, 24)),
        # 28 Feb is a Saturday worked: it counts.
        (date(2026, 2, 24), 4, "wd", date(2026, 2, 28)),
        # 15 calendar days ending inside the festival roll to the first day after it.
        (date(2026, 2, 2), 15, "d", date(2026, 2, 24)),
        (date(2026, 3, 2), 15, "d", date(2026, 3, 17)),
        # A Sunday at the end rolls to Monday.
        (date(2026, 3, 7), 15, "d", date(2026, 3, 23)),
        # 公告送达 30 days, ending on National Day's second day.
        (date(2026, 9, 2), 30, "d", date(2026, 10, 8)),
        # 10 working days over National Day, with 10 Oct worked.
        (date(2026, 9, 28), 10, "wd", date(2026, 10, 16)),
        # 诉讼法 46: six months.
        (date(2026, 3, 2), 6, "m", date(2026, 9, 2)),
        (date(2026, 8, 31), 6, "m", date(2027, 3, 1)),
    ],
)
def test_worked_examples(start, length, unit, end):
    assert due_on(start, length, unit, DAYS) == end


def test_a_pause_pushes_the_end_by_its_own_length():
    plain = due_on(date(2026, 3, 2), 10, "d", DAYS)
    paused = due_on(date(2026, 3, 2), 10, "d", DAYS, [Paused(date(2026, 3, 5), date(2026, 3, 8))])
    assert (plain, paused) == (date(2026, 3, 12), date(2026, 3, 16))


def test_a_term_that_still_stands_still_has_no_end():
    assert due_on(date(2026, 3, 2), 10, "d", DAYS, [Paused(date(2026, 3, 5), None)]) is None
    assert due_on(date(2026, 3, 2), 1, "m", DAYS, [Paused(date(2026, 3, 5), None)]) is None


def test_a_term_that_ended_before_the_pause_is_not_moved_by_it():
    assert due_on(date(2026, 3, 2), 2, "d", DAYS, [Paused(date(2026, 3, 20), None)]) == date(2026, 3, 4)


def test_a_term_has_at_least_one_day():
    with pytest.raises(ValueError, match="at least one day"):
        due_on(date(2026, 3, 2), 0, "d", DAYS)


def test_a_year_without_its_table_is_provisional():
    assert DAYS.is_provisional(date(2026, 12, 20), date(2027, 1, 5))
    assert not DAYS.is_provisional(date(2026, 1, 1), date(2026, 12, 31))


def test_the_end_of_a_short_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)


days = st.dates(date(2025, 6, 1), date(2026, 11, 30))
lengths = st.integers(1, 90)


@given(start=days, length=lengths, unit=st.sampled_from(["wd", "d"]))
def test_a_term_ends_on_a_working_day_after_its_start(start, length, unit):
    end = due_on(start, length, unit, DAYS)
    assert end is not None and end > start and DAYS.works(end)


@given(start=days, length=lengths, unit=st.sampled_from(["wd", "d", "m"]))
def test_a_longer_term_never_ends_sooner(start, length, unit):
    shorter, longer = due_on(start, length, unit, DAYS), due_on(start, length + 1, unit, DAYS)
    assert shorter is not None and longer is not None and shorter <= longer


@given(start=days, length=lengths)
def test_working_days_in_a_term_of_working_days_are_its_length(start, length):
    end = due_on(start, length, "wd", DAYS)
    assert end is not None and workdays_between(start, end, DAYS) == length


@given(first=days, last=days)
def test_counting_back_is_counting_forth_with_a_minus(first, last):
    assert workdays_between(first, last, DAYS) == -workdays_between(last, first, DAYS)


@given(start=days, length=lengths, offset=st.integers(1, 30), still=st.integers(1, 30))
def test_a_pause_never_shortens_a_term(start, length, offset, still):
    first = start + offset * DAY
    paused = due_on(start, length, "d", DAYS, [Paused(first, first + still * DAY)])
    plain = due_on(start, length, "d", DAYS)
    assert plain is not None and paused is not None and paused >= plain
    assert not first <= paused <= first + still * DAY


units = st.sampled_from(["wd", "d", "m"])


def earliest(start, length, unit):
    """No term may end before this, whatever the calendar says."""
    return add_months(start, length) if unit == "m" else start + length * DAY


@given(start=days, length=lengths, unit=units)
def test_a_term_never_ends_before_its_length_is_over(start, length, unit):
    end = due_on(start, length, unit, DAYS)
    assert end is not None and end >= earliest(start, length, unit) and DAYS.works(end)


@given(start=days, later=st.integers(0, 40), length=lengths, unit=units)
def test_who_is_told_later_has_until_later(start, later, length, unit):
    first, second = due_on(start, length, unit, DAYS), due_on(start + later * DAY, length, unit, DAYS)
    assert first is not None and second is not None and first <= second


@given(
    start=days,
    later=st.integers(0, 40),
    length=lengths,
    unit=units,
    at=st.integers(-10, 60),
    still=st.integers(1, 40),
)
@example(start=date(2025, 7, 8), later=23, length=2, unit="m", at=0, still=37)
def test_who_is_told_later_has_until_later_whatever_stands_still(start, later, length, unit, at, still):
    """Months have 28 to 31 days and what stands still is counted in days. So a term of months is the days that its
    months have from its own start, to the day; and of as many days, who is told later has until later."""
    pause = [Paused(start + at * DAY, start + (at + still - 1) * DAY)]
    if unit == "m":
        count = (add_months(start, length) - start).days
        assert due_on(start, length, "m", DAYS, pause) == due_on(start, count, "d", DAYS, pause)
        length, unit = count, "d"
    first, second = (due_on(day, length, unit, DAYS, pause) for day in (start, start + later * DAY))
    assert first is not None and second is not None and first <= second


@given(
    start=days,
    length=lengths,
    unit=st.sampled_from(["d", "m"]),
    at=st.integers(1, 90),
    still=st.integers(1, 40),
)
def test_a_pause_of_n_days_within_a_term_gives_n_days_more(start, length, unit, at, still):
    whole = earliest(start, length, unit)
    first = min(start + at * DAY, whole)
    paused = due_on(start, length, unit, DAYS, [Paused(first, first + (still - 1) * DAY)])
    assert paused is not None and paused >= whole + still * DAY


@given(start=days, length=lengths, at=st.integers(1, 60), still=st.integers(1, 40))
def test_no_day_of_a_pause_counts_as_a_working_day(start, length, at, still):
    first, last = start + at * DAY, start + (at + still - 1) * DAY
    end = due_on(start, length, "wd", DAYS, [Paused(first, last)])
    assert end is not None
    counted = [start + n * DAY for n in range(1, (end - start).days + 1)]
    assert sum(DAYS.works(day) and not first <= day <= last for day in counted) == length


@given(
    start=days,
    length=lengths,
    unit=units,
    at=st.integers(-5, 60),
    still=st.integers(2, 40),
    cut=st.integers(1, 39),
)
def test_a_pause_told_in_two_parts_is_the_same_pause(start, length, unit, at, still, cut):
    first, last = start + at * DAY, start + (at + still - 1) * DAY
    middle = first + (cut % (still - 1)) * DAY
    whole, parts = [Paused(first, last)], [Paused(middle + DAY, last), Paused(first, middle)]
    overlapping = [Paused(first, middle + DAY), Paused(middle, last)]
    ends = {due_on(start, length, unit, DAYS, pause) for pause in (whole, parts)}
    assert len(ends) == 1
    if middle + DAY <= last:
        assert {due_on(start, length, unit, DAYS, overlapping)} == ends


@given(start=days, length=lengths, more=st.integers(1, 30))
def test_an_extension_in_the_same_unit_is_one_longer_term(start, length, more):
    extended = last_day(start, Period(length, "wd"), DAYS, more=Period(more, "wd"))
    assert extended == due_on(start, length + more, "wd", DAYS)


@given(start=days, length=lengths, more=st.integers(1, 30))
def test_an_extension_in_another_unit_counts_on_from_the_end(start, length, more):
    end = due_on(start, length, "wd", DAYS)
    assert end is not None
    assert last_day(start, Period(length, "wd"), DAYS, more=Period(more, "d")) == due_on(end, more, "d", DAYS)


@given(day=days)
def test_the_next_working_day_is_the_first_one(day):
    found = next_workday(day, DAYS)
    assert DAYS.works(found)
    assert not any(DAYS.works(day + n * DAY) for n in range((found - day).days))


def test_the_filled_table_agrees_with_the_one_written_by_hand(db):
    fill_calendar()
    filled = workdays()
    assert {day: works for day, works in filled.exceptions.items() if day.year == 2026} == {
        day: works for day, works in TABLE.items() if works != (day.weekday() < 5)
    }
    assert 2026 in filled.covered and 2027 not in filled.covered


def test_filling_twice_adds_nothing(db):
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    assert fill_calendar() > 0
    assert fill_calendar() == 0
