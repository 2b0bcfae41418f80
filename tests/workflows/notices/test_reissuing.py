"""A document is never changed: another one takes its place, under a new number, and the old one says so."""

from collections.abc import Callable
from typing import Any

import pytest

from grid import problems
from grid.ledger.models import Entry
from tests.approving import approved
from tests.workflows.conftest import Walk
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.notices import problems as notices_problems
from workflows.notices.actions import reissue_notice
from workflows.notices.actions.doorstep import send_to_door
from workflows.notices.models import Notice, NoticeKind


@pytest.fixture
def urging(case_at: Callable[..., Case], cast: Any) -> Notice:
    return actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao)


def body(notice: Notice) -> dict[str, Any]:
    return {name: value for name, value in notice.values.items() if name != "letter"}


def test_an_unserved_document_comes_back_with_a_new_number(urging: Notice, cast: Any, client: Any) -> None:
    approved(urging)
    new = approved(reissue_notice(urging, "打印件损毁", by=cast.by.zhao))
    urging.refresh_from_db()
    assert (urging.number[-2:], new.number[-2:]) == ("1号", "2号")
    assert urging.withdrawn_at and urging.withdrawn_why == "打印件损毁"
    assert new.replaces == urging and urging.replaced_by == new and new.code != urging.code
    assert body(new) == body(urging)
    page = client.get(f"/v/{urging.code}").content.decode()
    assert "已撤回" in page and new.number in page and f"/v/{new.code}" in page
    assert "真实有效" in client.get(f"/v/{new.code}").content.decode()
    verbs = list(Entry.objects.filter(case=urging.case.code).order_by("pk").values_list("verb", flat=True))[
        -4:
    ]
    assert verbs == ["notice.withdrawn", "notice.issued", "notice.reissued", "notice.approved"]


def test_a_served_document_is_reissued_for_a_slip_only(urging: Notice, walk: Walk, cast: Any) -> None:
    walk.serve(urging, cast.by.zhao)
    with pytest.raises(notices_problems.ReissueRefused):
        reissue_notice(urging, "换个说法", by=cast.by.zhao)
    clock = urging.case.clocks.get()
    new = reissue_notice(urging, "人数笔误", by=cast.by.zhao, clerical=True, mend=("12 人", "11 人"))
    assert "11 人" in new.values["found"][0] and "12 人" not in str(body(new))
    walk.serve(new, cast.by.zhao)
    urging.case.refresh_from_db()
    again = urging.case.clocks.get()
    assert urging.case.state == CaseState.TERM
    assert (again.pk, again.due_on) == (clock.pk, clock.due_on)


def test_what_a_colleague_reissued_meanwhile_is_not_served(urging: Notice, walk: Walk, cast: Any) -> None:
    """Read before the reissue, served after it: what counts is how the document stands under the lock."""
    read_before = Notice.objects.get(pk=urging.pk)
    new = reissue_notice(urging, "打印件损毁", by=cast.by.zhao)
    with pytest.raises(notices_problems.NoticeWithdrawn):
        walk.serve(read_before, cast.by.zhao)
    assert not urging.case.clocks.filter(kind="urging.term").exists()
    walk.serve(new, cast.by.zhao)


def test_what_was_mended_stays_out_of_the_open_ledger(urging: Notice, cast: Any) -> None:
    reissue_notice(urging, "笔误", by=cast.by.zhao, clerical=True, mend=("在岗", "在册"))
    entry = Entry.objects.get(verb="notice.reissued")
    assert entry.personal and "在册".encode() not in bytes(entry.canonical)


@pytest.mark.parametrize(
    "why, options, refusal",
    [
        (" ", {}, problems.ReasonMissing),
        ("笔误", {"clerical": True, "mend": ("没有这些字", "x")}, notices_problems.NothingToMend),
    ],
)
def test_a_reissue_needs_a_reason_and_a_slip_that_is_there(
    urging: Notice, cast: Any, why: str, options: dict[str, Any], refusal: type[problems.Problem]
) -> None:
    with pytest.raises(refusal):
        reissue_notice(urging, why, by=cast.by.zhao, **options)
    urging.refresh_from_db()
    assert urging.withdrawn_at is None and Notice.objects.count() == 1


