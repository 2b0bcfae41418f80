"""The acts of workflows/assessment as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class AssessmentVerb(Verb):
    SCHEME_OPENED = "scheme.opened", _("启用了[{year} ]年度考核方案[“{title}”]")
    ASSESSMENT_COMPUTED = "assessment.computed", _("计算了[{year} ]年度考核[，截至 {cutoff}][，指纹 {hash}]")
    ASSESSMENT_SHOWN = (
        "assessment.shown",
        _("向各区公示了[{year} ]年度考核结果[，第 {showing} 次][，{until} 前可提异议][，指纹 {hash}]"),
    )
    ASSESSMENT_AGREED = "assessment.agreed", _("{area}对[{year} ]年度考核结果无异议[（第 {showing} 次公示）]")
    ASSESSMENT_OBJECTED = (
        "assessment.objected",
        _("{area}对[{year} ]年度考核结果提出异议[，指标：{indicator}][，理由：{reason}]"),
    )
    ASSESSMENT_ANSWERED = (
        "assessment.answered",
        _("答复{area}对[{year} ]年度考核结果的异议[：{outcome}][，{answer}]"),
    )
    ASSESSMENT_TAKEN_BACK = (
        "assessment.taken_back",
        _("收回了[{year} ]年度考核第 {showing} 次公示[，理由：{reason}]"),
    )
    ASSESSMENT_PROPOSED = "assessment.proposed", _("提请封定[{year} ]年度考核[，指纹 {hash}]")
    ASSESSMENT_FREEZE_REFUSED = (
        "assessment.freeze_refused",
        _("退回了封定[{year} ]年度考核的提请[，理由：{reason}]"),
    )
    ASSESSMENT_FROZEN = (
        "assessment.frozen",
        _("封定了[{year} ]年度考核[，由{proposed_by}提请][，指纹 {hash}]"),
    )
