"""One finding through all stations: from the register's row to the removal from the list, and a second one that
the next register heals. Each chapter is a function; the test plays the same ones."""

import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.test import Client

from grid.calendar.now import CITY_TIME
from grid.codes import notice_address
from grid.ledger.actions import export_case
from grid.ledger.keys import public_key_pem
from grid.ledger.models import Entry
from grid.ledger.queries import history
from grid.ledger.verbs import sentence_of as in_words
from grid.subjects.models import Subject
from grid.territory.models import Posting
from mobile_api.devices.actions import invite_phone
from project.demo.canvass import picture, run_jobs
from project.demo.hard_way import (
    ask_court,
    audit,
    decide_and_publish,
    expire,
    inspect_and_penalise,
    is_public,
    propose_and_hear,
    sanction,
    serve,
)
from project.demo.papers import hold_against_the_law
from project.demo.phone import Phone
from project.demo.stage import CITY, STUBBORN, WILLING, Stage, label_doors
from tasks.comparison.models import Lead
from tasks.findings.models import Finding
from tasks.rounds.actions import plan_round
from tasks.rounds.models import Round
from tasks.rounds.queries.drafting import draft
from tasks.visits.states import FindingState
from workflows.assessment.actions import (
    agree_result,
    compute_scheme,
    freeze_scheme,
    open_scheme,
    propose_freeze,
    show_scheme,
)
from workflows.assessment.models import Result, Scheme
from workflows.assessment.queries import members_of
from workflows.assessment.queries.checking import check_scheme
from workflows.assessment.queries.gates import first_day_to_show
from workflows.cases import actions
from workflows.cases.models import Case
from workflows.reminders.actions import note_contact
from workflows.reminders.actions.contacting import Attempt
from workflows.reminders.models import Outcome, Way
from workflows.rounds.actions import approve_round, dispatch_round, submit_round

DISTRICT = "150302"
ROOT = settings.ROOT


@dataclass
class Told:
    """What the story came to, for whoever checks it."""

    stubborn: Case
    willing: Case
    public_while_listed: bool = False
    public_after_removal: bool = True
    export: Path = Path()
    verified: int = -1
    missing: list[str] | None = None
    lines: list[str] = field(default_factory=list)


def play(stage: Stage) -> Told:
    """The whole story, in order. Ends with time back where it was."""
    registers_and_leads(stage)
    round = plan_and_approve(stage)
    phone = enrol(stage)
    visits = dispatch_and_visit(stage, round, phone)
    told = review(stage)
    approve_stubborn(stage, told.stubborn)
    return_and_correct(stage, told.willing, phone, visits[WILLING])
    urge(stage, told.stubborn)
    urge(stage, told.willing)
    mend_and_heal(stage, told)
    audit(stage, told.stubborn)
    inspect_and_penalise(stage, told.stubborn)
    propose_and_hear(stage, told.stubborn)
    decide_and_publish(stage, told.stubborn)
    told.public_while_listed = is_public(told.stubborn)
    sanction(stage, told.stubborn)
    ask_court(stage, told.stubborn)
    expire(stage, told.stubborn)
    told.public_after_removal = is_public(told.stubborn)
    retell(stage, told)
    assess(stage, told)
    told.missing = hold_against_the_law(stage, told.stubborn)
    return told


# --- from the register to the door ---------------------------------------------------------------------


def registers_and_leads(stage: Stage) -> None:
    stage.chapter("名册到了，互相比对")
    with stage.later():
        for register in ("market", "social", "tax"):
            stage.deliver(register)
        label_doors([stage.subject(employer.name) for employer in stage.employers])
        stage.compare()
        for lead in Lead.objects.select_related("subject", "left", "right").order_by("subject_id", "rule"):
            stage.tell(f"线索 {lead.rule} {lead.subject.name}：{lead.why}")
            sides = [row for row in (lead.left, lead.right) if row]
            stage.tell(
                "      来自 " + "、".join(f"{row.get_register_display()}第{row.line}行" for row in sides)
            )
            stage.tell(f"      依据 {lead.clause}")


def plan_and_approve(stage: Stage) -> Round:
    stage.chapter("街道制定轮次，先看试排，区里批准")
    with stage.later(1) as day:
        round = plan_round(
            title="凤凰岭街道摸排", area="150302001", lead_rules=[], due_on=day + timedelta(days=20),
            per_worker=30, by=stage.staff.sun,
        )  # fmt: skip
        plan = draft(round, day)
        names = dict(Subject.objects.values_list("pk", "name"))
        for door in plan.assigned:
            stage.tell(f"试排 {names[door.candidate.subject]}：{door.how}；缘由：{door.candidate.why}")
        stage.tell(f"试排排不下的：{len(plan.left_over)} 户")
        submit_round(round, by=stage.staff.sun)
    with stage.later(1):
        approve_round(round, "同意", by=stage.staff.qian)
        round.refresh_from_db()
        stage.tell(f"{round.code} {round.title}：钱卫东同意，{round.get_state_display()}")
    return round


