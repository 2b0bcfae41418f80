"""docs/papers.md: what its law demands of every kind of paper, where it comes from, and what holds it. Written from
`workflows/notices/queries/checklist.json` by `REWRITE=1 pytest tests/contract/test_papers_table.py`; never by hand.
"""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.contract.papers import values_of
from tests.workflows.notices.papers import EXAMPLES
from workflows.notices.checks import check_letters
from workflows.notices.letters import letter_of
from workflows.notices.models import NoticeKind
from workflows.notices.queries import checklist
from workflows.notices.queries.checklist import EVERY, SERVED, Element, faults_in, missing_in, owed_in

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs/papers.md"
HEAD = (
    "# What the law demands of each paper\n\n"
    "Element by element: the article that demands it, the field of the paper that keeps it (or the fixed words of its "
    "template), from where in the record it comes, and on what it depends. The table is "
    "`workflows/notices/queries/checklist.json`; `manage.py check` names a letter without one, a field its shape does not have "
    "and words its template does not say (`workflows.E110`). `tests/contract/papers.py` holds every paper of the demo "
    "city (`test_every_paper_of_the_city_is_lawful`) and of random matters (`test_papers_of_random_matters_are_lawful`) "
    "against it and against the record. The last column names further tests; a rule whose text nobody has "
    "read yet stands without the number of its article. Written from the table by "
    "`REWRITE=1 pytest tests/contract/test_papers_table.py`; never by hand.\n"
)
TITLES = {EVERY: "所有文书", SERVED: "向当事人送达的文书，另有"}
COLUMNS = "| 要件 | 条款 | 字段或者用语 | 来自 | 何时 | 测试 |\n|---|---|---|---|---|---|"


def page() -> str:
    parts = [HEAD]
    for kind in (EVERY, SERVED, *NoticeKind.values):
        title = TITLES.get(kind) or f"{letter_of(kind).title} `{kind}`"
        parts.append("\n".join([f"## {title}", "", COLUMNS, *map(_row, checklist._table()[kind])]) + "\n")
    return "\n".join(parts)


def _row(element: Element) -> str:
    where = f"`{element.field}`" if element.field else f"“{element.words}”"
    when = {"": "", "!": f"没有 `{element.when[1:]}`"}.get(element.when[:1], f"有 `{element.when}`")
    test = f"`test_law_{element.law}_…`" if element.law else ""
    return f"| {element.what} | {element.article} | {where} | {element.source} | {when} | {test} |"


def test_the_page_is_as_the_table() -> None:
    if os.environ.get("REWRITE"):
        PAGE.write_text(page(), encoding="utf8")
    assert PAGE.read_text(encoding="utf8") == page(), "REWRITE=1 pytest tests/contract/test_papers_table.py"


def test_every_kind_has_its_checklist() -> None:
    assert set(checklist._table()) == {EVERY, SERVED, *NoticeKind.values}
    assert [fault for kind in NoticeKind.values for fault in faults_in(kind)] == []


def test_the_tests_a_row_names_are_there() -> None:
    named = {element.law for rows in checklist._table().values() for element in rows} - {""}
    files = (ROOT / "tests").rglob("test_*.py")
    found = {
        number
        for file in files
        for number in re.findall(r"def test_law_(\w+?)_", file.read_text(encoding="utf8"))
    }
    assert named - found == set()


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Element, ...]]:
    """The checklists, to be changed until the test ends."""
    copy = dict(checklist._table())
    monkeypatch.setattr(checklist, "_table", lambda: copy)
    return copy


WRONG: list[tuple[str, Callable[[tuple[Element, ...]], Any]]] = [
    ("lacks the field nowhere", lambda rows: (replace(rows[0], field="nowhere"), *rows[1:])),
    ("does not say 无此用语", lambda rows: (*rows, replace(rows[0], field="", words="无此用语"))),
    ("neither a field nor words", lambda rows: (*rows, replace(rows[0], field=""))),
]


@pytest.mark.parametrize(("fault", "change"), WRONG, ids=["field", "words", "neither"])
def test_a_checklist_against_its_letter_is_named(
    table: dict[str, tuple[Element, ...]], fault: str, change: Callable[..., Any]
) -> None:
    table["order"] = change(table["order"])
    (found,) = check_letters()
    assert found.id == "workflows.E110" and fault in found.msg and "checklist.json" in str(found.hint)


def test_a_letter_without_a_checklist_is_named(table: dict[str, tuple[Element, ...]]) -> None:
    del table["demand"]
    (found,) = check_letters()
    assert (found.id, found.msg) == ("workflows.E110", "The letter demand has no checklist.")


# --- one paper ---------------------------------------------------------------------------------------


def _emptied(values: dict[str, Any], path: str) -> dict[str, Any]:
    """The values with nothing where `path` leads."""
    name, _dot, rest = path.partition(".")
    inner = values.get(name)
    return {**values, name: _emptied(inner, rest) if rest and isinstance(inner, dict) else None}


@pytest.mark.parametrize("kind", NoticeKind.values)
def test_what_is_taken_from_a_paper_is_missed(kind: str) -> None:
    """Each element of each kind in turn: the example has it, and is found out without it. Whether what is there only
    sometimes had to be there, the record says (`tests/contract/papers.py`)."""
    values = values_of(EXAMPLES[kind])
    before = missing_in(kind, values)
    for element in owed_in(kind, values):
        if element.field and element not in before and not element.field.startswith(element.when or "-"):
            assert element in missing_in(kind, _emptied(values, element.field)), element.what


def test_a_dash_is_nothing() -> None:
    element = Element(what="理由", article="", source="", field="reasons")
    assert element.is_there({"reasons": ["初次违法"]})
    for nothing in ([], [""], ["—"], " ", None):
        assert not element.is_there({"reasons": nothing})


def test_an_element_may_depend_on_another() -> None:
    person = Element(what="代码", article="", source="", field="code", when="!is_person")
    assert person.is_owed({"is_person": False}) and not person.is_owed({"is_person": True})
