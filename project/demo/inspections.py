"""Inspections in the demo city: each step by whose it is, two officers of the district in every one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from grid.calendar.now import today
from grid.calendar.queries import workdays
from grid.calendar.rules import next_workday
from grid.law.queries import the_law
from grid.scope import Actor, Role
from project.demo import window
from project.demo.people import Staff
from project.demo.scans import scan
from workflows.audits.models import AuditFinding
from workflows.cases.models import Case
from workflows.inspections import actions
from workflows.inspections.models import Inspection, InspectionState, Violation
from workflows.inspections.queries.offences import allowed_in
from workflows.inspections.queries.weighing import Found, surcharge_of
from workflows.inspections.records.models import RecordKind
from workflows.inspections.records.queries import draft_of
from workflows.notices.actions import slips
from workflows.notices.models import Notice, NoticeKind

MONTHLY = Decimal("1290.50")  # what one head of the demo city owes in a month, all three insurances
MONTHS = 6
AHEAD = timedelta(days=18)  # of a hearing: seven working days, whatever holidays lie between
FACTS = {
    Violation.UNREGISTERED: "{name}经责令逾期仍未办理社会保险登记，涉及职工 {heads} 人",
    Violation.MISSED: "{name}已办理社会保险登记，经责令逾期仍未为 {heads} 名职工办理参保登记",
}
AFTERWARDS = "，期限届满后才改正"
SAID = "事实清楚，罚款幅度适当，同意处罚（示例）"

Serve = Callable[[Notice, Actor], None]


def owes_only(case: Case) -> bool:
    """Its employees are registered, and nothing but their premiums is missing."""
    return {measure["measure"] for measure in case.measures} == {"抓续保"}


@dataclass
class Inspections:
    """`serve` hands a document over in the name of an actor; `owes`: arrears by case where a story says how much."""

    staff: Staff
    serve: Serve
    owes: dict[int, Decimal] = field(default_factory=dict)

    def stands(self, case: Case) -> str:
        """Its state, and what within it was done already."""
        inspection = self._newest(case)
        if inspection.state == InspectionState.HEARING and inspection.hearing_noticed_on:
            return "called"
        if inspection.state == InspectionState.COLLECTIVE and inspection.opinions.exists():
            return "discussing"
        return str(inspection.state)

    def is_open(self, case: Case) -> bool:
        return self._newest(case).is_open

    def file(self, case: Case) -> Inspection:
        first, second = self._officers(case)
        assert first.person_id and second.person_id
        why = "督促期满仍未改正，建议立案"
        return actions.file_inspection(case, (first.person_id, second.person_id), why, by=first)

    # --- the usual step of each station

    def go_on(self, case: Case) -> None:
        """The next step of the newest inspection; nothing while a term runs."""
        step = getattr(self, f"at_{self.stands(case)}", None)
        if step is not None:
            step(case)

    def at_filing(self, case: Case) -> None:
        actions.approve_filing(self._newest(case), remark="同意立案", by=self._head(case))

    def may_file(self, case: Case) -> bool:
        """What was found at a person's door is nothing an employer is inspected for."""
        return bool(allowed_in(case, the_law(today())))

    def at_investigating(self, case: Case) -> None:
        """An order, unless the register showed meanwhile that there is nothing left to order. On the spot first: what
        both officers saw and were told is what the order rests on."""
        if case.healed_on and self._newest(case).order_expired_on is None:
            self.withdraw(case)
            return
        by, heads = self._officers(case)[0], self._owed(case)[0]
        self._gather(case, RecordKind.SCENE, f"现场在岗人员与花名册核对，{heads} 人未参加社会保险")
        self._gather(case, RecordKind.INTERVIEW, f"负责人承认 {heads} 名职工没有参加社会保险")
        self._hand_over(actions.issue_order(self._newest(case), by=by), by)

    def at_order_expired(self, case: Case) -> None:
        by = self._officers(case)[0]
        inspection, (heads, arrears) = self._newest(case), self._owed(case)
        facts = FACTS[Violation(inspection.violation)].format(name=case.subject.name, heads=heads)
        found = Found(
            facts=facts + (AFTERWARDS if case.healed_on else ""),
            violation=inspection.violation,
            arrears=self.owes.get(case.pk, arrears),
            since=today() - timedelta(days=30 * MONTHS),
            heads=heads,
            corrected="after_term" if case.healed_on else "never",
            source="社会保险经办机构核定表（示例）",
        )
        self._hand_over(actions.issue_penalty_notice(inspection, found, by=by), by)
        self._report(case)

    def at_hearing(self, case: Case) -> None:
        """Called for a day on which somebody from the legal office is in the chair."""
        by, chair = self._officers(case)[0], self._lawyer(case).person_id
        assert chair
        place = "海勃湾区人力资源和社会保障局二楼会议室（示例）"
        held_on = next_workday(today() + AHEAD, workdays())
        session = actions.Session(held_on, place, chair, "书记员（示例）", "9时30分")
        self._hand_over(actions.call_hearing(self._newest(case), session, by=by), by)

    def at_called(self, case: Case) -> None:
        """It is held once its day has come."""
        if (self._newest(case).hearing_on or today()) <= today():
            minutes = actions.Minutes("书记员（示例）", (scan("听证笔录"),))
            actions.record_hearing(self._newest(case), minutes, by=self._lawyer(case))
            report = actions.HearingReport(
                "当事人陈述了用工情况，对人数没有异议，请求减轻；双方质证完毕（示例）",
                "违法事实清楚，证据充分，建议按告知的数额处罚（示例）",
                "当事人请求减轻，未提出法定的从轻、减轻情节，不予采纳（示例）",
            )
            actions.hold_hearing(self._newest(case), report, by=self._lawyer(case))

    def at_legal_review(self, case: Case) -> None:
        opinion = "事实清楚，证据充分，适用裁量适当，程序合法"
        actions.review_inspection(self._newest(case), opinion, by=self._lawyer(case))

    def at_collective(self, case: Case) -> None:
        members = [member.person_id for member in self._members(case) if member.person_id]
        actions.call_members(self._newest(case), members, by=self._head(case))

    def at_discussing(self, case: Case) -> None:
        for _member in self._members(case):
            self.speak(case)
        concluded = actions.Concluded("与会人员一致同意处罚意见")
        actions.conclude_discussion(self._newest(case), concluded, by=self._head(case))

    def at_deciding(self, case: Case) -> None:
        """Where the register shows by now that it was corrected, nobody is punished for never having done so."""
        if case.healed_on and self._newest(case).circumstances.get("corrected") == "never":
            self.spare(case)
            return
        actions.decide(self._newest(case), remark="同意", by=self._head(case))

    def at_decided(self, case: Case) -> None:
        self._serve(case, NoticeKind.PENALTY_DECISION)

    def at_performing(self, case: Case) -> None:
        by = self._officers(case)[0]
        self._hand_over(actions.issue_demand(self._newest(case), by=by), by)

    def at_demanded(self, case: Case) -> None:
        """The means are what the bank told; the number stands in no register and is made up."""
        asked = actions.Asked(
            "被申请人名下银行账户一个，在中国银行乌海分行开立（示例）", "150302190001010000"
        )
        actions.apply_court(self._newest(case), asked, by=self._officers(case)[0])

    def at_court(self, case: Case) -> None:
        outcome = "人民法院裁定准予执行，罚款及加处罚款已划缴（示例）"
        actions.note_enforced(self._newest(case), outcome, by=self._officers(case)[0])

    # --- beside the steps, and instead of them

    def speak(self, case: Case) -> None:
        """The next of those called says their opinion."""
        inspection = self._newest(case)
        silent = set(inspection.opinions.filter(said_at=None).values_list("person", flat=True))
        member = next((member for member in self._members(case) if member.person_id in silent), None)
        if member:
            actions.give_opinion(inspection, SAID, by=member)

    def ask_hearing(self, case: Case) -> None:
        window.hand_in_for(case, "hearing")
        window.take(case, by=self._officers(case)[0])

    def say(self, case: Case) -> None:
        """A statement at the window, entered and answered."""
        inspection, by = self._newest(case), self._officers(case)[0]
        window.hand_in_for(case, "statement")
        window.take(case, by=by)
        actions.answer_statement(inspection, "派遣协议未能提供；已按最低倍数拟定，不因申辩加重。", by=by)
        window.answer(case, "已记入案卷并复核，详见处罚决定书。", by=by)

    def extend(self, case: Case) -> None:
        actions.extend_investigation(self._newest(case), "用工人数多、须逐人核对工资", by=self._head(case))

    def pay(self, case: Case) -> None:
        """The fine of a served decision, whole; the violation itself is still not corrected."""
        inspection = self._newest(case)
        if inspection.is_open and inspection.fine is not None:
            number, by = f"示例缴-{inspection.pk:05d}", self._officers(case)[0]
            actions.record_payment(inspection, inspection.fine, today(), number, by=by)

    def pay_late(self, case: Case) -> None:
        """The fine and what its days of delay have added."""
        inspection, by = self._newest(case), self._officers(case)[0]
        assert inspection.fine is not None
        whole = inspection.fine + surcharge_of(inspection, the_law(today()), today()).amount
        actions.record_payment(inspection, whole, today(), f"示例缴-{inspection.pk:05d}", by=by)

    def term_over_on(self, case: Case) -> date:
        """The last day of the term that the penalty set."""
        due_on = self._newest(case).due_on
        assert due_on is not None
        return due_on

    def officers(self, case: Case) -> tuple[int, int]:
        return self._newest(case).officers

    def refuse(self, case: Case) -> None:
        why = "请先由经办机构稽核，查明漏保人数"
        actions.refuse_filing(self._newest(case), why, by=self._head(case))

    def spare(self, case: Case) -> None:
        why = "初次违法，已主动补办登记，危害后果轻微，依照行政处罚法第三十三条不予处罚"
        self._gather(case, RecordKind.SCENE, "复查：责令以后已为全部职工补办社会保险登记")
        shown = self._newest(case).records.latest("pk")
        actions.impose_no_penalty(self._newest(case), why, by=self._head(case), proof=f"record-{shown.pk}")

    def hand_elsewhere(self, case: Case) -> None:
        to, why = "阿拉善左旗人力资源和社会保障局（示例）", "实际用工地和登记地不在本区，依法移送"
        actions.transfer_inspection(self._newest(case), to, why, by=self._head(case), because="place")

    def review_back(self, case: Case) -> None:
        why = "欠缴月份与社保名册不一致，请补充调查"
        actions.return_inspection(self._newest(case), why, by=self._lawyer(case))

    def withdraw(self, case: Case) -> None:
        late = self._newest(case).order_expired_on is not None
        when = "责令期限届满后" if late else "责令期限届满前"
        why = f"{when}已为全部职工办理登记，违法情形轻微，撤销立案"
        actions.withdraw_inspection(self._newest(case), why, by=self._head(case))

    # ---

    def _owed(self, case: Case) -> tuple[int, Decimal]:
        """(heads left out, arrears): as an audit found them, else as the visit heard and by the month's average."""
        audited = AuditFinding.objects.filter(audit__case=case)
        if audited:
            return max(finding.missing for finding in audited), sum(
                (finding.arrears for finding in audited), Decimal(0)
            )
        heads = int(case.finding.seen.answers.get("employees") or 1)
        return heads, min(MONTHLY * MONTHS * heads, Decimal(30000))

    def _serve(self, case: Case, kind: str) -> None:
        notice = case.notices.get(kind=kind, withdrawn_at=None, service=None)
        self._hand_over(notice, self._officers(case)[0])

    def _hand_over(self, notice: Notice, by: Actor) -> None:
        """The slip comes back signed."""
        self.serve(notice, by)
        slips.file_slip(notice, scan("送达回证"), by=by)

    def _gather(self, case: Case, kind: RecordKind, text: str) -> None:
        by, other = self._officers(case)
        given = actions.Record(
            kind=kind, on=today(), place=case.subject.address or "单位办公场所", text=text, said_by="负责人（示例）",
            cards_shown=True, files=(scan(str(kind.label)),),
        )  # fmt: skip
        record = actions.note_record(self._newest(case), given, by=by)
        actions.second_record(self._newest(case), record.pk, by=other)

    def _report(self, case: Case) -> None:
        """The draft of the page, as the officers would take it over."""
        by, other = self._officers(case)
        report = actions.report_investigation(self._newest(case), draft_of(self._newest(case)), by=by)
        actions.second_record(self._newest(case), report.pk, by=other)

    def _newest(self, case: Case) -> Inspection:
        return case.inspections.latest("pk")

    def _officers(self, case: Case) -> tuple[Actor, Actor]:
        return self.staff.pair(Role.INSPECTOR, case.area)

    def _head(self, case: Case) -> Actor:
        return self.staff.at(Role.DISTRICT, case.area)

    def _lawyer(self, case: Case) -> Actor:
        return self.staff.at(Role.LEGAL, case.area)

    def _members(self, case: Case) -> tuple[Actor, ...]:
        return self.staff.heads(case.area)
