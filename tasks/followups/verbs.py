"""The acts of tasks/followups as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class FollowVerb(Verb):
    OUTCOME_FOLLOWED = (
        "outcome.followed",
        _("走访结果“{title}”[，计为“{state}”][，接下来：{follows}][，依据：{basis}]"),
    )
    FOLLOW_ENDED = "outcome.follow_ended", _("走访后续“{kind}”{how}[，理由：{reason}]")
