"""The acts of grid/placing as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class PlacingVerb(Verb):
    SUBJECT_ADDED = "subject.added", _("登记了对象[“{name}”][，来源：{source}]")
    ALIAS_TAUGHT = "alias.taught", _("记下地名“{alias}”属于 {area}")
    PLACE_NAMES_IMPORTED = (
        "placenames.imported",
        _("从文件“{file}”更新了地名库：新增 {new} 条，更改 {changed} 条，未采用 {refused} 行"),
    )
    PLACES_PROPOSED = "places.proposed", _("提出了 {count} 条归格建议，待人确认")
    PROPOSAL_REFUSED = "proposal.refused", _("否定了归格建议[：“{name}”不在 {area}][，理由：{reason}]")
    PLACING_UNDONE = (
        "placing.undone",
        _("撤销了{what}[，{n} 户退回待归格][，{kept} 户没有撤销][，理由：{reason}]"),
    )
    SUBJECT_UNPLACED = "subject.unplaced", _("把对象[“{name}”]退回待归格[，原归入 {from}][，理由：{why}]")
