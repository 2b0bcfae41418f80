"""The acts of grid/placing/batches as the ledger keeps and tells them."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class BatchVerb(Verb):
    PLACING_UNDONE = (
        "placing.undone",
        _("撤销了{what}[，{n} 户退回待归格][，{kept} 户没有撤销][，理由：{reason}]"),
    )
    SUBJECT_UNPLACED = "subject.unplaced", _("把对象[“{name}”]退回待归格[，原归入 {from}][，理由：{why}]")
