"""The door to the engine: who may take a step, what opens next, and what a latecomer is told."""

import pytest
from django.db import transaction
from viewflow.workflow import PROCESS, STATUS, FlowRuntimeError
from viewflow.workflow.models import Process, Task

from grid import problems
from grid.scope import NOBODY, Right, machine
from tasks.rounds.models import RoundState
from tests.workflows.makers import make_case, make_round
from workflows.cases.models import CaseState
from workflows.engine.nodes import steps_with
from workflows.engine.procedures import (
    begin_procedure,
    close_procedure,
    open_procedures,
    open_steps,
    step,
)
from workflows.flows import CaseFlow, RoundFlow
from workflows.rounds.models import RoundAgenda

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CLOCK = machine("期限时钟")


@pytest.fixture
def case(cast, make_employer):
    return make_case(cast, make_employer(), cast.by.zhao)


def take(case, name, by, to):
    """One act: inside the step our state changes, and nothing else."""
    with step(case.process, name, by=by) as held:
        case.state = to
        case.returned_to = name if to == CaseState.CORRECTION else ""
        case.returned_why = "缺少合同" if case.returned_to else ""
        if name in ("street_approval", "district_approval"):
            setattr(case, f"{name.split('_')[0]}_by_id", by.person_id)
        case.save()
    return held


def names(thing):
    return [s.name for s in open_steps(thing)]


def test_a_new_case_waits_for_its_street(case):
    (first,) = open_steps(case.process)
    assert (first.name, first.title, first.rights) == ("street_approval", "街道审批", (Right.APPROVE_STREET,))


def test_the_flow_goes_where_the_state_says(case, cast):
    held = take(case, "street_approval", cast.by.sun, CaseState.DISTRICT_APPROVAL)
    assert held.posting_id == cast.post.sun.pk
    assert names(case.process) == ["district_approval"]
    take(case, "district_approval", cast.by.qian, CaseState.CORRECTION)
    take(case, "correction", cast.by.zhao, CaseState.DISTRICT_APPROVAL)
    take(case, "district_approval", cast.by.qian, CaseState.URGING)
    assert names(case.process) == ["urging"]


def test_a_state_that_did_not_move_leaves_the_step_open(case, cast):
    with step(case.process, "street_approval", by=cast.by.sun):
        pass
    assert names(case.process) == ["street_approval"]


def test_a_state_that_may_not_follow_undoes_the_act(case, cast):
    with pytest.raises(FlowRuntimeError):
        take(case, "street_approval", cast.by.sun, CaseState.WITHDRAWN)
    case.refresh_from_db()
    assert case.state == CaseState.STREET_APPROVAL
    assert names(case.process) == ["street_approval"]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("chen", problems.NotHere),  # the same role in another district
        ("liu", problems.NotHere),
        ("wang", problems.NotYourPost),
        ("zhao", problems.NotYourPost),
        ("qian", problems.NotYourPost),  # above, but not the street
        ("zheng", problems.NotYourPost),
    ],
)
def test_only_the_fitting_post_may_act(case, cast, who, refusal):
    with pytest.raises(refusal):
        take(case, "street_approval", getattr(cast.by, who), CaseState.DISTRICT_APPROVAL)
    case.refresh_from_db()
    assert case.state == CaseState.STREET_APPROVAL


def test_nobody_sees_nothing(case):
    with pytest.raises(problems.NotHere):
        take(case, "street_approval", NOBODY, CaseState.DISTRICT_APPROVAL)


def test_a_stranger_is_not_told_who_was_faster(case, cast):
    take(case, "street_approval", cast.by.sun, CaseState.DISTRICT_APPROVAL)
    with pytest.raises(problems.NotHere):
        take(case, "street_approval", cast.by.chen, CaseState.DISTRICT_APPROVAL)


def test_a_second_click_hears_who_did_it_and_when(case, cast):
    take(case, "street_approval", cast.by.sun, CaseState.DISTRICT_APPROVAL)
    with pytest.raises(problems.AlreadyDone) as told:
        take(case, "street_approval", cast.by.sun, CaseState.DISTRICT_APPROVAL)
    assert "孙强" in told.value.detail
    assert names(case.process) == ["district_approval"]


def test_a_step_that_was_never_open_is_out_of_order(case, cast):
    with pytest.raises(problems.OutOfOrder) as told:
        take(case, "district_approval", cast.by.qian, CaseState.URGING)
    assert case.code in told.value.detail


@pytest.mark.parametrize("name", ["no_such_step", "removed", "after_street", "start", "healed"])
def test_a_step_nobody_takes_is_refused(case, cast, name):
    """A form names the state its page showed; whatever it sends is answered, not tripped over."""
    with pytest.raises(problems.NotHere), step(case.process, name, by=cast.by.chen):
        pass
    with pytest.raises(problems.OutOfOrder), step(case.process, name, by=cast.by.sun):
        pass


