"""Audits in the demo city: two auditors of the district, its head's word on their opinion, the tax office's answers."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from grid.calendar.now import today
from grid.calendar.queries import workdays
from grid.calendar.rules import add_months, next_workday
from grid.law.queries import the_law
from grid.scope import Actor, Role
from project.demo.employers import Employer
from project.demo.inspections import Serve
from project.demo.people import Staff
from workflows.audits import actions
from workflows.audits.actions.auditing import Plan, Record
from workflows.audits.actions.transferring import Answer
from workflows.audits.models import Audit, AuditState, RecordKind, TaxTransfer
from workflows.cases.models import Case
from workflows.inspections.models.insurances import Insurance
from workflows.inspections.rules.dues import Found
from workflows.inspections.rules.money import number
from workflows.notices.models import Notice, NoticeKind

TAX = "市税务局"
# Where the law's own rate is not theirs: 工伤保险 of a trade of the second class.
RATES = {Insurance.PENSION: None, Insurance.UNEMPLOYMENT: None, Insurance.INJURY: Decimal("0.004")}
MONTHS = 6
AHEAD = timedelta(days=7)  # of an audit: three days from the service of its notice, with time to serve it


@dataclass
class Audits:
    """`truth`: what is so behind the doors, by credit code."""

    staff: Staff
    serve: Serve
    truth: dict[str, Employer]

    def stands(self, case: Case) -> str:
        """Its state, and what within it was done already."""
        audit = self._newest(case)
        if audit.state == AuditState.EXAMINING and audit.records.exists():
            return "examined"
        if audit.state == AuditState.INFORMED and audit.drafted_at:
            return "approved" if audit.approved_at else "drafted"
        return "overdue" if audit.state == AuditState.OPINION and audit.expired_on else str(audit.state)

    def open(self, case: Case) -> None:
        first, second = self._auditors(case)
        assert first.person_id and second.person_id
        begins_on = next_workday(today() + AHEAD, workdays())
        actions.open_audit(case, (first.person_id, second.person_id), Plan(held_on=begins_on), by=first)

    def at_noticed(self, case: Case) -> None:
        self._serve(case, NoticeKind.AUDIT_NOTICE)

    def at_examining(self, case: Case) -> None:
        audit, by = self._newest(case), self._auditors(case)[0]
        heads, insured, wage = self._seen(case)
        asked = f"问：现有职工多少人？答：{heads} 人。问：为多少人缴纳社会保险费？答：{insured} 人。（示例）"
        actions.note_record(audit, Record(RecordKind.INTERVIEW, today(), asked, "示例经办人"), by=by)
        taken = "调取近六个月工资发放表、职工花名册、社会保险缴费明细（示例）"
        refused = Record(RecordKind.MATERIAL, today(), taken, is_signed=False, refused_why="经办人称无权签字")
        actions.note_record(audit, refused, by=by)
        for insurance, rate in RATES.items():
            self._note(audit, insurance, Found("", *_months(), heads, insured, wage, _lawful(wage), rate), by)

    def at_examined(self, case: Case) -> None:
        by = self._auditors(case)[0]
        self.serve(actions.issue_findings(self._newest(case), by=by), by)

    def at_informed(self, case: Case) -> None:
        """Nobody said anything within the term, or what was said is answered in the opinion."""
        audit = self._newest(case)
        heard = "所称劳务派遣人员没有派遣协议，不予采纳。" if audit.answer_on else ""
        actions.draft_opinion(audit, "", heard, by=self._auditors(case)[0])

    def at_drafted(self, case: Case) -> None:
        actions.approve_opinion(self._newest(case), "同意", by=self.staff.at(Role.DISTRICT, case.area))

    def at_approved(self, case: Case) -> None:
        self._serve(case, NoticeKind.AUDIT_OPINION)

    def at_overdue(self, case: Case) -> None:
        why = "责令改正期满仍未补缴"
        actions.transfer_to_tax(self._newest(case), TAX, why, by=self._auditors(case)[0])

    # --- turns

    def find_nothing(self, case: Case) -> None:
        """The payroll shows that the heads left out had retired: the district ends the audit clean."""
        audit, by = self._newest(case), self._auditors(case)[0]
        told = "核对花名册：差额人员均已领取养老待遇，属退休返聘，不需参保（示例）"
        actions.note_record(audit, Record(RecordKind.WORK, today(), told, "示例经办人"), by=by)
        heads, _insured, wage = self._seen(case)
        for insurance in RATES:
            self._note(audit, insurance, Found("", *_months(), heads, heads, wage, _lawful(wage)), by)
        why = "差额人员为退休返聘，未发现漏保"
        actions.clear_audit(audit, why, by=self.staff.at(Role.DISTRICT, case.area))

    def obstruct(self, case: Case) -> None:
        why = "两次到场均拒绝提供职工花名册和工资发放资料"
        actions.report_obstruction(self._newest(case), why, by=self._auditors(case)[0])

    def propose_penalty(self, case: Case) -> None:
        why = "责令改正期满拒不改正，提请行政处罚"
        actions.propose_penalty(self._newest(case), why, by=self._auditors(case)[0])

    def confirm_correction(self, case: Case) -> None:
        why = "已补缴并为全部职工办理登记，缴费凭证附卷"
        actions.confirm_correction(self._newest(case), why, by=self._auditors(case)[0])

    # --- the tax office

    def tax_received(self, case: Case) -> None:
        self._answer(case, Answer("received", today(), why="已接收，列入清欠计划"))

    def tax_part(self, case: Case) -> None:
        half = (self._transfer(case).amount / 2).quantize(Decimal("0.01"))
        self._answer(case, Answer("collected", today(), half, why="首期入库"))

    def tax_whole(self, case: Case) -> None:
        self._answer(case, Answer("collected", today(), self._transfer(case).amount, why="已全额征收入库"))

    def tax_agreed(self, case: Case) -> None:
        until = today() + timedelta(days=180)
        self._answer(case, Answer("agreed", today(), until=until, why="经营困难，签订缓缴协议"))

    def tax_failed(self, case: Case) -> None:
        self._answer(case, Answer("failed", today(), why="账户无可扣款项，无财产可供执行"))

    # ---

    def _answer(self, case: Case, answer: Answer) -> None:
        actions.answer_transfer(self._transfer(case), answer, by=self.staff.feng)

    def _transfer(self, case: Case) -> TaxTransfer:
        return TaxTransfer.objects.get(case=case, closed_at=None)

    def _serve(self, case: Case, kind: str) -> None:
        notice: Notice = case.notices.get(kind=kind, withdrawn_at=None, service=None)
        self.serve(notice, self._auditors(case)[0])

    def _note(self, audit: Audit, insurance: Insurance, found: Found, by: Actor) -> None:
        actions.note_finding(audit, insurance, found, by=by)

    def _seen(self, case: Case) -> tuple[int, int, Decimal]:
        """(heads, insured, monthly wage): as the payroll says."""
        employer = self.truth[case.subject.code]
        insured = min(employer.insured_on(today()), max(employer.heads - 1, 0))
        return max(employer.heads, 1), insured, Decimal(employer.wage)

    def _newest(self, case: Case) -> Audit:
        return case.audits.latest("pk")

    def _auditors(self, case: Case) -> tuple[Actor, Actor]:
        return self.staff.pair(Role.EXAMINER, case.area)


def _lawful(wage: Decimal) -> Decimal:
    """The base that is declared for a wage: never below the floor of the day."""
    return max(wage, number(the_law(today())["base.floor"].value))


def _months() -> tuple[str, str]:
    last: date = today().replace(day=1) - timedelta(days=1)
    return f"{add_months(last, 1 - MONTHS):%Y-%m}", f"{last:%Y-%m}"
