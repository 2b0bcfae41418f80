"""异议: verified by another person, answered in time, corrected or revoked everywhere."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from grid import problems
from grid.ledger.models import Entry
from tests.workflows.conftest import Walk
from workflows.cases.models import CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.listing import problems as listing_problems
from workflows.listing import queries
from workflows.listing.actions.objecting import answer_objection, file_objection
from workflows.listing.models import Listing
from workflows.notices.models import NoticeKind
from workflows.sanctions import problems as sanctions_problems

Listed = Callable[..., Listing]


def test_a_rejected_objection_leaves_the_entry_and_its_mark_goes(
    listed: Listed, cast: Any, client: Any
) -> None:
    listing = listed()
    objection = file_objection(listing, "人数有误", by=cast.by.zhou)
    assert queries.published().get().objected
    assert "异议核查中" in client.get("/public/listings/").content.decode()
    with pytest.raises(listing_problems.ObjectionOpen):
        file_objection(listing, "又一次", by=cast.by.zhou)
    with pytest.raises(problems.NotYourPost):
        answer_objection(objection, "rejected", "已核", "不成立", by=cast.by.qian)
    answer_objection(objection, "rejected", "重新核对名册", "人数无误", by=cast.by.ma)
    assert not queries.published().get().objected
    notice = listing.case.notices.get(kind=NoticeKind.OBJECTION_ANSWER)
    assert objection.notice == notice
    assert listing.case.clocks.get(kind="listing.objection").stopped_at
    with pytest.raises(listing_problems.ObjectionClosed):
        answer_objection(objection, "rejected", "已核", "不成立", by=cast.by.wu)
    file_objection(listing, "补充证据", by=cast.by.zhou)


def test_a_correction_is_shown_everywhere_and_the_decision_stays(
    listed: Listed, cast: Any, client: Any
) -> None:
    listing = listed()
    place = Listing.objects.get(pk=listing.pk).feed
    objection = file_objection(listing, "人数有误", by=cast.by.zhou)
    with pytest.raises(problems.ReasonMissing):
        answer_objection(objection, "corrected", "已核", "成立", by=cast.by.ma)
    answer_objection(objection, "corrected", "已核", "成立", correction="涉及24人", by=cast.by.ma)
    listing.refresh_from_db()
    assert (listing.correction, "25人" in listing.facts) == ("涉及24人", True)
    assert "涉及24人" in client.get(f"/public/listings/{listing.code}/").content.decode()
    (told,) = queries.feed_after(place).entries
    assert (told["state"], told["correction"]) == ("published", "涉及24人")


def test_a_won_objection_revokes_and_is_never_shown_again(listed: Listed, cast: Any, client: Any) -> None:
    listing = listed()
    objection = file_objection(listing, "同名误列", by=cast.by.zhou)
    with pytest.raises(problems.SamePersonTwice):
        answer_objection(file_by(objection, cast.ma), "revoked", "已核", "误列", by=cast.by.ma)
    answer_objection(objection, "revoked", "已核", "同名误列", by=cast.by.wu)
    listing.refresh_from_db()
    assert listing.revoked_at and listing.removed_why == "撤销列入"
    assert listing.case.__class__.objects.get(pk=listing.case_id).state == CaseState.REMOVED
    assert client.get(f"/public/listings/{listing.code}/").status_code == 404
    assert listing.case.notices.filter(kind=NoticeKind.REMOVAL).exists()
    assert Entry.objects.filter(verb="listing.revoked", case=listing.code).exists()
    with pytest.raises(sanctions_problems.ListingNotPublic):
        file_objection(listing, "再次", by=cast.by.zhou)


def test_an_objection_is_answered_also_once_the_entry_has_left(listed: Listed, cast: Any, walk: Walk) -> None:
    listing = listed()
    objection = file_objection(listing, "人数有误", by=cast.by.zhou)
    walk.wait(listing.case, "listing.period")
    told = queries.feed_after(0).entries
    answer_objection(objection, "rejected", "重新核对名册", "人数无误", by=cast.by.ma)
    assert objection.notice and queries.feed_after(0).entries == told


def file_by(objection: Any, person: Any) -> Any:
    objection.__class__.objects.filter(pk=objection.pk).update(filed_by=person)
    return objection


def test_a_late_answer_goes_up_once(listed: Listed, cast: Any, go_to: Callable[..., None]) -> None:
    listing = listed()
    file_objection(listing, "人数有误", by=cast.by.zhou)
    clock = listing.case.clocks.get(kind="listing.objection")
    assert (clock.length, clock.unit, clock.reviewed) == (7, "wd", False)
    go_to(clock.due_on + timedelta(days=1))
    fire_due_clocks()
    fire_due_clocks()
    assert Entry.objects.filter(verb="listing.late", case=listing.code).count() == 1


@pytest.mark.once
def test_who_may_not_file(listed: Listed, cast: Any) -> None:
    listing = listed()
    for who, refusal in (
        ("han", problems.NotHere),
        ("feng", problems.NotYourPost),
        ("sun", problems.NotYourPost),
    ):
        with pytest.raises(refusal):
            file_objection(listing, "异议", by=getattr(cast.by, who))
    with pytest.raises(problems.ReasonMissing):
        file_objection(listing, " ", by=cast.by.zhou)
    unpublished = listed(state=CaseState.PUBLICATION)
    with pytest.raises(sanctions_problems.ListingNotPublic):
        file_objection(unpublished, "异议", by=cast.by.zhou)