def test_a_term_is_ended_by_the_machine_alone(case, cast):
    take(case, "street_approval", cast.by.sun, CaseState.DISTRICT_APPROVAL)
    take(case, "district_approval", cast.by.qian, CaseState.URGING)
    take(case, "urging", cast.by.zhao, CaseState.TERM)
    with pytest.raises(problems.NotYourPost):
        take(case, "term", cast.by.zhou, CaseState.ESCALATED)
    with pytest.raises(problems.NotHere):
        take(case, "term", cast.by.han, CaseState.ESCALATED)
    assert take(case, "term", CLOCK, CaseState.ESCALATED) is None
    assert names(case.process) == ["escalated"]


def test_the_whole_path_ends_the_process(case, cast):
    path = [
        ("street_approval", "sun"),
        ("district_approval", "qian"),
        ("urging", "zhao"),
        ("term", None),
        ("escalated", "zhou"),
        ("inspected", None),
        ("penalised", "zhou"),
        ("listing_proposed", "zhou"),
        ("defence", "fang"),
        ("listing_review", "fang"),
        ("listing_district", "qian"),
        ("listing_city", "wu"),
        ("listing_service", "zhou"),
        ("publication", "wu"),
        ("published", None),
    ]
    states = [name for name, _ in path[1:]] + ["removed"]
    for (name, who), to in zip(path, states, strict=True):
        take(case, name, getattr(cast.by, who) if who else CLOCK, to)
    assert names(case.process) == []
    assert Process.objects.get(pk=case.process_id).status == PROCESS.DONE


def test_closing_cancels_what_is_open_and_may_be_repeated(case, cast):
    for _ in range(2):
        close_procedure(case.process, by=cast.by.qian)
    assert names(case.process) == []
    assert Process.objects.get(pk=case.process_id).status == PROCESS.CANCELED
    with pytest.raises(problems.OutOfOrder):
        take(case, "street_approval", cast.by.sun, CaseState.DISTRICT_APPROVAL)


def test_a_failing_body_takes_everything_back(case, cast):
    with pytest.raises(ZeroDivisionError), step(case.process, "street_approval", by=cast.by.sun):
        case.state = CaseState.DISTRICT_APPROVAL
        case.save(update_fields=["state"])
        1 / 0  # noqa: B018
    case.refresh_from_db()
    assert case.state == CaseState.STREET_APPROVAL
    assert names(case.process) == ["street_approval"]


def test_many_processes_are_the_rows_the_engine_would_write(cast):
    (ours,) = open_procedures(CaseFlow, 1, by=cast.by.zhao)
    theirs = CaseFlow.instance.node("start").run()

    def rows(process):
        tasks = Task.objects.filter(process=process).order_by("pk")
        before = [[p.flow_task.name for p in t.previous.all()] for t in tasks]
        facts = [
            (t.flow_task.name, t.flow_task_type, t.status, str(t.token), bool(t.finished)) for t in tasks
        ]
        stored = Process.objects.get(pk=process.pk)
        return facts, before, stored.status, stored.finished, type(stored.coerced)

    assert rows(ours) == rows(theirs)


def test_opening_many_costs_a_few_statements(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        made = open_procedures(CaseFlow, 200, by=cast.by.zhao)
    assert Task.objects.filter(process__in=made, status=STATUS.NEW).count() == 200


def test_a_step_costs_few_statements(case, cast, django_assert_max_num_queries):
    with transaction.atomic(), django_assert_max_num_queries(18):
        take(case, "street_approval", cast.by.sun, CaseState.DISTRICT_APPROVAL)


def test_looking_costs_two(case, django_assert_num_queries):
    process = case.process
    with django_assert_num_queries(2):
        open_steps(process)


def begun(round, by):
    process = begin_procedure(RoundFlow, round.state, by=by)
    RoundAgenda.objects.create(round=round, process=process)
    return process


@pytest.mark.parametrize("state", ["street_approval", "district_approval", "city_approval"])
def test_a_round_waits_where_its_state_stands(cast, state):
    process = begun(make_round(cast, state=state), cast.by.wu)
    assert names(process) == [state]


def test_a_round_is_corrected_dispatched_and_closed(cast):
    round = make_round(cast, state=RoundState.STREET_APPROVAL)
    process = begun(round, cast.by.wu)
    for name, who, to in [
        ("street_approval", cast.by.sun, RoundState.RETURNED),
        ("correction", cast.by.wu, RoundState.STREET_APPROVAL),
        ("street_approval", cast.by.sun, RoundState.APPROVED),
        ("dispatch", cast.by.qian, RoundState.DISPATCHING),
        ("work", CLOCK, RoundState.CLOSED),
    ]:
        with step(process, name, by=who):
            round.state = to
            round.save(update_fields=["state"])
    assert Process.objects.get(pk=process.pk).status == PROCESS.DONE


def test_the_inbox_knows_which_states_need_a_right():
    assert steps_with(CaseFlow, Right.APPROVE_STREET) == [CaseState.STREET_APPROVAL]
    assert set(steps_with(CaseFlow, Right.SERVE)) == {CaseState.URGING, CaseState.LISTING_SERVICE}
