from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.assessment import rules
from workflows.assessment.rules import Member, Step, packing

DAY = date(2026, 3, 1)
END = date(2026, 12, 31)


def step(verb: str, on: date = DAY, subject: int = 1, case: str = "", district: str = "150302") -> Step:
    return Step(on, verb, district, subject, case)


def test_a_lead_verified_on_its_last_day_is_in_time_and_a_day_later_is_not():
    last = DAY + timedelta(days=30)
    found = step("lead.found")
    in_time = rules.leads_in_time([found, step("finding.confirmed", last)], 2026, END, 30)
    late = rules.leads_in_time([found, step("finding.confirmed", last + timedelta(days=1))], 2026, END, 30)
    assert [(lead.reached, lead.due) for lead in in_time] == [(1, 1)]
    assert [(lead.reached, lead.due) for lead in late] == [(0, 1)]


def test_a_lead_whose_term_still_runs_does_not_count_yet():
    assert rules.leads_in_time([step("lead.found", date(2026, 12, 20))], 2026, END, 30) == []


def test_two_leads_of_one_subject_on_one_day_are_one_door():
    found = rules.leads_in_time([step("lead.found"), step("lead.found")], 2026, END, 30)
    assert rules.due_of(found) == 1


def test_a_case_closed_after_a_term_ran_out_is_late():
    told = [
        step("term.expired", case="HBW-2026-000001"),
        step("case.healed", case="HBW-2026-000001"),
        step("case.healed", case="HBW-2026-000002"),
    ]
    closed = {case.key: case.reached for case in rules.cases_in_term(told, 2026)}
    assert closed == {"HBW-2026-000001": 0, "HBW-2026-000002": 1}


def test_a_case_still_open_counts_nowhere():
    assert rules.cases_in_term([step("case.opened", case="HBW-2026-000003")], 2026) == []


def test_a_healing_counts_in_the_year_its_observation_ends():
    healed = step("case.healed", date(2026, 11, 1), case="HBW-2026-000001")
    assert rules.rectified_in_year([healed], date(2026, 12, 31), 90, 2026) == []
    assert rules.rectified_in_year([healed], date(2027, 12, 31), 90, 2027) == [healed]


def test_nothing_to_do_says_nothing_and_half_the_target_is_half():
    weight = Decimal("20")
    assert rules.score(0, 0, Decimal("0.95"), weight) is None
    assert rules.score(49, 100, Decimal("0.98"), weight) == Decimal("10.00")
    assert rules.score(100, 100, Decimal("0.95"), weight) == weight


def test_the_weight_of_what_does_not_apply_is_spread_over_the_rest():
    assert rules.total([(Decimal("10"), Decimal("20")), (None, Decimal("80"))]) == Decimal("50.00")
    assert rules.total([(None, Decimal("100"))]) == 0


def test_a_district_gains_nothing_by_opening_no_case():
    worked = [(Decimal("8"), Decimal("20")), (Decimal("10"), Decimal("15"))]
    idle = [(Decimal("0"), Decimal("20")), (None, Decimal("15"))]
    assert rules.total(worked) > rules.total(idle)


@given(
    good=st.integers(0, 10_000),
    missed=st.integers(0, 10_000),
    target=st.decimals("0.5", "1", places=4),
    weight=st.decimals("1", "40", places=2),
)
def test_more_done_never_scores_less_and_never_above_the_weight(good, missed, target, weight):
    everyone = good + missed
    score = rules.score(good, everyone, target, weight)
    if not everyone:
        assert score is None
        return
    assert 0 <= score <= weight
    if missed:
        assert rules.score(good + 1, everyone, target, weight) >= score


members = st.builds(
    Member,
    key=st.text(min_size=1, alphabet="0123456789@-HBW"),
    subject=st.integers(0, 10**9),
    area=st.sampled_from(["150302001002001", "150304", "1503"]),
    kind=st.sampled_from(["enterprise", ""]),
    reached=st.integers(0, 9),
    due=st.integers(0, 9),
    heads=st.integers(0, 9),
    sources=st.lists(st.builds("row:{}".format, st.integers(1, 99)), max_size=3).map(tuple),
)


@given(st.lists(members, max_size=30, unique_by=lambda member: member.key))
def test_a_packet_gives_back_its_members_and_one_hash_for_every_order(found):
    lines = packing.lines_of(found)
    assert packing.lines_of(found[::-1]) == lines
    assert sorted(packing.read(packing.unpack(packing.pack(lines))), key=str) == sorted(found, key=str)
    assert rules.differences(found, packing.read(lines)) == []


def test_a_packet_that_was_cut_or_is_none_is_refused():
    packed = packing.pack(packing.lines_of([Member("1", 1, "150302", "", 1, 1)]))
    for broken in (packed[:-3], b"nothing", b""):
        with pytest.raises(ValueError):
            packing.unpack(broken)


def test_a_member_that_moved_differs_once():
    before, after = Member("7", 7, "150302001", "", 1, 1), Member("7", 7, "150304001", "", 1, 1)
    (found,) = rules.differences([before], [after])
    assert (found.before, found.after) == (before, after)
    same = Member("7", 7, "150302001", "", 1, 1, sources=("row:9",))
    assert rules.differences([before], [same]) == [], "the same figure may come to rest on another row"
