"""Whom a round visits: each criterion, all together, kept by name, from a list of codes; and nobody closed for good."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from grid.calendar.now import now, today
from grid.subjects.models import Standing, SubjectKind
from tasks.comparison.models import Lead, LeadState
from tasks.rounds.choosing.models import CodeList, SavedChoice
from tasks.rounds.choosing.queries import choices_for, chosen, count_choice, criteria_of, lists_for
from tasks.rounds.choosing.rules import Criteria, beginnings, criteria_from, sections
from tasks.rounds.models import Round
from tasks.rounds.queries import dry_run
from tests.cast import credit_code
from tests.doors import arrival, make_round, make_task, push
from tests.tasks.comparison.test_run import say

__all__ = ["say"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]
AREA = "150302001"


@pytest.fixture
def web(cast, client):
    def as_(name):
        client.force_login(getattr(cast, name))
        return client

    return as_


def text_of(answer):
    return answer.content.decode()


def terms(**changed):
    return {
        "title": "专项摸排", "area": AREA, "due_on": (today() + timedelta(9)).isoformat(), "per_worker": "50",
    } | changed  # fmt: skip


# --- each criterion ------------------------------------------------------------------------------------


@pytest.fixture
def city_of_kinds(cast, make_employer, say):
    """Seven subjects that differ by what criteria ask."""
    mine = make_employer("煤矿", industry="0610")
    shop = make_employer("商店", industry="5211", kind=SubjectKind.SOLE_TRADER_EMPLOYING)
    site = make_employer("工地", kind=SubjectKind.CONSTRUCTION_SITE, credit_code=None, local_code="GD-1")
    gone = make_employer("已注销", standing=Standing.CANCELLED)
    revoked = make_employer("已吊销", standing=Standing.REVOKED)
    far = make_employer("别区的", area="150304011011001", industry="0610")
    say("social", mine, insured=30)
    say("tax", mine, heads=40)
    say("social", shop, insured=2)
    say("market", shop, employees=3)
    for subject, days in ((mine, 40), (shop, 3)):
        Lead.objects.create(
            subject=subject,
            area=subject.area,
            rule="R15",
            why="举报",
            clause="—",
            found_on=today() - timedelta(days),
        )
    round = make_round(cast.qian, area=AREA)
    task = make_task(round, shop, cast.post.wang)
    push(cast.post.wang, cast.by.wang, arrival(task))
    return {"mine": mine, "shop": shop, "site": site, "gone": gone, "revoked": revoked, "far": far}


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ({}, "mine shop site"),
        ({"kinds": ["construction_site"]}, "site"),
        ({"industries": ["B"]}, "mine"),
        ({"industries": ["52", "F"]}, "shop"),
        ({"industry_law": "dust.industries"}, "mine"),
        ({"registers": ["social"]}, "mine shop"),
        ({"missing": ["social"]}, "site"),
        ({"registers": ["social"], "missing": ["tax"]}, "shop"),
        ({"lead_days": 30}, "mine"),
        ({"rules": ["R15"]}, "mine shop"),
        ({"rules": ["R15"], "lead_days": 1}, "mine shop"),
        ({"unseen_days": 10}, "mine site"),
        ({"insured_from": 3}, "mine"),
        ({"insured_to": 2}, "shop site"),
        ({"insured_from": 1, "insured_to": 2}, "shop"),
        ({"employees_from": 1}, "mine shop"),
        ({"employees_to": 5}, "shop"),
        ({"standings": ["revoked"]}, "revoked"),
        ({"standings": ["active", "revoked"], "kinds": ["enterprise"]}, "mine revoked"),
        ({"standings": ["cancelled"]}, ""),
        ({"kinds": ["enterprise"], "insured_from": 1, "unseen_days": 1}, "mine"),
    ],
    ids=str,
)
def test_each_criterion_chooses_whom_it_says(cast, city_of_kinds, criteria, names):
    rules = criteria.get("rules", [])
    # A visit may have settled the lead it was about; the criteria are about open ones.
    Lead.objects.update(state=LeadState.OPEN)
    round = make_round(cast.qian, area=AREA, criteria=criteria, rules=rules)
    found = {subject.name for subject in chosen(round, today(), [round.area])}
    assert found == {city_of_kinds[name].name for name in names.split()}
    assert count_choice(criteria_of(round), AREA).chosen == len(found)


def test_a_dry_run_counts_by_each_criterion_and_says_who_is_never_sent(web, cast, city_of_kinds):
    answer = web("wu").post(
        "/rounds/new/",
        terms(
            kinds=["enterprise", "sole_trader_employing"], registers=["social"], insured_from="3", joins="on"
        ),
    )
    assert answer.status_code == 302
    round = Round.objects.latest("pk")
    assert (round.joins, dry_run(round).chosen) == (True, 1)
    counts = count_choice(criteria_of(round), AREA)
    assert [(row.alone, row.so_far) for row in counts.by] == [(3, 3), (3, 2), (2, 2), (1, 1)]
    assert (counts.all, counts.ended) == (4, 1)
    page = text_of(web("wu").get(f"/rounds/{round.code}/plan/"))
    for words in (
        "类型：企业、有雇工个体工商户",
        "在册：社会保险参保",
        "参保人数 至少 3 人",
        "另有 1 户已注销",
        "自动派发",
    ):
        assert words in page
    assert "类型：企业" in text_of(web("wu").get(f"/rounds/{round.code}/"))
    # What the page shows goes out as a table.
    table = web("wu").get(f"/rounds/{round.code}/plan/?export=csv")
    assert "煤矿" in b"".join(table.streaming_content).decode()
    # The draft is changed, and planned anew by what it says now.
    form = text_of(web("wu").get(f"/rounds/{round.code}/change/"))
    assert 'name="insured_from" value="3"' in form
    web("wu").post(f"/rounds/{round.code}/change/", terms(kinds=["construction_site"]))
    round.refresh_from_db()
    assert (round.criteria, round.joins) == ({"kinds": ["construction_site"]}, False)
    assert [door.candidate.subject for door in dry_run(round).plan.assigned] == [city_of_kinds["site"].pk]


def test_whoever_said_whom_it_visits_may_not_approve_it(cast, city_of_kinds):
    from tasks.rounds.choosing.actions import choose_subjects
    from tasks.rounds.models import RoundState

    round = make_round(cast.wu, area=AREA, state=RoundState.PLANNED)
    choose_subjects(round, Criteria(kinds=("enterprise",)), True, by=cast.by.qian)
    assert round.planned_by_id == cast.qian.pk


# --- by name -------------------------------------------------------------------------------------------


def test_a_choice_is_saved_with_a_round_and_used_again(web, cast, city_of_kinds):
    web("qian").post("/rounds/new/", terms(area="150302", sections=["B"], codes="5211", save_as="煤矿和商店"))
    choice = SavedChoice.objects.get()
    assert choice.criteria == {"industries": ["B", "5211"]}
    twice = web("qian").post("/rounds/new/", terms(area="150302", sections=["C"], save_as="煤矿和商店"))
    assert (
        "已有名为“煤矿和商店”的选法" in text_of(twice) and Round.objects.filter(title="专项摸排").count() == 1
    )
    # The street below may use it, and sees by which of them its own area is chosen; it cannot retire it.
    page = text_of(web("sun").get(f"/rounds/choices/{choice.pk}/"))
    assert "停用这个选法" not in page and "行业：B 采矿业、5211" in page
    form = text_of(web("sun").get(f"/rounds/new/?choice={choice.pk}"))
    assert 'value="5211"' in form and "用已存的选法：煤矿和商店" in form
    # Neither the other district nor who plans nothing.
    assert web("chen").get(f"/rounds/choices/{choice.pk}/").status_code == 404
    assert web("chen").get(f"/rounds/new/?choice={choice.pk}").status_code == 404
    assert web("zhao").get("/rounds/choices/").status_code == 403
    assert web("sun").get(f"/rounds/choices/{choice.pk}/?area=150304").status_code == 404
    assert web("sun").post(f"/rounds/choices/{choice.pk}/retire/").status_code in (403, 404)
    web("qian").post(f"/rounds/choices/{choice.pk}/retire/")
    assert web("qian").get(f"/rounds/choices/{choice.pk}/").status_code == 404


def test_special_rounds_are_rows_of_data(cast, web, city_of_kinds):
    shipped = {choice.key: choice for choice in choices_for(cast.by.sun) if choice.saved is None}
    assert shipped.keys() == {"dust", "sites", "boards", "hardship"}
    for key, number in {"dust": 1, "sites": 1, "boards": 0, "hardship": 0}.items():
        assert count_choice(shipped[key].criteria, AREA).chosen == number, key
    page = text_of(web("sun").get("/rounds/choices/dust/"))
    assert "待法制审核" in page and "粉尘危害重点行业" in page
    assert web("sun").post("/rounds/choices/dust/retire/").status_code == 404


def test_choices_ask_a_fixed_number_of_questions(web, cast, django_assert_max_num_queries):
    for number in range(4):
        criteria = {"kinds": ["enterprise"]}
        SavedChoice.objects.create(
            name=f"选法{number}", area="150302", criteria=criteria, made_by=cast.qian, made_at=now()
        )
    client = web("qian")
    with django_assert_max_num_queries(12):
        client.get("/rounds/choices/")
    with django_assert_max_num_queries(14):
        client.get("/rounds/choices/dust/")


# --- lists of codes ------------------------------------------------------------------------------------


def uploaded(rows, kind="csv"):
    if kind == "xlsx":
        book = Workbook()
        for row in rows:
            book.active.append(row)
        out = BytesIO()
        book.save(out)
        return SimpleUploadedFile("名单.xlsx", out.getvalue())
    out = StringIO()
    csv.writer(out).writerows(rows)
    return SimpleUploadedFile("名单.csv", out.getvalue().encode("gb18030"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_accounts_for_every_line_and_keeps_nobodys_number(web, cast, city_of_kinds, kind):
    mine, far = city_of_kinds["mine"], city_of_kinds["far"]
    rows = [
        ["统一社会信用代码", "名称"], [mine.credit_code, "煤矿"], [mine.credit_code.lower(), "又一次"], ["GD-1", "工地"],
        [far.credit_code, "别区的"], [credit_code(777), "没有的"], ["12345", "错的"],
        ["11010519491231002X", "张三"],
    ]  # fmt: skip
    given = {"name": "重点企业", "area": "150302", "file": uploaded(rows, kind)}
    page = text_of(web("qian").post("/rounds/lists/new/", given, follow=True))
    codes = CodeList.objects.get()
    lines = list(codes.lines.order_by("line").values_list("trouble", "subject__name"))
    assert lines == [
        ("", "煤矿"), ("twice", None), ("", "工地"), ("unknown", None), ("unknown", None), ("unread", None), ("person", None),
    ]  # fmt: skip
    # Another district's unit reads like one that is not there.
    assert page.count("本辖区没有这个代码的对象") == 2
    assert not codes.lines.filter(code__contains="1949").exists() and "张三" not in page
    troubled = web("qian").get(f"/rounds/lists/{codes.pk}/?part=troubled&export=csv")
    table = b"".join(troubled.streaming_content).decode()
    assert "煤矿" not in table and "公民身份号码" in table
    assert web("sun").get(f"/rounds/lists/{codes.pk}/").status_code == 200
    assert web("chen").get(f"/rounds/lists/{codes.pk}/").status_code == 404
    web("qian").post("/rounds/new/", terms(lists=[codes.pk], kinds=["enterprise"]))
    round = Round.objects.latest("pk")
    assert [subject.name for subject in chosen(round, today(), [round.area])] == ["煤矿"]
    web("qian").post(f"/rounds/lists/{codes.pk}/retire/")
    assert not lists_for(cast.by.qian).exists()
    # What was planned with it goes on.
    assert [subject.name for subject in chosen(round, today(), [round.area])] == ["煤矿"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [([["名称"], ["甲"]], "没有这些列"), ([], "空"), ([["代码"]], "空")],
)
def test_a_file_without_codes_is_refused_whole(web, cast, rows, words):
    given = {"name": "空", "area": "150302", "file": uploaded(rows)}
    answer = web("qian").post("/rounds/lists/new/", given)
    assert answer.status_code in (200, 422) and words in text_of(answer)
    assert not CodeList.objects.exists()


# --- the rules -----------------------------------------------------------------------------------------


def test_sections_hold_every_division_once():
    divisions = [code for section in sections().values() for code in section.divisions]
    assert len(divisions) == len(set(divisions)) == 97
    assert beginnings(sections()) == tuple(f"{n:02}" for n in range(1, 98))


@pytest.mark.parametrize("codes", ["煤矿", "6", "06101", "06、x"])
def test_what_is_no_industry_is_told_at_its_field(web, codes):
    answer = web("qian").post("/rounds/new/", terms(codes=codes))
    assert "不是行业代码" in text_of(answer) and not Round.objects.exists()


def test_what_is_kept_reads_back():
    criteria = Criteria(kinds=("resident",), insured_to=0, unseen_days=3, lists=(1, 2))
    assert criteria_from(criteria.as_json()) == criteria
    assert criteria_from(None) == Criteria() and Criteria().as_json() == {}
    assert criteria_from({"weather": "hail"}) == Criteria()
