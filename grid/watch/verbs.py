"""The acts of grid/watch as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class WatchVerb(Verb):
    ALARM_RAISED = "alarm.raised", _("台账自检发出警报[第 {alarm} 号][：{what}]")
    ALARM_ANSWERED = "alarm.answered", _("{office}处置了台账警报[第 {alarm} 号][，查明：{reason}]")
