"""Every act in every state: the table is the law, and nothing outside it moves a referral or a plan."""

from grid import problems
from workflows.duties import states
from workflows.duties.models import Referral, ReferralState
from workflows.duties.targets import states as plan_states
from workflows.duties.targets.models import Plan, PlanState

TABLE = {
    "receive": {"sent": "received"},
    "answer": {"sent": "answered", "received": "answered", "asked_again": "answered"},
    "send_back": {"sent": "returned", "received": "returned", "asked_again": "returned"},
    "redirect": {"returned": "sent"},
    "accept": {"answered": "accepted"},
    "ask_again": {"answered": "asked_again"},
    "close": {"accepted": "closed"},
    "withdraw": dict.fromkeys(["sent", "received", "asked_again", "returned", "answered"], "withdrawn"),
}
PLANS = {
    "change": {"draft": "draft", "checked": "draft"},
    "check": {"draft": "checked"},
    "issue": {"checked": "issued"},
    "replace": {"issued": "replaced"},
    "withdraw": {"draft": "withdrawn", "checked": "withdrawn"},
}


def test_the_tables_name_every_act():
    assert set(TABLE) == set(states.ACTS)
    assert set(PLANS) == set(plan_states.ACTS)


def moves_of(machine, make):
    """Act → state → the state after it; where an act is refused, nothing moved."""
    moves = {}
    for act in machine.ACTS:
        moves[act] = {}
        for state, matter in make():
            try:
                machine.move(matter, act)
            except problems.OutOfOrder:
                assert matter.state == state, (act, state)
            else:
                moves[act][state] = matter.state
    return moves


def test_a_referral_moves_as_the_table_says():
    def make():
        return [(state, Referral(code="ZB-1", state=state)) for state in ReferralState.values]

    assert moves_of(states, make) == TABLE
    may = {act: [state for state, matter in make() if states.may(matter, act)] for act in states.ACTS}
    assert may == {act: [state for state in ReferralState.values if state in TABLE[act]] for act in TABLE}


def test_a_plan_moves_as_the_table_says():
    def make():
        return [(state, Plan(year=2026, version=1, state=state)) for state in PlanState.values]

    assert moves_of(plan_states, make) == PLANS
