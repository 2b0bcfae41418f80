"""重大劳动保障违法行为社会公布: after the case was handled, decided by another, in batches, objections in time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.subjects.models import SubjectKind
from project.inbox import inbox_of
from tests.forward import go_to
from workflows.announcements import actions, queries, rules
from workflows.announcements import problems as announcements_problems
from workflows.announcements.models import Announcement, Batch
from workflows.cases.actions import rectify_cases
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.listing import problems as listing_problems
from workflows.listing.models import Ground
from workflows.remedies.actions import close_remedy, note_remedy
from workflows.remedies.rules import Challenge, Ending
from workflows.sanctions import problems as sanctions_problems

CaseAt = Callable[..., Case]
Grounds = dict[str, Ground]
FACTS, HANDLING = "未办理社会保险登记,涉及12人,联系电话13812345678", "罚款36000元,责令改正"


@pytest.fixture
def proposed(case_at: CaseAt, cast: Any, grounds: Grounds) -> Callable[..., Announcement]:
    def make(**fields: Any) -> Announcement:
        case = case_at(CaseState.PENALISED)
        given = {"head": "王五", "facts": FACTS, "handling": HANDLING} | fields
        return actions.propose_announcement(case, grounds["17-1"], **given, by=cast.by.zhou)

    return make


@pytest.fixture
def published(proposed: Callable[..., Announcement], cast: Any) -> Callable[..., Announcement]:
    def make(**fields: Any) -> Announcement:
        entry = proposed(**fields)
        actions.decide_announcement(entry, by=cast.by.qian)
        actions.publish_batch("150302", "乌海日报", by=cast.by.qian)
        entry.refresh_from_db()
        return entry

    return make


@pytest.mark.once
def test_only_after_the_case_was_handled_on_a_ground_of_this_route(
    case_at: CaseAt, cast: Any, grounds: Grounds
) -> None:
    case = case_at(CaseState.ESCALATED)
    given = {"head": "王五", "facts": FACTS, "handling": HANDLING, "by": cast.by.zhou}
    with pytest.raises(announcements_problems.NotHandledYet):
        actions.propose_announcement(case, grounds["17-1"], **given)
    case = case_at(CaseState.PENALISED)
    for missing in ("head", "facts", "handling"):
        with pytest.raises(announcements_problems.AnnouncementIncomplete):
            actions.propose_announcement(case, grounds["17-1"], **(given | {missing: " "}))
    with pytest.raises(listing_problems.GroundNotInForce):
        actions.propose_announcement(case, grounds["5-1"], **given)
    with pytest.raises(problems.NotHere):
        actions.propose_announcement(case, grounds["17-1"], **(given | {"by": cast.by.han}))
    narrow = grounds["17-2"]
    narrow.subject_kinds = ["institution"]
    with pytest.raises(listing_problems.GroundUnfit):
        actions.propose_announcement(case, narrow, **given)
    actions.propose_announcement(case, grounds["17-1"], **given)
    with pytest.raises(announcements_problems.AnnouncementThere):
        actions.propose_announcement(case, grounds["17-1"], **given)


def test_who_corrected_after_the_penalty_is_not_announced(
    case_at: CaseAt, cast: Any, grounds: Grounds
) -> None:
    case = case_at(CaseState.PENALISED)
    rectify_cases([case.subject_id], by=cast.by.wu)
    case.refresh_from_db()
    with pytest.raises(listing_problems.ConditionsUnmet):
        actions.propose_announcement(
            case, grounds["17-1"], head="王五", facts=FACTS, handling=HANDLING, by=cast.by.zhou
        )


@pytest.mark.once
def test_the_one_who_proposes_does_not_decide_and_each_decides_once(
    proposed: Callable[..., Announcement], cast: Any
) -> None:
    entry = proposed()
    with pytest.raises(problems.NotYourPost):
        actions.decide_announcement(entry, by=cast.by.zhou)
    with pytest.raises(problems.NotHere):
        actions.decide_announcement(entry, by=cast.by.han)
    with pytest.raises(announcements_problems.BatchEmpty):
        actions.publish_batch("150302", by=cast.by.qian)
    actions.decide_announcement(entry, by=cast.by.ma)
    for act in (
        lambda: actions.decide_announcement(entry, by=cast.by.qian),
        lambda: actions.refuse_announcement(entry, "轻微", by=cast.by.qian),
    ):
        with pytest.raises(problems.OutOfOrder):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=entry.pk).update(decided_by=cast.zhou)


def test_a_refused_one_is_in_no_batch(proposed: Callable[..., Announcement], cast: Any) -> None:
    entry = proposed()
    with pytest.raises(problems.ReasonMissing):
        actions.refuse_announcement(entry, "", by=cast.by.qian)
    actions.refuse_announcement(entry, "情节轻微", by=cast.by.qian)
    with pytest.raises(announcements_problems.BatchEmpty):
        actions.publish_batch("150302", by=cast.by.qian)


@pytest.mark.once
def test_a_batch_has_its_number_its_quarter_and_its_pages(
    proposed: Callable[..., Announcement], cast: Any, client: Any
) -> None:
    entries = [proposed(), proposed()]
    for entry in entries:
        actions.decide_announcement(entry, by=cast.by.qian)
        assert client.get(f"/public/announcements/{entry.code}/").status_code == 404
    with pytest.raises(problems.NotHere):
        actions.publish_batch("150302", by=cast.by.han)
    batch = actions.publish_batch("150302", by=cast.by.qian)
    assert batch.number == f"乌海勃人社公布〔{today().year}〕1号"
    assert (batch.year, batch.quarter) == rules.quarter_of(today())
    page = client.get("/public/announcements/")
    assert batch.number in page.content.decode() and "noindex" in page["X-Robots-Tag"]
    page = client.get(f"/public/announcements/batches/{batch.pk}/").content.decode()
    assert all(entry.name in page for entry in entries)
    text = client.get(f"/public/announcements/{entries[0].code}/").content.decode()
    for shown in (entries[0].name, entries[0].credit_code, "王五", "涉及12人", "罚款36000元"):
        assert shown in text
    assert "13812345678" not in text and "138****5678" in text
    found = client.get("/public/announcements/", {"q": entries[1].credit_code.lower()}).content.decode()
    assert entries[1].name in found and f"/public/announcements/{entries[0].code}/" not in found
    with pytest.raises(announcements_problems.BatchEmpty):
        actions.publish_batch("150302", by=cast.by.qian)


def test_law_47_a_batch_is_called_after_the_quarter_of_its_matters(
    proposed: Callable[..., Announcement], cast: Any
) -> None:
    entries = [proposed(), proposed()]
    for entry, decided_on in zip(entries, ("2025-05-11", "2025-09-30"), strict=True):
        actions.decide_announcement(entry, by=cast.by.qian)
        entry.case.penalty["decided_on"] = decided_on
        entry.case.save(update_fields=["penalty"])
    batch = actions.publish_batch("150302", by=cast.by.qian)
    assert (batch.year, batch.quarter) == (2025, 3)
    assert batch.number == f"乌海勃人社公布〔{today().year}〕1号"


def test_what_is_published_stays_as_it_was_proposed(
    published: Callable[..., Announcement], client: Any
) -> None:
    entry = published()
    name = entry.name
    entry.subject.name = "更名后的公司"
    entry.subject.save(update_fields=["name"])
    assert name in client.get(f"/public/announcements/{entry.code}/").content.decode()


def test_the_owner_of_a_small_business_is_a_person_and_masked(
    published: Callable[..., Announcement], client: Any
) -> None:
    entry = published(head="欧阳小明")
    entry.subject.kind = SubjectKind.SOLE_TRADER_EMPLOYING
    entry.subject.save(update_fields=["kind"])
    text = client.get(f"/public/announcements/{entry.code}/").content.decode()
    assert "欧阳小明" not in text and "欧***" in text
    assert rules.shown_address("某小区1号楼", "sole_trader") == "" and rules.shown_address(
        "某路1号", "enterprise"
    )


def test_an_objection_is_answered_within_fifteen_working_days_by_another(
    published: Callable[..., Announcement], cast: Any, client: Any
) -> None:
    entry = published()
    with pytest.raises(problems.ReasonMissing):
        actions.object_to_announcement(entry, "", by=cast.by.zhou)
    actions.object_to_announcement(entry, "人数有误", by=cast.by.zhou)
    clock = entry.case.clocks.get(kind="announcement.objection")
    assert (clock.length, clock.unit, clock.reviewed) == (15, "wd", False)
    with pytest.raises(listing_problems.ObjectionOpen):
        actions.object_to_announcement(entry, "再次", by=cast.by.zhou)
    with pytest.raises(problems.ReasonMissing):
        actions.answer_announcement(entry, " ", by=cast.by.qian)
    actions.answer_announcement(entry, "部分成立", correction="涉及11人", by=cast.by.qian)
    assert "涉及11人" in client.get(f"/public/announcements/{entry.code}/").content.decode()
    with pytest.raises(problems.OutOfOrder):
        actions.answer_announcement(entry, "再答", by=cast.by.qian)
    actions.object_to_announcement(entry, "仍有误", by=cast.by.zhou)
    actions.answer_announcement(entry, "成立", remove=True, by=cast.by.ma)
    assert client.get(f"/public/announcements/{entry.code}/").status_code == 404
    assert not queries.batches().exists()


def test_a_late_answer_goes_up_once(published: Callable[..., Announcement], cast: Any) -> None:
    entry = published()
    actions.object_to_announcement(entry, "人数有误", by=cast.by.zhou)
    go_to(entry.case.clocks.get(kind="announcement.objection").due_on + timedelta(days=1))
    fire_due_clocks()
    fire_due_clocks()
    assert Entry.objects.filter(verb="announcement.late").count() == 1


def test_taking_down(published: Callable[..., Announcement], cast: Any) -> None:
    entry = published()
    with pytest.raises(problems.ReasonMissing):
        actions.remove_announcement(entry, " ", by=cast.by.qian)
    actions.remove_announcement(entry, "处罚被撤销", by=cast.by.qian)
    with pytest.raises(sanctions_problems.ListingNotPublic):
        actions.remove_announcement(entry, "再次", by=cast.by.qian)


def test_the_desk_from_proposal_to_batch(
    case_at: CaseAt, cast: Any, client: Any, grounds: Grounds, django_assert_max_num_queries: Any
) -> None:
    case = case_at(CaseState.PENALISED)
    client.force_login(cast.zhou)
    at = f"/announcements/propose/{case.code}/"
    assert client.get(at).status_code == 200
    given = {"ground": grounds["17-3"].pk, "head": "王五", "facts": FACTS, "handling": HANDLING}
    lacking = client.post(at, given | {"head": "", "ground": ""})
    said = lacking.content.decode()
    assert lacking.status_code == 422 and "请填写这一项。" in said and "请选择一项。" in said
    assert client.post(at, given).status_code == 302
    client.force_login(cast.sun)
    assert client.get(at).status_code == 403
    client.force_login(cast.han)
    assert client.get(f"/announcements/{case.code}/").status_code == 404
    assert case.code not in client.get("/announcements/").content.decode()
    client.force_login(cast.qian)
    with django_assert_max_num_queries(8):
        assert case.code in client.get("/announcements/", {"state": "proposed"}).content.decode()
    assert client.post(f"/announcements/{case.code}/nothing/").status_code == 404
    assert client.post(f"/announcements/{case.code}/refuse/", {"why": ""}).status_code == 422
    assert client.post(f"/announcements/{case.code}/decide/").status_code == 302
    assert client.post("/announcements/publish/", {"office": "150304"}).status_code == 403
    assert client.post("/announcements/publish/", {"office": "150302"}).status_code == 302
    assert Batch.objects.get().entries.get().code == case.code


@pytest.mark.parametrize(
    ("day", "end"),
    [(date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 6, 30), date(2026, 6, 30)), (date(2026, 12, 31), date(2026, 12, 31))],
)  # fmt: skip
def test_quarters(day: date, end: date) -> None:
    assert rules.quarter_end(day) == end


def test_a_penalty_that_falls_takes_the_announcement_back_wherever_it_stands(
    proposed: Callable[..., Announcement], published: Callable[..., Announcement], cast: Any, client: Any
) -> None:
    waiting, public = proposed(), published()
    actions.object_to_announcement(public, "复议中", by=cast.by.zhou)
    for entry in (waiting, public):
        remedy = note_remedy(
            entry.case, Challenge("suit", "法院", today(), target="penalty"), by=cast.by.zhou
        )
        close_remedy(remedy, Ending("quashed", "判1号", today(), effective_on=today()), by=cast.by.ma)
        entry.refresh_from_db()
    assert waiting.refused_at and "判1号" in waiting.refused_why
    assert public.removed_at and client.get(f"/public/announcements/{public.code}/").status_code == 404
    assert not public.case.clocks.filter(kind="announcement.objection", stopped_at=None).exists()
    with pytest.raises(problems.OutOfOrder):
        actions.decide_announcement(waiting, by=cast.by.qian)


@pytest.mark.once
def test_the_inbox_holds_what_is_to_decide_to_publish_and_to_answer(
    proposed: Callable[..., Announcement], cast: Any
) -> None:
    def labels(actor: Any) -> list[str]:
        return [item.label for item in inbox_of(actor).items if item.kind == "announcement"]

    entry = proposed()
    assert labels(cast.by.qian) == labels(cast.by.ma) == ["决定社会公布"] and not labels(cast.by.zhou)
    actions.decide_announcement(entry, by=cast.by.qian)
    assert labels(cast.by.qian) == ["公布本季度批次"]
    (line,) = [item for item in inbox_of(cast.by.qian).items if item.kind == "announcement"]
    assert line.due_on == rules.quarter_end(today())
    actions.publish_batch("150302", by=cast.by.qian)
    assert not labels(cast.by.qian)
    entry.refresh_from_db()
    actions.object_to_announcement(entry, "不实", by=cast.by.zhou)
    assert labels(cast.by.qian) == ["答复公布异议"]


def test_an_owner_is_masked_in_whatever_was_written(
    case_at: CaseAt, cast: Any, grounds: Grounds, client: Any, make_employer: Any
) -> None:
    case = case_at(CaseState.PENALISED)
    case.subject.__class__.objects.filter(pk=case.subject_id).update(kind=SubjectKind.SOLE_TRADER_EMPLOYING)
    given = {
        "head": "欧阳小明",
        "facts": "业主欧阳小明拒不参保",
        "handling": "罚欧阳小明30000元,账户6222020200112233445",
    }
    entry = actions.propose_announcement(
        Case.objects.get(pk=case.pk), grounds["17-1"], **given, by=cast.by.zhou
    )
    actions.decide_announcement(entry, by=cast.by.qian)
    actions.publish_batch("150302", by=cast.by.qian)
    for path in (
        f"/public/announcements/{entry.code}/",
        "/public/announcements/",
        "/public/announcements/?q=某",
    ):
        page = client.get(path).content.decode()
        assert "欧阳小明" not in page and "6222020200112233445" not in page
    assert "欧***" in client.get(f"/public/announcements/{entry.code}/").content.decode()


@pytest.mark.once
def test_the_way_to_a_proposal_is_on_the_page_of_a_case_with_its_penalty(
    case_at: CaseAt, cast: Any, client: Any, grounds: Grounds, proposed: Callable[..., Announcement]
) -> None:
    case = case_at(CaseState.PENALISED)
    client.force_login(cast.zhou)
    at = f"/announcements/propose/{case.code}/"
    assert f'href="{at}"' in client.get(f"/cases/{case.code}/").content.decode()
    client.force_login(cast.qian)
    assert at not in client.get(f"/cases/{case.code}/").content.decode()
    entry = proposed()
    page = client.get(f"/cases/{entry.code}/").content.decode()
    assert f'href="/announcements/{entry.code}/"' in page and "待决定" in page and "propose" not in page
