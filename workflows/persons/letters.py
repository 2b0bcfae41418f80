"""The letters to a responsible person. Their acts stand on the person's own page, which has no preview."""

from django.utils.translation import gettext_lazy as _

from grid.scope import Right
from workflows.inspections.models import Inspection
from workflows.notices.letters import Addressee, Letter
from workflows.notices.models import NoticeKind
from workflows.persons import documents
from workflows.persons.actions import serve_person_decision, serve_person_notice

LETTERS = (
    Letter(
        kind=NoticeKind.PERSON_NOTICE, word="人罚告", shape=documents.PersonNotice, right=Right.INSPECT,
        issued_by=None, follows=serve_person_notice, to=Addressee.PERSON, falls_with=Inspection,
        by_two=True,
    ),
    Letter(
        kind=NoticeKind.PERSON_DECISION, word="人罚决", shape=documents.PersonDecision,
        right=Right.DECIDE_DISTRICT, issued_by=None, follows=serve_person_decision, to=Addressee.PERSON,
        by_two=True, decided=_("处罚决定"),
    ),
)  # fmt: skip
