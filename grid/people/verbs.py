"""The acts of grid/people as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class PeopleVerb(Verb):
    PEOPLE_IMPORTED = (
        "people.imported",
        _("录入了人员名单[“{file}”][：新增 {people} 人][、岗位 {posts} 个][，退回 {refused} 行]"),
    )
