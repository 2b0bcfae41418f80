"""An act that is declared badly is found before anybody presses it: each fault by its own number, with the file to mend."""

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.checks.registry import registry
from django.forms import Form

from grid.scope import Right
from workflows.cases.forms import PlainForm
from workflows.engine import acts
from workflows.engine.acts import Act, UndeclaredAct, act_of, act_taking, acts_on, declared
from workflows.engine.checks import check_acts

ROOMS = Path(acts.__file__).parent.parent


def an_act(**said: Any) -> Act:
    given = {
        "name": "shown", "label": "示范", "follows": "记入示范", "states": ("urging",), "right": Right.SERVE,
        "form": PlainForm, "do": lambda matter, form, by: None,
    }  # fmt: skip
    return Act(**(given | said))


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Act]:
    """Declares a made-up act of the page of a case for one test."""
    monkeypatch.setattr(acts, "_ALL", list(acts._ALL))
    monkeypatch.setattr(acts, "_PAGES", {page: dict(known) for page, known in acts._PAGES.items()})

    def made(page: str = "case", is_beside: bool = False, **said: Any) -> Act:
        act = an_act(**said)
        acts.declare(page, [act], "workflows.shown.acts", is_beside=is_beside)
        return act

    return made


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("E301", {"name": "urge"}, "is declared twice", "workflows/cases/acts.py, workflows/shown/acts.py"),
    ("E302", {"name": "Shown act"}, "no address can hold", "small letters"),
    ("E303", {"label": " "}, "does not say", "workflows/shown/acts.py"),
    ("E303", {"follows": ""}, "does not say", "follows="),
    ("E304", {"form": Form}, "which state its page showed", "ActForm"),
    ("E305", {"do": lambda matter: None}, "does nothing", "do(matter, form, by)"),
    ("E306", {"page": "nowhere"}, "no kind of matter", "case, inspection, audit, round"),
    ("E307", {"states": ()}, "has no place", "steps="),
    ("E307", {"steps": ("urge",)}, "or two rules", "states="),
    ("E307", {"page": "shown", "is_beside": True}, "that the page has not", "fits="),
    ("E308", {"states": ("nowhere",)}, "at nowhere, which the matter case", "workflows/cases/states.py"),
    ("E308", {"states": (), "steps": ("nothing",)}, "at nothing, which", "workflows/cases/models.py"),
    ("E309", {"page": "shown", "is_beside": True, "states": (), "right": None}, "is nobody's", "right="),
    ("E309", {"right": None}, "is nobody's", "right="),
    ("E309", {"states": (), "steps": ("resume",), "right": None}, "is nobody's", "workflows/cases/flow.py"),
    ("E311", {"whose": lambda by, file: None}, "its action does not ask", "right="),
]


def test_the_acts_of_the_product_lack_nothing() -> None:
    assert check_acts() == []
    assert check_acts in registry.get_checks()


@pytest.mark.parametrize(
    "number, said, fault, file", FAULTS, ids=[f"{row[0]}-{number}" for number, row in enumerate(FAULTS)]
)
def test_a_fault_is_named_with_the_file_to_mend(
    declare: Callable[..., Act], number: str, said: dict[str, Any], fault: str, file: str
) -> None:
    declare(**said)
    (found,) = check_acts()
    assert found.id == f"workflows.{number}"
    assert fault in found.msg and file in str(found.hint)


def test_a_step_at_which_nobody_could_do_anything_is_named(
    declare: Callable[..., Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [row for row in acts._ALL if "file" not in row.act.steps and "refuse" not in row.act.steps]
    left = [replace(row, act=replace(row.act, states=row.act.states[1:])) if row.act.name == "recuse" else row
            for row in left]  # fmt: skip
    monkeypatch.setattr(acts, "_ALL", left)
    (found,) = check_acts()
    assert (found.id, found.msg) == (
        "workflows.E310", "Nobody can do anything at the step filing of the matter inspection.",
    )  # fmt: skip
    assert "acts.py" in str(found.hint)


def test_an_act_nobody_declares_is_no_act() -> None:
    with pytest.raises(UndeclaredAct, match=r"workflows/<room>/acts\.py"):
        act_of("case", "nothing")
    with pytest.raises(UndeclaredAct, match=r"CONTRIBUTING\.md"):
        act_taking("case", "escalate")


def test_what_a_page_asks_its_action_asks_too() -> None:
    """A condition that stands in a record holds for whoever comes by another way than the page: the action says it."""
    asked = set()
    for file in ROOMS.glob("*/actions/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "require_lawful":
                asked.add((file.parent.parent.name.removesuffix("s"), ast.literal_eval(node.args[1])))
    asking = {(row.act.on or row.page, row.act.name) for row in declared() if row.act.asks is not acts._free}
    assert asked == asking


def test_every_act_by_states_is_done_by_its_record() -> None:
    """What leaves its matter where it is asks its record for its right and its states: they are written nowhere else."""
    named = set()
    for file in [*ROOMS.glob("**/actions/*.py"), *ROOMS.glob("**/actions.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "act_on":
                named.add(ast.literal_eval(node.args[1]))
    by_states = {row.act.name for row in declared() if row.act.states}
    assert named <= by_states
    # Recorded where no room of its own does it: a service nothing follows, a remedy, a transfer that is taken back, a
    # dispatch, which tasks begins again, whether a running round takes newcomers.
    assert {name for name in by_states - named if not name.startswith("serve-")} == {
        "remedy", "stay", "close-remedy", "recall", "resume", "take-newcomers", "stop-newcomers",
    }  # fmt: skip


def test_what_a_form_lacks_is_said_in_our_words() -> None:
    """Rooms read their forms when the apps get ready; the words for a field left empty are there by then."""
    fields = {field for row in declared() for field in row.act.form.base_fields.values() if field.required}
    assert {str(field.error_messages["required"]) for field in fields} == {
        "请填写这一项。", "请选择一项。", "请勾选这一项。",
    }  # fmt: skip


def test_a_page_names_its_acts_in_one_order() -> None:
    assert list(acts_on("case"))[:3] == ["approve", "correct", "urge"]
    assert [act.name for act in acts_on("case").values() if act.is_last] == ["return", "withdraw", "drop"]
