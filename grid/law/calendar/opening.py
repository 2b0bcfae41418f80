"""Whether the years that terms run over are in the calendar. Reads only; see grid/opening.py."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.calendar.queries import covered_years
from grid.opening import Group, Line
from grid.scope import Actor, Right

NOVEMBER = 11  # the State Council's notice for a year comes in the autumn before


def calendar_lines(viewer: Actor, city: str) -> list[Line]:
    """This year must be there; the next one once its notice is out. One query."""
    if not viewer.can(Right.SEE_CASES, city):
        return []
    covered, day = covered_years(), today()
    return [_year(day.year, covered, is_due=True), _year(day.year + 1, covered, is_due=day.month >= NOVEMBER)]


def _year(year: int, covered: list[int], *, is_due: bool) -> Line:
    title, href = _("{year} 年日历").format(year=year), reverse("calendar-year", args=[year])
    if year in covered:
        return Line(Group.LAW, title, 0, _("放假通知已录入"), href)
    if not is_due:
        return Line(Group.LAW, title, None, _("放假通知还没到公布的时候"))
    words = _("放假通知没有录入，期限都是暂定")
    return Line(Group.LAW, title, 1, words, href, is_blocking=year == today().year)
