"""The refusals of workflows/disclosures; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class DecisionNotServed(Problem):
    code = "decision-not-served"
    status = 409
    title = _("处罚决定尚未送达")
    template = _("{inspection} 的处罚决定送达生效之后才能公示。")


class DecisionFallen(Problem):
    code = "decision-fallen"
    status = 409
    title = _("处罚决定不再有效")
    template = _("{inspection} 的处罚决定已被撤销或者停止执行，不能公示。")


class DisclosureThere(Problem):
    code = "disclosure-exists"
    status = 409
    title = _("已经公示")
    template = _("{number} 已经公示；变更的先撤回，再重新公示。")


class DisclosureNotStanding(Problem):
    code = "disclosure-not-standing"
    status = 409
    title = _("没有公示中的处罚决定")
    template = _("{inspection} 没有可以办理“{act}”的公示信息。")


class DisclosureUnrepaired(Problem):
    code = "disclosure-unrepaired"
    status = 409
    title = _("不符合修复条件")
    template = _("最短公示期届满（最早 {first}）、处罚已经履行完毕的，才能修复。")
