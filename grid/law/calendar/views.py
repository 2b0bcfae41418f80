"""The working-day calendar at the desk: a year as it stands, one day changed, a whole table entered."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.calendar import problems as calendar_problems
from grid.calendar import queries
from grid.calendar.now import today
from grid.calendar.reading import HEADS, cells_of, rows_of
from grid.keeping import on_disk
from grid.law.calendar import actions
from grid.law.calendar.forms import DayForm, TableForm
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.tables.reading import read_table, unread
from grid.tables.rules import Line
from grid.workbooks import SMALL

FORM = "grid/law/calendar/form.html"
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def this_year(request: DeskRequest) -> HttpResponse:
    queries.year_at(request.actor, today().year)
    return redirect("calendar-year", today().year)


@login_required
@require_safe
def year(request: DeskRequest, year: int) -> HttpResponse:
    viewer = request.actor
    shown = queries.year_at(viewer, year)
    covered = queries.covered_years()
    facts = {
        "shown": shown,
        "years": sorted({*covered, today().year, today().year + 1, year}),
        "covered": covered,
        "today": today(),
        "may_edit": viewer.has(Right.EDIT_LAW),
    }
    return render(request, "grid/law/calendar/year.html", facts)


@login_required
@read_or_write
def change_day(request: DeskRequest, year: int) -> HttpResponse:
    viewer = _editor(request, year)
    form = DayForm(request.POST or None, initial={"day": request.GET.get("day", "")})

    def change() -> HttpResponse:
        return _moved(request, year, actions.change_day(**form.cleaned_data, by=viewer))

    return answer_form(request, form, FORM, {"year": year, "title": _("改一天")}, change)


@login_required
@read_or_write
def enter_table(request: DeskRequest, year: int) -> HttpResponse:
    viewer = _editor(request, year)
    form = TableForm(request.POST or None, request.FILES or None)

    def enter() -> HttpResponse:
        given = form.cleaned_data
        rows = rows_of(_lines(given["text"], given["file"]), year)
        moved = actions.enter_year(year, rows, given["basis"], given["reason"], by=viewer)
        return _moved(request, year, moved)

    return answer_form(request, form, FORM, {"year": year, "title": _("录入全年节假日表")}, enter)


def _editor(request: DeskRequest, year: int) -> Actor:
    viewer = request.actor
    queries.year_at(viewer, year)
    if not viewer.has(Right.EDIT_LAW):
        raise problems.NotYourPost(right=Right.EDIT_LAW.value)
    return viewer


def _lines(text: str, file: "UploadedFile[bytes] | None") -> Iterable[tuple[int, Sequence[str]]]:
    if not file:
        return cells_of(text)
    name = file.name or ""
    with on_disk(file.chunks()) as path:
        header, lines = read_table(path, name, lambda cells: cells[0].strip() in HEADS, bounds=SMALL)
        # Without a header the first line is one of the table's own.
        return [(1, header), *((line.number, _cells(line)) for line in lines)]


def _cells(line: Line) -> Sequence[str]:
    if wrong := unread(line):
        raise calendar_problems.CalendarLineWrong(
            line=line.number, text=line.raw[:60], why=wrong.detail.rstrip("。")
        )
    return line.cells


def _moved(request: HttpRequest, year: int, moved: int) -> HttpResponse:
    words = ngettext("已记入日历，{n} 个期限随之变动。", "已记入日历，{n} 个期限随之变动。", moved)
    return done(request, words.format(n=moved), "calendar-year", year)
