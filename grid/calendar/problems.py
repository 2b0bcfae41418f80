"""The refusals of grid/calendar; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class CalendarYearOutside(Problem):
    code = "calendar-year-outside"
    status = 422
    title = _("年份不在日历范围内")
    template = _("工作日历只管 {first} 年至 {last} 年，不包括 {year} 年。")


class CalendarLineWrong(Problem):
    code = "calendar-line-wrong"
    status = 422
    title = _("节假日表有一行读不懂")
    template = _("第 {line} 行“{text}”：{why}。整份表都没有录入。")
    advice = _("每行写：日期（或 起 至 止），休或班，说明。例如：2026-02-15 至 2026-02-23，休，春节。")


class CalendarTableEmpty(Problem):
    code = "calendar-table-empty"
    status = 422
    title = _("节假日表没有内容")
    template = _("{year} 年的表里没有一天与平常的星期不同。")
