"""复议 and 诉讼: what each suspends, and what its outcome does to the list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from tests.workflows.conftest import Walk
from workflows.cases.models import Case, CaseState
from workflows.listing import actions as listing_acts
from workflows.listing import problems as listing_problems
from workflows.listing import queries
from workflows.listing.actions.objecting import answer_objection, file_objection
from workflows.listing.models import Listing
from workflows.remedies import problems as remedies_problems
from workflows.remedies.actions import close_remedy, note_remedy, stay_remedy
from workflows.remedies.queries import suspends
from workflows.remedies.rules import Challenge, Ending

Listed = Callable[..., Listing]


def test_a_remedy_alone_suspends_no_publication_a_stay_does(listed: Listed, cast: Any) -> None:
    listing = listed()
    remedy = note_remedy(listing.case, Challenge("review", "乌海市人民政府", today()), by=cast.by.zhou)
    assert remedy.target == "listing"
    assert queries.published().exists() and not suspends(listing.case, "publication")
    stay_remedy(remedy, "乌政复停〔2026〕1号", by=cast.by.zhou)
    with pytest.raises(problems.OutOfOrder):
        stay_remedy(remedy, "乌政复停〔2026〕2号", by=cast.by.zhou)
    assert not queries.published().exists() and suspends(listing.case, "publication")
    assert queries.feed_after(0).entries[0]["state"] == "removed"
    close_remedy(remedy, Ending("upheld", "乌政复〔2026〕1号", today()), by=cast.by.ma)
    assert queries.published().exists() and not suspends(listing.case, "publication")
    assert queries.feed_after(0).entries[0]["state"] == "published"


def test_two_stays_hold_until_both_are_over(listed: Listed, cast: Any) -> None:
    listing = listed()
    first, second = (
        note_remedy(listing.case, Challenge(kind, "机关", today(), stay_number="停1号"), by=cast.by.zhou)
        for kind in ("review", "suit")
    )
    close_remedy(first, Ending("withdrawn", "", today()), by=cast.by.ma)
    assert not queries.published().exists()
    close_remedy(second, Ending("upheld", "判1号", today(), effective_on=today()), by=cast.by.ma)
    assert queries.published().exists()


def test_a_quashed_listing_is_revoked(listed: Listed, cast: Any, client: Any) -> None:
    listing = listed()
    remedy = note_remedy(listing.case, Challenge("suit", "海勃湾区人民法院", today()), by=cast.by.zhou)
    with pytest.raises(problems.NotYourPost):
        close_remedy(
            remedy, Ending("quashed", "(2026)内0302行初1号", today(), effective_on=today()), by=cast.by.zhou
        )
    close_remedy(
        remedy, Ending("quashed", "(2026)内0302行初1号", today(), effective_on=today()), by=cast.by.ma
    )
    listing.refresh_from_db()
    assert listing.revoked_at and listing.removed_at
    assert client.get(f"/public/listings/{listing.code}/").status_code == 404
    with pytest.raises(problems.OutOfOrder):
        close_remedy(remedy, Ending("upheld", "号", today(), effective_on=today()), by=cast.by.ma)


def test_an_entry_revoked_by_an_objection_is_neither_shown_again_nor_revoked_twice(
    listed: Listed, cast: Any
) -> None:
    listing = listed()
    objection = file_objection(listing, "同名误列", by=cast.by.zhou)
    stayed, suit = (
        note_remedy(listing.case, Challenge(kind, "机关", today(), stay_number=number), by=cast.by.zhou)
        for kind, number in (("review", "停1号"), ("suit", ""))
    )
    answer_objection(objection, "revoked", "已核", "同名误列", by=cast.by.wu)
    close_remedy(stayed, Ending("upheld", "复1号", today()), by=cast.by.ma)
    close_remedy(suit, Ending("quashed", "判1号", today(), effective_on=today()), by=cast.by.ma)
    listing.refresh_from_db()
    assert (listing.stayed_at, listing.revoked_why) == (None, "同名误列")
    assert not queries.published().exists()
    assert Entry.objects.filter(verb="listing.revoked", case=listing.code).count() == 1


def test_a_quashed_penalty_takes_its_listing_down_wherever_it_stands(
    case_at: Callable[..., Case], cast: Any
) -> None:
    for state, ended in (
        (CaseState.PUBLISHED, CaseState.REMOVED),
        (CaseState.PUBLICATION, CaseState.NOT_LISTED),
        (CaseState.REMOVED, CaseState.REMOVED),
    ):
        case = case_at(state)
        remedy = note_remedy(case, Challenge("suit", "法院", today(), target="penalty"), by=cast.by.zhou)
        close_remedy(remedy, Ending("quashed", "判1号", today(), effective_on=today()), by=cast.by.ma)
        case.refresh_from_db()
        listing = Listing.objects.get(case=case)
        assert (case.state, bool(listing.revoked_at)) == (ended, True)
        assert not queries.published().filter(case=case).exists()


def test_no_listing_is_decided_while_its_penalty_is_reviewed(
    case_at: Callable[..., Case], cast: Any, walk: Walk
) -> None:
    case = case_at(CaseState.LISTING_CITY)
    remedy = note_remedy(case, Challenge("review", "乌海市人民政府", today()), by=cast.by.zhou)
    assert remedy.target == "penalty" and suspends(case, "court") and suspends(case, "surcharge")
    with pytest.raises(listing_problems.RemedyPending):
        listing_acts.decide_city(case, by=cast.by.ma)
    close_remedy(remedy, Ending("upheld", "复1号", today()), by=cast.by.zhou)
    assert not suspends(case, "court")
    again = note_remedy(case, Challenge("suit", "法院", today()), by=cast.by.zhou)
    close_remedy(again, Ending("quashed", "判1号", today(), effective_on=today()), by=cast.by.zhou)
    with pytest.raises(listing_problems.PenaltyFirst):
        listing_acts.decide_city(case, by=cast.by.ma)
    listing_acts.drop_listing(case, "处罚被撤销", by=cast.by.ma)


def test_a_stayed_decision_is_not_published(case_at: Callable[..., Case], cast: Any) -> None:
    case = case_at(CaseState.PUBLICATION)
    note_remedy(case, Challenge("review", "机关", today(), stay_number="停1号"), by=cast.by.zhou)
    with pytest.raises(listing_problems.RemedyPending):
        listing_acts.publish_listing(case, by=cast.by.ma)


def test_bad_input_and_strangers(listed: Listed, cast: Any) -> None:
    case = listed().case
    with pytest.raises(remedies_problems.RemedyIncomplete):
        note_remedy(case, Challenge("review", " ", today()), by=cast.by.zhou)
    with pytest.raises(remedies_problems.RemedyIncomplete):
        note_remedy(case, Challenge("review", "机关", today() + timedelta(days=1)), by=cast.by.zhou)
    with pytest.raises(problems.NotHere):
        note_remedy(case, Challenge("review", "机关", today()), by=cast.by.han)
    remedy = note_remedy(case, Challenge("review", "机关", today()), by=cast.by.zhou)
    with pytest.raises(remedies_problems.RemedyOpen):
        note_remedy(case, Challenge("review", "机关", today()), by=cast.by.zhou)
    with pytest.raises(remedies_problems.RemedyIncomplete):
        close_remedy(remedy, Ending("upheld", "", today()), by=cast.by.ma)
    with pytest.raises(remedies_problems.RemedyIncomplete):
        close_remedy(remedy, Ending("upheld", "号", today() - timedelta(days=1)), by=cast.by.ma)
    with pytest.raises(remedies_problems.RemedyIncomplete):
        stay_remedy(remedy, "", by=cast.by.ma)


def test_nobody_remedies_what_was_not_decided(case_at: Callable[..., Case], cast: Any) -> None:
    case = case_at(CaseState.LISTING_CITY)
    with pytest.raises(problems.OutOfOrder):
        note_remedy(case, Challenge("review", "机关", today(), target="listing"), by=cast.by.zhou)
    with pytest.raises(remedies_problems.RemedyIncomplete):
        note_remedy(
            case,
            Challenge("review", "机关", today() - timedelta(days=900), target="penalty"),
            by=cast.by.zhou,
        )
    early = case_at(CaseState.TERM)
    with pytest.raises(problems.OutOfOrder):
        note_remedy(early, Challenge("review", "机关", today()), by=cast.by.zhou)
