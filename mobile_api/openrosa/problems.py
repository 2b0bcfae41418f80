"""The refusals of mobile_api/openrosa; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class UnreadableSubmission(Problem):
    code = "unreadable-submission"
    status = 400
    title = _("提交无法读取")
    template = _("{why}")
    advice = _("记录仍在手机里，请更新表单后重新发送，或联系主管。")
