"""A list of people: every line decided as one by one, written once, and told of line by line."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from grid import problems
from grid.accounts.actions import give_first_codes, set_password_by_code
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.people.actions import enter_people
from grid.people.models import PeopleSheet
from grid.people.queries.judging import ADDED, NEW, POSTED, REFUSED, SAME, judge
from grid.people.reading import read_people
from grid.people.rules import COLUMNS
from grid.scope import Role, machine
from grid.territory.actions import add_person, give_posting
from grid.territory.models import Person, Posting
from grid.territory.rules import Post
from tests.cast import FAR_GRID, GRID_1, GRID_2, PASSWORD

HEAD = "姓名,登录名,手机号,岗位,区划代码,区划名称,起始日,截止日,部门\n"


def line(number: int = 1, **said: str) -> dict[str, Any]:
    texts = dict.fromkeys([*COLUMNS, "fault"], "") | {"name": "新来的", "username": f"new{number}"}
    return texts | said | {"line": number}


def file_of(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(HEAD + "".join(f"{text}\n" for text in lines), encoding="utf-8")
    return path


# --- decided alike --------------------------------------------------------------------------------------


def one_by_one(person: str, role: str, area: str, by: Any) -> str:
    """The code of the refusal of the acts for one; "" for what is done. Nothing of it stays."""
    try:
        with transaction.atomic():
            known = Person.objects.filter(username=person).first()
            known = known or add_person(person, "新来的", area, by=by)
            give_posting(known, Post(role, area, today()), by=by)
            raise Undone
    except Undone:
        return ""
    except problems.Problem as problem:
        return problem.code


class Undone(Exception):
    pass


@pytest.mark.once
@pytest.mark.parametrize("by", ["wu", "qian", "bai"])
def test_a_line_is_refused_for_the_same_reason_as_the_act_for_one(cast: Any, by: str) -> None:
    actor = getattr(cast.by, by)
    areas = ["1503", "150302", "150302001", GRID_1, FAR_GRID]
    differing = []
    for name, role, area in product(["new1", "zheng", by], Role.values, areas):
        full_name = getattr(cast, name).full_name if hasattr(cast, name) else "新来的"
        (judged,) = judge([line(name=full_name, username=name, role=role, area=area)], actor)
        alone = one_by_one(name, role, area, actor)
        listed = "posting-held" if judged.outcome == SAME else judged.told["code"]
        if alone != listed and {alone, listed} - ALIKE:
            differing.append((name, role, area, alone, listed))
    assert differing == []


# What is refused twice over is told by one of its reasons; outside the territory a list knows no area at all.
ALIKE = {"not-here", "not-your-post", "given-by-others", "unknown-area", "own-posting"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": ""}, "person-name-unfit"),
        ({"username": "a b"}, "login-unfit"),
        ({"phone": "无"}, "phone-unfit"),
        ({"username": "WANG"}, "login-taken"),
        ({"role": "村长"}, "role-unknown"),
        ({"area": "", "area_name": "没有的网格"}, "unknown-area"),
        ({"area": "", "area_name": "社区"}, "unknown-area"),
        ({"first": "上周"}, "day-unreadable"),
        ({"last": "2020-01-01"}, "wrong-period"),
        ({"area": "150302001"}, "posting-level-wrong"),
        ({"fault": "引号没有成对"}, "line-unread"),
    ],
)
def test_lines_that_cannot_be_taken(cast: Any, said: dict[str, str], code: str) -> None:
    base = {"role": "网格员", "area": GRID_1}
    (judged,) = enter_people([line(**(base | said))], "x.csv", by=cast.by.qian)
    assert (judged.outcome, judged.told["code"]) == (REFUSED, code) and judged.told["reason"]
    assert not Person.objects.filter(username="new1").exists() and not Entry.objects.exists()


# --- taken ----------------------------------------------------------------------------------------------


def test_a_file_is_taken_once(cast: Any, tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        f"张三,zhangsan,138 0013 8001,网格员,{GRID_1},,2026/1/1,,",
        "张三,zhangsan,,网格员,,和平社区第二网格,2026年1月2日,2026-12-31,",
        "李四,,13800138002,社区复核员,150302001002,,,,",
        "王五,wangwu,,,,,,,",
        f"王建国,wang,,网格员,{GRID_2},,,,",
        f"王建国,wang,,网格员,{GRID_1},,,,",
        f"刘洋,liu,,网格员,{FAR_GRID},,,,",
        f"重名,wang,,网格员,{GRID_1},,,,",
    )
    lines = read_people(path, path.name)
    judged = enter_people(lines, path.name, by=cast.by.qian)
    assert [row.outcome for row in judged] == [NEW, POSTED, NEW, ADDED, POSTED, SAME, REFUSED, REFUSED]
    assert [row.told["code"] for row in judged[-2:]] == ["not-here", "login-taken"]
    person = Person.objects.get(username="zhangsan")
    assert (person.phone, person.home) == ("13800138001", GRID_1) and not person.has_usable_password()
    assert [
        (p.area_id, str(p.valid_from), p.valid_to and str(p.valid_to)) for p in person.postings.order_by("pk")
    ] == [
        (GRID_1, "2026-01-01", None),
        (GRID_2, "2026-01-02", "2026-12-31"),
    ]
    assert Person.objects.get(username="13800138002").full_name == "李四"
    assert Person.objects.get(username="wangwu").home == "150302"
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["person.added"] * 3 + ["posting.given"] * 4 + ["people.imported"]
    assert "13800138001" not in str(list(Entry.objects.values("data", "canonical")))
    before = Person.objects.count(), Posting.objects.count(), Entry.objects.count()
    again = enter_people(lines, path.name, by=cast.by.qian)
    assert {row.outcome for row in again} == {SAME, REFUSED}
    assert (Person.objects.count(), Posting.objects.count(), Entry.objects.count()) == before


@pytest.mark.once
def test_nine_hundred_people_in_few_queries(cast: Any, django_assert_max_num_queries: Any) -> None:
    lines = [line(n, role="网格员", area=GRID_1, first="2026-01-01") for n in range(900)]
    with django_assert_max_num_queries(40):
        judged = enter_people(lines, "x.csv", by=cast.by.qian)
    assert {row.outcome for row in judged} == {NEW}
    with django_assert_max_num_queries(20):
        given = give_first_codes(
            [row.standing.person.pk for row in judged if row.standing], reason="首次登录", by=cast.by.qian
        )
    assert len({code for _person, code in given}) == 900
    assert set_password_by_code("new7", given[7][1], PASSWORD)
    assert Entry.objects.filter(verb="password.first_code_given").count() == 900


def test_a_name_that_several_areas_have_is_not_guessed(cast: Any, city: Any) -> None:
    for code in (GRID_1, "150302001003001"):
        city[code].name = city[code].short_name = "第一网格"
        city[code].save()
    several, one = judge(
        [
            line(1, role="网格员", area_name="第一网格"),
            line(2, role="网格员", area_name="公园社区居委会 第一网格"),
        ],
        cast.by.qian,
    )
    assert several.told["code"] == "area-ambiguous" and GRID_1 in several.told["reason"]
    assert one.posting and one.posting.area_id == "150302001003001"


def test_the_command_tells_lines_and_keeps_codes_to_the_operator(
    cast: Any, tmp_path: Path, capsys: Any
) -> None:
    path = file_of(tmp_path, f"张三,zhangsan,,网格员,{GRID_1},,,,", "李四,lisi,,网格员,1503,,,,")
    codes = tmp_path / "codes.csv"
    call_command("add_people", path, "--dry-run")
    assert not Person.objects.filter(username="zhangsan").exists()
    call_command("add_people", path, "--codes", codes)
    told = capsys.readouterr().out
    assert "第3行 李四 posting-level-wrong" in told and "新增人员并安排岗位 1 行" in told
    assert codes.stat().st_mode & 0o777 == 0o600
    code = codes.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[2]
    assert set_password_by_code("zhangsan", code, PASSWORD)
    assert enter_people([line(role="网格员", area=FAR_GRID)], "x", by=machine("命令行"))[0].outcome == NEW


# --- on the pages ---------------------------------------------------------------------------------------


def uploaded(client: Client, *lines: str) -> str:
    file = SimpleUploadedFile("名单.csv", (HEAD + "\n".join(lines)).encode())
    sent = client.post("/people/import/", {"file": file})
    assert sent.status_code == 302, sent.content.decode()
    return str(sent.headers["Location"])


def test_preview_confirm_report_codes(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    page = uploaded(client, f"张三,zhangsan,,网格员,{GRID_1},,,,", "李四,lisi,,村长,,,,,")
    shown = client.get(page).content.decode()
    assert (
        "确认录入 1 行" in shown
        and "role-unknown" in shown
        and not Person.objects.filter(username="zhangsan")
    )
    assert client.post(page).status_code == 302
    assert PeopleSheet.objects.get().lines == []
    assert client.post(page).status_code == 409
    report = b"".join(client.get(f"{page}report.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "新增人员并安排岗位" in report and "role-unknown" in report
    made = f"/people/codes/?sheet={PeopleSheet.objects.get().pk}"
    assert made in client.get(page).content.decode()
    answer = client.post(made, {"reason": "首次登录"})
    assert answer.headers["Cache-Control"].find("no-store") >= 0 and "zhangsan" in answer.content.decode()
    for other, status in (("han", 404), ("wu", 404), ("sun", 403), ("wang", 403)):
        client.force_login(getattr(cast, other))
        for path in (page, f"{page}report.xlsx"):
            assert client.get(path).status_code == status, (other, path)


def test_files_that_are_no_list(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    for content, code in (
        (b"", 422),
        (b"\x00\x01\x02" * 99, 422),
        ("代码,名称\n1,2\n".encode(), 422),
        (HEAD.encode(), 422),
    ):
        sent = client.post("/people/import/", {"file": SimpleUploadedFile("x.csv", content)})
        assert sent.status_code in (code, 400), content
    assert not PeopleSheet.objects.exists()


def test_the_empty_table_can_be_taken_as_it_is(cast: Any, client: Client, tmp_path: Path) -> None:
    client.force_login(cast.qian)
    for kind in ("xlsx", "csv"):
        answer = client.get(f"/people/import/empty.{kind}")
        path = tmp_path / f"empty.{kind}"
        path.write_bytes(answer.getvalue())
        (judged,) = judge(read_people(path, path.name), cast.by.qian)
        assert judged.outcome == NEW, judged.told
    assert client.get("/people/import/empty.exe").status_code == 404
