"""What departments owe in the demo city: two more liaisons, referrals in every state, and the year's targets."""

from datetime import timedelta

from grid.calendar.now import today
from grid.scope import Actor, Held, Role, in_area
from grid.territory.actions import add_person, give_posting
from grid.territory.rules import Post
from tasks.visits.states import FindingState
from workflows.duties import actions
from workflows.duties.models import Duty, Referral
from workflows.duties.queries import findings_to_refer
from workflows.duties.queries.directory import Directory, duties_of
from workflows.duties.referring import About, Chosen, Question, Reply
from workflows.duties.targets import actions as targets
from workflows.duties.targets.models import Plan
from workflows.duties.terms import watch_terms

CITY, HOME = "1503", "150302"
# Who speaks for which department, and where.
LIAISONS = {
    "housing": ("何卫国", HOME, "海勃湾区住房和城乡建设局"),
    "medical": ("苏雅", CITY, "市医疗保障局"),
    "finance": ("白文华", CITY, "市财政局"),
    "commerce": ("宋丽华", CITY, "市商务局"),
    "industry": ("梁建军", CITY, "市工业和信息化局"),
}
WHOLES = {"new_units": 260, "new_people": 1800, "leads": 900, "healed": 120, "doors": 2400, "sites": 40}


def post_liaison(code: str, *, by: Actor) -> Actor:
    name, area, department = LIAISONS[code]
    person = add_person(f"liaison-{code}", name, CITY, is_sample=True, by=by)
    posting = give_posting(person, Post(Role.LIAISON, area, today(), department=department), by=by)
    return Actor(person.pk, name, (Held(posting.pk, Role.LIAISON, area, department),))


class Duties:
    """Acts by day; each finds what the days before it left."""

    def __init__(self, wu: Actor, qian: Actor, han: Actor, feng: Actor) -> None:
        self.wu, self.qian, self.han, self.feng = wu, qian, han, feng
        self.liaisons: dict[str, Actor] = {}

    def post_liaisons(self, *, by: Actor) -> None:
        self.liaisons = {code: post_liaison(code, by=by) for code in LIAISONS}

    def plan_the_year(self) -> None:
        """The city's targets, split by both districts that have somebody to do it."""
        city = self._issued(targets.draft_plan(today().year, CITY, WHOLES, by=self.wu), self.wu)
        for area, by in ((HOME, self.qian), ("150304", self.han)):
            self._issued(targets.draft_plan(city.year, area, {}, by=by), by)

    def revise_the_year(self) -> None:
        plan = Plan.objects.get(year=today().year, area=CITY, state="issued")
        revised = targets.revise_plan(plan, "自治区年中追加参保扩面任务（示例）", by=self.wu)
        whole = {("new_people", CITY): WHOLES["new_people"] + 200}
        targets.change_plan(revised, whole, {}, by=self.wu)
        targets.propose_shares(revised, by=self.wu)
        self._issued(revised, self.wu)

    def _issued(self, plan: Plan, by: Actor) -> Plan:
        Plan.objects.filter(pk=plan.pk).update(is_sample=True)
        targets.check_plan(plan, by=by)
        return targets.issue_plan(plan, by=by)

    def refer(self) -> None:
        """A free matter for the tax office, and the findings of an industry for its authority."""
        self._free("tax", 1, "核对纳税不缴费单位", "请核对凤凰岭街道辖区纳税不缴费单位名单并回复处理情况。")
        self._free("tax", 2, "督促欠费单位清缴", "请告知近三个月社会保险费欠费单位的清缴进展。")
        self._free("tax", 1, "共享个税申报人数", "请提供上季度个税扣缴人数，用于比对参保人数。")
        self._many("commerce")

    def refer_lately(self) -> None:
        self._free(
            "housing",
            0,
            "督促在建项目参加工伤保险",
            "请督促辖区在建项目办理按项目参加工伤保险，并回复项目名单。",
        )
        self._many("industry")

    def _duty(self, code: str, number: int) -> Duty:
        directory = Directory()
        return duties_of([directory.by_code[code]])[number]

    def _free(self, code: str, number: int, title: str, question: str) -> None:
        duty = self._duty(code, number)
        sent = actions.refer(duty.department, duty, About(HOME), Question(title, question), by=self.qian)
        Referral.objects.filter(pk=sent.pk).update(is_sample=True)

    def _many(self, code: str) -> None:
        duty = self._duty(code, 0)
        chosen = Chosen(HOME, since=today() - timedelta(days=200))
        rows = findings_to_refer(self.qian, duty.department, chosen).filter(state=FindingState.CONFIRMED)
        if rows.exists():
            question = Question("督促未参保单位参保", "请督促本行业单位为职工参保，并回复核查和参保人数。")
            sent = actions.refer_many(duty.department, duty, chosen, question, by=self.qian)
            Referral.objects.filter(pk__in=[referral.pk for referral in sent]).update(is_sample=True)

    def answer(self) -> None:
        """Some are answered, one is given back, the rest wait until their term is over."""
        first, second = self._waiting("tax")[:2]
        answer = "已核对名单 46 户，其中 31 户已补办参保登记，其余已列入清缴计划。"
        actions.answer_referral(first, Reply(answer, 46, 31), by=self.feng)
        to = Directory().by_code["commerce"]
        actions.return_referral(second, to, "名单内多为商贸流通企业，请先由行业主管部门督促。", by=self.feng)
        for place, referral in enumerate(self._waiting("commerce")[:6]):
            by = self.liaisons["commerce"]
            reply = Reply("已上门督促，单位承诺本月内办理。", checked=1, insured=place % 2)
            actions.answer_referral(referral, reply, by=by)
            if place < 3:
                actions.accept_answer(referral, by=self.qian)
            if place < 2:
                actions.close_referral(referral, "已参保，见社保名册", by=self.qian)

    def _waiting(self, code: str) -> list[Referral]:
        rows = Referral.objects.filter(in_area(CITY), state="sent", department__code=code)
        return list(rows.order_by("pk"))

    def watch(self) -> None:
        watch_terms()
