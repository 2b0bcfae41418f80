"""The letter that reminds. It is sent outside any case, so no page previews it."""

from grid.scope import Right
from workflows.notices.actions import keep_service
from workflows.notices.letters import Letter, Signer
from workflows.notices.models import NoticeKind
from workflows.reminders.documents import Reminder

LETTERS = (
    Letter(
        kind=NoticeKind.REMINDER, word="参提", shape=Reminder, right=Right.AUDIT, signer=Signer.AGENCY,
        issued_by=None, follows=keep_service,
    ),
)  # fmt: skip
