"""社会公布 under attack: out of order, by the wrong office, twice, at once, by SQL, and what must not be told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.subjects.models import SubjectKind
from project.inbox import inbox_of
from tests.concurrency.test_two_approvers import at_once
from workflows.announcements import actions, queries, rules
from workflows.announcements import problems as announcements_problems
from workflows.announcements.models import Announcement, Batch
from workflows.cases.models import Case, CaseState
from workflows.inspections import problems as inspections_problems
from workflows.listing.models import Ground
from workflows.remedies.actions import close_remedy, note_remedy
from workflows.remedies.rules import Challenge, Ending

Make = Callable[..., Announcement]


@pytest.fixture
def proposed(case_at: Callable[..., Case], cast: Any, grounds: dict[str, Ground]) -> Make:
    def make(**fields: Any) -> Announcement:
        given = {"head": "王五", "facts": "未办理社会保险登记", "handling": "罚款30000元"} | fields
        case = case_at(CaseState.PENALISED)
        return actions.propose_announcement(case, grounds["17-1"], **given, by=cast.by.zhou)

    return make


@pytest.fixture
def published(proposed: Make, cast: Any) -> Make:
    def make(**fields: Any) -> Announcement:
        entry = actions.decide_announcement(proposed(**fields), by=cast.by.qian)
        actions.publish_batch("150302", by=cast.by.qian)
        entry.refresh_from_db()
        return entry

    return make


def sets(entry: Announcement, **columns: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=entry.pk).update(**columns)


def stay(entry: Announcement, by: Any) -> Any:
    return note_remedy(
        entry.case,
        Challenge("suit", "人民法院", today(), target="penalty", stay_number="（2026）停1号"),
        by=by,
    )


def found(client: Any, entry: Announcement) -> list[bool]:
    """Whether the entry stands on its own page, in its batch, in the list of batches and in the search."""
    pages = [
        client.get(f"/public/announcements/{entry.code}/"),
        client.get(f"/public/announcements/batches/{entry.batch_id}/"),
        client.get("/public/announcements/"),
        client.get("/public/announcements/", {"q": entry.name}),
    ]
    assert all(page["Cache-Control"] == "no-store" for page in pages if page.status_code == 200)
    marks = (entry.name, entry.name, f"/batches/{entry.batch_id}/", f"/announcements/{entry.code}/")
    return [
        page.status_code == 200 and mark in page.content.decode()
        for page, mark in zip(pages, marks, strict=True)
    ]


def test_what_was_taken_down_is_gone_from_every_public_page(published: Make, cast: Any, client: Any) -> None:
    entry = published()
    assert found(client, entry) == [True] * 4
    actions.object_to_announcement(entry, "人数有误", by=cast.by.zhou)
    actions.remove_announcement(entry, "公布有误", by=cast.by.qian)
    assert found(client, entry) == [False] * 4
    with pytest.raises(problems.OutOfOrder):
        actions.answer_announcement(entry, "成立", remove=True, by=cast.by.ma)
    assert not queries.announcements_for(cast.by.qian, "objected").exists()


@pytest.mark.once
def test_a_stay_of_the_penalty_hides_it_and_lets_nothing_new_out(
    proposed: Make, published: Make, cast: Any, client: Any
) -> None:
    public, waiting = published(), proposed()
    remedies = [stay(entry, cast.by.zhou) for entry in (public, waiting)]
    assert found(client, public) == [False] * 4
    with pytest.raises(inspections_problems.PenaltyChallenged):
        actions.decide_announcement(waiting, by=cast.by.qian)
    client.force_login(cast.qian)
    page = client.get(f"/announcements/{waiting.code}/").content.decode()
    assert "已公布的暂不显示" in page and "/decide/" not in page and "/refuse/" in page
    assert not [item for item in inbox_of(cast.by.qian).items if item.kind == "announcement"]
    for remedy in remedies:
        close_remedy(remedy, Ending("upheld", "判1号", today(), effective_on=today()), by=cast.by.zhou)
    assert found(client, public) == [True] * 4
    actions.decide_announcement(waiting, by=cast.by.qian)
    stay(waiting, cast.by.zhou)
    with pytest.raises(announcements_problems.BatchEmpty):
        actions.publish_batch("150302", by=cast.by.qian)


def test_a_suit_without_a_stay_stops_nothing(proposed: Make, cast: Any) -> None:
    entry = proposed()
    note_remedy(entry.case, Challenge("suit", "人民法院", today(), target="penalty"), by=cast.by.zhou)
    actions.decide_announcement(entry, by=cast.by.qian)
    assert actions.publish_batch("150302", by=cast.by.qian).entries.get() == entry


@pytest.mark.once
def test_nothing_is_proposed_on_a_penalty_that_fell_after_its_case_had_ended(
    case_at: Callable[..., Case], cast: Any, grounds: dict[str, Ground]
) -> None:
    """A case that ended stays ended and keeps what it was told of its penalty."""
    case = case_at(CaseState.REMOVED)
    remedy = note_remedy(case, Challenge("suit", "人民法院", today(), target="penalty"), by=cast.by.zhou)
    close_remedy(remedy, Ending("quashed", "判1号", today(), effective_on=today()), by=cast.by.ma)
    case.refresh_from_db()
    given = {"head": "王五", "facts": "未参保", "handling": "罚款30000元", "by": cast.by.zhou}
    with pytest.raises(announcements_problems.NotHandledYet):
        actions.propose_announcement(case, grounds["17-1"], **given)


def test_a_changed_penalty_is_corrected_where_it_is_published(
    published: Make, cast: Any, client: Any
) -> None:
    entry = published()
    remedy = note_remedy(
        entry.case, Challenge("review", "市政府", today(), target="penalty"), by=cast.by.zhou
    )
    close_remedy(remedy, Ending("changed", "复1号", today(), fine=10000), by=cast.by.ma)
    text = client.get(f"/public/announcements/{entry.code}/").content.decode()
    assert "处罚决定经行政复议变更，罚款为 10000 元（复1号）" in text
    assert Entry.objects.filter(case=entry.code, verb="announcement.corrected").count() == 1


@pytest.mark.parametrize(("who", "office"), [("ma", "150302"), ("qian", "1503"), ("qian", "150302001")])
def test_a_batch_is_published_by_its_own_office(proposed: Make, cast: Any, who: str, office: str) -> None:
    actions.decide_announcement(proposed(), by=cast.by.qian)
    with pytest.raises((problems.NotYourPost, problems.NotHere)):
        actions.publish_batch(office, by=getattr(cast.by, who))
    assert not Batch.objects.exists()


def test_whoever_did_the_step_before_is_not_offered_the_next(proposed: Make, cast: Any, client: Any) -> None:
    entry = proposed()
    actions.decide_announcement(entry, by=cast.by.qian)
    actions.publish_batch("150302", by=cast.by.qian)
    actions.object_to_announcement(entry, "不实", by=cast.by.zhou)
    entry.refresh_from_db()
    sets(entry, answered_by=cast.zhou, answered_at=now(), objection_answer="不成立")
    client.force_login(cast.zhou)
    assert "/answer/" not in client.get(f"/announcements/{entry.code}/").content.decode()
    client.force_login(cast.qian)
    assert "/answer/" in client.get(f"/announcements/{entry.code}/").content.decode()


def test_no_step_is_skipped_or_undone_by_sql(proposed: Make, cast: Any) -> None:
    entry = proposed()
    batch = Batch.objects.create(
        number="乌海勃人社公布〔2026〕9号", office="150304", year=2026, quarter=4, published_at=now(),
        published_by=cast.han,
    )  # fmt: skip
    sets(entry, batch=batch)
    sets(entry, decided_at=now())
    sets(entry, decided_at=now(), decided_by=cast.zhou)
    sets(entry, decided_at=now(), decided_by=cast.han)  # of another district
    sets(entry, decided_at=now(), decided_by=cast.sun)  # of a street
    sets(entry, facts="别的事实")
    sets(entry, refused_at=now())
    actions.decide_announcement(entry, by=cast.by.qian)
    sets(entry, batch=batch)  # another district's
    sets(entry, decided_at=None, decided_by=None)
    remedy = stay(entry, cast.by.zhou)
    batch = Batch.objects.create(
        number="乌海勃人社公布〔2026〕10号", office="150302", year=2026, quarter=4, published_at=now(),
        published_by=cast.qian,
    )  # fmt: skip
    sets(entry, batch=batch)
    close_remedy(remedy, Ending("upheld", "判1号", today(), effective_on=today()), by=cast.by.zhou)
    actions.publish_batch("150302", by=cast.by.qian)
    sets(entry, batch=batch)
    sets(entry, batch=None)
    actions.remove_announcement(entry, "公布有误", by=cast.by.qian)
    sets(entry, removed_at=None, removed_why="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=entry.pk).delete()


def test_none_is_born_published_or_without_a_penalty(
    proposed: Make, case_at: Callable[..., Case], cast: Any
) -> None:
    entry, case = proposed(), case_at(CaseState.ESCALATED)
    values = {
        field.attname: getattr(entry, field.attname)
        for field in Announcement._meta.fields
        if field.name != "id"
    }
    for changed in ({"case_id": case.pk, "code": case.code}, {"refused_at": now(), "refused_why": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Announcement.objects.create(**(values | changed))


def test_a_business_that_bears_its_owners_name_is_masked(published: Make, client: Any) -> None:
    entry = published(head="欧阳小明")
    entry.subject.__class__.objects.filter(pk=entry.subject_id).update(kind=SubjectKind.SOLE_TRADER_EMPLOYING)
    assert rules.shown_name("欧阳小明", "欧阳小明", "sole_trader_employing") == "欧***"
    assert rules.shown_name("欧阳小明", "欧阳小明", "enterprise") == "欧阳小明"
    assert entry.name in client.get(f"/public/announcements/batches/{entry.batch_id}/").content.decode()


def test_a_batch_with_a_bad_word_comes_back(proposed: Make, cast: Any, client: Any) -> None:
    actions.decide_announcement(proposed(), by=cast.by.qian)
    client.force_login(cast.qian)
    answer = client.post("/announcements/publish/", {"office": "150302", "media": "报" * 201})
    assert answer.status_code == 422 and not Batch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_batch(proposed: Make, cast: Any) -> None:
    actions.decide_announcement(proposed(), by=cast.by.qian)
    outcomes = at_once(*[lambda: actions.publish_batch("150302", by=cast.by.qian)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Batch", "BatchEmpty"]
    assert Batch.objects.count() == 1
