"""Inspections in the demo city: each step by whose it is, two officers of the district in every one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from grid.calendar.now import today
from grid.scope import Actor, Role
from project.demo.people import Staff
from workflows.cases.models import Case
from workflows.inspections import actions
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.weighing import Found
from workflows.notices.models import Notice, NoticeKind

MONTHLY = Decimal("1290.50")  # what one head of the demo city owes in a month, all three insurances
MONTHS = 6


@dataclass
class Inspections:
    """`serve` hands a document over in the name of an actor."""

    staff: Staff
    serve: Callable[[Notice, Actor], None]

    def stands(self, case: Case) -> str:
        return case.inspections.latest("pk").state

    def file(self, case: Case) -> Inspection:
        first, second = self._officers(case)
        assert first.person_id and second.person_id
        why = "督促期满仍未改正，建议立案"
        return actions.file_inspection(case, (first.person_id, second.person_id), why, by=first)

    def go_on(self, case: Case) -> None:
        """The next step of the newest inspection; nothing while a term runs."""
        one = case.inspections.latest("pk")
        step = getattr(self, f"at_{one.state}", None)
        if step is not None:
            step(case, one)

    def refuse(self, case: Case) -> None:
        one = case.inspections.latest("pk")
        actions.refuse_filing(one, "请先由经办机构稽核，查明漏保人数", by=self._head(case))

    def spare(self, case: Case) -> None:
        one = case.inspections.latest("pk")
        why = "初次违法，已主动补办登记，危害后果轻微，依照行政处罚法第三十三条不予处罚"
        actions.spare(one, why, by=self._head(case))

    def pay(self, case: Case) -> None:
        """The fine of a served decision, whole; the violation itself is still not corrected."""
        one = case.inspections.latest("pk")
        if one.is_open and one.fine is not None:
            actions.record_payment(one, one.fine, today(), f"示例缴-{one.pk:05d}", by=self._officers(case)[0])

    def at_filing(self, case: Case, one: Inspection) -> None:
        actions.approve_filing(one, remark="同意立案", by=self._head(case))

    def at_investigating(self, case: Case, one: Inspection) -> None:
        by = self._officers(case)[0]
        self.serve(actions.issue_order(one, by=by), by)

    def at_order_expired(self, case: Case, one: Inspection) -> None:
        by = self._officers(case)[0]
        heads = int(case.finding.seen.answers.get("employees") or 1)
        found = Found(
            facts=f"{case.subject.name}经责令逾期仍未为 {heads} 名职工办理社会保险登记",
            violation=Violation.UNREGISTERED,
            arrears=min(MONTHLY * MONTHS * heads, Decimal(30000)),
            since=today() - timedelta(days=30 * MONTHS),
            heads=heads,
        )
        self.serve(actions.issue_penalty_notice(one, found, by=by), by)

    def at_noticed(self, case: Case, one: Inspection) -> None:
        """Its term runs; the clock sends the file to review."""

    def at_legal_review(self, case: Case, one: Inspection) -> None:
        actions.review_inspection(one, "事实清楚，证据充分，适用裁量适当，程序合法", by=self.staff.lin)

    def at_deciding(self, case: Case, one: Inspection) -> None:
        actions.decide(one, remark="同意", by=self._head(case))

    def at_decided(self, case: Case, one: Inspection) -> None:
        notice = case.notices.get(kind=NoticeKind.PENALTY_DECISION, withdrawn_at=None, service=None)
        self.serve(notice, self._officers(case)[0])

    def _officers(self, case: Case) -> tuple[Actor, Actor]:
        return self.staff.pair(Role.INSPECTOR, case.area)

    def _head(self, case: Case) -> Actor:
        return self.staff.at(Role.DISTRICT, case.area)
