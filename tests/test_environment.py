"""docs/environment.md has one row for each variable that is read, and the examples of deploy/ name them all."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.test_house import FILES, ROOT, name_of

ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]*)` \|(.+)\|$", re.M)
SET = re.compile(r"^#? ?([A-Z][A-Z0-9_]*)=", re.M)
# Of the machine or of Django, no matter of an installation.
FOREIGN = {"PATH", "DJANGO_SETTINGS_MODULE"}
# Read by the database's own library.
DRIVERS = {"PGOPTIONS"}
# Set by whoever starts the process, in no environment file: by hand, by systemd, by the process for its children.
AT_HOME = {
    "PORT", "ROOT", "INSTALLATION", "BACKUP_ESCROW_PRIVATE_KEY", "CREDENTIALS_DIRECTORY", "PROMETHEUS_MULTIPROC_DIR",
}  # fmt: skip
# As project/environment.py calls them itself.
READERS = {"text", "switch", "number", "choice", "words"}
COLUMNS = 4
PRODUCT = ("grid/", "tasks/", "workflows/", "mobile_api/", "project/", "manage.py", "deploy/")


def written() -> dict[str, list[str]]:
    page = (ROOT / "docs/environment.md").read_text(encoding="utf8")
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in ROW.findall(page)}


def read_by(tree: ast.AST) -> Iterator[str]:
    """Names asked by `env.text("NAME")` and its sisters, `os.environ.get("NAME")`, `os.environ["NAME"]`, `os.getenv`."""
    for node in ast.walk(tree):
        asked: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            where = ast.unparse(node.func)
            if where.startswith(("env.", "environment.", "os.environ.")) or where == "os.getenv":
                asked = node.args[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS:
            asked = node.args[0] if node.args else None
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            asked = node.slice
        if (
            isinstance(asked, ast.Constant)
            and isinstance(asked.value, str)
            and re.fullmatch(r"[A-Z][A-Z0-9_]+", asked.value)
        ):
            yield asked.value


def read() -> set[str]:
    sources = [file for file in FILES if file.suffix == ".py" and name_of(file).startswith(PRODUCT)]
    texts = [text for file in sources if "env" in (text := file.read_text(encoding="utf8"))]
    return {name for text in texts for name in read_by(ast.parse(text))} - FOREIGN


def exemplified() -> set[str]:
    return {
        name for file in (ROOT / "deploy").glob("*.env.example") for name in SET.findall(file.read_text())
    }


def test_every_variable_that_is_read_has_its_row() -> None:
    assert read() - set(written()) == set(), "add a row to docs/environment.md"
    assert set(written()) - read() - DRIVERS == set(), "nobody reads these any more"


def test_every_row_says_all_there_is_to_say() -> None:
    assert [name for name, cells in written().items() if len(cells) != COLUMNS or not all(cells)] == []


def test_the_examples_name_every_variable_and_no_other() -> None:
    assert exemplified() - set(written()) == set()
    assert set(written()) - exemplified() - AT_HOME == set(), "add a line to deploy/grid.env.example"


@pytest.mark.parametrize(
    "line",
    [
        'env.text("NEW_ONE")',
        'os.environ["NEW_ONE"]',
        'os.environ.get("NEW_ONE", "")',
        'env.number("NEW_ONE", 1)',
    ],
)
def test_a_new_variable_would_be_found(line: str) -> None:
    assert list(read_by(ast.parse(line))) == ["NEW_ONE"]
