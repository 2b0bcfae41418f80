"""Every act in every state: the table is the law, and nothing outside it moves a referral or a plan."""

import pytest

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


@pytest.mark.parametrize("state", ReferralState.values)
@pytest.mark.parametrize("act", states.ACTS)
def test_a_referral_moves_as_the_table_says(act, state):
    referral = Referral(code="ZB-1", state=state)
    if after := TABLE[act].get(state):
        assert states.may(referral, act)
        states.move(referral, act)
        assert referral.state == after
        return
    assert not states.may(referral, act)
    with pytest.raises(problems.OutOfOrder):
        states.move(referral, act)
    assert referral.state == state


@pytest.mark.parametrize("state", PlanState.values)
@pytest.mark.parametrize("act", plan_states.ACTS)
def test_a_plan_moves_as_the_table_says(act, state):
    plan = Plan(year=2026, version=1, state=state)
    if after := PLANS[act].get(state):
        plan_states.move(plan, act)
        assert plan.state == after
        return
    with pytest.raises(problems.OutOfOrder):
        plan_states.move(plan, act)
    assert plan.state == state
