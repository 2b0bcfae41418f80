"""The refusals of workflows/remedies; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class RemedyOpen(Problem):
    code = "remedy-already-noted"
    status = 409
    title = _("已登记复议或诉讼")
    template = _("{target}的{kind}已经登记，尚未结束。")


class RemedyIncomplete(Problem):
    code = "remedy-incomplete"
    status = 422
    title = _("复议诉讼信息不完整")
    template = _("请写明受理机关、文号和日期；日期不能晚于今天，结果不能早于受理。")


class JudgmentNotBinding(Problem):
    code = "judgment-not-binding"
    status = 422
    title = _("判决、裁定尚未生效")
    template = _(
        "一审判决送达后15日（裁定10日）内可以上诉，期满无人上诉的才生效；二审判决、裁定自送达起生效（行政诉讼法第85条）。"
    )
    advice = _("请填写生效日期：不早于作出日期，不晚于今天；还在上诉期内或者已经上诉的，先不登记结果。")
