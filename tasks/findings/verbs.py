"""The acts of tasks/findings as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class FindingVerb(Verb):
    FINDING_MADE = "finding.made", _("走访发现问题[：{measures}][，依据：{basis}]")
    FINDING_CONFIRMED = "finding.confirmed", _("复核确认了发现[：{measures}]")
    FINDING_RETURNED = "finding.returned", _("复核退回了发现[，需要补充：{question}]")
    FINDING_REJECTED = "finding.rejected", _("复核否定了发现[，理由：{reason}]")
    FINDING_ANSWERED = "finding.answered", _("补充了被退回的发现[：{answer}]")
