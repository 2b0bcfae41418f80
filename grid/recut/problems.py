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


class RehearsalStale(Problem):
    code = "rehearsal-stale"
    status = 409
    title = _("试算已过时")
    template = _("试算之后情况有了变化，什么都没有改动。")
    advice = _("请看过新的试算结果，再作决定。")


class RehearsalMissing(Problem):
    code = "rehearsal-missing"
    status = 409
    title = _("还没有试算")
    template = _("“{change}”还没有试算结果。")
    advice = _("请先试算，看清会影响什么，再作决定。")


class DocumentMissing(Problem):
    code = "document-missing"
    status = 422
    title = _("没有批准文号")
    template = _("街道、社区的调整须写明批准文号。")
