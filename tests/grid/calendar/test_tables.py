"""A year's table is read whole or not at all, and what is wrong with it is named by its line."""

from datetime import date

import pytest

from grid.calendar import problems as calendar_problems
from grid.calendar.reading import cells_of, rows_of

TABLE = """日期,类型,说明
2027-01-01 至 2027-01-03,休,元旦
2027年2月5日到2027年2月11日，放假，春节

2027/2/14\t班\t春节调休
2027-01-02,休,元旦
"""


def read(text: str, year: int = 2027):
    return rows_of(cells_of(text), year)


def test_periods_and_ways_of_writing_are_read():
    rows = {row.day: row for row in read(TABLE)}
    assert rows[date(2027, 1, 1)].note == "元旦" and not rows[date(2027, 1, 1)].works
    assert rows[date(2027, 2, 14)].works
    # 2 and 3 January are a weekend anyway: only what differs from the plain week is kept.
    assert date(2027, 1, 2) not in rows and date(2027, 1, 3) not in rows
    assert [row.day.day for row in rows.values() if row.day.month == 2] == [5, 8, 9, 10, 11, 14]


def test_a_new_year_that_begins_in_december_is_of_the_year_after():
    rows = read("2026-12-31 至 2027-01-01，休，元旦\n2026-12-26，班，元旦调休")
    assert [row.day for row in rows] == [date(2026, 12, 26), date(2026, 12, 31), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2027-02-30,休,", "没有这一天"),
        ("二月五日,休,", "日期写法"),
        ("2027-02-05 以后,休,", "日期写法"),
        ("2027-02-05,假期,", "休"),
        ("2027-02-05", "休"),
        ("2027-02-11 至 2027-02-05,休,", "颠倒"),
        ("2027-02-01 至 2027-06-01,休,", "超过"),
        ("2028-02-05,休,", "不在 2027"),
        ("2027-01-01,班,", "另一种"),
    ],
)
def test_one_bad_line_refuses_the_table_and_is_named(line: str, why: str):
    with pytest.raises(calendar_problems.CalendarLineWrong) as refused:
        read(f"2027-01-01,休,元旦\n{line}")
    assert refused.value.facts["line"] == 2 and why in refused.value.detail


@pytest.mark.parametrize("text", ["", "日期,类型", "2027-01-02,休,周六"])
def test_a_table_that_says_nothing_is_refused(text: str):
    with pytest.raises(calendar_problems.CalendarTableEmpty):
        read(text)
