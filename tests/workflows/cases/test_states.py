"""Every act in every state: the table is the law, and nothing outside it moves a case."""

import pytest

from grid import problems
from workflows.cases import rules, states
from workflows.cases.models import ENDED, Case, CaseState

TABLE = {
    "approve_street": {"street_approval": "district_approval"},
    "approve_district": {"district_approval": "urging"},
    "send_back": {
        "street_approval": "correction",
        "district_approval": "correction",
        "listing_review": "correction",
        "listing_district": "correction",
        "listing_city": "correction",
    },
    "correct": {"correction": "district_approval"},
    "withdraw": dict.fromkeys(
        ["street_approval", "district_approval", "correction", "urging", "term", "escalated"], "withdrawn"
    ),
    "take_back": {
        "district_approval": "street_approval",
        "urging": "district_approval",
        "listing_district": "listing_review",
        "listing_city": "listing_district",
    },
    "urge": {"urging": "term"},
    "escalate": {"term": "escalated"},
    "audit": {"escalated": "audited"},
    "inspect": {"escalated": "inspected"},
    "resume": {"audited": "escalated", "inspected": "escalated"},
    "penalise": {"inspected": "penalised"},
    "spare": {"inspected": "not_penalised"},
    "dismiss": {"audited": "withdrawn", "inspected": "withdrawn"},
    "transfer": {"audited": "transferred", "inspected": "transferred"},
    "perform": {"penalised": "performed"},
    "reopen": {"penalised": "escalated"},
    "propose": {"penalised": "listing_proposed"},
    "give_notice": {"listing_proposed": "defence"},
    "close_defence": {"defence": "listing_review"},
    "review": {"listing_review": "listing_district"},
    "decide_district": {"listing_district": "listing_city"},
    "decide_city": {"listing_city": "listing_service"},
    "serve_decision": {"listing_service": "publication"},
    "publish": {"publication": "published"},
    "remove": {"published": "removed"},
    "drop": dict.fromkeys(
        [
            "penalised", "listing_proposed", "defence", "listing_review", "listing_district", "listing_city",
            "listing_service", "publication",
        ],
        "not_listed",
    ),
    "heal": dict.fromkeys(
        [
            "street_approval", "district_approval", "correction", "urging", "term", "escalated", "audited",
            "inspected", "penalised", "listing_proposed", "defence", "listing_review", "listing_district",
            "listing_city",
        ],
        "healed",
    ),
}  # fmt: skip


def test_the_table_names_every_act() -> None:
    assert set(TABLE) == set(states.ACTS)
    assert all(hasattr(states.CasePath, act) for act in states.ACTS)


def test_every_act_in_every_state() -> None:
    moves: dict[str, dict[str, str]] = {}
    for act in states.ACTS:
        moves[act] = {}
        for state in CaseState.values:
            case = Case(code="HBW-2026-000001", state=state, returned_to=CaseState.DISTRICT_APPROVAL)
            may = states.may(case, act)
            try:
                states.move(case, act)
            except problems.OutOfOrder:
                assert not may and case.state == state, (act, state)
            else:
                assert may, (act, state)
                moves[act][state] = str(case.state)
    assert moves == TABLE


@pytest.mark.parametrize("act", ["withdraw", "drop"])
@pytest.mark.parametrize(
    "returned_to", ["street_approval", "district_approval", "listing_review", "listing_city"]
)
def test_a_returned_case_is_withdrawn_before_a_penalty_and_dropped_after_it(
    act: str, returned_to: str
) -> None:
    case = Case(state="correction", returned_to=returned_to)
    assert states.may(case, act) == (rules.is_visit_question(returned_to) == (act == "withdraw"))


@pytest.mark.parametrize("to", ["street_approval", "listing_review", "listing_city"])
def test_a_corrected_case_returns_to_whoever_sent_it_back(to: str) -> None:
    case = Case(state="correction", returned_to=to)
    states.move(case, "correct")
    assert case.state == to


def test_changed_facts_of_a_listing_go_back_to_the_notice() -> None:
    case = Case(state="correction", returned_to="listing_city")
    states.move(case, "correct", to="listing_proposed")
    assert case.state == "listing_proposed"


def test_nothing_leaves_an_ended_case() -> None:
    for state in ENDED:
        assert not any(states.may(Case(state=state), act) for act in states.ACTS)


def test_every_act_has_a_name_for_people() -> None:
    assert all(states.label_of(act) for act in states.ACTS)


def test_the_drawn_path_is_the_way_a_case_goes() -> None:
    steps = [(at, to) for row in TABLE.values() for at, to in row.items()]
    for before, after in zip(rules.PATH, rules.PATH[1:], strict=False):
        assert (before, after) in steps
