"""The acts of grid/placing as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class PlacingVerb(Verb):
    SUBJECT_ADDED = "subject.added", _("登记了对象[“{name}”][，来源：{source}]")
    ALIAS_TAUGHT = "alias.taught", _("记下地名“{alias}”属于 {area}")
