"""The refusals of workflows/cases; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class CaseInTheWay(Problem):
    code = "open-case-in-the-way"
    status = 409
    title = _("案件尚未办结")
    template = _("“{name}”有尚未办结的案件，不能并入其他对象。")
    advice = _("请先办结或撤销案件，再合并。")


class OutcomeChanged(Problem):
    code = "outcome-changed"
    status = 409
    title = _("接下来的事已经变了")
    template = _("这一户的案件刚刚变化，确认后不再是页面所说的结果。什么都没有改变。")
    advice = _("请回到页面，看新的“接下来”，再决定。")


class FindingEmpty(Problem):
    code = "finding-without-measures"
    status = 409
    title = _("没有需要处理的事项")
    template = _("这次走访没有发现需要处理的事项，不能立案。")


class FindingOfAnother(Problem):
    code = "finding-of-another-subject"
    status = 409
    title = _("发现与案件不符")
    template = _("这份发现不是案件 {case} 的对象的，不能用来补正。")


class NotASite(Problem):
    code = "not-a-site"
    status = 409
    title = _("不是工程项目")
    template = _("{case} 的对象不是工程项目，没有施工总承包单位可填。")
