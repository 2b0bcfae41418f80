"""A year is opened, computed from ledger and registers, checked, frozen."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from grid import problems
from grid.calendar.now import moved_to, now
from grid.ledger.actions import record
from grid.ledger.models import Entry
from grid.ledger.verbs import Verb
from grid.registers.models import Delivery, Register, Row
from grid.scope import machine
from grid.subjects.moves import Move, announce
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tests.cast import FAR_GRID
from workflows.assessment import actions, queries
from workflows.assessment.models import Result

CITY_TIME = ZoneInfo("Asia/Shanghai")
CLOCK = machine("期限时钟")


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=CITY_TIME)


def register_row(subject, register: str, since: date) -> Row:
    delivery, _ = Delivery.objects.get_or_create(
        register=register, sha256="0" * 64, defaults={"area": "1503", "as_of": since, "delivered_at": now()}
    )
    return Row.objects.create(
        register=register, subject=subject, area=subject.area, delivery=delivery, line=1, data={}, since=since
    )


def tell(verb: Verb, moment: datetime, subject, case: str = "") -> None:
    with moved_to(moment), transaction.atomic():
        record(verb, by=CLOCK, area=subject.area, subject=subject.pk, case=case)


@pytest.fixture
def played(cast, make_employer):
    """Near: one healed employer, one found lead never looked at. Far: one uninsured employer nobody visited."""
    good, bad, far = make_employer(), make_employer(), make_employer(area=FAR_GRID)
    with moved_to(at(1, 10)):
        announce([Move(s.pk, "", s.area) for s in (good, bad, far)], by=CLOCK)
    for subject in (good, bad, far):
        register_row(subject, Register.MARKET, date(2026, 1, 10))
    tell(Verb.LEAD_FOUND, at(2, 1), good)
    tell(Verb.LEAD_FOUND, at(2, 1), bad)
    tell(Verb.FINDING_CONFIRMED, at(2, 10), good)
    tell(Verb.CASE_HEALED, at(3, 20), good, case="HBW-2026-000001")
    register_row(good, Register.SOCIAL, date(2026, 3, 20))
    with moved_to(at(3, 20)):
        mark_state([good.pk], CoverState.RECTIFIED, by=CLOCK)
    return good, bad, far


def computed(cast):
    scheme = actions.open_scheme(2026, "1503", by=cast.by.wu)
    actions.compute_scheme(scheme, "1503", by=cast.by.wu)
    return scheme


def digits(area: str) -> dict[str, tuple[int, int]]:
    rows = Result.objects.filter(area=area).select_related("indicator")
    return {row.indicator.formula: (row.numerator, row.denominator) for row in rows}


def test_each_district_gets_its_five_numbers(cast, played):
    with moved_to(at(12, 31)):
        computed(cast)
    assert digits("150302") == {
        "coverage": (1, 2),
        "leads": (1, 2),
        "retention": (1, 1),
        "cases": (1, 1),
        "enrolment": (1, 2),
    }
    assert digits("150304")["enrolment"] == (0, 1)
    assert digits("150304")["leads"] == (0, 0)


def test_an_employer_that_lapsed_again_within_the_observation_is_not_kept(cast, played):
    good = played[0]
    tell(Verb.LEAD_FOUND, at(5, 1), good)
    with moved_to(at(12, 31)):
        computed(cast)
    assert digits("150302")["retention"] == (0, 1)


def test_recomputing_gives_the_same_digits_also_a_year_later(cast, played):
    with moved_to(at(12, 31)):
        scheme = computed(cast)
        first = actions.digest(scheme)
    with moved_to(at(6, 1, 2027)):
        assert queries.is_reproducible(scheme, "1503")
        assert actions.digest(scheme, actions.results(scheme, "1503")) == first


def test_a_frozen_year_stays(cast, played):
    with moved_to(at(12, 31)):
        scheme = computed(cast)
        frozen = actions.freeze_scheme(scheme, "1503", by=cast.by.wu)
        with pytest.raises(problems.YearFrozen):
            actions.compute_scheme(scheme, "1503", by=cast.by.wu)
    told = Entry.objects.get(verb=Verb.ASSESSMENT_FROZEN)
    assert told.data["hash"] == frozen.hash == actions.digest(scheme)


def test_a_number_opens_to_its_members(cast, played):
    good, bad, _ = played
    with moved_to(at(12, 31)):
        computed(cast)
        result = Result.objects.get(area="150302", indicator__formula="leads")
        opened = queries.open_result(cast.by.qian, result.pk)
    assert opened.is_same
    assert [name for name, _ in opened.missed] == [bad.name]
    assert [name for name, _ in opened.counted] == [good.name]


def test_only_the_city_office_computes_and_others_open_only_their_own(cast, played, client):
    with pytest.raises(problems.NotHere):
        actions.open_scheme(2026, "1503", by=cast.by.qian)
    with moved_to(at(12, 31)):
        computed(cast)
        far = Result.objects.filter(area="150304").first()
        client.force_login(cast.qian)
        assert client.get("/assessment/2026/").status_code == 200
        assert client.get(f"/assessment/results/{far.pk}/").status_code == 404
        client.force_login(cast.han)
        assert client.get(f"/assessment/results/{far.pk}/").status_code == 200
