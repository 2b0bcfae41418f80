"""What audits, and the arrears they sent to the tax office, put into somebody's inbox."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right
from grid.waiting import Seldom, Waiting
from workflows.audits import queries
from workflows.audits.models import Audit


def _audits(viewer: Actor, limit: int) -> list[Waiting]:
    """Audits of which the viewer is an auditor, opinions to approve, and results told late: a line for each."""
    if not (viewer.has(Right.AUDIT) or viewer.has(Right.APPROVE_DISTRICT)):
        return []
    rows: Iterable[Any] = queries.audits_waiting(viewer)[:limit]
    return [
        Waiting(
            "audit", _("社会保险稽核"), f"{row.code} {row.case.subject.name}", _audit_words(row, viewer), row.area,
            reverse("case-audit", args=[row.case.code]), day_of(row.opened_at), row.expired_on or row.due_letter,
            row.state,
        )
        for row in rows
    ]  # fmt: skip


def _audit_words(row: Audit, viewer: Actor) -> str:
    if row.is_open:
        return str(row.get_state_display())
    if viewer.person_id in row.auditors:
        return _("未发现问题，结果告知书待送达")
    return _("结果告知书逾期未送达，请督办")


def _transfers(viewer: Actor, limit: int) -> list[Waiting]:
    """Arrears the viewer's tax office has not settled, and those it left unanswered in the viewer's district."""
    if not (viewer.has(Right.ANSWER_REFERRAL) or viewer.has(Right.APPROVE_DISTRICT)):
        return []
    rows: Iterable[Any] = queries.transfers_waiting(viewer)[:limit]
    return [
        Waiting(
            "transfer", str(row.get_state_display()), f"{row.notice.number} {row.case.subject.name}",
            _("尚欠 {amount} 元").format(amount=f"{row.left:,.2f}"), row.area, reverse("transfer", args=[row.pk]),
            day_of(row.sent_at), row.due_on,
        )
        for row in rows
    ]  # fmt: skip


AUDITS = Seldom(queries.audits_waiting, _audits)
TRANSFERS = Seldom(queries.transfers_waiting, _transfers)
