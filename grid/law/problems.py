"""The refusals of grid/law; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class LawMissing(Problem, KeyError):
    """A gap in the law is filled by the legal office, never guessed; whoever only asks meets a KeyError."""

    code = "law-missing"
    status = 409
    title = _("缺少法规参数")
    template = _("参数“{key}”在 {on} 没有有效的规定，不能据此办理。")
    advice = _("请法制审核员在“法规”页录入自该日起有效的版本。")


class LawValueWrong(Problem):
    code = "law-value-wrong"
    status = 422
    title = _("参数的值不对")
    template = _("“{title}”的值“{value}”不能用：{why}。")
    advice = _("请按参数的种类填写：数字、每行一项的列表，或者是／否。")


class LawUnitWrong(Problem):
    code = "law-unit-wrong"
    status = 422
    title = _("参数的单位不对")
    template = _("“{title}”的单位不能是“{unit}”，可以是：{allowed}。")


class LawInThePast(Problem):
    code = "law-in-the-past"
    status = 422
    title = _("不能改变过去")
    template = _("参数的版本只能自今天（{today}）或以后的日期起止，不能是 {day}。")
    advice = _("已经依据旧值办理的事项不受新版本影响。")


class LawVersionThere(Problem):
    code = "law-version-there"
    status = 409
    title = _("这一天已有版本")
    template = _("“{title}”已有自 {day} 起的版本。")
    advice = _("请先撤回还没有生效的那个版本，或者另选日期。")


class LawNeeded(Problem):
    code = "law-needed"
    status = 409
    title = _("系统办理离不开这个参数")
    template = _("“{title}”不能只终止不接续：没有它，相应环节无法办理。")
    advice = _("请录入新的版本，旧版本会在前一日自动终止。")


class LawEnded(Problem):
    code = "law-ended"
    status = 409
    title = _("版本已经终止")
    template = _("“{title}”的这个版本已于 {on} 终止。")


class LawUnreviewed(Problem):
    code = "law-unreviewed"
    status = 409
    title = _("所引依据尚未经法制审核")
    template = _("{act}所引的依据还有未经法制审核的：{waiting}。审核之前不能制发，也不能公示；可以先看预览。")
    advice = _("请法制部门在法规参数、列入情形和惩戒措施页审核后再办理。")


class LawReviewedAlready(Problem):
    code = "law-reviewed-already"
    status = 409
    title = _("已经审核")
    template = _("“{title}”的这个版本已由法制审核。")


class BasisMissing(Problem):
    code = "basis-missing"
    status = 422
    title = _("请写明依据")
    template = _("“{act}”须写明依据的文件名称、文号或条款。")


class CalendarDaySame(Problem):
    code = "calendar-day-unchanged"
    status = 409
    title = _("没有变化")
    template = _("{day} 本来就是{kind}。")
