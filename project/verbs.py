"""The acts of project as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class ProjectVerb(Verb):
    JOB_GIVEN_UP = "job.given_up", _("由{ordered_by}交办的“{thing}”未能完成[：{reason}]")
