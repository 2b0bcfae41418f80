"""A made-up proceeding, added by one folder with a `Kind`: the engine serves it, and no other file names it."""

import importlib
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import clear_url_caches
from viewflow.workflow.fields import import_flow_by_ref, import_task_by_ref
from viewflow.workflow.models import Task

from grid import problems, waiting
from grid.calendar.now import moved_to, today
from grid.law.models import Provision
from grid.ledger.models import Entry
from grid.scope import Right
from project.inbox import inbox_of
from tests.contract.test_acts_table import Room, Table, page_of
from tests.workflows.conftest import noon
from workflows.cases.forms import RemarkForm
from workflows.cases.models import Case, CaseState
from workflows.charts.queries import graph_of
from workflows.clocks import terms
from workflows.clocks.actions import fire_clock, start_clock
from workflows.clocks.checks import check_terms
from workflows.clocks.models import Clock
from workflows.engine import acts
from workflows.engine import kind as engine
from workflows.engine import problems as engine_problems
from workflows.engine.actions.steps import act_on, end_of, record_on, step_of, writing_on
from workflows.engine.actions.stuck import find_stuck
from workflows.engine.agenda import matters, open_steps
from workflows.engine.checks import check_acts
from workflows.engine.procedures import open_procedure
from workflows.engine.queries.standing import standings_of
from workflows.engine.signing.actions import binding as signing
from workflows.engine.signing.queries import desk_of
from workflows.engine.signing.queries.matters import place_at, proceedings_of
from workflows.inspections.verbs import InspectionVerb

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FOLDER = "tests.workflows.example"
TABLE = """
CREATE TABLE workflows_example (
    id integer PRIMARY KEY AUTOINCREMENT, code text NOT NULL, area text NOT NULL, state text NOT NULL,
    case_id integer NOT NULL, process_id integer NOT NULL, proposed_by_id integer, closed_at datetime,
    closed_why text NOT NULL DEFAULT '', closed_by_id integer
)
"""


