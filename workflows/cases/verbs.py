"""The acts of workflows/cases as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class CaseVerb(Verb):
    CASE_OPENED = "case.opened", _("立案[，案号 {case}][，事由：{matter}]")
    CASE_APPROVED = "case.approved", _("审批同意[，环节：{step}][，意见：{reason}]")
    CASE_RETURNED = "case.returned", _("退回更正[，环节：{step}][，理由：{reason}]")
    CASE_CORRECTED = (
        "case.corrected",
        _("更正后重新提交[：{fields}][，施工总承包单位 {contractor}][（{code}）][，依据：{source}]"),
    )
    CASE_JOINED = "case.joined", _("又一次走访的发现并入本案[，事由：{matter}][，走访编号 {visit}]")
    CASE_WITHDRAWN = "case.withdrawn", _("撤销案件[，理由：{reason}]")
    CASE_URGED = "case.urged", _("开始督促参保[，方式：{way}]")
    CASE_HEALED = "case.healed", _("已整改，经社保名册核实后结案[，核实日期 {on}]")
    CASE_CLOSED = "case.closed", _("结案[，理由：{reason}]")
    CASE_ESCALATED = "case.escalated", _("逾期未改，案件升级[至{step}]")
