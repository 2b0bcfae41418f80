"""The refusals of workflows/sanctions; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class ListingNotPublic(Problem):
    code = "listing-not-public"
    status = 409
    title = _("该条目没有公示")
    template = _("{code} 不在公示中，不能{act}。")


class SanctionUnbased(Problem):
    code = "sanction-without-basis"
    status = 422
    title = _("惩戒措施没有现行依据")
    template = _("“{sanction}”没有现行有效的依据，或者不在全国失信惩戒措施基础清单内，不能选用。")
    advice = _("由法制审核员核实并写明依据后方可选用。")


class SanctionAnswered(Problem):
    code = "sanction-answered"
    status = 409
    title = _("已经反馈")
    template = _("{department}已反馈“{sanction}”，不能重复反馈。")
