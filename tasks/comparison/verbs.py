"""The acts of tasks/comparison as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class ComparisonVerb(Verb):
    COMPARISON_RUN = (
        "comparison.run",
        _(
            "比对了各部门名册[（{origin_name}）][，发现线索 {found} 条][，已消除 {healed} 条][，已排除 {dropped} 条]"
        ),
    )
    LEAD_FOUND = "lead.found", _("比对发现线索[：{rule}][，{why}]")
    LEAD_TOLD = "lead.told", _("收到线索[：{rule}][，{why}]")
    LEAD_HEALED = "lead.healed", _("线索已消除[：{rule}][，{why}]")
    LEAD_DROPPED = "lead.dropped", _("线索已排除[：{rule}][，理由：{reason}]")
