"""The refusals of workflows/announcements; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class NotHandledYet(Problem):
    code = "case-not-handled"
    status = 409
    title = _("案件尚未处理")
    template = _("{case} 尚未依法处理（处罚决定未作出），不能向社会公布。")


class AnnouncementThere(Problem):
    code = "announcement-exists"
    status = 409
    title = _("已提请公布")
    template = _("{case} 已提请社会公布。")


class AnnouncementIncomplete(Problem):
    code = "announcement-incomplete"
    status = 422
    title = _("公布内容不完整")
    template = _("社会公布须写明单位全称、法定代表人或负责人、主要违法事实和处理情况。")


class BatchEmpty(Problem):
    code = "batch-empty"
    status = 409
    title = _("没有待公布的条目")
    template = _("{quarter}没有已决定、尚未公布的条目。")