def test_a_withdrawn_document_is_not_reissued(urging: Notice, cast: Any) -> None:
    reissue_notice(urging, "损毁", by=cast.by.zhao)
    with pytest.raises(notices_problems.NoticeWithdrawn):
        reissue_notice(urging, "损毁", by=cast.by.zhao)
    assert Notice.objects.count() == 2


@pytest.mark.once
def test_only_whose_document_it_is_may_reissue_it(
    urging: Notice, case_at: Callable[..., Case], cast: Any
) -> None:
    with pytest.raises(problems.NotYourPost):
        reissue_notice(urging, "损毁", by=cast.by.zheng)
    with pytest.raises(problems.NotHere):
        reissue_notice(urging, "损毁", by=cast.by.chen)
    decision = case_at(CaseState.LISTING_SERVICE).notices.get(kind=NoticeKind.LISTING_DECISION)
    with pytest.raises(problems.NotYourPost):
        reissue_notice(decision, "损毁", by=cast.by.zhou)
    assert reissue_notice(decision, "损毁", by=cast.by.ma).number.endswith("〕2号")


# --- the page --------------------------------------------------------------------------------------


def test_the_page_reissues_and_leads_to_the_new_one(urging: Notice, client: Any, cast: Any) -> None:
    client.force_login(cast.zhao)
    page = client.get(f"/notices/{urging.pk}/")
    assert page.status_code == 200 and "换发新文号" in page.content.decode()
    assert client.post(f"/notices/{urging.pk}/reissue/", {"why": ""}).status_code == 422
    done = client.post(f"/notices/{urging.pk}/reissue/", {"why": "打印件损毁"}, follow=True)
    new = Notice.objects.get(replaces=urging)
    assert done.redirect_chain[-1][0] == f"/notices/{new.pk}/"
    old = client.get(f"/notices/{urging.pk}/").content.decode()
    assert "打印件损毁" in old and new.number in old and "换发新文号" not in old


def test_a_corrected_document_is_served_from_its_page(
    urging: Notice, client: Any, walk: Walk, cast: Any
) -> None:
    client.force_login(cast.zhao)
    data = {
        "way": "left",
        "served_on": urging.issued_at.date().isoformat(),
        "refused_why": "拒收",
        "witness": "李秀英",
    }
    assert client.post(f"/notices/{urging.pk}/serve/", data).status_code == 404
    walk.serve(urging, cast.by.zhao)
    new = reissue_notice(urging, "笔误", by=cast.by.zhao, clerical=True)
    assert client.post(f"/notices/{new.pk}/serve/", data).status_code == 409
    approved(new)
    assert "登记送达" in client.get(f"/notices/{new.pk}/").content.decode()
    assert client.post(f"/notices/{new.pk}/serve/", {"way": "left"}).status_code == 422
    assert client.post(f"/notices/{new.pk}/serve/", data | {"served_on": "2020-01-01"}).status_code == 422
    new.refresh_from_db()
    assert not hasattr(new, "service")


@pytest.mark.once
@pytest.mark.parametrize(
    "who, status", [("zhao", 200), ("zheng", 200), ("fang", 200), ("chen", 404), ("wang", 404), ("feng", 404)]
)
def test_the_page_is_for_those_who_see_the_case(
    urging: Notice, client: Any, cast: Any, who: str, status: int
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(f"/notices/{urging.pk}/").status_code == status
    may = client.post(f"/notices/{urging.pk}/reissue/", {"why": "损毁"})
    assert may.status_code == (302 if who == "zhao" else 403 if status == 200 else 404)


def test_what_was_replaced_is_neither_served_nor_carried(urging: Notice, cast: Any, walk: Walk) -> None:
    reissue_notice(urging, "打印件损毁", by=cast.by.zhao)
    urging.refresh_from_db()
    with pytest.raises(notices_problems.NoticeWithdrawn):
        walk.serve(urging, cast.by.zhao)
    with pytest.raises(notices_problems.NoticeWithdrawn):
        send_to_door(urging, by=cast.by.zhao)
    urging.refresh_from_db()
    assert urging.asked_at is None
