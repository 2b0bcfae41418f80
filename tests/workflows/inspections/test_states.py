"""Every act in every state: the table is the law, and nothing outside it moves an inspection."""

from datetime import date
from itertools import pairwise

import pytest

from grid import problems
from tests.workflows.test_flow_names import drawn_steps, lawful_steps
from workflows.flows import InspectionFlow
from workflows.inspections import rules, states
from workflows.inspections.models import ENDED, Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.states import InspectionPath

OPEN = [
    "investigating", "ordered", "order_expired", "noticed", "hearing", "legal_review", "collective", "deciding",
]  # fmt: skip
OWING = ["performing", "demanded", "court"]
TABLE = {
    "file": {"filing": "investigating"},
    "refuse": {"filing": "withdrawn"},
    "order": {"investigating": "ordered"},
    "expire_order": {"ordered": "order_expired"},
    "meet_order": {"ordered": "investigating"},
    "give_notice": {"order_expired": "noticed"},
    "ask_hearing": {"noticed": "hearing"},
    "close_statement": {"noticed": "legal_review"},
    "hold_hearing": {"hearing": "legal_review"},
    "review": {"legal_review": "deciding"},
    "discuss": {"collective": "deciding"},
    "send_back": dict.fromkeys(["legal_review", "collective", "deciding"], "investigating"),
    "take_back": {"collective": "legal_review", "deciding": "legal_review"},
    "decide": {"deciding": "decided"},
    "serve": {"decided": "performing"},
    "demand": {"performing": "demanded"},
    "apply_court": {"demanded": "court"},
    "enforce": {"court": "enforced"},
    "perform": dict.fromkeys(OWING, "performed"),
    "quash": dict.fromkeys(OWING, "quashed"),
    "withdraw": dict.fromkeys(OPEN, "withdrawn"),
    "spare": dict.fromkeys(OPEN, "spared"),
    "transfer": dict.fromkeys(OPEN, "transferred"),
}


def test_the_table_names_every_act() -> None:
    assert set(TABLE) == set(states.ACTS)


def test_every_act_in_every_state() -> None:
    moves: dict[str, dict[str, str]] = {}
    for act in states.ACTS:
        moves[act] = {}
        for state in S.values:
            one = Inspection(code="HBW-2026-000001-J1", state=state)
            may = states.may(one, act)
            try:
                states.move(one, act)
            except problems.OutOfOrder:
                assert not may and one.state == state, (act, state)
            else:
                assert may, (act, state)
                moves[act][state] = str(one.state)
    assert moves == TABLE


def test_a_file_sent_back_after_its_order_is_noticed_again_and_never_ordered_twice() -> None:
    one = Inspection(state=S.INVESTIGATING, ordered_on=date(2026, 3, 2), order_expired_on=date(2026, 3, 17))
    assert states.may(one, "give_notice") and not states.may(one, "order")


@pytest.mark.parametrize("to", ["collective", "deciding"])
def test_a_reviewed_file_goes_to_discussion_or_to_the_head(to: str) -> None:
    one = Inspection(state=S.LEGAL_REVIEW)
    states.move(one, "review", to=to)
    assert one.state == to


def test_nothing_leaves_an_ended_inspection() -> None:
    for state in ENDED:
        assert not any(states.may(Inspection(state=state), act) for act in states.ACTS)


def test_every_act_has_a_name_for_people() -> None:
    assert all(states.label_of(act) for act in states.ACTS)


def test_the_flow_draws_exactly_the_lawful_steps() -> None:
    broken_off = {S.WITHDRAWN, S.SPARED, S.TRANSFERRED, S.QUASHED}
    assert drawn_steps(InspectionFlow) == lawful_steps(S, InspectionPath, broken_off)


def test_the_drawn_path_is_the_way_an_inspection_goes() -> None:
    steps = lawful_steps(S, InspectionPath, set())
    walked = [state for state in rules.PATH if state not in ("hearing", "collective")]
    for before, after in pairwise(walked):
        assert (before, after) in steps
