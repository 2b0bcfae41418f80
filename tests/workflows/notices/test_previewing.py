"""A preview shows what would be issued, to whoever may issue it, and leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from grid.calendar.now import today
from grid.ledger.models import Entry
from tests.reading import codes_of, words_of
from tests.workflows.conftest import Walk
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.listing import actions as listings
from workflows.notices import problems as notices_problems
from workflows.notices.actions.previews import preview_of
from workflows.notices.models import Notice, NoticeKind, Number


def address(case: Case, kind: str = NoticeKind.URGING) -> str:
    return f"/cases/{case.code}/preview/{kind}/"


def kept() -> tuple[Any, ...]:
    """Everything an issued document would leave."""
    files = Path(settings.FILES) / "notices"
    stored = sorted(str(file) for file in files.rglob("*.pdf")) if files.exists() else []
    numbers = list(Number.objects.order_by("pk").values_list("series", "year", "last"))
    return Notice.objects.count(), Entry.objects.count(), numbers, stored


@pytest.fixture
def case(case_at: Callable[..., Case]) -> Case:
    return case_at(CaseState.URGING)


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_shows_the_same_values_and_keeps_nothing(case: Case, client: Any, cast: Any, method: str) -> None:
    client.force_login(cast.zhao)
    before = kept()
    answer = getattr(client, method)(address(case))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    words = words_of(answer.content)
    assert f"乌海勃人社督告〔{today().year}〕__号" in words
    assert "预览" in words and codes_of(answer.content) == []
    assert kept() == before
    issued = actions.issue_notice(case, by=cast.by.zhao)
    assert issued.number.endswith("〕1号")
    printed = words_of((Path(settings.FILES) / issued.path).read_bytes())
    for said in (*issued.values["found"], *issued.values["asked"]):
        assert "".join(said.split()).replace(",", "，") in words
        assert "".join(said.split()).replace(",", "，") in printed


def test_only_who_may_issue_may_look(case: Case, client: Any, cast: Any) -> None:
    assert client.get(address(case)).status_code == 302
    for person, status in (
        (cast.zheng, 403),
        (cast.chen, 404),
        (cast.wang, 404),
        (cast.feng, 404),
        (cast.sun, 200),
    ):
        client.force_login(person)
        assert client.get(address(case)).status_code == status, person


def test_what_cannot_be_issued_now_cannot_be_previewed(
    case: Case, case_at: Callable[..., Case], client: Any, cast: Any
) -> None:
    client.force_login(cast.zhao)
    assert client.get(address(case_at(CaseState.STREET_APPROVAL))).status_code == 409
    assert client.get(address(case, "removal")).status_code == 404
    assert client.get(address(case, "nonsense")).status_code == 404
    actions.issue_notice(case, by=cast.by.zhao)
    assert client.get(address(case)).status_code == 409


def test_a_decision_looked_at_is_not_taken(
    case_at: Callable[..., Case], client: Any, cast: Any, walk: Walk
) -> None:
    case = case_at(CaseState.LISTING_CITY)
    client.force_login(cast.ma)
    before = kept()
    answer = client.get(address(case, NoticeKind.LISTING_DECISION))
    assert answer.status_code == 200 and "列入社会保险领域严重失信人名单决定书" in words_of(answer.content)
    assert kept() == before
    case.refresh_from_db()
    case.listing.refresh_from_db()
    assert case.state == CaseState.LISTING_CITY and case.listing.decided_on is None
    listings.decide_city(case, by=cast.by.ma)
    assert case.state == CaseState.LISTING_SERVICE


def test_nobody_previews_what_their_own_act_would_be_refused(
    case_at: Callable[..., Case], client: Any, cast: Any
) -> None:
    case = case_at(CaseState.LISTING_CITY)
    client.force_login(cast.qian)
    assert client.get(address(case, NoticeKind.LISTING_DECISION)).status_code == 403


def test_an_act_previews_no_other_document_than_its_own(case: Case, cast: Any) -> None:
    before = kept()
    for issue in (lambda: actions.issue_notice(case, by=cast.by.zhao), lambda: None):
        with pytest.raises(notices_problems.NothingToPreview):
            preview_of(NoticeKind.ORDER, issue)
    assert kept() == before


@pytest.mark.parametrize(
    "state, kind, who",
    [
        ("filing", NoticeKind.FILING, "qian"),
        ("investigating", NoticeKind.ORDER, "zhou"),
        ("deciding", NoticeKind.PENALTY_DECISION, "qian"),
    ],
)
def test_an_inspection_previews_its_documents(
    inspection_at: Callable[..., Any], client: Any, cast: Any, state: str, kind: str, who: str
) -> None:
    inspection = inspection_at(state)
    before, person = kept(), getattr(cast, who)
    client.force_login(person)
    answer = client.get(address(inspection.case, kind))
    assert answer.status_code == 200, answer.content.decode()[:2000]
    assert "预览" in words_of(answer.content)
    assert kept() == before
    inspection.refresh_from_db()
    assert inspection.state == state


def test_a_preview_says_what_the_form_still_lacks(
    inspection_at: Callable[..., Any], client: Any, cast: Any
) -> None:
    client.force_login(cast.qian)
    inspection = inspection_at("investigating")
    withdrawn = address(inspection.case, NoticeKind.CASE_WITHDRAWN)
    assert client.get(withdrawn).status_code == 422
    assert client.post(withdrawn, {"why": "情节轻微，已经改正"}).status_code == 200
    moved = address(inspection.case, NoticeKind.CASE_TRANSFER)
    assert client.post(moved, {"why": "不属本机关管辖"}).status_code == 422
    before, given = kept(), {"to": "市公安局", "why": "涉嫌犯罪", "because": "crime"}
    words = words_of(client.post(moved, given).content)
    assert "市公安局：" in words and "监移" in words and "第二十七条" in words and "预览" in words
    assert kept() == before
