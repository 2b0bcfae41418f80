"""Flow and step names are stored in the engine's rows: a name once released must resolve for ever."""

from pathlib import Path

import pytest
from viewflow.fsm import State
from viewflow.workflow import chart
from viewflow.workflow.fields import get_task_ref, import_flow_by_ref, import_task_by_ref
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.nodes import Obsolete

from workflows.cases.models import ENDED as CASE_ENDS
from workflows.cases.models import CaseState
from workflows.cases.states import CasePath
from workflows.engine.nodes import HumanNode, WaitingNode
from workflows.flows import AuditFlow, CaseFlow, InspectionFlow, RoundFlow

RELEASED = (Path(__file__).parent / "released_names.txt").read_text().split()
FLOWS = [CaseFlow, InspectionFlow, AuditFlow, RoundFlow]


def test_every_released_name_resolves():
    for name in RELEASED:
        node = import_task_by_ref(name)
        assert not isinstance(node, Obsolete), name
        assert get_task_ref(node) == name


def test_every_name_in_use_is_on_the_list():
    """A new step is added to released_names.txt in the same change; a line is never taken out."""
    in_use = {get_task_ref(node) for flow in FLOWS for node in flow.instance.nodes()}
    assert in_use == set(RELEASED)


def test_flow_paths_never_move():
    for flow in FLOWS:
        assert import_flow_by_ref(f"workflows/flows.{flow.__name__}") is flow


@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_takes_a_real_lock(flow):
    assert isinstance(flow.lock_impl, SelectForUpdateLock)
    assert flow.lock_impl.nowait is False


@pytest.mark.parametrize("flow", FLOWS)
def test_the_drawn_chart_holds_every_step(flow):
    bpmn = chart.grid_to_bpmn(chart.calc_layout_data(flow))
    for node in flow.instance.nodes():
        assert f'"id_node_{node.name}"' in bpmn


@pytest.mark.parametrize("flow", FLOWS)
def test_people_act_on_named_rights_alone(flow):
    for node in flow.instance.nodes():
        if node.task_type == "HUMAN":
            assert isinstance(node, HumanNode)
            assert node.rights


def _steps_after(node):
    """States in which the steps stand that the drawn flow allows after `node`."""
    for edge in node._outgoing():
        if hasattr(edge.dst, "at"):
            yield from edge.dst.at
        else:
            yield from _steps_after(edge.dst)


def _targets(transition):
    target = transition.target
    return target.states if isinstance(target, State.GET_STATE) else [target]


def lawful_steps(states, path, broken_off):
    """What a state machine allows, without the ends that break a procedure off and without taking back: a step
    taken back is not gone on from, it stands where it stood before."""
    return {
        (str(transition.source), str(target))
        for state in states
        for transition in path.state.get_outgoing_transitions(state)
        for target in _targets(transition)
        if target not in broken_off and transition.slug != "take_back"
    }


def drawn_steps(flow):
    return {
        (state, str(after))
        for node in flow.instance.nodes()
        if isinstance(node, HumanNode | WaitingNode)
        for state in node.at
        for after in _steps_after(node)
    }


def test_the_case_flow_draws_exactly_the_lawful_steps():
    """What our state machine allows, without the ends that break a procedure off, is what the flow shows."""
    broken_off = {*CASE_ENDS} - {CaseState.REMOVED}
    assert drawn_steps(CaseFlow) == lawful_steps(CaseState, CasePath, broken_off)