def enrol(stage: Stage) -> Phone:
    stage.chapter("网格员的手机扫码登记")
    phone = Phone()
    with stage.later():
        posting = Posting.objects.get(person__username="wang")
        _invited, code = invite_phone(posting, by=stage.staff.sun)
        told = phone.enrol(code, "王建国的手机")
        stage.tell(f"{told['person']['name']} · {told['posting']['area_name']}：已登记")
    return phone


def dispatch_and_visit(stage: Stage, round: Round, phone: Phone) -> dict[str, dict[str, object]]:
    stage.chapter("派发到手机，上门，回传")
    with stage.later(1):
        dispatch_round(round, by=stage.staff.qian)
        run_jobs()
        round.refresh_from_db()
        stage.tell(f"派发 {round.dispatch_done} 户，{round.get_state_display()}")
    with stage.later(1):
        for door in phone.pull():
            stage.tell(f"手机收到：{door['subject']['name']} — {door['why']}")
        photo = picture(1)
        refused = phone.visit(phone.doors[STUBBORN], "refused", {}, photo)
        seen = phone.visit(phone.doors[WILLING], "done", answers(9, 5))
        fine = [employer for employer in stage.employers if not employer.flaw]
        others = [
            phone.visit(phone.doors[employer.name], "done", answers(employer.heads, employer.insured))
            for employer in fine
        ]
        for result in phone.push(refused, seen, *others):
            stage.tell(f"走访 {result['visit']}：{result['status']} — {result['message']}")
        stage.tell(f"拒访照片 {len(photo)} 字节，分 {phone.upload(refused, photo)} 段传完，指纹相符")
        again = phone.push(refused)
        stage.tell(f"网络不好又发了一遍：{again[0]['status']} — {again[0]['message']}")
    return {STUBBORN: refused, WILLING: seen}


def answers(heads: int, insured: int) -> dict[str, object]:
    return {
        "operating": "yes", "employees": heads, "contracts": heads, "insured_seen": insured,
        "types_seen": ["pension", "unemployment", "injury"], "wage_base": "full", "lapsed": "no",
    }  # fmt: skip


# --- from the finding to the urging --------------------------------------------------------------------


def review(stage: Stage) -> Told:
    stage.chapter("第二双眼睛：社区复核员确认，案件立起来")
    cases = {}
    with stage.later(1):
        for finding in (
            Finding.objects.filter(state=FindingState.OPEN).select_related("subject").order_by("pk")
        ):
            for measure in finding.measures:
                stage.tell(
                    f"{measure['measure']} {finding.subject.name}:{measure['why']}({measure['clause']})"
                )
            case = actions.confirm_and_open(finding, "情况属实", by=stage.staff.zhao)
            if case is None:
                stage.tell(f"{finding.subject.name}：没有问题，赵敏确认")
            else:
                cases[finding.subject.name] = case
                stage.tell(f"赵敏确认，立案 {case.code}")
    return Told(cases[STUBBORN], cases[WILLING])


def approve_stubborn(stage: Stage, case: Case) -> None:
    stage.chapter("街道、区两级审批")
    with stage.later(1):
        actions.approve_case(case, remark="情况属实", by=stage.staff.sun)
        actions.approve_case(case, remark="同意督促", by=stage.staff.qian)
        stage.tell(f"{case.code} 孙强、钱卫东先后同意，{case.get_state_display()}")


def return_and_correct(stage: Stage, case: Case, phone: Phone, first: dict[str, object]) -> None:
    stage.chapter("另一件被街道退回，问题回到手机上")
    with stage.later():
        why = "自报 5 人，社保登记 3 人，请再核"
        actions.return_case(case, why, ["insured_seen"], by=stage.staff.sun)
        door = next(door for door in phone.pull() if door["state"] == "returned")
        asked = door["returned"]
        stage.tell(
            f"手机上 {door['subject']['name']} 又亮了：{asked['question_text']}（请再答：{'、'.join(asked['questions'])}）"
        )
    with stage.later(1):
        result = phone.push(phone.visit(door, "done", answers(9, 3), replaces=str(first["client_id"])))[0]
        stage.tell(f"补充走访 {result['visit']}：{result['status']}")
        finding = Finding.objects.select_related("visit").get(
            subject=case.subject_id, state=FindingState.OPEN
        )
        actions.confirm_and_open(finding, "已更正为 3 人", by=stage.staff.zhao)
        case.refresh_from_db()
        actions.approve_case(case, remark="已补正", by=stage.staff.sun)
        actions.approve_case(case, remark="同意督促", by=stage.staff.qian)
        stage.tell(f"{case.code} 补正后两级同意，{case.get_state_display()}")


