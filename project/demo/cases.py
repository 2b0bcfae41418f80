"""Cases in the demo city: each goes its lawful way, step by step, as far as time and its own story allow."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Role
from project.demo import window
from project.demo.agenda import Agenda
from project.demo.employers import Employer
from project.demo.inspections import Inspections
from project.demo.people import Staff
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.cases.states import may
from workflows.clocks.actions import fire_due_clocks
from workflows.listing.models import Ground
from workflows.notices.actions import Receipt
from workflows.notices.doorstep import send_to_door
from workflows.notices.models import Notice, NoticeKind, Way

S = CaseState
# Days until somebody takes the step that is theirs.
PAUSES = {
    S.STREET_APPROVAL: 2, S.DISTRICT_APPROVAL: 2, S.URGING: 2, S.ESCALATED: 3, S.INSPECTED: 2, S.PENALISED: 3,
    S.LISTING_PROPOSED: 2, S.LISTING_REVIEW: 2, S.LISTING_DISTRICT: 2, S.LISTING_CITY: 2, S.LISTING_SERVICE: 2,
    S.PUBLICATION: 1,
}  # fmt: skip
# The terms a case comes to a stand for; the office's own terms run beside its work.
WAITED = ("urging.term", "order.term", "inspection.statement", "listing.defence", "listing.period")
# Where a case of this story comes to rest, and how many of a hundred have it. "" goes on as long as time allows.
STORIES = (
    ("healed", 50), ("", 3), ("street_approval", 7), ("district_approval", 5), ("urging", 6), ("correction", 3),
    ("escalated", 7), ("filing", 1), ("order_expired", 3), ("noticed", 2), ("deciding", 1), ("penalised", 2),
    ("not_penalised", 1), ("not_filed", 1), ("listing_proposed", 1), ("listing_district", 1),
    ("listing_city", 1), ("withdrawn", 3), ("late_healed", 4),
)  # fmt: skip
ALL_THE_WAY = 10  # every tenth case of a round, and its first, goes on as long as time allows


@dataclass
class Cases:
    """`truth` is changed where a case succeeds: the next social-insurance register then shows it."""

    agenda: Agenda
    staff: Staff
    truth: dict[str, Employer]
    random: Random = field(default_factory=lambda: Random("cases"))
    stories: dict[int, str] = field(default_factory=dict)
    of_round: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.inspections = Inspections(self.staff, self.serve)

    def begin(self, case: Case) -> None:
        """A case was opened, or the new visit answered its return."""
        if case.pk in self.stories:
            if self.stories[case.pk] == "correction":
                self.tell(case, "")
            return
        round_id = case.finding.visit.task.round_id if case.finding.visit.task else 0
        self.of_round[round_id] += 1
        names = [name for name, _ in STORIES]
        drawn = self.random.choices(names, [share for _, share in STORIES])[0]
        self.tell(case, "" if self.of_round[round_id] % ALL_THE_WAY == 1 else drawn)

    def tell(self, case: Case, story: str) -> None:
        self.stories[case.pk] = story
        self._wait(case)

    # --- one step after the other

    def go_on(self, case_id: int) -> None:
        case = Case.objects.select_related("subject", "finding", "process").get(pk=case_id)
        story = self.stories[case_id]
        if case.state == story == S.URGING and case.pk % 2:
            self._give_to_worker(case)
        stands = self._stands(case)
        if not case.is_open or {case.state, stands} & {story, RESTS.get(story)}:
            return
        if story in TURNS and stands == TURNS[story][0]:
            TURNS[story][1](self, case)
            return
        step = getattr(self, f"at_{case.state}", None)
        if step is not None:
            step(case)
            case.refresh_from_db()
            self._wait(case)

    def _stands(self, case: Case) -> str:
        """Where the case is, or its inspection while that is what it waits for."""
        return self.inspections.stands(case) if case.state == S.INSPECTED else case.state

    def _wait(self, case: Case) -> None:
        """Promises the next step: after a pause, or the day after the term that runs."""
        clock = case.clocks.filter(kind__in=WAITED, fired_at=None, stopped_at=None).order_by("-pk").first()
        if clock:
            self.agenda.put(clock.due_on + timedelta(days=1), lambda: self._term_over(case.pk), 1)
        else:
            hour = 9 + self.random.random() * 8
            self.agenda.after(PAUSES.get(S(case.state), 1), lambda: self.go_on(case.pk), hour)
        self._meanwhile(case)

    def _term_over(self, case_id: int) -> None:
        fire_due_clocks()
        case = Case.objects.get(pk=case_id)
        running = case.clocks.filter(kind__in=WAITED, fired_at=None, stopped_at=None)
        if case.is_open and not running.exists():
            self._wait(case)

    def _meanwhile(self, case: Case) -> None:
        """What happens while a term runs: the employer mends it, or says its defence."""
        story = self.stories[case.pk]
        mends = {("healed", S.TERM): 6, ("late_healed", "ordered"): 8}.get((story, self._stands(case)))
        if mends and (one := self.truth.get(case.subject.code)):
            one.mended_on = self.agenda.day + timedelta(days=mends)
            if case.pk % 3 == 0:
                self.agenda.after(mends, lambda: self._show_proof(case.pk), 14)
        if case.state == S.DEFENCE:
            self.agenda.after(4, lambda: self._defend(case.pk), 11)
            self.agenda.after(7, lambda: self._answer(case.pk), 15)

    def _show_proof(self, case_id: int) -> None:
        case = Case.objects.select_related("subject").get(pk=case_id)
        if case.state == S.TERM:
            window.show_proof(case)
            reviewer = self.staff.at(Role.COMMUNITY, case.area)
            text = "已收到，待社保名册更新后核实结案。"
            self.agenda.after(4, lambda: window.answer(case, text, by=reviewer), 10)

    def _defend(self, case_id: int) -> None:
        case = Case.objects.get(pk=case_id)
        if case.state == S.DEFENCE:
            text = "公司今年经营困难，正在筹措资金，请求暂缓列入，并愿意在三个月内补缴。"
            window.defend(case, text, by=self.inspector(case))

    def _answer(self, case_id: int) -> None:
        case = Case.objects.get(pk=case_id)
        if case.state in (S.DEFENCE, S.LISTING_REVIEW):
            text = "经营困难不免除依法参保义务；责令期限内未提出缓缴申请，申辩不予采纳。"
            actions.answer_defence(case, text, by=self.inspector(case))
            window.answer(case, text, by=self.inspector(case))

    # --- whose step it is

    def inspector(self, case: Case) -> Actor:
        return self.staff.at(Role.INSPECTOR, case.area)

    def at_street_approval(self, case: Case) -> None:
        actions.approve_case(case, remark="情况属实", by=self.staff.at(Role.STREET, case.area))

    def at_district_approval(self, case: Case) -> None:
        actions.approve_case(case, remark="同意督促", by=self.staff.at(Role.DISTRICT, case.area))

    def at_urging(self, case: Case) -> None:
        by = self.staff.at(Role.COMMUNITY, case.area)
        self.serve(actions.issue_notice(case, NoticeKind.URGING, by=by), by)
        window.leave_phone(case, by=by)

    def _give_to_worker(self, case: Case) -> None:
        """Issued and given to the grid worker, on whose phone it waits; some are still to be issued."""
        by = self.staff.at(Role.COMMUNITY, case.area)
        if not case.notices.exists():
            notice = actions.issue_notice(case, NoticeKind.URGING, by=by)
            with suppress(problems.NoDoorToServe):
                send_to_door(notice, by=by)

    def at_escalated(self, case: Case) -> None:
        self.inspections.file(case)

    def at_inspected(self, case: Case) -> None:
        self.inspections.go_on(case)

    def at_penalised(self, case: Case) -> None:
        self.inspections.pay(case)
        ground = Ground.objects.filter(code="5-1").latest("valid_from")
        facts = f"{case.subject.name}经行政处罚后仍未为职工办理社会保险登记"
        actions.propose_listing(case, ground, facts, by=self.inspector(case))

    def at_listing_proposed(self, case: Case) -> None:
        by = self.inspector(case)
        self.serve(actions.give_listing_notice(case, by=by), by)

    def at_listing_review(self, case: Case) -> None:
        actions.review_listing(case, "事实清楚，证据充分，程序合法，同意提请决定", by=self.staff.lin)

    def at_listing_district(self, case: Case) -> None:
        actions.decide_district(case, remark="同意列入", by=self.staff.at(Role.DISTRICT, case.area))

    def at_listing_city(self, case: Case) -> None:
        actions.decide_city(case, by=self.staff.ma)

    def at_listing_service(self, case: Case) -> None:
        notice = case.notices.get(kind=NoticeKind.LISTING_DECISION, withdrawn_at=None)
        self.serve(notice, self.inspector(case))

    def at_publication(self, case: Case) -> None:
        actions.publish_listing(case, by=self.staff.ma)

    def serve(self, notice: Notice, by: Actor) -> None:
        """Mostly handed over, sometimes posted, sometimes left with a witness."""
        way = self.random.choices((Way.DIRECT, Way.MAIL, Way.LEFT), (7, 2, 1))[0]
        receipt = Receipt(
            way=way, served_on=today(), receiver="" if way == Way.LEFT else "单位前台（示例）",
            receiver_role="" if way == Way.LEFT else "工作人员", witness="社区工作人员（示例）" if way == Way.LEFT else "",
            refused_why="前台拒绝签收（示例）" if way == Way.LEFT else "",
            reference=f"示例{self.random.randrange(10**9):09d}" if way == Way.MAIL else "",
        )  # fmt: skip
        actions.record_service(notice, receipt, by=by)

    # --- turns of a story

    def refuse(self, case: Case) -> None:
        self.inspections.refuse(case)
        self.tell(case, "escalated")

    def spare(self, case: Case) -> None:
        self.inspections.spare(case)

    def send_back(self, case: Case) -> None:
        why = "花名册与走访人数不一致，请到户再次核对"
        actions.return_case(
            case, why, ["employees", "insured_seen"], by=self.staff.at(Role.STREET, case.area)
        )

    def withdraw(self, case: Case) -> None:
        if may(case, "withdraw"):
            why = "核实为总公司异地参保，不需督促"
            actions.withdraw_case(case, why, by=self.staff.at(Role.DISTRICT, case.area))


# Mended, but the register does not show it yet: the case waits there for the next delivery.
RESTS = {"healed": S.ESCALATED, "late_healed": "order_expired"}
TURNS: dict[str, tuple[str, Callable[[Cases, Case], None]]] = {
    "correction": (S.STREET_APPROVAL, Cases.send_back),
    "withdrawn": (S.URGING, Cases.withdraw),
    "not_filed": ("filing", Cases.refuse),
    "not_penalised": ("order_expired", Cases.spare),
}
