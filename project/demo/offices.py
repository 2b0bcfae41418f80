"""What the offices of the demo city do beside single cases: announce, remind, ask colleagues, and watch the clock."""

from dataclasses import dataclass

from grid.scope import Actor, in_area
from project.demo.agenda import Agenda
from project.demo.cases import Cases
from project.demo.duties import LIAISONS, Duties
from project.demo.employers import DISTRICTS
from project.demo.people import Staff
from project.demo.telling import Telling
from workflows.clocks.actions import fire_due_clocks
from workflows.engine.actions.overdue import escalate_overdue
from workflows.engine.signing.actions.binding import ask_signer, delegate_step, hand_over_step
from workflows.engine.signing.queries.matters import place_of
from workflows.inspections.models import Inspection, InspectionState
from workflows.reminders.actions import send_waiting
from workflows.sanctions.actions import chase_orders

HOME = "150302"


@dataclass
class Offices:
    telling: Telling
    agenda: Agenda
    staff: Staff
    cases: Cases

    def post_liaisons(self, duties: Duties, *, by: Actor) -> None:
        duties.post_liaisons(by=by)
        posted = {department: duties.liaisons[code] for code, (_name, _area, department) in LIAISONS.items()}
        self.cases.lists.liaisons |= posted

    def announce(self) -> None:
        with self.telling.step(f"{self.agenda.day} 重大劳动保障违法行为社会公布") as counts:
            counts += [
                name for code, name in DISTRICTS.items() if self.cases.lists.publish_announcements(code)
            ]

    def watch(self) -> None:
        """What the clock does again and again, and what departments answer to it."""
        fire_due_clocks()
        escalate_overdue()
        chase_orders()
        send_waiting()
        self.cases.lists.answer_lifts()
        self.cases.serve_the_rest()
        for code in DISTRICTS:
            self.cases.lists.publish_penalties(code)

    def remind_lapsed(self) -> None:
        with self.telling.step(f"{self.agenda.day} 断缴提醒") as counts:
            counts.append(self.cases.contacts.remind_lapsed(HOME))

    def bring_in_colleagues(self) -> None:
        """Steps that wait for a colleague: an opinion asked for, a file handed over, one being prepared."""
        qian, zhou, he, fang = (self.staff.named[name] for name in ("qian", "zhou", "he", "fang"))
        for state, bring_in, to, why, by in (
            (InspectionState.DECIDING, ask_signer, fang, "裁量倍数是否适当，请发表意见", qian),
            (InspectionState.ORDER_EXPIRED, hand_over_step, he, "周正外出培训，请何敏办理", zhou),
            (InspectionState.INVESTIGATING, delegate_step, he, "请核对工资表，准备限期改正指令书", zhou),
        ):
            inspection = Inspection.objects.filter(in_area(HOME), state=state).order_by("-pk").first()
            place = place_of(inspection) if inspection else None
            if place and to.person_id:
                bring_in(place, to.person_id, why, by=by)
