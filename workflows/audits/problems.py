"""The refusals of workflows/audits; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class AuditorsMissing(Problem):
    code = "auditors-missing"
    status = 422
    title = _("稽核人员不足")
    template = _("稽核须由两名以上稽核人员共同进行，请指定两位不同的、持有有效证件的在岗人员。")
    advice = _("请选择在本区任职、有稽核权限、证件在有效期内的两位同事。")


class AuditNotBegun(Problem):
    code = "audit-not-begun"
    status = 409
    title = _("稽核尚未开始")
    template = _("稽核自 {on} 开始：通知书送达后须满规定的天数，此前不能登记记录和发现。")


class NotAnAuditor(Problem):
    code = "not-an-auditor"
    status = 403
    title = _("不是本案的稽核人员")
    template = _("本次稽核由{names}进行，其他人不能代为办理。")
    advice = _("请由指定的稽核人员办理，或者请区主管更换稽核人员。")


class AuditFindingsMissing(Problem):
    code = "audit-findings-missing"
    status = 422
    title = _("还没有稽核发现")
    template = _("没有登记稽核记录和发现的问题，不能告知情况。")
    advice = _("请先登记工作记录和各险种的发现；没有问题的，由区主管以“未发现问题”结束稽核。")


class AuditFindingsPresent(Problem):
    code = "audit-findings-present"
    status = 409
    title = _("已登记了问题")
    template = _("已登记了稽核发现的问题，不能以“未发现问题”结束。")


class AnswerTermRunning(Problem):
    code = "answer-term-running"
    status = 409
    title = _("答复期未满")
    template = _("单位可以在 {until} 前答复稽核情况，期满或者收到答复后才能提出意见。")
    advice = _("收到答复的，请先登记答复。")


class CorrectionTermRunning(Problem):
    code = "correction-term-running"
    status = 409
    title = _("改正期未满")
    template = _("责令改正的期限到 {until}，期满未改才能{act}。")


class ArrearsMissing(Problem):
    code = "arrears-missing"
    status = 422
    title = _("没有欠费")
    template = _("稽核发现里没有欠缴金额，不能移送税务。")
    advice = _("请先登记各险种欠缴的起止月份和金额。")


class NoTaxLiaison(Problem):
    code = "no-tax-liaison"
    status = 422
    title = _("没有税务联络员")
    template = _("{area} 没有“{department}”的在岗联络员，无法移送。")
    advice = _("请联系市扩面办安排税务部门的联络员岗位。")


class AgreementTooLong(Problem):
    code = "agreement-too-long"
    status = 422
    title = _("缓缴协议过长")
    template = _("分期缴纳协议应在今天之后、{until} 之前到期。")


class WrongAmount(Problem):
    code = "wrong-amount"
    status = 422
    title = _("金额不对")
    template = _("金额应大于 0，且不超过尚未征收的 {left} 元。")


class WrongDay(Problem):
    code = "wrong-day"
    status = 422
    title = _("日期不对")
    template = _("日期应在 {first} 至 {last} 之间。")


class RosterUnfit(Problem):
    code = "roster-unfit"
    status = 422
    title = _("名册人数与稽核发现不符")
    template = _("未参保职工名册有 {names} 人，稽核发现少参保 {heads} 人。")
    advice = _("请核对名册或者稽核发现后再制发。")


class TransferAnswered(Problem):
    code = "transfer-answered"
    status = 409
    title = _("已经办结")
    template = _("这项移送已于 {on} 答复办结。")
