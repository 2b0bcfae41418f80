"""The refusals of grid/recut; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class RecutIncomplete(Problem):
    code = "recut-incomplete"
    status = 422
    title = _("网格调整不完整")
    template = _("还有 {count} 户没有说明归入哪个新网格。")
    advice = _("请为每一户指定新网格，或画出能包含其点位的边界。")


class RecutWrong(Problem):
    code = "recut-wrong"
    status = 422
    title = _("网格调整不成立")
    template = _("{why}")
