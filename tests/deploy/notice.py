"""From the first admin to the first notice, on an installed city, over TLS alone."""

import csv
import http.client
import json
import re
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from grid.scope import Role
from project.demo.accounts import ACCOUNTS
from tests.deploy.desk import Desk
from tests.deploy.machine import HOST, Machine
from tests.journeys import registers

PASSWORD = "Ein-Anfang-2026"
PEOPLE = ("wu", "ma", "fang", "qian", "sun", "zhao")
EMPLOYER = registers.STUBBORN
OFFICES = Path(__file__).resolve().parent.parent.parent / "project/demo/offices.csv"
COMMUNITIES = {"150302001002": "和平", "150304011011": "振华"}
ROLES = (Role.WORKER, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.CITY, Role.LEGAL)


def from_admin_to_notice(machine: Machine) -> bytes:
    """The bytes of the first notice."""
    desks = {name: Desk(machine, name) for name in PEOPLE}
    first_person(machine, desks["wu"])
    for name, code in people_and_grids(machine).items():
        if name in desks:
            desks[name].comes_in_with(code, PASSWORD)
    offices_are_confirmed(machine, desks["fang"])
    registers_come_in(desks["wu"], desks["ma"])
    round_page = a_round_is_planned(desks["qian"], desks["sun"])
    phone = Phone(machine, code_for_a_phone(desks["zhao"]))
    desks["qian"].waits_for(round_page, "待查")
    phone.visits(EMPLOYER.name)
    return case_and_notice(desks["zhao"], desks["sun"], desks["qian"])


def first_person(machine: Machine, wu: Desk) -> None:
    machine.manage("import_divisions")
    code = re.search(r"一次性码 (\S+?)（", machine.manage("first_admin", "wu", "吴霞"))
    assert code
    wu.comes_in_with(code[1], PASSWORD)


def people_and_grids(machine: Machine) -> dict[str, str]:
    """As the guide's first week: files on the command line. Login → one-time code of everybody who was added."""
    grids = [
        f"{community},{name}社区第{number}网格,400"
        for community, name in COMMUNITIES.items()
        for number in "一二"
    ]
    told = machine.manage("import_grids", _file(machine, "grids.csv", "社区代码,网格名称,户数", grids))
    assert "新增 4 个" in told and "不采用 0 行" in told, told
    staff = [account for account in ACCOUNTS if account.role in ROLES and account.username != "wu"]
    lines = [
        f"{account.full_name},{account.username},{account.role.label},{account.area},{date.today()},{account.department}"
        for account in staff
    ]
    head = "姓名,登录名,岗位,区划代码,起始日,部门"
    codes = machine.root / "var/lib/grid/codes.csv"
    told = machine.manage("add_people", _file(machine, "people.csv", head, lines), "--codes", str(codes))
    assert f"新增人员并安排岗位 {len(staff)} 行" in told and "退回" not in told, told
    with codes.open(encoding="utf-8-sig", newline="") as file:
        given = {row["登录名"]: row["首次登录码"] for row in csv.DictReader(file)}
    codes.unlink()
    return given


def _file(machine: Machine, name: str, head: str, lines: list[str]) -> str:
    file = machine.root / "tmp" / name
    file.write_text("\n".join([head, *lines]) + "\n")
    file.chmod(0o644)
    return str(file)


def offices_are_confirmed(machine: Machine, fang: Desk) -> None:
    """Who stands on papers is entered by one and confirmed by another."""
    file = _file(machine, "offices.csv", *_head_and_lines(OFFICES))
    assert "新录入机关" in machine.manage("import_offices", file)
    fang.opens("/offices/confirm/")
    fang.fills("chosen", why="与机构编制文件一致")


def _head_and_lines(file: Path) -> tuple[str, list[str]]:
    head, *lines = file.read_text().splitlines()
    return head, lines


def registers_come_in(wu: Desk, ma: Desk) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, write in (
            ("market", registers.market),
            ("social", registers.social),
            ("tax", registers.tax),
        ):
            file = write(Path(folder))
            wu.opens("/registers/upload/")
            wu.fills("register", ("file", file.name, file.read_bytes()), register=name, area="1503")
            delivery = wu.at
            wu.waits_for(delivery, "按此导入")
            wu.presses("was-0", "take")
            wu.waits_for(delivery, "采用前请看会改变什么")
            # What changes much is decided by somebody else; page says whose it is.
            decides = wu if any("take" in form.held for form in wu.page.forms) else ma
            decides.opens(delivery)
            decides.fills("take", take="yes")
            wu.waits_for(delivery, "已完成")


def a_round_is_planned(qian: Desk, sun: Desk) -> str:
    qian.opens("/rounds/new/")
    due = (date.today() + timedelta(days=20)).isoformat()
    qian.fills("title", title="第一轮", area="150302001", due_on=due, lead_rules=["R1"])
    page = qian.at
    qian.fills("submit")
    sun.opens(page)
    sun.fills("approve")
    qian.opens(page)
    qian.fills("dispatch")
    return page


def code_for_a_phone(zhao: Desk) -> str:
    zhao.opens("/devices/")
    invite = next(form for form in zhao.page.forms if form.action.endswith("/code/"))
    zhao.fills(invite.action.rstrip("/"))
    return zhao.link(r'(?<=<code class="big">)[^<]+')


class Phone:
    """Enrols with a code, and speaks the API."""

    def __init__(self, machine: Machine, code: str) -> None:
        self.machine, self.token = machine, ""
        self.token = self.asks("POST", "enrol", {"code": code, "label": "手机", "app_version": "1"})["token"]

    def asks(self, method: str, path: str, body: Any = None) -> Any:
        line = self.machine.line()
        headers = {"Host": f"{HOST}:{self.machine.ports['https']}", "Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        line.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, headers)
        answer: http.client.HTTPResponse = line.getresponse()
        told = json.loads(answer.read())
        line.close()
        assert answer.status < 300, told
        return told

    def visits(self, name: str) -> None:
        told = self.asks("GET", "changes?cursor=0&limit=300")
        door = next(door for door in told["doors"] if door["subject"]["name"] == name)
        versions = {form["code"]: form["version"] for form in told["forms"]}
        answers = {"operating": "yes", "employees": 12, "insured_seen": 0}
        time.sleep(1)
        visit = {
            "client_id": str(uuid4()), "task_id": door["task_id"], "form": door["form"], "outcome": "done",
            "form_version": versions[door["form"]], "answers": answers,
            "recorded_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        result = self.asks("POST", "visits", {"visits": [visit]})["results"][0]
        assert result["status"] == "accepted", result


def case_and_notice(zhao: Desk, sun: Desk, qian: Desk) -> bytes:
    zhao.opens("/findings/")
    zhao.opens(zhao.link(r"/findings/\d+/"))
    zhao.fills("confirm", remark="属实")
    case = f"/cases/{zhao.link(r'[A-Z]{3}-[0-9]{4}-[0-9]{6}')}/"
    for desk in (sun, qian):
        desk.opens(case)
        desk.fills("approve")
    zhao.opens(case)
    zhao.fills("urge")
    sun.opens("/notices/to-sign/")
    sun.fills("sign")
    zhao.opens(case)
    zhao.opens(zhao.link(r"/notices/\d+\.pdf"))
    assert zhao.content.startswith(b"%PDF")
    paper = zhao.content
    zhao.opens(case)
    slip = {
        "way": "direct",
        "served_on": date.today().isoformat(),
        "receiver": "张三",
        "receiver_role": "法定代表人",
    }
    zhao.fills("serve-urging", **slip)
    return paper
