"""The inbox: only what this person can do, soonest first, the overdue in words, few queries."""

import ast
from datetime import date, timedelta
from importlib import import_module

import pytest

from grid import waiting
from grid.calendar.now import now, today
from project.inbox import ORDER, RANKS, inbox_of
from project.templatetags.desk import due_words
from tasks.findings.models import FindingState
from tasks.visits.models import FOR_A_PERSON
from tests.doors import arrival, make_task, push
from tests.doors import make_round as make_field_round
from tests.test_house import SOURCES, imports, tree_of
from tests.test_rooms import module_of
from tests.workflows.makers import make_case, make_finding, make_round
from workflows.assessment import waiting as assessment
from workflows.cases.models import Case, CaseState
from workflows.clocks.models import Clock

pytestmark = pytest.mark.django_db


def titles(viewer):
    return [(item.kind, item.title) for item in inbox_of(viewer).items]


def in_state(case, cast, state, **fields):
    Case.objects.filter(pk=case.pk).update(state=state, street_by=cast.sun, district_by=cast.qian, **fields)


def ended(case, days):
    """The term that led here ended so many days ago."""
    Clock.objects.create(
        case=case, kind="urging.term", started_on=today() - timedelta(40), length=15, unit="d", basis="示例",
        due_on=today() - timedelta(days), fired_at=now(),
    )  # fmt: skip


def test_an_empty_inbox_says_so(cast, client):
    client.force_login(cast.zhao)
    assert "没有等您办理的事项" in client.get("/").content.decode()


def test_a_visit_waits_for_the_reviewer_who_did_not_make_it(cast, make_employer):
    finding = make_finding(cast, make_employer("示例面馆"), state=FindingState.OPEN)
    assert titles(cast.by.zhao) == [("finding", "示例面馆")]
    assert titles(cast.by.sun) == [("finding", "示例面馆")]
    assert titles(cast.by.chen) == titles(cast.by.qian) == titles(cast.by.wang) == []
    finding.recorded_by = cast.zhao
    finding.save()
    assert titles(cast.by.zhao) == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("state", "who"),
    [
        (CaseState.STREET_APPROVAL, {"sun"}),
        (CaseState.DISTRICT_APPROVAL, {"qian"}),
        (CaseState.URGING, {"zhao", "sun", "zhou", "he"}),
        (CaseState.TERM, set()),
        (CaseState.ESCALATED, {"zhou", "he", "tang", "jiang", "qian"}),
        (CaseState.LISTING_REVIEW, {"fang", "shi"}),
        (CaseState.LISTING_DISTRICT, {"qian"}),
        (CaseState.HEALED, set()),
    ],
)
def test_a_case_waits_for_whoever_has_the_next_step(cast, make_employer, state, who):
    in_state(make_case(cast, make_employer(), cast.by.zhao), cast, state)
    assert {name for name, by in vars(cast.by).items() if titles(by)} == who


def test_the_district_does_not_approve_what_it_approved_as_the_street(cast, make_employer):
    case = make_case(cast, make_employer(), cast.by.zhao)
    Case.objects.filter(pk=case.pk).update(state=CaseState.DISTRICT_APPROVAL, street_by=cast.qian)
    assert titles(cast.by.qian) == []


def test_a_case_sent_back_to_the_file_waits_for_the_inspector(cast, make_employer):
    case = make_case(cast, make_employer(), cast.by.zhao)
    in_state(case, cast, CaseState.CORRECTION, returned_to="listing_review", returned_why="证据不足")
    assert [item.why for item in inbox_of(cast.by.zhou).items] == ["退回理由：证据不足"]
    assert titles(cast.by.zhao) == []
    in_state(case, cast, CaseState.CORRECTION, returned_to="street_approval")
    assert titles(cast.by.zhou) == titles(cast.by.zhao) == []


def test_the_overdue_come_first_and_say_by_how_many_working_days(cast, make_employer):
    fresh, late = (make_case(cast, make_employer(), cast.by.zhao) for _ in range(2))
    for case in (fresh, late):
        in_state(case, cast, CaseState.ESCALATED)
    ended(late, 14)
    inbox = inbox_of(cast.by.zhou)
    assert inbox.items[0].title.startswith(late.code)
    assert [item.late for item in inbox.late] == ["逾期 10 个工作日"] or "逾期" in inbox.late[0].late
    assert [item.title.startswith(fresh.code) for item in inbox.others] == [True]


def test_overdue_words_count_working_days(cast, make_employer, law):
    from grid.calendar.now import moved_to

    case = make_case(cast, make_employer(), cast.by.zhao)
    in_state(case, cast, CaseState.ESCALATED)
    monday = date(2026, 6, 8)
    Clock.objects.create(
        case=case, kind="urging.term", started_on=monday, length=1, unit="d", basis="示例",
        due_on=date(2026, 6, 5), fired_at=now(),
    )  # fmt: skip
    with moved_to(now() + (date(2026, 6, 9) - today())):
        assert inbox_of(cast.by.zhou).items[0].late == "逾期 2 个工作日" == due_words(date(2026, 6, 5))


