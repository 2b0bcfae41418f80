"""The refusals of grid/operations; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class TooManyAtOnce(Problem):
    code = "too-many-at-once"
    status = 422
    title = _("一次办得太多")
    template = _("这一次有 {n} 户，一次最多 {most} 户。什么都没有改变。")
    advice = _("请分几次办理。")
