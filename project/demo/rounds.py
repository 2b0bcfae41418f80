"""The rounds of the demo city: who plans which, where, and what comes of it."""

from dataclasses import dataclass

from grid.scope import Actor, Role
from project.demo import stories
from project.demo.agenda import Agenda
from project.demo.canvass import Canvass
from project.demo.cases import Cases
from project.demo.people import Staff
from project.demo.telling import Telling
from project.demo.wuhai import FAR, HOME, NEAR
from tasks.rounds.choosing.actions import save_choice
from tasks.rounds.choosing.rules import Criteria

MOST = 100  # doors for one worker


@dataclass(frozen=True, slots=True)
class Planned:
    """A round as it is planned: its area, the leads it follows (none: everybody), how many days it has, who plans and
    who approves it. `share` of the doors is reached in time; `shown` are the stories its first cases are to tell."""

    title: str
    area: str
    rules: tuple[str, ...]
    days: int
    planner: str
    approver: str
    share: float = 1.0
    shown: tuple[str, ...] = ()


# The oldest cases: what takes longer than a year, as repair and expiry do, has come to its end.
PILOT = Planned("第一轮摸排（试点）", "150302", (), 28, "wu", "qian", shown=stories.PILOT)
BY_LEADS = Planned(
    "苏海图街道线索核查", FAR, ("R1", "R2", "R3", "R4", "R13"), 26, "han", "chen", shown=stories.FAR
)
NEARBY = Planned("海北街道全面摸排", NEAR, (), 24, "qian", f"s{NEAR}", shown=stories.NEAR)
# The cases that stand in the middle of everything now.
UNINSURED = Planned(
    "未参保和纳税不缴费专项核查", "150302", ("R1", "R13"), 26, "wu", "qian", shown=stories.LIVE
)
OF_STREET = Planned("凤凰岭街道全面摸排", HOME, (), 32, "qian", "sun", share=0.6)
OF_COMMUNITY = Planned("振华社区全面摸排", FAR + "011", (), 28, "chen", "han", share=0.5)


class Rounds:
    def __init__(
        self, telling: Telling, agenda: Agenda, staff: Staff, canvass: Canvass, cases: Cases
    ) -> None:
        self.telling, self.agenda, self.staff = telling, agenda, staff
        self.canvass, self.cases = canvass, cases

    def play(self, planned: Planned) -> None:
        title = self._dated(planned.title)
        with self.telling.step(f"{self.agenda.day} 轮次“{title}”") as counts:
            by, approving = self.staff.named[planned.planner], self.staff.named[planned.approver]
            round = self.canvass.plan(title, planned.area, planned.rules, planned.days, by=by, most=MOST)
            self.cases.show(round.pk, planned.shown, stories.OLD if planned.shown else stories.YOUNG)
            self.canvass.approve(round, approving)
            sender = self.staff.at(Role.DISTRICT, planned.area)
            self.canvass.send(round, by=sender, share=planned.share)
            round.refresh_from_db()
            left = sum(group["count"] for group in round.left_over)
            counts += [f"派发 {round.dispatch_done} 户", f"未能派发 {left} 户"]

    def await_approval(self) -> None:
        """One round waits for 乌达区, one for 海勃湾区; the city keeps a choice by name."""
        criteria = Criteria(rules=("R1",), employees_from=10)
        save_choice("示例数据：十人以上未参保", "1503", criteria, by=self.staff.wu)
        self._propose("乌达区漏保专项核查", "150304", ("R2", "R3"), 30, self.staff.wu)
        street = self.staff.at(Role.STREET, "150302004")
        self._propose("新华西街道岁末摸排", "150302004", (), 25, street)

    def _propose(self, title: str, area: str, rules: tuple[str, ...], days: int, by: Actor) -> None:
        self.canvass.plan(self._dated(title), area, rules, days, by=by)

    def _dated(self, title: str) -> str:
        return f"{self.agenda.day.year}年{title}"
