"""The acts of grid/subjects as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class SubjectVerb(Verb):
    SUBJECT_PLACED = "subject.placed", _("把对象[“{name}”]归入 {area}[，依据：{why}]")
    SUBJECTS_MERGED = "subjects.merged", _("把重复的对象“{dropped}”并入“{kept}”[，理由：{reason}]")
