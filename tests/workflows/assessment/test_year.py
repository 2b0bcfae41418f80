"""A year is opened and computed from ledger, registers and account; a number opens to its members."""

from datetime import date

import pytest

from grid import problems
from grid.calendar.now import moved_to
from grid.registers.models import Register, Row
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from tasks.comparison.verbs import ComparisonVerb
from tasks.findings.verbs import FindingVerb
from tests.workflows.assessment.ground import CLOCK, at, computed, digits, next_line, register_row, tell
from workflows.assessment import actions, queries
from workflows.assessment.models import Result

NEAR, FAR = "150302", "150304"


def test_each_district_gets_its_five_numbers(cast, played):
    with moved_to(at(12, 31)):
        computed(cast)
    assert digits(NEAR) == {
        "coverage": (1, 2),
        "leads": (1, 2),
        "retention": (1, 1),
        "cases": (1, 1),
        "enrolment": (8, 13),
    }
    assert digits(FAR)["enrolment"] == (0, 5)
    assert digits(FAR)["leads"] == (0, 0)


def test_an_employer_that_lapsed_again_within_the_observation_is_not_kept(cast, played):
    tell(ComparisonVerb.LEAD_FOUND, at(5, 1), played[0])
    with moved_to(at(12, 31)):
        computed(cast)
    assert digits(NEAR)["retention"] == (0, 1)


@pytest.mark.parametrize(
    "says", [{"status": "注销", "insured": 8}, {"status": "参保缴费", "insured": 0}, {"status": "停保"}]
)
def test_a_line_that_says_nobody_is_insured_keeps_nothing(cast, played, says):
    """It stands in the register like any other."""
    social = Row.objects.get(subject=played[0], register=Register.SOCIAL)
    next_line(social, date(2026, 5, 1), **says)
    with moved_to(at(12, 31)):
        computed(cast)
    assert digits(NEAR)["retention"] == (0, 1)
    assert digits(NEAR)["enrolment"] == (0, 13)


def test_deregistered_units_raise_nobodys_enrolment(cast, played, make_employer):
    gone = [make_employer() for _ in range(10)]
    with moved_to(at(6, 1)):
        subjects_moved([Move(s.pk, "", s.area) for s in gone], by=CLOCK)
        for subject in gone:
            register_row(subject, Register.SOCIAL, date(2026, 6, 1), status="注销", insured=0)
    struck_off = make_employer()
    with moved_to(at(6, 1)):
        subjects_moved([Move(struck_off.pk, "", struck_off.area)], by=CLOCK)
        register_row(struck_off, Register.MARKET, date(2026, 6, 1), standing="注销")
        register_row(struck_off, Register.SOCIAL, date(2026, 6, 1), status="参保缴费", insured=50)
    with moved_to(at(12, 31)):
        computed(cast)
    reached, due = digits(NEAR)["enrolment"]
    assert (reached, due) == (8, 13 + 10), "ten units that insure nobody owe for somebody; one is no more"


def test_what_a_complete_register_no_longer_holds_is_out(cast, played):
    Row.objects.filter(subject=played[1], register=Register.MARKET).update(until=date(2026, 8, 1))
    with moved_to(at(12, 31)):
        computed(cast)
    assert digits(NEAR)["enrolment"] == (8, 9)


def test_whom_a_register_of_the_years_end_brings_in_after_it_is_counted(cast, played, make_employer):
    """That is what the days before the showing are for; who was founded after the year is not of it."""
    late, founded = make_employer(), make_employer()
    with moved_to(at(1, 12, 2027)):
        subjects_moved([Move(s.pk, "", s.area) for s in (late, founded)], by=CLOCK)
        register_row(late, Register.MARKET, date(2026, 12, 31), standing="存续", employees=3)
        register_row(founded, Register.MARKET, date(2027, 1, 10), standing="存续", employees=3)
        computed(cast)
    assert digits(NEAR)["enrolment"] == (8, 16)
    assert digits(NEAR)["coverage"] == (1, 2), "nobody was to be checked who was not known"


