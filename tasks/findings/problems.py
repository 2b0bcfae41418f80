"""The refusals of tasks/findings; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class NoTaskToReturn(Problem):
    code = "no-task-to-return"
    status = 409
    title = _("没有可退回的任务")
    template = _("这次走访没有对应的核查任务，不能退回手机。")
    advice = _("请另行派发核查任务。")


class UnknownQuestion(Problem):
    code = "unknown-question"
    status = 422
    title = _("表单中没有这个问题")
    template = _("表单中没有“{name}”。")


class NothingToReject(Problem):
    code = "nothing-to-reject"
    status = 409
    title = _("没有可否定的措施")
    template = _("这次走访没有提出措施；对结果有疑问时请退回补充。")
