"""The refusals of workflows/engine; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class StepHandedOver(Problem):
    code = "step-handed-over"
    status = 409
    title = _("这一步已交他人办理")
    template = _("“{step}”已交由{who}办理。")
    advice = _("请等待办理；确需自己办理的，请先收回。")


class StepNotPrepared(Problem):
    code = "step-not-prepared"
    status = 409
    title = _("受托人还没有办好")
    template = _("“{step}”已委派{who}准备，还没有交回。")
    advice = _("请等待交回，或者收回委派后自己办理。")


class OpinionsOutstanding(Problem):
    code = "opinions-outstanding"
    status = 409
    title = _("还在等待意见")
    template = _("“{step}”还在等待{who}的意见。")
    advice = _("请等待答复；不再需要的，请先收回征求意见。")


class CountersignRefused(Problem):
    code = "countersign-refused"
    status = 409
    title = _("会签没有一致同意")
    template = _("{who}不同意：{words}")
    advice = _("请退回，或者终止办理；会签人的意见已存卷，不能收回。")


class MoveNotAllowed(Problem):
    code = "move-not-allowed"
    status = 409
    title = _("这一步不能这样办理")
    template = _("“{step}”不能{move}：{why}")
    advice = _("请由法定岗位的人员本人办理。")


class AskedAlready(Problem):
    code = "asked-already"
    status = 409
    title = _("已经请过")
    template = _("这一步已经请{who}办理或者发表意见。")
    advice = _("请等待答复，或者先收回。")


class NotForOneself(Problem):
    code = "not-for-oneself"
    status = 422
    title = _("不能交给本人")
    template = _("不能转办、委派给自己，也不能请自己发表意见。")
    advice = _("请选择另一位同事。")


class UnfitColleague(Problem):
    code = "colleague-unfit"
    status = 422
    title = _("该同事不能办理")
    template = _("{who}在本辖区没有“{right}”的岗位。")
    advice = _("请选择有相应岗位的同事。")


class NotAsked(Problem):
    code = "not-asked"
    status = 403
    title = _("没有请您办理")
    template = _("这一步请的是{who}。")
    advice = _("请由被请的人本人答复。")


class ActedUpon(Problem):
    code = "acted-upon"
    status = 409
    title = _("已经不能撤回")
    template = _("{why}")
    advice = _("需要更正的，请按退回、撤销的程序办理。")
