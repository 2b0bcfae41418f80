"""The acts of workflows/disclosures as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class DisclosureVerb(Verb):
    PENALTY_PUBLISHED = "disclosure.published", _("公示了行政处罚决定[ {number}][，公示至 {until}]")
    PENALTY_FELL = "disclosure.fell", _("行政处罚决定信息停止展示，待撤回[：{reason}]")
    PENALTY_HIDDEN = (
        "disclosure.hidden",
        _("停止执行期间不展示行政处罚决定[ {number}][，停止执行文书 {order}]"),
    )
    PENALTY_WITHDRAWN = "disclosure.withdrawn", _("撤回了公示的行政处罚决定[ {number}][，理由：{reason}]")
    PENALTY_REPAIRED = "disclosure.repaired", _("准予信用修复，停止公示行政处罚决定[ {number}]")
    DISCLOSURE_LATE = "disclosure.late", _("{term_name}届满未办，报上级督办[，届满日 {due_on}]")
