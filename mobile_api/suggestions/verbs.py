"""The acts of mobile_api/suggestions as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class SuggestionVerb(Verb):
    SUGGESTION_MADE = "suggestion.made", _("提出了意见建议[第 {suggestion} 条]")
    SUGGESTION_ANSWERED = "suggestion.answered", _("答复了意见建议[第 {suggestion} 条]")
