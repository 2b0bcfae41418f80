from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from workflows.assessment import rules
from workflows.assessment.rules import Step

DAY = date(2026, 3, 1)
END = date(2026, 12, 31)


def step(verb: str, on: date = DAY, subject: int = 1, case: str = "", district: str = "150302") -> Step:
    return Step(on, verb, district, subject, case)


def test_a_lead_verified_on_its_last_day_is_in_time_and_a_day_later_is_not():
    last = DAY + timedelta(days=30)
    found = step("lead.found")
    in_time = rules.leads_in_time([found, step("finding.confirmed", last)], 2026, END, 30)
    late = rules.leads_in_time([found, step("finding.confirmed", last + timedelta(days=1))], 2026, END, 30)
    assert (in_time["150302"].numerator, in_time["150302"].denominator) == (1, 1)
    assert (late["150302"].numerator, late["150302"].denominator) == (0, 1)


def test_a_lead_whose_term_still_runs_does_not_count_yet():
    assert rules.leads_in_time([step("lead.found", date(2026, 12, 20))], 2026, END, 30) == {}


def test_two_leads_of_one_subject_on_one_day_are_one_door():
    shares = rules.leads_in_time([step("lead.found"), step("lead.found")], 2026, END, 30)
    assert shares["150302"].denominator == 1


def test_a_case_closed_after_a_term_ran_out_is_late():
    told = [
        step("term.expired", case="HBW-2026-000001"),
        step("case.healed", case="HBW-2026-000001"),
        step("case.healed", case="HBW-2026-000002"),
    ]
    share = rules.cases_in_term(told, 2026)["150302"]
    assert share.counted == {"HBW-2026-000002"} and share.missed == {"HBW-2026-000001"}


def test_a_case_still_open_counts_nowhere():
    assert rules.cases_in_term([step("case.opened", case="HBW-2026-000003")], 2026) == {}


def test_a_healing_counts_in_the_year_its_observation_ends():
    healed = step("case.healed", date(2026, 11, 1), case="HBW-2026-000001")
    assert rules.healed_in_year([healed], date(2026, 12, 31), 90, 2026) == []
    assert rules.healed_in_year([healed], date(2027, 12, 31), 90, 2027) == [healed]


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


@given(st.sets(st.text(min_size=1, alphabet="0123456789@-HBW"), max_size=30))
def test_the_fingerprint_knows_members_not_their_order(members):
    assert rules.fingerprint(members) == rules.fingerprint(sorted(members, reverse=True))
    assert rules.fingerprint(members) != rules.fingerprint([*members, "x"])