def urge(stage: Stage, case: Case) -> None:
    stage.chapter(f"告知书送达：{case.subject.name}")
    with stage.later(1):
        notice = actions.issue_notice(case, by=stage.staff.zhao)
        serve(stage, notice, stage.staff.zhao)
        answer = Client().get(f"/v/{notice.code}")
        known = answer.status_code == 200 and notice.number in answer.content.decode()
        stage.tell(f"扫码核验 {notice_address(notice.code)}：{'文书真实' if known else '未能核验'}")
        clock = case.clocks.get(fired_at=None, stopped_at=None)
        stage.tell(f"整改期限 {clock.length} 日，至 {clock.due_on}（{clock.basis}）")
    with stage.later(3):
        told = Attempt(Way.PHONE, Outcome.REACHED, "已说明期限，对方知晓")
        note_contact(case, told, by=stage.staff.zhao)
        stage.tell("电话联系一次，结果记入案卷")


def mend_and_heal(stage: Stage, told: Told) -> None:
    stage.chapter("下一期社保名册：一家改了，案件自己办结；另一家没有动")
    employer = next(employer for employer in stage.employers if employer.name == WILLING)
    with stage.later(10) as day:
        employer.mended_on = day
        stage.deliver("social")
        _report, healed = stage.compare()
        told.willing.refresh_from_db()
        stage.tell(
            f"自动办结 {'、'.join(healed) or '无'}：{told.willing.get_state_display()}，{told.willing.closed_why}"
        )


# --- retold --------------------------------------------------------------------------------------------


def retell(stage: Stage, told: Told) -> None:
    case = told.stubborn
    stage.chapter(f"审计员读 {case.code} 的台账")
    with stage.later(1):
        for entry in history(stage.staff.zheng, case=case.code):
            stage.tell(_line(entry))
        told.export = stage.folder / f"{case.code}.jsonl"
        told.export.write_bytes(export_case(case.code, by=stage.staff.zheng))
    # The auditor's own copy, taken from the public address long before.
    key = stage.folder / "key.pem"
    key.write_text(public_key_pem())
    command = [sys.executable, "-m", "grid.ledger.verify", str(told.export), "--key", str(key)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    told.verified = done.returncode
    stage.say("")
    stage.say(f"    $ python -m grid.ledger.verify {told.export.name} --key {key.name}")
    for line in (done.stdout + done.stderr).splitlines():
        stage.tell(line)


def _line(entry: Entry) -> str:
    mark = "〔已封存〕" if hasattr(entry, "leaf") else "〔待封存〕"
    at = entry.at.astimezone(CITY_TIME)
    return f"{entry.nth:>3}  {at:%Y-%m-%d %H:%M}  {entry.actor_name:<5} {in_words(entry)} {mark}"


def assess(stage: Stage, told: Told) -> None:
    """The years from the first case's end to the last one's, each closed the lawful way once it is over."""
    ends = [
        case.closed_at.astimezone(CITY_TIME).year for case in (told.willing, told.stubborn) if case.closed_at
    ]
    for year in range(min(ends), max(ends) + 1):
        stage.chapter(f"{year} 年度考核：年度终了后计算，向各区公示")
        with stage.later(on=max(stage.day, first_day_to_show(year))):
            scheme = compute_scheme(open_scheme(year, CITY, by=stage.staff.wu), CITY, by=stage.staff.wu)
            for result in Result.objects.filter(indicator__scheme=scheme, area=DISTRICT).select_related(
                "indicator"
            ):
                told.lines.append(_assessed(result, told))
                stage.tell(told.lines[-1])
            show_scheme(scheme, CITY, by=stage.staff.wu)
        hear_districts(stage, scheme)
        close_year(stage, scheme)


def hear_districts(stage: Stage, scheme: Scheme) -> None:
    """Two answer; whoever says nothing until the term is over has no objection."""
    with stage.later(2):
        for response in scheme.responses.select_related("scheme").order_by("area"):
            by = {"150302": stage.staff.qian, "150304": stage.staff.han}.get(response.area)
            if by is not None:
                agree_result(response, by=by)
                stage.tell(f"{by.name}核对本区各项数字：无异议")


def close_year(stage: Stage, scheme: Scheme) -> None:
    scheme.refresh_from_db()
    with stage.later(on=(scheme.due_on or stage.day) + timedelta(days=1)):
        propose_freeze(scheme, CITY, by=stage.staff.wu)
        frozen = freeze_scheme(scheme, CITY, by=stage.staff.ma)
        stage.tell(f"异议期满，吴霞提请、马骏决定封定，指纹 {frozen.hash[:16]}…")
        found = check_scheme(stage.staff.zheng, frozen)
        stage.tell(f"审计员重新计算：{'与所存一致' if found.is_sound else '与所存不同'}")


def _assessed(result: Result, told: Told) -> str:
    codes = (told.stubborn.code, told.willing.code)
    where = [
        f"{member.key} {'未达' if member.is_missed else '计入'}"
        for member in members_of(result)
        if member.key in codes
    ]
    unit = result.indicator.unit
    digits = f"{result.numerator}/{result.denominator}{unit} 得 {result.score} 分（权重 {result.indicator.weight}）"
    if not result.denominator:
        digits = "当年没有应计的"
    return f"{result.indicator.title}:{digits}" + (f" ← {'、'.join(where)}" if where else "")
