"""What follows a penalty in the demo city: listings, sanctions, objections, suits, repairs, and announcements."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from grid.calendar.now import today
from grid.scope import Actor, Role
from project.demo import window
from project.demo.people import Staff
from project.demo.scans import scan
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from workflows.announcements import actions as announcements
from workflows.announcements.models import Announcement
from workflows.announcements.queries import to_publish
from workflows.cases import actions
from workflows.cases.models import Case
from workflows.disclosures import actions as disclosures
from workflows.disclosures.queries import decisions_waiting
from workflows.inspections.models import Violation
from workflows.listing import actions as listing_acts
from workflows.listing.actions.objecting import answer_objection
from workflows.listing.actions.proving import Document, Seen, file_proof, record_look
from workflows.listing.actions.repairing import decide_repair
from workflows.listing.models import Ground, Listing
from workflows.listing.models.appeals import Objection, Repair, Verdict
from workflows.remedies.actions import close_remedy, note_remedy
from workflows.remedies.models import Remedy
from workflows.remedies.rules import Challenge, Ending
from workflows.sanctions.actions import answer_lift, answer_order, order_sanctions
from workflows.sanctions.models import Answer, LiftAnswer, Sanction, SanctionOrder

COURT = "乌海市海勃湾区人民法院"
CHOSEN = ("1", "3")  # of the measures that have a current basis


@dataclass
class Lists:
    """`look`: a worker goes to a door that was sent out by itself. `later`: promises an act, so many days on."""

    staff: Staff
    later: Callable[[Case, int, str], None]
    officers: Callable[[Case], tuple[int, int]]
    liaisons: dict[str, Actor] = field(default_factory=dict)
    look: Callable[[CheckTask], Finding] | None = None

    def __post_init__(self) -> None:
        self.liaisons["市税务局"] = self.staff.feng

    # --- proposing

    def propose_for_fraud(self, case: Case) -> None:
        """A ground with a longer period, so that its repair comes before its end."""
        found_by = Document(
            "judgment", "（2025）示例行终21号判决", today() - timedelta(days=20), COURT, (scan("判决书"),)
        )
        file_proof(case, found_by, by=self._inspector(case))
        facts = f"{case.subject.name}以伪造劳动关系为 23 名非本单位人员办理参保（示例）"
        self._propose(case, "5-2", facts, {"persons": 23})

    def look_again_and_propose(self, case: Case) -> None:
        """Two officers saw for themselves that nothing is corrected; what the register shows mended is left alone."""
        penalised_for = case.inspections.latest("pk").violation
        if case.healed_on or penalised_for not in (Violation.UNREGISTERED, Violation.MISSED):
            return
        here = case.subject.address[:100] or "经营场所"
        seen = Seen(
            today(),
            here,
            self.officers(case),
            "查阅花名册、工资表和参保名册，仍有职工未参保（示例）",
            False,
            (scan("复查记录"),),
        )
        record_look(case, seen, by=self._inspector(case))
        self._propose(case, "5-1", f"{case.subject.name}经行政处罚后仍未为职工办理社会保险登记", {})

    def _propose(self, case: Case, code: str, facts: str, found: dict[str, int]) -> None:
        ground = Ground.objects.filter(code=code).latest("valid_from")
        listing_acts.propose_listing(case, ground, facts, circumstances=found, by=self._inspector(case))

    def drop(self, case: Case) -> None:
        why = "处罚后已补办登记并缴清，不予列入"
        listing_acts.drop_listing(case, why, by=self.staff.at(Role.DISTRICT, case.area))

    # --- made public the other way

    def announce(self, case: Case) -> None:
        self.announce_only(case)
        self.later(case, 3, "decide_announcement")

    def announce_only(self, case: Case) -> None:
        ground = Ground.objects.filter(code="17-1").latest("valid_from")
        penalty = case.penalty or {}
        handling = f"{penalty['number']}，罚款 {penalty['amount']} 元（示例）"
        facts = f"{case.subject.name}经责令逾期仍未为职工办理社会保险登记"
        head = "示例法定代表人"
        announcements.propose_announcement(case, ground, head, facts, handling, by=self._inspector(case))

    def decide_announcement(self, case: Case) -> None:
        by = self.staff.at(Role.DISTRICT, case.area)
        announcements.decide_announcement(Announcement.objects.get(case=case), by=by)

    def publish_announcements(self, office: str) -> bool:
        """What the district has decided, as one batch; False where nothing waits."""
        if not to_publish(office).exists():
            return False
        by = self.staff.at(Role.DISTRICT, office)
        announcements.publish_batch(office, "区政府门户网站（示例）", by=by)
        return True

    # --- penalties, published one by one

    def publish_penalties(self, office: str) -> None:
        """What the district decided and served goes public, and what fell since is withdrawn, by its head."""
        by = self.staff.at(Role.DISTRICT, office)
        for owed in decisions_waiting(by):
            decision = owed.inspection
            if owed.falls:
                why = "处罚决定经人民法院判决撤销，公示信息依法撤回（示例）"
                disclosures.withdraw_penalty(decision, why, by=by)
            else:
                disclosures.publish_penalty(decision, decision.facts[:500], by=by)

    # --- sanctions

    def order_sanctions(self, case: Case) -> None:
        chosen = Sanction.objects.filter(code__in=CHOSEN, valid_to=None)
        order_sanctions(case.listing, chosen, by=self.staff.ma)

    def answer_orders(self, case: Case) -> None:
        """The departments that have a liaison; the others are reminded and reported by the clock."""
        for order in SanctionOrder.objects.filter(listing=case.listing, answered_at=None):
            by = self.liaisons.get(order.department)
            if by is not None:
                already = order.pk % 3 == 0
                answer_order(order, Answer.ALREADY if already else Answer.DONE, "", by=by)

    def answer_lifts(self) -> None:
        """Measures of entries that left the list are lifted where there is a liaison to do it."""
        for order in SanctionOrder.objects.filter(lift_at__isnull=False, lifted_at=None):
            by = self.liaisons.get(order.department)
            if by is not None:
                done = order.answered_at is not None
                answer_lift(order, LiftAnswer.LIFTED if done else LiftAnswer.NOTHING, by=by)

    # --- objections, review and suit

    def hand_in_objection(self, case: Case) -> None:
        window.hand_in_for(case, "objection", "公示的地址已于去年变更，请核实更正。")

    def object(self, case: Case) -> None:
        self.hand_in_objection(case)
        window.take(case, by=self._inspector(case))

    def correct(self, case: Case) -> None:
        self._answer(case, Verdict.CORRECTED, "经核对登记档案，地址确已变更，予以更正。")

    def revoke(self, case: Case) -> None:
        self._answer(case, Verdict.REVOKED, "经核查，单位在列入决定前已经改正，撤销列入。")

    def _answer(self, case: Case, verdict: str, said: str) -> None:
        open_one = Objection.objects.get(listing__case=case, answered_at=None)
        checked, mended = "调取登记档案并到场核查（示例）", "地址：以最新登记为准（示例更正）"
        correction = mended if verdict == Verdict.CORRECTED else ""
        answer_objection(open_one, verdict, checked, said, correction=correction, by=self.staff.ma)
        window.answer(case, said, by=self._inspector(case))

    def stay(self, case: Case) -> None:
        by, number = self._inspector(case), "（2026）示例行初12号裁定"
        note_remedy(case, Challenge("suit", COURT, today(), target="listing", stay_number=number), by=by)

    def ask_review(self, case: Case) -> None:
        by = self._inspector(case)
        note_remedy(case, Challenge("review", "乌海市人民政府", today(), target="listing"), by=by)

    def sue_penalty(self, case: Case) -> None:
        note_remedy(case, Challenge("suit", COURT, today(), target="penalty"), by=self._inspector(case))

    def quash_penalty(self, case: Case) -> None:
        running = Remedy.objects.get(case=case, target="penalty", decided_on=None)
        number = "（2026）示例行初18号判决"
        close_remedy(
            running, Ending("quashed", number, today(), effective_on=today()), by=self._inspector(case)
        )

    # --- repair

    def hand_in_repair(self, case: Case) -> None:
        window.hand_in_for(case, "repair", "已补缴全部社会保险费并为全部职工参保，缴费凭证附后。")

    def ask_repair(self, case: Case) -> None:
        self.hand_in_repair(case)
        self.later(case, 2, "take_repair")

    def take_repair(self, case: Case) -> None:
        window.take(case, by=self._inspector(case))
        self.later(case, 4, "look_again")

    def look_again(self, case: Case) -> None:
        """The grid worker looks, the reviewer confirms, the city decides."""
        door = self._repair(case).task
        assert self.look is not None and door is not None
        finding = self.look(door)
        actions.confirm_and_open(finding, "情况属实", by=self.staff.at(Role.COMMUNITY, case.area))
        self.later(case, 2, "grant_repair")

    def grant_repair(self, case: Case) -> None:
        decide_repair(self._repair(case), True, "已改正并履行义务，现场核查属实", by=self.staff.ma)
        window.answer(case, "已准予修复，移出公示。", by=self._inspector(case))

    def _repair(self, case: Case) -> Repair:
        return Repair.objects.get(listing=Listing.objects.get(case=case), decided_at=None)

    def _inspector(self, case: Case) -> Actor:
        return self.staff.at(Role.INSPECTOR, case.area)
