"""The refusals of workflows/legal; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class NotQualified(Problem):
    code = "not-qualified"
    status = 403
    title = _("须有法律职业资格")
    template = _("{name}没有登记有效的法律职业资格证书，不能答复法律问题（《行政处罚法》第58条第2款）。")
    advice = _("请组织人事在“人员 → 执法证件”登记。")


class AnswerSettled(Problem):
    code = "law-answer-settled"
    status = 409
    title = _("这一答复不能再确认")
    template = _("问题 {number} 的这一答复已经确认，或者已有新的答复。")
