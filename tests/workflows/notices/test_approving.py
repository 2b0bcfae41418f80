"""签发 and 用印: a paper leaves the house when somebody else than its author approved it and the seal is on record."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grid import problems
from grid.calendar.now import day_of, moved_to, now, today
from grid.law.models import Provision
from grid.ledger.models import Entry
from grid.ledger.triggers import guards
from grid.scope import Role
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from project.inbox import inbox_of
from tests.cast import SINCE
from tests.reading import codes_of, words_of
from tests.workflows.conftest import Walk, noon
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.inspections import actions as inspecting
from workflows.inspections.models import Inspection, InspectionState
from workflows.notices import problems as notices_problems
from workflows.notices.actions import Receipt, approving, record_service, reissue_notice
from workflows.notices.actions.approving import approve_paper, approve_papers, return_paper, seal_paper
from workflows.notices.actions.doorstep import send_to_door
from workflows.notices.models import Approval, ApprovalWay, Notice, NoticeKind, SealUse, Service
from workflows.notices.queries import check
from workflows.notices.triggers import approval_guards

pytestmark = pytest.mark.once


@pytest.fixture
def drafted(case_at: Callable[..., Case], cast: Any) -> Notice:
    """A 告知书 that zhao wrote."""
    return actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao)


def receipt() -> Receipt:
    return Receipt("direct", today(), "张三", "法定代表人")


def another_head(cast: Any) -> Any:
    person = Person.objects.create(username="gu", full_name="顾平")
    area = cast.post.qian.area_id
    Posting.objects.create(person=person, role=Role.DISTRICT, area_id=area, is_head=True, valid_from=SINCE)
    return actor_of(person)


def copied(notice: Notice, count: int) -> list[Notice]:
    """So many letters like `notice`, as a round of urging leaves them."""
    names = ("kind", "case_id", "area", "issued_at", "issued_by_id", "values", "path", "sha256")
    shared = {name: getattr(notice, name) for name in names}
    rows = [Notice(number=f"{count}-{place}", code=f"c{count}-{place}", **shared) for place in range(count)]
    return Notice.objects.bulk_create(rows)


def waiting_like(notice: Notice, count: int) -> list[int]:
    """The same, each waiting for its approval."""
    made = copied(notice, count)
    Approval.objects.bulk_create(Approval(notice=paper, area=paper.area, way="waiting") for paper in made)
    return [paper.pk for paper in made]


# --- the gate ------------------------------------------------------------------------------------


def test_law_34_no_paper_is_served_before_it_is_approved(drafted: Notice, cast: Any, client: Any) -> None:
    client.force_login(cast.zhao)
    for act in (
        lambda: record_service(drafted, receipt(), by=cast.by.zhao),
        lambda: send_to_door(drafted, by=cast.by.zhao),
    ):
        with pytest.raises(notices_problems.PaperUnapproved) as refused:
            act()
        assert "街道主管" in refused.value.detail
    page = client.get(reverse("case", args=[drafted.case.code])).content.decode()
    assert "待签发" in page and "登记告知书送达" not in page
    assert client.get(reverse("notice-slip-blank", args=[drafted.pk])).status_code == 409
    approval = approve_paper(drafted, 3, by=cast.by.sun)
    assert (approval.way, approval.by_id, approval.post) == (ApprovalWay.SIGNED, cast.sun.pk, "街道主管")
    seal = SealUse.objects.get(notice=drafted)
    assert (seal.office, seal.copies, seal.on, seal.by_id) == (
        drafted.values["letter"]["authority"], 3, today(), cast.sun.pk,
    )  # fmt: skip
    assert "登记告知书送达" in client.get(reverse("case", args=[drafted.case.code])).content.decode()
    assert record_service(drafted, receipt(), by=cast.by.zhao).notice == drafted
    told = Entry.objects.get(verb="notice.approved")
    assert told.data["number"] == drafted.number and told.actor == cast.sun.pk


def test_law_34_nobody_approves_an_own_draft(case_at: Callable[..., Case], cast: Any) -> None:
    own = actions.issue_notice(case_at(CaseState.URGING), by=cast.by.sun)
    with pytest.raises(problems.SamePersonTwice):
        approve_paper(own, 2, by=cast.by.sun)
    assert approve_papers([own.pk], 2, by=cast.by.sun).papers == []
    assert approve_paper(own, 2, by=cast.by.qian).by_id == cast.qian.pk


def test_law_34_the_head_of_the_body_that_signs_approves(
    drafted: Notice, inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    for who, refusal in (
        ("zhao", problems.NotYourPost),
        ("zhou", problems.NotYourPost),
        ("chen", problems.NotHere),
    ):
        with pytest.raises(refusal):
            approve_paper(drafted, 2, by=getattr(cast.by, who))
    order = inspecting.issue_order(inspection_at(InspectionState.INVESTIGATING), by=cast.by.zhou)
    with pytest.raises(problems.NotYourPost):
        approve_paper(order, 2, by=cast.by.sun)
    assert approve_paper(order, 2, by=cast.by.qian).post == "区主管"
    with pytest.raises(notices_problems.PaperApproved):
        approve_paper(order, 2, by=cast.by.qian)


def test_law_34_what_was_decided_is_not_approved_twice(case_at: Callable[..., Case], cast: Any) -> None:
    """The whole way to the list: each paper carries one approval, by somebody else than who drafted it."""
    case = case_at(CaseState.PUBLICATION)
    papers = case.notices.exclude(kind=NoticeKind.FILING).select_related("approval__by", "seal_use")
    decided = {paper.kind: paper.approval for paper in papers if paper.approval.way == ApprovalWay.DECIDED}
    assert {kind: (row.step, row.by.username) for kind, row in decided.items()} == {
        NoticeKind.PENALTY_DECISION: ("处罚决定", "qian"),
        NoticeKind.PENALTY_ADVICE: ("处罚决定", "qian"),
        NoticeKind.LISTING_DECISION: ("列入决定", "ma"),
        NoticeKind.REPAIR_ADVICE: ("列入决定", "ma"),
    }
    signed = [paper for paper in papers if paper.approval.way == ApprovalWay.SIGNED]
    assert {paper.kind for paper in signed} >= {
        NoticeKind.URGING,
        NoticeKind.ORDER,
        NoticeKind.PENALTY_NOTICE,
    }
    assert all(paper.approval.by_id != paper.issued_by_id for paper in signed)
    assert all(paper.seal_use.copies >= 1 for paper in papers)
    inspection = case.inspections.get()
    assert inspection.proposed_by_id != decided[NoticeKind.PENALTY_DECISION].by_id
    assert not Service.objects.filter(notice__approval=None).exists()


def test_law_34_the_clock_removes_by_the_decision(case_at: Callable[..., Case]) -> None:
    removal = case_at(CaseState.REMOVED).notices.get(kind=NoticeKind.REMOVAL)
    assert (removal.approval.way, removal.approval.by, removal.approval.step) == ("decided", None, "移出决定")
    assert removal.is_approved


def test_law_34_the_database_refuses_it_as_well(drafted: Notice, cast: Any) -> None:
    def refused(says: str, act: Callable[[], object]) -> None:
        with pytest.raises(IntegrityError, match=says), transaction.atomic():
            act()

    served = {"way": "direct", "receiver": "张三", "served_on": today(), "effective_on": today()}
    facts = served | {"recorded_by": cast.zhao, "recorded_at": now(), "notice": drafted}
    refused("approved and sealed", lambda: Service.objects.create(**facts))
    waiting = Approval.objects.filter(notice=drafted)
    word = {"way": "signed", "post": "社区复核员", "at": now()}
    refused("own draft", lambda: waiting.update(by=cast.zhao, **word))
    refused("somebody", lambda: waiting.update(by=None, **word))
    another = {"notice": copied(drafted, 1)[0], "area": drafted.area, "by": cast.sun, **word}
    refused("waited for", lambda: Approval.objects.create(**another))
    refused("waited for", lambda: Approval.objects.create(**(another | {"way": "before"})))
    use = {
        "notice": drafted,
        "area": drafted.area,
        "office": "x",
        "seal": "x",
        "copies": 1,
        "on": today(),
        "at": now(),
    }
    refused("put to what was approved", lambda: SealUse.objects.create(**use))
    waiting.update(by=cast.sun, **word)
    refused("approved and sealed", lambda: Service.objects.create(**facts))
    refused("stay as they are", lambda: waiting.update(post="别人"))
    refused("stay as they are", waiting.delete)
    SealUse.objects.create(**use)
    refused("stay as they are", lambda: SealUse.objects.update(copies=9))
    assert Service.objects.create(**facts).pk


def test_law_34_what_is_older_than_the_rule_is_served_as_it_stands(
    drafted: Notice, walk: Walk, cast: Any
) -> None:
    guards.remove(connection, approval_guards(connection.vendor))
    Approval.objects.filter(notice=drafted).update(way=ApprovalWay.BEFORE, at=drafted.issued_at)
    guards.install(connection, approval_guards(connection.vendor))
    assert record_service(drafted, receipt(), by=cast.by.zhao).notice == drafted
    assert not SealUse.objects.exists()


# --- sending back --------------------------------------------------------------------------------


def test_law_34_what_is_sent_back_is_issued_again(drafted: Notice, cast: Any, client: Any) -> None:
    with pytest.raises(problems.ReasonMissing):
        return_paper(drafted, " ", by=cast.by.sun)
    client.force_login(cast.sun)
    answer = client.post(reverse("return-paper", args=[drafted.pk]), {"why": "人数与走访不符"})
    assert answer.status_code == 302
    drafted.refresh_from_db()
    assert drafted.withdrawn_at and "人数与走访不符" in drafted.withdrawn_why
    with pytest.raises(notices_problems.NoticeWithdrawn):
        approve_paper(drafted, 2, by=cast.by.sun)
    (line,) = (item for item in inbox_of(cast.by.zhao).items if item.kind == "sent_back")
    assert "人数与走访不符" in line.why and line.href == reverse("notice", args=[drafted.pk])
    again = actions.issue_notice(drafted.case, by=cast.by.zhao)
    assert again.number.endswith("〕2号")
    assert not [item for item in inbox_of(cast.by.zhao).items if item.kind == "sent_back"]
    with pytest.raises(notices_problems.NoticeWithdrawn):
        reissue_notice(drafted, "更正", by=cast.by.zhao)


def test_law_34_what_is_sent_back_may_be_mended(drafted: Notice, cast: Any, client: Any) -> None:
    return_paper(drafted, "笔误", by=cast.by.sun)
    client.force_login(cast.zhao)
    assert "换发新文号" in client.get(reverse("notice", args=[drafted.pk])).content.decode()
    new = reissue_notice(drafted, "更正", by=cast.by.zhao, clerical=True, mend=("12 人", "11 人"))
    assert new.replaces == drafted and not new.is_approved
    assert approve_paper(new, 2, by=cast.by.sun).notice == new


# --- what is printed -----------------------------------------------------------------------------


def test_law_34_until_then_it_is_a_draft(drafted: Notice, cast: Any, client: Any) -> None:
    client.force_login(cast.sun)
    address = reverse("notice-pdf", args=[drafted.pk])
    draft = client.get(address).content
    assert "草稿" in words_of(draft) and drafted.number in words_of(draft) and codes_of(draft) == []
    with pytest.raises(notices_problems.NoSuchDocument):
        check(drafted.code)
    approve_paper(drafted, 2, by=cast.by.sun)
    final = b"".join(client.get(address).streaming_content)
    assert hashlib.sha256(final).hexdigest() == drafted.sha256
    words = words_of(final)
    assert "草稿" not in words and "孙强" not in words and "签发" not in words
    assert check(drafted.code).is_genuine


def test_law_34_it_bears_the_day_of_its_approval(drafted: Notice, walk: Walk, cast: Any) -> None:
    issued_on, sha256 = today(), drafted.sha256
    with moved_to(noon(issued_on + timedelta(days=1))):
        approve_papers([drafted.pk], 2, by=cast.by.sun)
        drafted.refresh_from_db()
        assert drafted.values["letter"]["issued_on"] == today().isoformat() and drafted.sha256 != sha256
        content = (Path(settings.FILES) / drafted.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == drafted.sha256
        assert f"{today().year}年{today().month}月{today().day}日" in words_of(content)
        assert drafted.dated_on == check(drafted.code).issued_on == today()
        assert Entry.objects.get(verb="notice.approved").data["sha256"] == drafted.sha256
        with pytest.raises(notices_problems.WrongServiceDate):
            walk.serve(drafted, cast.by.zhao, served_on=issued_on)
        assert walk.serve(drafted, cast.by.zhao).served_on == today()


# --- many at once --------------------------------------------------------------------------------


def test_law_34_a_thousand_are_approved_in_a_handful_of_queries(drafted: Notice, cast: Any) -> None:
    pks = waiting_like(drafted, 1000)
    with CaptureQueriesContext(connection) as asked:
        done = approve_papers(pks, 2, by=cast.by.sun)
    assert (len(done.papers), done.left) == (1000, 0)
    writes = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("INSERT")]
    # SQLite takes few values in one statement, and so a hundred rows at once.
    assert len(writes) <= (24 if connection.vendor == "sqlite" else 6)
    assert len(asked) - len(writes) <= 20
    assert SealUse.objects.count() == Entry.objects.filter(verb="notice.approved").count() == 1000


def test_law_34_the_day_after_so_many_are_set_again_at_once(
    drafted: Notice, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approving, "MOST_DATED", 2)
    pks = waiting_like(drafted, 3)
    with moved_to(noon(today() + timedelta(days=1))):
        done = approve_papers(pks, 2, by=cast.by.sun)
        assert (len(done.papers), done.left) == (2, 1)
        assert len(approve_papers(pks, 2, by=cast.by.sun).papers) == 1


def test_law_34_what_is_alike_is_approved_from_the_inbox(drafted: Notice, cast: Any, client: Any) -> None:
    waiting_like(drafted, 4)
    (line,) = (item for item in inbox_of(cast.by.sun).items if item.kind == "signature")
    assert "5 份待签发" in line.why and not line.late
    client.force_login(cast.sun)
    page = client.get(line.href).content.decode()
    assert drafted.number in page and reverse("notice-pdf", args=[drafted.pk]) in page
    first = reverse("sign-papers")
    assert client.post(first, {"copies": "0", "paper": [drafted.pk]}).status_code == 422
    assert "没有选中" in client.post(first, {"copies": "2"}, follow=True).content.decode()
    assert (
        "已签发 1 份"
        in client.post(first, {"copies": "2", "paper": [drafted.pk]}, follow=True).content.decode()
    )
    said = client.post(first, {"copies": "2", "all": NoticeKind.URGING}, follow=True).content.decode()
    assert "已签发 4 份" in said and "没有待您签发的文书" in said
    for person, status in ((cast.zhao, 403), (cast.chen, 200), (cast.qian, 200)):
        client.force_login(person)
        answer = client.get(reverse("papers-to-sign"))
        assert answer.status_code == status and drafted.number not in answer.content.decode()


def test_an_inbox_opens_before_the_law_is_loaded(cast: Any) -> None:
    Provision.objects.all().delete()
    assert all(item.kind not in ("seal", "signature") for item in inbox_of(cast.by.qian).items)


def test_law_34_a_list_costs_the_same_however_long(drafted: Notice, cast: Any, client: Any) -> None:
    client.force_login(cast.sun)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("papers-to-sign")).status_code == 200
        return len(asked)

    before = cost()
    waiting_like(drafted, 30)
    assert cost() == before


def test_law_34_late_is_who_leaves_a_paper_unsigned(drafted: Notice, cast: Any) -> None:
    with moved_to(noon(today() + timedelta(days=12))):
        late = [item for item in inbox_of(cast.by.sun).late if item.kind == "signature"]
    assert late and late[0].due_on is not None and late[0].due_on > day_of(drafted.issued_at)


# --- the seal ------------------------------------------------------------------------------------


def test_law_34_a_seal_kept_apart_is_recorded_by_its_keeper(drafted: Notice, cast: Any, client: Any) -> None:
    Provision.objects.filter(key="seal.apart").update(value=["150302"])
    approve_paper(drafted, 2, by=cast.by.qian)
    with pytest.raises(notices_problems.PaperUnsealed):
        record_service(drafted, receipt(), by=cast.by.zhao)
    with pytest.raises(problems.SamePersonTwice):
        seal_paper(drafted, 2, by=cast.by.qian)
    with pytest.raises(problems.NotYourPost):
        seal_paper(drafted, 2, by=cast.by.zhao)
    keeper = another_head(cast)
    assert [item.title for item in inbox_of(keeper).items if item.kind == "seal"] == [drafted.number]
    client.force_login(Person.objects.get(pk=keeper.person_id))
    assert drafted.number in client.get(reverse("seal-register")).content.decode()
    assert client.post(reverse("seal-paper", args=[drafted.pk]), {"copies": "4"}).status_code == 302
    assert SealUse.objects.get().copies == 4
    with pytest.raises(notices_problems.PaperSealed):
        seal_paper(drafted, 2, by=keeper)
    assert record_service(drafted, receipt(), by=cast.by.zhao).notice == drafted


def test_law_34_the_register_of_the_seal_ends_where_the_territory_does(
    drafted: Notice, cast: Any, client: Any
) -> None:
    approve_paper(drafted, 2, by=cast.by.sun)
    office = drafted.values["letter"]["authority"]
    for person, sees in ((cast.zhao, True), (cast.wu, True), (cast.han, False), (cast.chen, False)):
        client.force_login(person)
        page = client.get(reverse("seal-register"), {"office": office}).content.decode()
        table = b"".join(
            client.get(reverse("seal-register-csv"), {"office": office}).streaming_content
        ).decode()
        assert (drafted.number in page, drafted.number in table) == (sees, sees)
    client.force_login(cast.zhao)
    past = {"first": "2020-01-01", "last": "2020-01-31"}
    assert drafted.number not in client.get(reverse("seal-register"), past).content.decode()
    assert drafted.number in client.get(reverse("seal-register"), {"first": "no day"}).content.decode()
