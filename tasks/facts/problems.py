"""The refusals of tasks/facts; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class FieldsUndecided(Problem):
    code = "fields-undecided"
    status = 422
    title = _("还有项目没有核定")
    template = _("请为“{fields}”选择采用哪一份走访所报。")
    advice = _("如果列出的走访与您看到的不同，说明刚有新的走访送到，请刷新后再核定。")
