"""A term is declared once; what is forgotten or does not fit is refused by `manage.py check`, and at the start."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from grid.calendar.now import moved_to, today
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.ledger.models import Entry
from grid.scope import Right, machine
from tests.workflows.conftest import noon
from workflows.cases import actions as cases
from workflows.cases.models import Case, CaseState
from workflows.clocks import actions, checks, terms
from workflows.clocks.checks import check_terms
from workflows.clocks.models import Clock, Snag
from workflows.clocks.terms import Extends, Term, UndeclaredTerm, Whose, name_of
from workflows.counter.models import Kind
from workflows.engine.actions.steps import stop_terms
from workflows.engine.actions.stuck import find_stuck
from workflows.engine.kind import kind_named
from workflows.engine.queries.standing import standings_of

MATTERS = ("case", "inspection", "audit", "round")
BY, ROOM = machine("测试"), "workflows.shown.terms"
LENGTH = Provision(value=5, unit="个工作日", basis="测试依据", reviewed=True)
fired: list[tuple[str, int]] = []


def interviewed(clock: Clock, *, by: Any) -> None:
    fired.append((clock.kind, clock.pk))


def all_interviewed(clocks: Any, *, by: Any) -> None:
    fired.extend((clock.kind, 0) for clock in clocks)


def a_term(**said: Any) -> Term:
    given = {
        "key": "shown.interview", "matter": "case", "whose": Whose.PARTY, "handler": interviewed,
        "law": "urging.term", "title": "约谈期限",
    }  # fmt: skip
    return Term(**(given | said))


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Term]]:
    """Declares a made-up term for one test."""
    monkeypatch.setattr(terms, "_ALL", list(terms._ALL))
    monkeypatch.setattr(terms, "_TERMS", dict(terms._TERMS))
    fired.clear()

    def add(**said: Any) -> Term:
        term = a_term(**said)
        terms.declare([term], ROOM)
        return term

    yield add


def start(case: Case, kind: str = "shown.interview") -> Clock:
    return actions.start_clock(kind, by=BY, case=case, provision=LENGTH, from_day=today())


# --- what is declared fits ------------------------------------------------------------------------


def test_what_is_shipped_fits_together() -> None:
    assert check_terms(MATTERS) == []
    call_command("check", verbosity=0)


@pytest.mark.parametrize(
    ("said", "number", "hint"),
    [
        ({"key": "urging.term", "title": "别的"}, 1, "workflows/cases/terms.py, workflows/shown/terms.py"),
        ({"handler": None}, 2, "workflows/shown/terms.py"),
        ({"handler": "workflows.cases.actions.escalate_case"}, 2, "handler(clock, *, by)"),
        ({"handler": lambda: None}, 2, "handler(clock, *, by)"),
        ({"together": lambda clocks: None}, 2, "together(clocks, *, by)"),
        ({"law": "", "title": ""}, 3, "grid/law/provisions.json"),
        ({"law": "shown.misspelt"}, 3, '"shown.misspelt"'),
        ({"title": "告知书整改期限"}, 4, "Leave title= out"),
        ({"matter": "shown"}, 5, "case, inspection, audit, round"),
        ({"whose": ""}, 5, "Whose"),
        ({"key": "shown." + "x" * 25}, 6, "shorter"),
        ({"extension": Extends("shown.extension", Right.INSPECT)}, 7, '"shown.extension"'),
        ({"is_sole_way": True}, 8, "awaited_at="),
    ],
)
def test_what_is_forgotten_fails_the_check(
    declare: Callable[..., Term], said: dict[str, Any], number: int, hint: str
) -> None:
    declare(**said)
    (error,) = check_terms(MATTERS)
    assert error.id == f"workflows.E2{number:02}" and hint in error.hint
    with pytest.raises(CommandError, match=error.id):
        call_command("check", verbosity=0)


def test_a_term_of_the_law_nobody_declares_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        terms, "_ALL", [declared for declared in terms._ALL if declared.term.key != "urging.term"]
    )
    (error,) = check_terms(MATTERS)
    assert error.id == "workflows.E209" and "urging.term" in error.msg


def test_a_reason_to_stand_still_for_an_unknown_kind_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"key": "pause.shown", "value": ["inspection.outer", "inspection.outter"]}
    monkeypatch.setattr(checks, "shipped_provisions", lambda: [row])
    (error,) = check_terms(MATTERS)
    assert error.id == "workflows.E210" and "inspection.outter" in error.msg


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for file in sorted(Path("workflows").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield str(file), node


def test_every_kind_that_is_started_by_its_name_is_declared() -> None:
    named = {
        (file, kind.value)
        for name, place in (("start_clock", 0), ("start_clock_until", 1))
        for file, call in calls(name)
        if isinstance(kind := call.args[place], ast.Constant)
    }
    assert len(named) > 15
    assert [row for row in sorted(named) if row[1] not in terms.terms()] == []
    assert {f"counter.{kind}" for kind in Kind.values} <= set(terms.terms())


def test_every_state_that_is_waited_in_is_one_of_its_matter() -> None:
    for flow, state in terms.awaited():
        assert kind_named(flow).node_at(state), (flow, state)


def test_a_stop_that_stops_nothing_is_a_mistake() -> None:
    with pytest.raises(UndeclaredTerm):
        terms.ending_with("investigaton")


# --- a made-up term ----------------------------------------------------------------------------------


def test_a_kind_nobody_declares_is_not_started(make_case: Callable[..., Case]) -> None:
    case = make_case()
    with pytest.raises(UndeclaredTerm, match=r"shown\.interview.*workflows/<room>/terms\.py.*CONTRIBUTING"):
        start(case)
    assert not case.clocks.exists()


def test_nobody_reads_a_raw_key(make_case: Callable[..., Case]) -> None:
    assert name_of("inspection.interview") == "期限"
    assert Clock(kind="inspection.interview").name == "期限"


def test_its_name_is_that_of_its_row_in_the_law(declare: Callable[..., Term], law: None) -> None:
    declare(title="")
    assert name_of("shown.interview") == the_law(today())["urging.term"].title


def test_its_handler_is_called_when_it_is_over(
    declare: Callable[..., Term], make_case: Callable[..., Case]
) -> None:
    declare()
    case = make_case()
    clock = start(case)
    assert clock.name == "约谈期限"
    with moved_to(noon(clock.due_on + timedelta(days=1))):
        assert actions.fire_due_clocks() == 1
    assert fired == [("shown.interview", clock.pk)]
    assert Entry.objects.get(case=case.code, verb="term.expired").data["term_name"] == "约谈期限"


def test_a_batch_of_it_is_over_together(declare: Callable[..., Term], make_case: Callable[..., Case]) -> None:
    declare(together=all_interviewed)
    clocks = [start(make_case()) for _n in range(2)]
    with moved_to(noon(clocks[0].due_on + timedelta(days=1))):
        assert actions.fire_due_clocks() == 2
    assert fired == [("shown.interview", 0)] * 2


def test_it_stands_on_the_page_of_its_matter_and_ends_with_it(
    cast: Any, declare: Callable[..., Term], make_case: Callable[..., Case]
) -> None:
    declare()
    case = make_case()
    clock = start(case)
    (standing,) = standings_of(case, [], [clock])
    assert [running.name for running in standing.clocks] == ["约谈期限"]
    cases.withdraw_case(case, "误立", by=cast.by.sun)
    assert not case.clocks.filter(fired_at=None, stopped_at=None).exists()


def test_it_ends_with_the_phase_it_names(
    declare: Callable[..., Term], inspection_at: Callable[..., Any], walk: Any
) -> None:
    """The stop list of the investigation is read from what ends with it."""
    declare(key="inspection.interview", matter="inspection", ends_with=("investigation",))
    inspection = inspection_at("noticed")
    start(inspection.case, "inspection.interview")
    walk.inspection_at(inspection.case, "legal_review")
    clock = Clock.objects.get(kind="inspection.interview")
    assert clock.stopped_at and clock.stopped_why == "调查终结"


def test_it_ends_with_its_matter_unless_it_says_otherwise(
    declare: Callable[..., Term], inspection_at: Callable[..., Any]
) -> None:
    declare(key="inspection.interview", matter="inspection")
    declare(key="inspection.left", matter="inspection", outlives=True)
    inspection = inspection_at("investigating")
    ending, left = (start(inspection.case, f"inspection.{name}") for name in ("interview", "left"))
    stop_terms(inspection, why="撤销立案", by=BY)
    for clock in (ending, left):
        clock.refresh_from_db()
    assert ending.stopped_at and left.is_running


def test_a_state_only_it_leads_out_of_is_stuck_without_it(
    declare: Callable[..., Term], case_at: Callable[..., Case]
) -> None:
    declare(awaited_at="escalated", is_sole_way=True)
    case = case_at(CaseState.ESCALATED)
    assert [snag.kind for snag in find_stuck()] == ["no-term"]
    start(case)
    assert find_stuck() == []


# --- a handler that fails ----------------------------------------------------------------------------


class Broken:
    """A handler that fails until it is mended."""

    error: Exception | None = KeyError("interview")

    def __call__(self, clock: Clock, *, by: Any) -> None:
        if self.error:
            raise self.error


def test_a_handler_that_fails_is_told_to_a_person_at_once_and_to_the_log_once(
    cast: Any, client: Client, declare: Callable[..., Term], make_case: Callable[..., Case], caplog: Any
) -> None:
    broken = Broken()
    declare(handler=broken)
    case = make_case()
    clock = start(case)
    client.force_login(cast.wu)
    with moved_to(noon(clock.due_on + timedelta(days=1))):
        for _sweep in range(5):
            assert actions.fire_due_clocks() == 0
        snag = Snag.objects.get()
        assert (snag.kind, snag.code, snag.gone_at) == ("unfired", case.code, None)
        line = f"clock {clock.pk} did not fire"
        assert "约谈期限" in snag.what and line in snag.advice
        assert [record.getMessage() for record in caplog.records if line in record.getMessage()] == [
            f"{line}: failed: 'interview'"
        ]
        page = client.get("/clocks/stuck/").content.decode()
        assert case.code in page and "约谈期限" in page
        # The look at everything leaves it there, although it is late since yesterday only.
        assert [(found.kind, found.repaired_at) for found in find_stuck()] == [("unfired", None)]
        assert Snag.objects.get().gone_at is None
        broken.error = None
        assert actions.fire_due_clocks() == 1
        assert find_stuck() == [] and Snag.objects.get().gone_at


def test_what_failed_again_after_it_was_gone_is_told_again(
    declare: Callable[..., Term], make_case: Callable[..., Case]
) -> None:
    declare(handler=Broken())
    clock = start(make_case())
    with moved_to(noon(clock.due_on + timedelta(days=1))):
        actions.fire_due_clocks()
        Snag.objects.update(gone_at="2026-01-01T00:00Z")
        actions.fire_due_clocks()
        assert Snag.objects.get().gone_at is None


def test_what_passes_by_itself_is_nobodys_work(
    declare: Callable[..., Term], make_case: Callable[..., Case]
) -> None:
    from django.db import OperationalError

    broken = Broken()
    broken.error = OperationalError("database is locked")
    declare(handler=broken)
    clock = start(make_case())
    with moved_to(noon(clock.due_on + timedelta(days=1))):
        assert actions.fire_due_clocks() == 0
    assert not Snag.objects.exists()


# --- the recipe --------------------------------------------------------------------------------------


def test_the_recipe_names_what_is_there() -> None:
    text = Path("CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = text.partition("## A new term\n")[2].partition("\n## ")[0]
    named = re.findall(r"`([^`<>… ]+)`", recipe)
    files = [name for name in named if "/" in name]
    assert len(files) >= 4 and [name for name in files if not Path(name).exists()] == []
    fields = {"matter", "whose", "handler", "ends_with", "awaited_at", "answered_by", "is_public"}
    assert fields <= set(named) & set(Term.__dataclass_fields__)
