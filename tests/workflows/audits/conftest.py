"""An audit at any station of its path, reached the lawful way, each step by whose it is."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from grid.calendar.now import today
from tests.forward import go_to
from tests.remembered import MEMORY
from tests.workflows.conftest import Walk, certify
from workflows.audits import actions
from workflows.audits.actions.auditing import Record
from workflows.audits.models import Audit, AuditState, TaxTransfer
from workflows.cases.models import Case, CaseState
from workflows.inspections.rules.dues import Found
from workflows.notices.models import NoticeKind

TAX = "市税务局"


def short(**facts: Any) -> Found:
    """Eight heads left out of the injury insurance for ten months: 6,000 × 0.2 % × 10 × 8 = 960 yuan owed."""
    given = {
        "label": "工伤保险",
        "month_from": "2026-01",
        "month_to": "2026-10",
        "heads_due": 12,
        "heads_insured": 4,
        "base_due": Decimal(6000),
        "base_declared": Decimal(6000),
    }
    return Found(**(given | facts))


def record(**facts: Any) -> Record:
    return Record(**({"kind": "work", "on": today(), "text": "查阅工资表十个月"} | facts))


class Auditing:
    """`Auditing(walk).to(case, AuditState.OPINION)`; tang and jiang audit, qian approves."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.cast, self.by = walk, walk.cast, walk.by
        MEMORY.take(lambda: certify(self.cast), "certified")

    @property
    def pair(self) -> tuple[int, int]:
        return self.cast.tang.pk, self.cast.jiang.pk

    def opened(self, case: Case) -> Audit:
        self.walk.to(case, CaseState.ESCALATED)
        return MEMORY.take(lambda: actions.open_audit(case, self.pair, by=self.by.tang), "audit", case)

    def to(self, case: Case, state: str) -> Audit:
        audit = self.opened(case)
        for _step in range(10):
            audit.refresh_from_db()
            if audit.state == state:
                return audit
            MEMORY.take(lambda: getattr(self, f"at_{audit.state}")(audit), f"at_{audit.state}", audit)
        raise AssertionError(f"{audit.code} never came to {state}")

    def serve(self, audit: Audit, kind: str, by: Any = None) -> None:
        notice = audit.case.notices.get(kind=kind, withdrawn_at=None, service=None)
        self.walk.serve(notice, by or self.by.tang)
        audit.refresh_from_db()

    def at_noticed(self, audit: Audit) -> None:
        """Served, and some days on: the audit has begun."""
        self.serve(audit, NoticeKind.AUDIT_NOTICE)
        go_to(audit.held_on)

    def at_examining(self, audit: Audit) -> None:
        actions.note_record(audit, record(), by=self.by.tang)
        actions.note_finding(audit, "injury", short(), by=self.by.jiang)
        actions.issue_findings(audit, by=self.by.tang)
        self.serve(audit, NoticeKind.AUDIT_FINDINGS)

    def at_informed(self, audit: Audit) -> None:
        self.approve(self.draft(audit))
        self.serve(audit, NoticeKind.AUDIT_OPINION)

    def draft(self, audit: Audit) -> Audit:
        self.walk.wait(audit.case, "audit.answer")
        audit.refresh_from_db()
        return actions.draft_opinion(audit, "", "", by=self.by.tang)

    def approve(self, audit: Audit) -> Audit:
        actions.approve_opinion(audit, by=self.by.qian)
        audit.refresh_from_db()
        return audit

    def expired(self, case: Case) -> Audit:
        audit = self.to(case, AuditState.OPINION)
        self.walk.wait(case, "audit.correction")
        audit.refresh_from_db()
        return audit

    def transferred(self, case: Case) -> TaxTransfer:
        return actions.transfer_to_tax(self.expired(case), TAX, "改正期满仍欠缴", by=self.by.tang)


@pytest.fixture
def auditing(walk: Walk) -> Auditing:
    return Auditing(walk)


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case()