def test_each_sort_has_a_figure_of_its_own_and_the_sum_is_the_number(cast, played, make_employer):
    trader, idle = make_employer(kind="sole_trader_employing"), make_employer(kind="sole_trader")
    site = make_employer(kind="construction_site", credit_code=None, local_code="P1")
    board = make_employer(kind="announcement_point", credit_code=None, local_code="B1")
    with moved_to(at(6, 1)):
        subjects_moved([Move(s.pk, "", s.area) for s in (trader, idle, site, board)], by=CLOCK)
        register_row(trader, Register.TAX, date(2026, 6, 1), heads=5, exempt_heads=2)
        register_row(trader, Register.SOCIAL, date(2026, 6, 1), insured=7)
    with moved_to(at(12, 31)):
        computed(cast)
        result = Result.objects.get(area=NEAR, indicator__formula="enrolment")
    figures = {
        figure.sort: (figure.reached, figure.due, figure.count, figure.share)
        for figure in queries.figures_of(result)
    }
    assert figures == {
        "units": (8, 13, 2, "61.5%"),
        "traders": (7, 7, 1, "100.0%"),
        "sites": (0, 1, 1, "0.0%"),
    }, "a sole trader without staff owes for nobody, a notice board is no unit"
    assert (result.numerator, result.denominator) == (15, 21)


def test_a_lead_is_verified_wherever_its_subject_has_moved(cast, played):
    bad = played[1]
    Subject.objects.filter(pk=bad.pk).update(area="150304011011001")
    bad.refresh_from_db()
    tell(FindingVerb.FINDING_CONFIRMED, at(2, 20), bad)
    with moved_to(at(12, 31)):
        computed(cast)
    assert digits(NEAR)["leads"] == (2, 2)


def test_a_year_opened_before_says_by_which_formula_it_is_computed(cast, played):
    with moved_to(at(12, 31)):
        scheme = actions.open_scheme(2026, "1503", by=cast.by.wu)
        scheme.indicators.filter(formula="enrolment").update(version=1, weight=35, explanation="旧口径")
        computed(cast)
    indicator = scheme.indicators.get(formula="enrolment")
    assert (indicator.version, indicator.weight) == (2, 35) and "在保人数" in indicator.explanation


def test_a_number_opens_to_its_members(cast, played):
    good, bad, _ = played
    with moved_to(at(12, 31)):
        computed(cast)
    result = Result.objects.get(area=NEAR, indicator__formula="leads")
    opened = queries.result_of(cast.by.qian, result.pk)
    assert [row.name for row in queries.named(queries.members_of(opened, "missed"))] == [bad.name]
    (counted,) = queries.named(queries.members_of(opened, "counted"))
    assert (counted.name, counted.kind) == (good.name, "企业")
    assert len(counted.sources) == 2 and all("台账第" in words for words in counted.sources)
    retained = Result.objects.get(area=NEAR, indicator__formula="retention")
    (kept,) = queries.named(queries.members_of(retained))
    assert (kept.case, kept.member.heads) == ("HBW-2026-000001", 8)
    assert any("社会保险参保" in words and "第 1 行" in words for words in kept.sources)
    head, *lines = queries.exported(retained, queries.members_of(retained))
    assert len(lines) == 1 and len(lines[0]) == len(head)


def test_only_the_city_office_computes_and_others_open_only_their_own(cast, played, client):
    with pytest.raises(problems.NotHere):
        actions.open_scheme(2026, "1503", by=cast.by.qian)
    with moved_to(at(12, 31)):
        computed(cast)
        far = Result.objects.filter(area=FAR).first()
        client.force_login(cast.qian)
        assert client.get("/assessment/2026/").status_code == 200
        assert client.get(f"/assessment/results/{far.pk}/").status_code == 404
        client.force_login(cast.han)
        assert client.get(f"/assessment/results/{far.pk}/").status_code == 200
        table = client.get(f"/assessment/results/{far.pk}/?export=csv")
        assert table.status_code == 200 and "对象编号" in b"".join(table.streaming_content).decode()
