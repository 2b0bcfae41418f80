"""What `make story` plays: one finding through all stations, a second one healed by the next register."""

from collections.abc import Iterator

import pytest

from grid.calendar.now import now
from grid.ledger.models import Entry
from project.demo.people import Staff
from project.demo.stage import set_stage
from project.demo.story import Told, play
from tasks.visits.models import Evidence, Visit
from tests.contract.papers import faults_of_paper
from workflows.cases.models import CaseState
from workflows.listing.models import Listing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def told(lines: list[str]) -> Iterator[Told]:
    before = now()
    yield play(set_stage(lines.append))
    assert (now() - before).days == 0, "time went back where it was"


def test_one_finding_through_all_stations(told: Told, lines: list[str]) -> None:
    told.stubborn.refresh_from_db()
    told.willing.refresh_from_db()
    assert told.stubborn.state == CaseState.REMOVED
    assert told.willing.state == CaseState.HEALED and told.willing.healed_on
    assert told.public_while_listed and not told.public_after_removal
    assert told.verified == 0, "\n".join(lines)

    verbs = list(Entry.objects.filter(case=told.stubborn.code).order_by("nth").values_list("verb", flat=True))
    stations = [
        "case.opened", "case.approved", "case.approved", "notice.issued", "notice.served", "contact.noted",
        "case.escalated",
        "audit.opened", "audit.begun", "audit.found", "audit.informed", "audit.answered", "audit.drafted",
        "audit.approved", "audit.ordered", "penalty.proposed",
        "inspection.proposed", "inspection.filed", "inspection.ordered", "inspection.noticed",
        "inspection.statement", "inspection.reviewed", "inspection.discussed", "inspection.decided", "penalty.recorded",
        "listing.proposed", "defence.recorded", "listing.reviewed", "listing.approved", "listing.decided",
        "listing.served", "listing.published", "sanction.ordered", "sanction.answered",
        "inspection.demanded", "inspection.court", "inspection.enforced", "listing.removed", "sanction.lifted",
    ]  # fmt: skip
    rest = iter(verbs)
    assert all(station in rest for station in stations), verbs
    back = Entry.objects.filter(case=told.willing.code).order_by("nth").values_list("verb", flat=True)
    assert {"case.returned", "case.corrected", "case.healed"} <= set(back)

    assert told.missing == [], "every paper has what its law demands"
    assert [line for line in lines if "行政处罚决定书" in line and "要件" in line and "，齐" in line]
    assert [fault for notice in told.stubborn.notices.all() for fault in faults_of_paper(notice)] == []
    _different_people_decided(told)
    _visits_and_photo_arrived_once()
    text = "\n".join(told.lines)
    assert f"← {told.willing.code} 计入" in text and f"← {told.stubborn.code} 未达" in text


def _different_people_decided(told: Told) -> None:
    listing, staff = Listing.objects.get(case=told.stubborn), Staff()
    inspection = told.stubborn.inspections.get()
    assert inspection.officers == (staff.zhou.person_id, staff.he.person_id)
    audit = told.stubborn.audits.get()
    assert audit.auditors == (staff.tang.person_id, staff.jiang.person_id)
    assert audit.approved_by_id == staff.qian.person_id
    heads = [inspection.filed_by_id, inspection.reviewed_by_id, inspection.decided_by_id]
    assert heads == [actor.person_id for actor in (staff.qian, staff.shi, staff.qian)]
    deciders = [listing.proposed_by_id, listing.reviewed_by_id, listing.district_by_id, listing.city_by_id]
    assert deciders == [actor.person_id for actor in (staff.zhou, staff.lin, staff.qian, staff.ma)]


def _visits_and_photo_arrived_once() -> None:
    assert Visit.objects.count() == 8, "seven doors, one of them asked again; what was sent twice came once"
    assert Evidence.objects.exclude(received_at=None).count() == 1
