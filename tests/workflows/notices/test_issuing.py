"""Documents are numbered without gaps, kept as they were issued, and served as the law counts it."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from grid import problems
from grid.calendar.now import moved_to, today
from grid.calendar.queries import workdays
from grid.calendar.rules import Workdays
from grid.ledger.models import Entry
from tests.approving import approved
from tests.workflows.conftest import Walk, noon
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.inspections import actions as inspecting
from workflows.inspections.models import Inspection, InspectionState
from workflows.notices import problems as notices_problems
from workflows.notices import rules
from workflows.notices.actions import take_number
from workflows.notices.models import Notice, NoticeKind, Number, Way

pytestmark = pytest.mark.once


@pytest.fixture
def urging(case_at: Callable[..., Case], cast: Any) -> Notice:
    return approved(actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao))


def test_the_bytes_are_kept_under_their_hash_and_the_hash_is_in_the_ledger(urging: Notice) -> None:
    content = (Path(settings.FILES) / urging.path).read_bytes()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == urging.sha256
    entry = Entry.objects.get(verb="notice.issued", case=urging.case.code)
    assert (entry.data["sha256"], entry.data["number"]) == (urging.sha256, urging.number)


def test_each_office_and_kind_has_its_own_numbers_and_each_year_begins_at_one(
    case_at: Callable[..., Case], cast: Any, walk: Walk
) -> None:
    case = case_at(CaseState.LISTING_SERVICE)
    year = today().year
    numbers = dict(case.notices.values_list("kind", "number"))
    assert numbers[NoticeKind.URGING].startswith("乌海勃人社督告〔")
    assert numbers[NoticeKind.LISTING_DECISION] == f"乌人社失信决〔{year}〕1号"
    with transaction.atomic():
        assert take_number("督告", year) == 1
        assert take_number("督告", year) == 2
        assert take_number("督告", year + 1) == 1


def test_a_document_that_was_rolled_back_gives_its_number_back(
    case_at: Callable[..., Case], cast: Any
) -> None:
    case = case_at(CaseState.URGING)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.issue_notice(case, by=cast.by.zhao)
        raise RuntimeError
    assert not Number.objects.filter(series="乌海勃人社督告").exists()
    notice = actions.issue_notice(case, by=cast.by.zhao)
    assert notice.number.endswith("〕1号")


def test_an_unserved_document_is_not_issued_again(urging: Notice, cast: Any) -> None:
    with pytest.raises(notices_problems.NoticeUnserved):
        actions.issue_notice(urging.case, by=cast.by.zhao)


def test_an_order_names_two_officers(inspection_at: Callable[..., Inspection], cast: Any) -> None:
    inspection = inspection_at(InspectionState.INVESTIGATING)
    with pytest.raises(problems.NotYourPost):
        inspecting.issue_order(inspection, by=cast.by.qian)
    notice = inspecting.issue_order(inspection, by=cast.by.zhou)
    assert [o["name"] for o in notice.values["officers"]] == ["周正", "何敏"]


# --- service -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "receipt,refusal",
    [
        ({"receiver": ""}, notices_problems.ReceiverMissing),
        ({"way": Way.MAIL, "receiver": " ", "reference": "EMS1"}, notices_problems.ReceiverMissing),
        ({"way": Way.MAIL, "receiver": "张三"}, notices_problems.ServiceUnproved),
        ({"way": Way.LEFT, "receiver": "", "refused_why": "拒收"}, notices_problems.WitnessMissing),
        ({"way": Way.LEFT, "receiver": ""}, notices_problems.ServiceUnproved),
        ({"served_on": "before"}, notices_problems.WrongServiceDate),
        ({"served_on": "after"}, notices_problems.WrongServiceDate),
    ],
)
def test_a_service_that_proves_nothing_is_refused(
    urging: Notice, walk: Walk, cast: Any, receipt: dict[str, Any], refusal: type[problems.Problem]
) -> None:
    moves = {"before": -1, "after": 1}
    if (day := receipt.get("served_on")) in moves:
        receipt = receipt | {"served_on": today() + timedelta(days=moves[str(day)])}
    with pytest.raises(refusal):
        walk.serve(urging, cast.by.zhao, **receipt)
    urging.case.refresh_from_db()
    assert urging.case.state == CaseState.URGING
    assert not urging.case.clocks.exists()


def test_a_service_is_recorded_once(urging: Notice, walk: Walk, cast: Any) -> None:
    walk.serve(urging, cast.by.zhao)
    with pytest.raises(problems.AlreadyDone):
        walk.serve(urging, cast.by.zhao)


def test_a_service_keeps_names_out_of_the_open_ledger(urging: Notice, walk: Walk, cast: Any) -> None:
    walk.serve(urging, cast.by.zhao, receiver="王老五", receiver_role="收发")
    entry = Entry.objects.get(verb="notice.served", case=urging.case.code)
    assert entry.personal and "王老五".encode() not in bytes(entry.canonical)
    assert entry.data["way"] == "直接送达"


def test_terms_run_from_the_day_a_public_notice_counts(urging: Notice, walk: Walk, cast: Any) -> None:
    service = walk.serve(
        urging, cast.by.zhao, way=Way.PUBLIC, receiver="", media="乌海日报", reasons="下落不明"
    )
    assert service.effective_on == rules.public_from(today(), 30, workdays())
    clock = urging.case.clocks.get()
    assert clock.started_on == service.effective_on
    assert clock.due_on >= today() + timedelta(days=45)


def test_leaving_with_a_witness_counts_on_its_day(urging: Notice, walk: Walk, cast: Any) -> None:
    service = walk.serve(
        urging, cast.by.zhao, way=Way.LEFT, receiver="", refused_why="拒收", witness="李秀英"
    )
    assert service.effective_on == service.served_on


def test_a_withdrawn_document_is_served_no_more(urging: Notice, walk: Walk, cast: Any) -> None:
    actions.withdraw_case(urging.case, "重复立案", by=cast.by.qian)
    with pytest.raises(problems.Problem):
        walk.serve(urging, cast.by.zhao)


@given(st.dates(max_value=date(9990, 1, 1)), st.integers(1, 400))
def test_a_public_notice_counts_when_its_days_have_passed(day: date, public_days: int) -> None:
    effective = rules.public_from(day, public_days, Workdays())
    assert effective >= day + timedelta(public_days) and Workdays().works(effective)


def test_law_25_public_service_never_counts_from_a_day_off(urging: Notice, walk: Walk, cast: Any) -> None:
    """30 days from 2025-12-03 end on the second of January, which is free until the Sunday that is worked."""
    assert rules.public_from(date(2025, 12, 3), 30, workdays()) == date(2026, 1, 4)
    service = walk.serve(urging, cast.by.zhao, way=Way.PUBLIC, media="本局门户网站", reasons="下落不明")
    assert service.effective_on == rules.public_from(today(), 30, workdays())


# --- the public check ----------------------------------------------------------------------------


def test_anyone_may_check_a_code(urging: Notice, client: Any) -> None:
    page = client.get(f"/v/{urging.code}")
    text = page.content.decode()
    assert page.status_code == 200
    for shown in ("真实有效", urging.number, "督促参保缴费告知书", urging.case.subject.name):
        assert shown in text
    assert urging.case.code not in text and "在岗" not in text
    assert client.get(f"/v/{urging.code.lower()[:4]}-{urging.code[4:]}").status_code == 200


def test_a_withdrawn_document_says_so(urging: Notice, client: Any, cast: Any) -> None:
    actions.withdraw_case(urging.case, "重复立案", by=cast.by.qian)
    assert "已撤回" in client.get(f"/v/{urging.code}").content.decode()


@pytest.mark.parametrize("spoil", ["mistyped", "made up", "never issued"])
def test_a_wrong_code_says_so(urging: Notice, client: Any, spoil: str) -> None:
    code = urging.code
    if spoil == "mistyped":
        code = ("A" if code[0] != "A" else "B") + code[1:]
    elif spoil == "made up":
        code = "GUESS-THIS-1"
    else:
        Notice.objects.filter(pk=urging.pk).update(code="X" * 12)
    page = client.get(f"/v/{code}")
    assert page.status_code == 404
    assert "未通过核验" in page.content.decode()


def test_a_typed_code_leads_to_its_page(urging: Notice, client: Any) -> None:
    assert client.get("/v/", {"code": urging.code}).url == f"/v/{urging.code}"
    assert client.get("/v/").status_code == 200


# --- the file ------------------------------------------------------------------------------------


def test_the_pdf_is_for_those_who_see_the_case(urging: Notice, client: Any, cast: Any) -> None:
    address = f"/notices/{urging.pk}.pdf"
    assert client.get(address).status_code == 302
    for person, status in (
        (cast.zhao, 200),
        (cast.zheng, 200),
        (cast.chen, 404),
        (cast.wang, 404),
        (cast.feng, 404),
    ):
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == status, person
        if status == 200:
            content = b"".join(answer.streaming_content)
            assert hashlib.sha256(content).hexdigest() == urging.sha256


def test_numbers_begin_again_with_the_year(case_at: Callable[..., Case], cast: Any) -> None:
    case, later = case_at(CaseState.URGING), case_at(CaseState.URGING)
    first = actions.issue_notice(case, by=cast.by.zhao)
    with moved_to(noon(today().replace(year=today().year + 1, month=2, day=1))):
        second = actions.issue_notice(later, by=cast.by.zhao)
    assert first.number.endswith("〕1号") and second.number.endswith("〕1号")
    assert first.number != second.number
