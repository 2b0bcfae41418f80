"""Cases in the demo city: each goes its lawful way, step by step, as far as time and its own story allow."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random

from grid.calendar.now import now, today
from grid.scope import Actor, Role
from project.demo import stories, window
from project.demo.agenda import Agenda
from project.demo.audits import Audits
from project.demo.contacts import Contacts
from project.demo.employers import Employer
from project.demo.inspections import Inspections, owes_only
from project.demo.lists import Lists
from project.demo.people import Staff
from project.demo.signing import sign, sign_the_rest
from project.demo.stories import STORIES, Story
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.cases.states import may
from workflows.clocks.actions import fire_due_clocks
from workflows.clocks.terms import awaited
from workflows.counter.models import Kind
from workflows.inspections.queries import cards_at
from workflows.listing import actions as listings
from workflows.notices import problems as notices_problems
from workflows.notices.actions import Receipt
from workflows.notices.actions.doorstep import send_to_door
from workflows.notices.letters import Signer, letter_of
from workflows.notices.models import Notice, NoticeKind, Way

S = CaseState
# Days until somebody takes the step that is theirs; two where nothing is said.
PAUSES = {"escalated": 3, "penalised": 3, "publication": 1, "inspection.court": 60, "audit.examining": 4}
# What ends a matter or answers the party, and starts no term.
CLOSING = (
    NoticeKind.NO_PENALTY, NoticeKind.CASE_WITHDRAWN, NoticeKind.REMOVAL, NoticeKind.REPAIR_DECISION,
    NoticeKind.OBJECTION_ANSWER, NoticeKind.AUDIT_CLEAR,
)  # fmt: skip


@dataclass
class Cases:
    """`truth` is changed where a case succeeds: the next social-insurance register then shows it."""

    agenda: Agenda
    staff: Staff
    truth: dict[str, Employer]
    random: Random = field(default_factory=lambda: Random("cases"))
    told: dict[int, str] = field(default_factory=dict)
    # Documents whose handing over is promised.
    going_out: set[int] = field(default_factory=set)
    # By round: the stories of its first cases, and how the others are drawn.
    shown: dict[int, list[str]] = field(default_factory=dict)
    shares: dict[int, Sequence[tuple[str, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.inspections = Inspections(self.staff, self.serve)
        self.audits = Audits(self.staff, self.serve, self.truth)
        self.lists = Lists(self.staff, self.later, self.inspections.officers)
        self.contacts = Contacts(self.staff)
        self.rooms = (self, self.inspections, self.audits, self.lists, self.contacts)

    def begin(self, case: Case) -> None:
        """A case was opened, or the new visit answered its return."""
        if case.pk in self.told:
            if self.told[case.pk] == "correction":
                self.tell(case, "on")
            return
        round_id = case.finding.visit.task.round_id if case.finding.visit.task else 0
        measures = {measure["measure"] for measure in case.measures}
        first = stories.taken_from(self.shown.get(round_id, []), measures)
        self.tell(case, first or stories.drawn(self.random, self.shares.get(round_id, stories.OLD)))

    def show(self, round_id: int, first: tuple[str, ...], shares: Sequence[tuple[str, int]]) -> None:
        self.shown[round_id], self.shares[round_id] = list(first), shares

    def tell(self, case: Case, story: str) -> None:
        self.told[case.pk] = story
        if (owes := STORIES[story].owes) is not None:
            self.inspections.owes[case.pk] = owes
        self._arrived(case, self.stands(case))

    def story(self, case: Case) -> Story:
        return STORIES[self.told[case.pk]]

    # --- one step after the other

    def stands(self, case: Case) -> str:
        """Where the case is, or the audit or inspection that it waits for."""
        if case.state == S.AUDITED:
            return f"audit.{self.audits.stands(case)}"
        owing = case.state == S.PENALISED and self.story(case).is_unpaid and self.inspections.is_open(case)
        if case.state == S.INSPECTED or owing:
            return f"inspection.{self.inspections.stands(case)}"
        return str(case.state)

    def go_on(self, case_id: int, at: str) -> None:
        """The step of the station `at`, unless the case left it meanwhile or is to stay."""
        case, story = self._case(case_id), STORIES[self.told[case_id]]
        if not case.is_open or at != self.stands(case) or at in story.rests or story is STORIES["stays"]:
            return
        held_until = self.agenda.ago(story.holds.get(at, 10_000))
        if held_until > self.agenda.day:
            self._promise(case, at, held_until)
            return
        if turn := story.turns.get(at):
            self._act(turn)(case)
        else:
            self._step(case, at)
        self._left(case, at)

    def _left(self, case: Case, at: str) -> None:
        self._close_by_hand(case.pk)
        case.refresh_from_db()
        if case.is_open and (stands := self.stands(case)) != at:
            self._arrived(case, stands)

    def _step(self, case: Case, at: str) -> None:
        proceeding, _dot, state = at.rpartition(".")
        if proceeding == "inspection":
            self.inspections.go_on(case)
        elif step := getattr(self.audits if proceeding else self, f"at_{state}", None):
            step(case)

    def _arrived(self, case: Case, at: str) -> None:
        """Promises the next step, after a pause or the day after the term that runs, and what happens beside it."""
        if clock := self._term(case, at):
            self.agenda.put(clock + timedelta(days=1), lambda: self._term_over(case.pk, at), 1)
        else:
            self._soon(case, at)
        beats = self.story(case).beats.get(at) or self._usual(case, at)
        for days, act in beats:
            self.later(case, days, act, at)

    def _soon(self, case: Case, at: str) -> None:
        day = self.agenda.day + timedelta(days=PAUSES.get(at, 2))
        self._promise(case, at, max(day, self._laid_down(case, at) or day))

    def _laid_down(self, case: Case, at: str) -> date | None:
        """The day for which the party was called."""
        if at == "audit.examining":
            return case.audits.latest("pk").held_on
        return case.inspections.latest("pk").hearing_on if at == "inspection.called" else None

    def _promise(self, case: Case, at: str, day: date) -> None:
        hour = 9 + self.random.random() * 8
        self.agenda.put_at_desk(day, lambda: self.go_on(case.pk, at), hour)

    def _term(self, case: Case, at: str) -> date | None:
        """The last day of what a station comes to a stand for; the office's own terms run beside its work."""
        flow, _dot, state = at.rpartition(".")
        kinds = awaited().get((flow or "case", state), ())
        running = case.clocks.filter(kind__in=kinds, fired_at=None, stopped_at=None)
        return max(running.values_list("due_on", flat=True), default=None)

    def _term_over(self, case_id: int, at: str) -> None:
        fire_due_clocks()
        self._close_by_hand(case_id)
        case = self._case(case_id)
        if not case.is_open:
            return
        if (stands := self.stands(case)) != at:
            self._arrived(case, stands)
        elif self._term(case, at) is None:
            self._soon(case, at)

    def _usual(self, case: Case, at: str) -> list[tuple[int, str]]:
        if at == "term":
            beats = [(4, "ring")] * (case.pk % 2) + [(7, "text")] * (case.pk % 3 == 0)
            return beats + [(5, "post")] * (case.pk % 4 == 0)
        if at == "inspection.noticed":
            return [(2, "say")] * (case.pk % 3 == 0)
        return [(4, "defend"), (7, "answer_defence")] if at == "defence" else []

    # --- beside the steps

    def later(self, case: Case, days: int, act: str, at: str = "") -> None:
        """Promises an act: so many days on, or (negative) so many before the last; not when the case has left `at`."""
        day = self.agenda.day + timedelta(days=days) if days > 0 else self.agenda.ago(-days)
        hour = 9 + self.random.random() * 8
        self.agenda.put_at_desk(max(day, self.agenda.day), lambda: self._beat(case.pk, act, at), hour)

    def _beat(self, case_id: int, act: str, at: str) -> None:
        case = self._case(case_id)
        if case.is_open and (not at or self.stands(case) == at):
            self._act(act)(case)
            if at:
                self._left(case, at)
            else:
                self._close_by_hand(case.pk)

    def _act(self, name: str) -> Callable[[Case], None]:
        act: Callable[[Case], None] = next(getattr(room, name) for room in self.rooms if hasattr(room, name))
        return act

    @staticmethod
    def _case(case_id: int) -> Case:
        return Case.objects.select_related("subject", "finding", "process").get(pk=case_id)

    def mend(self, case: Case) -> None:
        if employer := self.truth.get(case.subject.code):
            employer.mended_on = self.agenda.day

    def show_proof(self, case: Case) -> None:
        if case.pk % 3 == 0 or self.told[case.pk] == "asking":
            window.hand_in_for(case, "correction")
            self.later(case, 4, "answer_proof")

    def answer_proof(self, case: Case) -> None:
        window.answer(case, "待社保名册更新后核实结案。", by=self.staff.at(Role.COMMUNITY, case.area))

    def promise(self, case: Case) -> None:
        window.hand_in_for(case, "commitment")

    def state_case(self, case: Case) -> None:  # it waits there for the inspector
        window.hand_in_for(case, "statement")

    def want_hearing(self, case: Case) -> None:
        window.hand_in_for(case, "hearing")

    def defend(self, case: Case) -> None:
        window.hand_in_for(case, "statement", "公司今年经营困难，正在筹措资金，请求暂缓列入。")
        window.take(case, by=self.staff.fang, kind=Kind.STATEMENT)

    def answer_defence(self, case: Case) -> None:
        """By the city's legal office: the city told, and decides."""
        text = "经营困难不免除依法参保义务；责令期限内未提出缓缴申请，申辩不予采纳。"
        listings.answer_defence(case, text, by=self.staff.fang)
        window.answer(case, text, by=self.staff.fang, kind=Kind.STATEMENT)

    def give_to_worker(self, case: Case) -> None:
        """Issued and given to the grid worker, on whose phone it waits; some are still to be issued."""
        by = self.staff.at(Role.COMMUNITY, case.area)
        if case.pk % 2 and not case.notices.exists():
            notice = actions.issue_notice(case, by=by)
            sign(notice, self.staff)
            with suppress(notices_problems.NoDoorToServe):
                send_to_door(notice, by=by)

    # --- the usual step of each station of a case

    def inspector(self, case: Case) -> Actor:
        return self.staff.at(Role.INSPECTOR, case.area)

    def at_street_approval(self, case: Case) -> None:
        actions.approve_case(case, remark="情况属实", by=self.staff.at(Role.STREET, case.area))

    def at_district_approval(self, case: Case) -> None:
        actions.approve_case(case, remark="同意督促", by=self.staff.at(Role.DISTRICT, case.area))

    def at_urging(self, case: Case) -> None:
        by = self.staff.at(Role.COMMUNITY, case.area)
        self.serve(actions.issue_notice(case, by=by), by)
        self.contacts.leave_phone(case)

    def at_escalated(self, case: Case) -> None:
        """Arrears are audited by the agency and collected by the tax office; the department fines nobody for them."""
        is_audited = self.story(case).is_audited or (owes_only(case) and case.subject.code in self.truth)
        if is_audited and not case.audits.exists():
            self.audits.open(case)
        elif self.inspections.may_file(case) and not owes_only(case):
            self.inspections.file(case)
        else:
            self.told[case.pk] = "stays"

    def at_penalised(self, case: Case) -> None:
        """Paid, and looked at again by two officers once the term of the penalty is over."""
        self.inspections.pay(case)
        over_on = self.inspections.term_over_on(case)
        if over_on < self.agenda.day:
            self.lists.look_again_and_propose(case)
        else:
            self._promise(case, self.stands(case), over_on + timedelta(days=1))

    def at_listing_proposed(self, case: Case) -> None:
        self.serve(listings.give_listing_notice(case, by=self.staff.ma), self.inspector(case))

    def at_listing_review(self, case: Case) -> None:
        listings.review_listing(case, "事实清楚，证据充分，程序合法，同意提请决定", by=self.staff.lin)

    def at_listing_district(self, case: Case) -> None:
        listings.decide_district(case, remark="同意列入", by=self.staff.at(Role.DISTRICT, case.area))

    def at_listing_city(self, case: Case) -> None:
        listings.decide_city(case, by=self.staff.ma)

    def at_listing_service(self, case: Case) -> None:
        notice = case.notices.get(kind=NoticeKind.LISTING_DECISION, withdrawn_at=None)
        self.serve(notice, self.inspector(case))

    def at_publication(self, case: Case) -> None:
        listings.publish_listing(case, by=self.staff.ma)

    def serve(self, notice: Notice, by: Actor) -> None:
        """Mostly handed over, sometimes posted, sometimes left with a witness."""
        way = self.random.choices((Way.DIRECT, Way.MAIL, Way.LEFT), (7, 2, 1))[0]
        own, beside = self._servers(notice, by)
        receipt = Receipt(
            way=way, served_on=today(), receiver="" if way == Way.LEFT else "单位前台（示例）",
            receiver_role="" if way == Way.LEFT else "工作人员", witness="社区工作人员（示例）" if way == Way.LEFT else "",
            refused_why="前台拒绝签收（示例）" if way == Way.LEFT else "",
            reference=f"示例{self.random.randrange(10**9):09d}" if way == Way.MAIL else "",
            place=notice.case.subject.address[:120], server_1=own, server_2=beside,
        )  # fmt: skip
        sign(notice, self.staff)
        actions.record_service(notice, receipt, by=by)

    def _servers(self, notice: Notice, by: Actor) -> tuple[str, str]:
        """Who hands it over: an officer with a colleague, each with the card; anybody else alone."""
        cards = cards_at(notice.area)
        others = [card for person, card in cards.items() if person != by.person_id]
        return (cards[by.person_id], others[0]) if by.person_id in cards and others else (by.name, "")

    def _close_by_hand(self, case_id: int) -> None:
        """What ended the matter or answered the party is handed over within days (行政处罚法 第61条: seven)."""
        rows = Notice.objects.filter(case=case_id, kind__in=CLOSING, service=None, withdrawn_at=None)
        for pk in sorted({*rows.values_list("pk", flat=True)} - self.going_out):
            self.going_out.add(pk)
            self.agenda.put_at_desk(self.agenda.day + timedelta(days=2), partial(self._hand_over, pk), 16)

    def _hand_over(self, pk: int) -> None:
        waiting = Notice.objects.filter(pk=pk, service=None, withdrawn_at=None).select_related(
            "case__subject"
        )
        for notice in waiting:
            self.serve(notice, self._server_of(notice))

    def _server_of(self, notice: Notice) -> Actor:
        """Whoever wrote it hands it over: the agency's auditor, or the department's inspector."""
        is_agency = letter_of(notice.kind).signer is Signer.AGENCY
        return self.staff.at(Role.EXAMINER if is_agency else Role.INSPECTOR, notice.area)

    def serve_the_rest(self) -> None:
        """Documents that nothing follows are handed over too, some days after they were issued."""
        sign_the_rest(self.staff)
        rows = Notice.objects.filter(kind__in=CLOSING, service=None, withdrawn_at=None)
        waiting = rows.exclude(pk__in=self.going_out).filter(issued_at__lt=now() - timedelta(days=3))
        for pk in waiting.values_list("pk", flat=True):
            self._hand_over(pk)

    # --- turns of a story

    def refuse(self, case: Case) -> None:
        self.inspections.refuse(case)
        self.told[case.pk] = "stays"

    def review_back(self, case: Case) -> None:
        self.inspections.review_back(case)
        self.told[case.pk] = "stays"

    def quash_penalty(self, case: Case) -> None:
        self.lists.quash_penalty(case)
        self.told[case.pk] = "stays"

    def announce(self, case: Case) -> None:
        self.inspections.pay(case)
        self.lists.announce(case)

    def pay_and_mend(self, case: Case) -> None:
        """Paid in time and put right: the next register ends the case."""
        self.inspections.pay(case)
        self.mend(case)

    def demand_after_remedies(self, case: Case) -> None:
        """Nobody is urged while review and suit are open to them."""
        fire_due_clocks()
        open_until = case.clocks.filter(kind="inspection.remedy", fired_at=None, stopped_at=None).first()
        if open_until:
            self._promise(case, self.stands(case), open_until.due_on + timedelta(days=1))
        else:
            self.inspections.at_performing(case)

    def propose_for_fraud(self, case: Case) -> None:
        self.inspections.pay(case)
        self.lists.propose_for_fraud(case)

    def end_mended(self, case: Case) -> None:
        """Once the register shows it mended, the inspection ends by that; until then it waits."""
        if case.healed_on:
            self.inspections.withdraw(case)
        else:
            self._promise(case, self.stands(case), self.agenda.day + timedelta(days=10))

    def send_back(self, case: Case) -> None:
        why = "花名册与走访人数不一致，请到户再次核对"
        by = self.staff.at(Role.STREET, case.area)
        actions.return_case(case, why, ["employees", "insured_seen"], by=by)

    def withdraw(self, case: Case) -> None:
        by = self.staff.at(Role.DISTRICT, case.area)
        if may(case, "withdraw"):
            actions.withdraw_case(case, "核实为总公司异地参保，不需督促", by=by)
