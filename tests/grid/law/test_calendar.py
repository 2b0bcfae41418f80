"""The legal office keeps the calendar; everybody with a post reads it."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grid import problems
from grid.calendar import problems as calendar_problems
from grid.calendar.models import CalendarDay, CalendarYear
from grid.calendar.queries import workdays
from grid.calendar.reading import Row
from grid.law import problems as law_problems
from grid.law.calendar import actions
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of

BASIS = "国办发明电〔2026〕9号"
DAY = date(2026, 12, 11)  # a Friday


def change(by: Any, **given: Any) -> int:
    said = {"day": DAY, "works": False, "note": "", "basis": BASIS, "reason": "临时放假"} | given
    return actions.change_day(**said, by=by)


def test_one_day_changed_is_entered_with_basis_and_reason(cast: Any) -> None:
    assert change(cast.by.fang) == 0
    assert not workdays().works(DAY)
    entry = Entry.objects.get(verb="calendar.changed")
    assert (entry.area, entry.role, entry.data["as"]) == ("1503", "legal", "休息日")
    assert BASIS in sentence_of(entry) and "临时放假" in sentence_of(entry)
    change(cast.by.fang, works=True, reason="恢复上班")
    assert workdays().works(DAY) and not CalendarDay.objects.filter(day=DAY).exists()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"works": True}, law_problems.CalendarDaySame),
        ({"basis": " "}, law_problems.BasisMissing),
        ({"reason": ""}, problems.ReasonMissing),
        ({"day": date(1999, 1, 4)}, calendar_problems.CalendarYearOutside),
    ],
)
def test_bad_changes_are_refused(cast: Any, given: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        change(cast.by.fang, **given)
    assert not Entry.objects.filter(verb="calendar.changed").exists()


@pytest.mark.parametrize("who", ["wu", "zheng", "qian", "zhou", "zhao", "wang", "feng", "chen"])
def test_nobody_else_changes_it(cast: Any, who: str) -> None:
    with pytest.raises((problems.NotYourPost, problems.NotHere)):
        change(getattr(cast.by, who))


def test_a_years_table_replaces_what_was_there_and_covers_the_year(cast: Any) -> None:
    CalendarDay.objects.create(day=date(2027, 5, 3), is_workday=False, note="猜的")
    rows = [Row(date(2026, 12, 31), False, "元旦"), Row(date(2027, 1, 1), False, "元旦")]
    actions.enter_year(2027, rows, BASIS, "国务院公布", by=cast.by.fang)
    days = workdays()
    assert 2027 in days.covered and not days.works(date(2026, 12, 31)) and days.works(date(2027, 5, 3))
    assert not days.works(date(2026, 10, 1))  # the year before keeps its own
    assert CalendarYear.objects.get(year=2027).basis == BASIS
    entry = Entry.objects.get(verb="calendar.entered")
    assert (entry.data["year"], entry.data["off"], entry.data["made_up"]) == (2027, 2, 0)


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("fang", "/calendar/2026/", 200),
        ("zhou", "/calendar/2026/", 200),
        ("chen", "/calendar/2027/", 200),
        ("wang", "/calendar/2026/", 200),
        ("zheng", "/calendar/1999/", 422),
        ("fang", "/calendar/2026/day/", 200),
        ("wu", "/calendar/2026/day/", 403),
        ("fang", "/calendar/2027/table/", 200),
        ("zheng", "/calendar/2027/table/", 403),
    ],
)
def test_who_sees_the_pages(cast: Any, client: Client, who: str, path: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(path).status_code == status


def test_the_year_is_drawn_with_signs_and_says_when_it_is_provisional(cast: Any, client: Client) -> None:
    client.force_login(cast.fang)
    page = client.get("/calendar/2026/").content.decode()
    assert page.count('class="month"') == 12 and page.count("<span>休</span>") > 15
    assert page.count("<span>班</span>") == 6 and "录入全年节假日表" in page
    assert "还没有录入" in client.get("/calendar/2027/").content.decode()
    assert client.get("/calendar/").headers["Location"].startswith("/calendar/20")


def test_a_table_is_pasted_at_the_desk(cast: Any, client: Client) -> None:
    client.force_login(cast.fang)
    text = "2027-01-01 至 2027-01-03，休，元旦\n2027-02-14，班，春节调休"
    given = {"text": text, "basis": BASIS, "reason": "国务院公布"}
    done = client.post("/calendar/2027/table/", given, follow=True)
    assert "已记入日历" in done.content.decode()
    assert workdays().works(date(2027, 2, 14)) and 2027 in workdays().covered


def test_a_bad_table_comes_back_with_its_line_and_what_was_typed(cast: Any, client: Client) -> None:
    client.force_login(cast.fang)
    given = {"text": "2027-01-01，休\n2027-02-30，休", "basis": BASIS, "reason": "国务院公布"}
    answer = client.post("/calendar/2027/table/", given)
    page = answer.content.decode()
    assert answer.status_code == 422 and "第 2 行" in page and "2027-02-30，休" in page
    assert not CalendarYear.objects.filter(year=2027).exists()
    empty = client.post("/calendar/2027/table/", {"basis": BASIS, "reason": "国务院公布"})
    assert empty.status_code == 422


@pytest.mark.parametrize("kind", ["xlsx", "csv", "gb"])
def test_a_table_is_uploaded(cast: Any, client: Client, kind: str) -> None:
    client.force_login(cast.fang)
    file = SimpleUploadedFile(f"2027.{'xlsx' if kind == 'xlsx' else 'csv'}", _file(kind))
    given = {"file": file, "basis": BASIS, "reason": "国务院公布"}
    assert client.post("/calendar/2027/table/", given).status_code == 302
    assert CalendarDay.objects.get(day=date(2027, 1, 1)).note == "元旦"
    assert workdays().works(date(2027, 2, 14))


def _file(kind: str) -> bytes:
    lines = [["日期", "类型", "说明"], ["2027-01-01", "休", "元旦"], ["2027-02-14", "班", "调休"]]
    if kind != "xlsx":
        return "\n".join(",".join(line) for line in lines).encode("gb18030" if kind == "gb" else "utf-8-sig")
    book, out = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append([date.fromisoformat(line[0]) if line[0][0] == "2" else line[0], *line[1:]])
    book.save(out)
    return out.getvalue()


def test_something_that_is_no_table_is_refused(cast: Any, client: Client) -> None:
    client.force_login(cast.fang)
    file = SimpleUploadedFile("notice.pdf", b"%PDF-1.7 not a table")
    answer = client.post("/calendar/2027/table/", {"file": file, "basis": BASIS, "reason": "国务院公布"})
    assert answer.status_code == 422 and not CalendarYear.objects.filter(year=2027).exists()