@pytest.mark.once
@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("planned", {"wu"}),
        ("returned", {"wu"}),
        ("street_approval", {"sun"}),
        ("district_approval", {"qian"}),
        ("approved", {"wu", "ma", "qian"}),
        ("worked", set()),
    ],
)
def test_a_round_waits_for_whoever_has_the_next_step(cast, state, who):
    make_round(cast, state=state)
    assert {name for name, by in vars(cast.by).items() if titles(by)} == who


def test_the_city_s_round_waits_for_its_second_person(cast):
    make_round(cast, state="city_approval", area="1503")
    assert titles(cast.by.wu) == []
    assert titles(cast.by.ma) == [("round", "示例轮次")]


def test_the_pool_is_one_line_for_each_area(cast, make_employer):
    for _ in range(3):
        make_employer(area="150302", placement="unplaced")
    assert titles(cast.by.qian) == [("pool", "3 户待归格")]
    assert titles(cast.by.han) == titles(cast.by.zhao) == []


def test_a_pool_waits_for_the_post_nearest_to_it(cast, make_employer):
    make_employer(area="150302001002", placement="unplaced")
    assert titles(cast.by.zhao) == [("pool", "1 户待归格")]
    assert titles(cast.by.sun) == titles(cast.by.qian) == []


def test_pools_where_nobody_is_posted_are_one_line_above(cast, make_employer):
    make_employer(area="150302001003", placement="unplaced")
    make_employer(area="150302001004", placement="unplaced")
    [line] = inbox_of(cast.by.sun).items
    assert (line.title, line.why) == ("2 户待归格", "2 处没有在岗的复核员")
    assert titles(cast.by.zhao) == titles(cast.by.qian) == []


def fill(cast, make_employer, count):
    for _ in range(count):
        make_finding(cast, make_employer(), state=FindingState.OPEN)
        case = make_case(cast, make_employer(), cast.by.zhao)
        in_state(case, cast, CaseState.ESCALATED)
        ended(case, 20)
        make_round(cast, state="street_approval")
        make_employer(area="150302001", placement="unplaced")


@pytest.mark.once
@pytest.mark.parametrize("who", ["zhao", "sun", "qian", "zhou", "wu", "zheng", "fang", "bai"])
def test_queries_do_not_grow_with_the_work(cast, make_employer, who, django_assert_max_num_queries):
    fill(cast, make_employer, 5)
    with django_assert_max_num_queries(24):
        inbox_of(getattr(cast.by, who))


def test_the_page_links_to_each_piece_of_work(cast, make_employer, client):
    fill(cast, make_employer, 1)
    client.force_login(cast.sun)
    text = client.get("/").content.decode()
    for item in inbox_of(cast.by.sun).items:
        assert item.href.split("?")[0] in text


def test_strangers_are_asked_to_sign_in(db, client):
    assert client.get("/").headers["Location"].startswith("/accounts/login/")


def test_a_visit_that_ends_a_door_without_its_ground_says_so(cast, make_employer):
    task = make_task(make_field_round(cast.qian), make_employer(), cast.post.wang)
    push(cast.post.wang, cast.by.wang, arrival(task, outcome="not_found", answers={}))
    (item,) = inbox_of(cast.by.zhao).items
    assert "查无此户，没有写明依据" in item.why


# --- where its lines come from ------------------------------------------------------------------

ROOMS = [file for file in SOURCES if file.name == "waiting.py" and file.parent.name != "grid"]


def test_every_room_that_says_what_waits_is_asked():
    modules = [import_module(module_of(file)) for file in ROOMS]
    said = [
        thing
        for module in modules
        for name, thing in vars(module).items()
        if isinstance(thing, waiting.Pile | waiting.Seldom)
        or (name.endswith("_waiting") and getattr(thing, "__module__", "") == module.__name__)
    ]
    told = [*waiting._providers, *waiting._piles]
    assert [pile for pile in said if pile not in told] == [] and len(said) == len(told)


@pytest.mark.once
def test_lines_are_made_in_the_rooms_and_each_kind_has_its_place():
    kinds = set()
    for file in (file for file in SOURCES if "grid.waiting.Waiting" in imports(file)):
        calls = (node for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call))
        made = [call for call in calls if getattr(call.func, "id", "") == "Waiting"]
        assert not made or file in ROOMS, file
        kinds |= {call.args[0].value for call in made if isinstance(call.args[0], ast.Constant)}
    # Said by a name: how a visit went on, and the one kind of a whole room.
    kinds |= {*FOR_A_PERSON, assessment.KIND}
    assert kinds - RANKS.keys() == {"pool"}
    assert RANKS.keys() <= kinds and len(set(RANKS.values())) == len(ORDER)