@pytest.fixture
def room(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The folder as if it stood in workflows, with its table; afterwards it was never there."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    files = ("models", "states", "flow", "kind", "terms", "actions", "acts", "views", "urls")
    parts = {name: importlib.import_module(f"{FOLDER}.{name}") for name in files}
    flow: ModuleType = parts["flow"]
    monkeypatch.setitem(sys.modules, "workflows.example", flow)
    monkeypatch.setattr(engine, "_kinds", dict(engine._kinds))
    monkeypatch.setattr(waiting, "_providers", list(waiting._providers))
    engine.register(parts["kind"].EXAMPLE)
    monkeypatch.setattr(terms, "_ALL", list(terms._ALL))
    monkeypatch.setattr(terms, "_TERMS", dict(terms._TERMS))
    terms.declare(parts["terms"].TERMS, f"{FOLDER}.terms")
    monkeypatch.setattr(acts, "_ALL", list(acts._ALL))
    monkeypatch.setattr(acts, "_PAGES", {page: dict(known) for page, known in acts._PAGES.items()})
    acts.declare("example", parts["acts"].ACTS, f"{FOLDER}.acts")
    yield SimpleNamespace(**parts)
    for name in [name for name in sys.modules if name.startswith(FOLDER)]:
        del sys.modules[name]
    for model in ("example", "exampleprocess"):
        del apps.all_models["workflows"][model]
    apps.clear_cache()
    # Each test loads the folder anew: a row must not find the flow of the one before.
    import_flow_by_ref.cache_clear()
    import_task_by_ref.cache_clear()


@pytest.fixture
def case(case_at: Callable[..., Case]) -> Case:
    return case_at(CaseState.ESCALATED)


@pytest.fixture
def example(room: Any, case: Case, cast: Any) -> Any:
    process = open_procedure(room.flow.ExampleFlow, by=cast.by.zhou)
    return room.models.Example.objects.create(
        code="示范-1", area=case.area, state=room.models.ExampleState.DRAFTED, case=case, process=process
    )


def run_term(case: Case, by: Any) -> Clock:
    term = Provision(value=5, unit="wd", basis="示范办法第1条", reviewed=True)
    return start_clock("example.term", by=by, case=case, provision=term, from_day=today())


def test_it_has_an_agenda(example: Any, cast: Any) -> None:
    (found,) = matters("example")
    assert (found.code, found.label, found.case) == ("示范-1", "待提出", example.case_id)
    with step_of(example, "propose", by=cast.by.zhou) as (fresh, held):
        fresh.proposed_by_id = cast.zhou.pk
        record_on(InspectionVerb.INSPECTION_PROPOSED, fresh, cast.by.zhou, held, officers=[], reason="示范")
    assert [step.name for step in open_steps("example")] == ["waiting"]
    entry = Entry.objects.latest("pk")
    assert entry.case == example.case.code
    assert (entry.data["example"], entry.data["stage"]) == ("示范-1", "waiting")


def test_whoever_has_no_right_to_its_step_is_refused(example: Any, cast: Any) -> None:
    with pytest.raises(problems.NotYourPost), step_of(example, "propose", by=cast.by.wu):
        raise AssertionError("the step was taken")
    with pytest.raises(problems.OutOfOrder), step_of(example, "decide", by=cast.by.qian):
        raise AssertionError("the step was taken")
    with writing_on(example, Right.INSPECT, ("drafted",), "备注", by=cast.by.zhou) as (fresh, _held):
        fresh.closed_why = "未提出"


def test_its_steps_are_signed_like_others(example: Any, case: Case, cast: Any) -> None:
    place = place_at(case, "example")
    assert {offer.place.kind for offer in desk_of(cast.by.zhou, case).offers} == {"case", "example"}
    signing.ask_signer(place, cast.he.pk, "请提意见", by=cast.by.zhou)
    with pytest.raises(engine_problems.OpinionsOutstanding), step_of(example, "propose", by=cast.by.zhou):
        raise AssertionError("the step was taken")
    with pytest.raises(engine_problems.MoveNotAllowed):
        signing.ask_countersigners(place, [cast.he.pk], "请会签", by=cast.by.zhou)


def test_its_terms_stand_with_it_and_end_with_it(example: Any, case: Case, cast: Any) -> None:
    clock = run_term(case, cast.by.zhou)
    (mine,) = (
        standing
        for standing in standings_of(case, proceedings_of(case), [clock])
        if standing.room == "example"
    )
    assert (str(mine.step), mine.clocks) == ("提出示范", [clock])
    with end_of(example, "withdraw", by=cast.by.zhou, why="不再需要"):
        pass
    clock.refresh_from_db()
    assert (example.state, example.closed_why, clock.stopped_why) == ("withdrawn", "不再需要", "撤回")
    assert list(open_steps("example")) == []


def test_its_term_leads_on_when_it_is_over(example: Any, case: Case, cast: Any) -> None:
    with step_of(example, "propose", by=cast.by.zhou):
        pass
    clock = run_term(case, cast.by.zhou)
    with moved_to(noon(clock.due_on + timedelta(days=1))):
        assert fire_clock(clock.pk)
    example.refresh_from_db()
    assert [step.name for step in open_steps("example")] == [example.state] == ["proposed"]
    assert check_terms([kind.name for kind in engine.kinds()]) == []


def test_an_end_of_its_flow_is_taken_and_any_other_breaks_it_off(room: Any) -> None:
    kind = room.kind.EXAMPLE
    assert kind.ends_by_itself("proposed", "decided")
    assert not kind.ends_by_itself("drafted", "withdrawn")


def test_what_of_it_stands_still_is_found(example: Any) -> None:
    Task.objects.filter(process=example.process_id, finished=None).delete()
    (snag,) = (snag for snag in find_stuck() if snag.key.startswith("no-step:example:"))
    assert (snag.code, snag.repaired_at is not None) == ("示范-1", True)
    assert [step.name for step in open_steps("example")] == ["drafted"]


def test_a_waiting_step_without_its_term_is_found(example: Any, cast: Any) -> None:
    with step_of(example, "propose", by=cast.by.zhou):
        pass
    (snag,) = (snag for snag in find_stuck() if snag.key.startswith("no-term:example:"))
    assert "等待期" in snag.what


def test_it_waits_in_the_inbox(example: Any, cast: Any) -> None:
    mine = [item.title for item in inbox_of(cast.by.zhou).items if item.kind == "example"]
    assert mine == ["示范-1"]
    assert all(item.kind != "example" for item in inbox_of(cast.by.wu).items)


def test_it_has_a_chart(room: Any, cast: Any, client: Client) -> None:
    assert [node.name for node in graph_of("example").nodes if node.kind == "human"] == [
        "drafted",
        "proposed",
    ]
    client.force_login(cast.zhou)
    assert "示范" in client.get("/flows/").content.decode()
    assert client.get("/flows/example.bpmn").status_code == 200


# --- its acts --------------------------------------------------------------------------------------


@pytest.fixture
def desk(room: Any, example: Any, settings: Any, cast: Any) -> Iterator[Callable[..., Any]]:
    """`desk("zhou")` is the page as they see it, `desk("zhou", "propose", why="…")` what pressing answers."""
    settings.ROOT_URLCONF = f"{FOLDER}.urls"
    clear_url_caches()

    def press(who: str, act: str = "", **given: str) -> Any:
        browser = Client()
        browser.force_login(getattr(cast, who))
        if not act:
            return browser.get("/examples/示范-1/")
        state = room.models.Example.objects.get(pk=example.pk).state
        return browser.post(f"/examples/示范-1/{act}/", {"at": state, **given})

    yield press
    clear_url_caches()


def test_its_page_offers_what_its_acts_say(desk: Callable[..., Any], example: Any) -> None:
    page = desk("zhou").content.decode()
    assert page.index("提出示范") < page.index("撤回示范") and "接下来：等待期满后决定" in page
    assert "提出示范" not in desk("qian").content.decode()
    assert desk("han").status_code == desk("han", "propose").status_code == 404
    assert desk("zhou", "decide").status_code == 409
    assert desk("zhou", "withdraw", why="").status_code == 422
    assert desk("zhou", "propose").status_code == 302
    example.refresh_from_db()
    assert example.state == "waiting" and "提出示范" not in desk("zhou").content.decode()


def remark(example: Any, form: Any, by: Any) -> None:
    with act_on(example, "remark", by=by) as (fresh, held):
        fresh.closed_why = form.cleaned_data["remark"]
        record_on(InspectionVerb.INSPECTION_WITHDRAWN, fresh, by, held, reason=fresh.closed_why)


REMARK = acts.Act(
    name="remark", label="批注", follows="记入示范", states=("drafted", "proposed"), right=Right.DECIDE_DISTRICT,
    form=RemarkForm, do=remark,
)  # fmt: skip


def test_one_record_is_all_an_act_needs(
    desk: Callable[..., Any], room: Any, example: Any, cast: Any, grounds: Any
) -> None:
    assert "批注" not in desk("qian").content.decode() and desk("qian", "remark").status_code == 404
    acts.declare("example", [REMARK], __name__)
    assert check_acts() == []
    assert "批注</button> 接下来：记入示范" in desk("qian").content.decode()
    assert "批注" not in desk("zhou").content.decode()
    assert "not-your-post" in desk("zhou", "remark").content.decode()
    assert desk("han", "remark").status_code == 404
    assert desk("qian", "remark", remark="已阅").status_code == 302
    example.refresh_from_db()
    assert example.closed_why == "已阅" and Entry.objects.latest("pk").data["reason"] == "已阅"
    assert "| 待提出 `drafted` | 批注 `remark` | 区主管 | `not-here` `not-your-post` |" in table_of(
        room, example, cast, grounds
    )
    assert desk("zhou", "propose").status_code == 302
    assert "批注" not in desk("qian").content.decode()
    assert "out-of-order" in desk("qian", "remark").content.decode()
    assert "不能“批注”" in desk("qian", "remark").content.decode()


def table_of(room: Any, example: Any, cast: Any, grounds: Any) -> str:
    """The page of acts with the example's rows, tried by everybody."""
    by = SimpleNamespace(**vars(cast.by), gao=cast.by.he)
    crew = SimpleNamespace(**{**vars(cast), "gao": cast.he, "by": by})
    table, model = Table(crew, grounds), room.models.Example
    done = {name: act.do for name, act in acts.acts_on("example").items()}

    def offered(viewers: Any, one: Any) -> Any:
        found = {name: acts.offers_for("example", viewer, one, one) for name, viewer in viewers.items()}
        return {name: {act.name: act for act in offers} for name, offers in found.items()}

    table.rooms = {model: Room("示范", model, room.models.ExampleState, done, offered)}
    table.look(example)
    assert table.faults == []
    return page_of(table)


def test_nothing_of_it_is_left_afterwards() -> None:
    assert acts.acts_on("example") == {}
    assert "example" not in {kind.name for kind in engine.kinds()}
    assert "example.term" not in terms.terms()
    assert "example" not in apps.all_models["workflows"]
