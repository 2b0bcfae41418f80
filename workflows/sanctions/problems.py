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


class SanctionUntold(Problem):
    """国办发〔2020〕49号第四部分第（八）项: told before it is decided what is meant, and what may be said against it."""

    code = "sanction-untold"
    status = 409
    title = _("列入告知书没有写明这项措施")
    template = _("“{sanction}”没有写入列入告知书，没有告知当事人的措施不能实施。")
    advice = _("只能从列入告知书写明的措施中选定；要增加的，须另行告知并听取陈述申辩。")


class SanctionAnswered(Problem):
    code = "sanction-answered"
    status = 409
    title = _("已经反馈")
    template = _("{department}已反馈“{sanction}”，不能重复反馈。")
