"""The refusals of workflows/reminders; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class NotAPhone(Problem):
    code = "not-a-phone"
    status = 422
    title = _("号码不对")
    template = _("“{number}”不是可用的电话号码。")
    advice = _("手机号 11 位；固定电话请写区号，例如 0473-2012345。")


class NoMobile(Problem):
    code = "no-mobile"
    status = 422
    title = _("没有手机号")
    template = _("“{name}”没有登记可以接收短信的手机号。")
    advice = _("请先登记手机号，或者改用纸质提醒书。")


class RemindedRecently(Problem):
    code = "reminded-recently"
    status = 409
    title = _("刚刚提醒过")
    template = _("“{name}”已于 {on} 提醒，{days} 日内不重复提醒。")
