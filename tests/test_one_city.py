"""The product names no city: Wuhai stands in the demo, in the shipped divisions, and in comments that say by what
document a rule was written. What a program says or stores comes from rows and from the environment."""

import ast
import csv
import re
from pathlib import Path

import pytest

from project.demo import wuhai
from project.demo.land import OFFICES
from tests.test_house import FILES, name_of

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("grid/", "tasks/", "workflows/", "mobile_api/", "project/", "templates/", "deploy/", "manage.py")
DEMO = ("project/demo/", "mobile_api/phone/tests/", "grid/territory/divisions.csv", "project/python.lock")
TEXT = {".py", ".json", ".csv", ".html", ".ts", ".vue", ".css", ".js", ".typ", ".txt", ".conf", ".service", ".sql", ".sh",
        ".example", ".toml", ".md", ".xml", ".timer", ".yml", ".yaml"}  # fmt: skip
DISTRICT = 3


def names_of_the_demo() -> re.Pattern[str]:
    """Its divisions down to the districts, its offices' names and words, its codes, its document."""
    with (ROOT / "grid/territory/divisions.csv").open(encoding="utf8", newline="") as file:
        areas = [row for row in csv.DictReader(file) if row["code"].startswith(wuhai.CITY)]
    names = {row["name"] for row in areas if int(row["level"]) <= DISTRICT}
    # 海南 alone is a province.
    short = {name.rstrip("市区") for name in names} - {"海南"}
    with OFFICES.open(encoding="utf8", newline="") as file:
        offices = [row[column] for row in csv.DictReader(file) for column in ("全称", "代字") if row[column]]
    documents = {wuhai.MANDATE, wuhai.MANDATE.partition("〔")[0], "乌海政发", "wuhai", "Wuhai"}
    words = sorted(names | short | set(offices) | documents, key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, words), rf"(?<!\d){wuhai.CITY}(?:\d\d|\d{{5,11}})?(?!\d)"]))


NAMES = names_of_the_demo()


def said_in(file: Path) -> list[tuple[int, str]]:
    """(line, text) of what a file says or stores: in Python its strings without the docstrings."""
    text = file.read_text(encoding="utf8")
    if file.suffix != ".py":
        return list(enumerate(text.splitlines(), 1))
    tree = ast.parse(text)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def test_the_product_names_no_city() -> None:
    wrong = []
    for file in FILES:
        name = name_of(file)
        is_ours = name.startswith(PRODUCT) and not name.startswith(DEMO)
        if not is_ours or file.suffix not in TEXT or name.endswith("README.md"):
            continue
        if not NAMES.search(file.read_text(encoding="utf8")):
            continue
        said = [(line, text) for line, text in said_in(file) if NAMES.search(text)]
        wrong += [f"{name}:{line}: {text.strip()[:80]}" for line, text in said]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "乌海市人民政府",
        "海勃湾",
        "乌人社督告〔2026〕1号",
        "HBW-2026-000001",
        "1503",
        "150302001002001",
        wuhai.MANDATE,
    ],
)
def test_the_law_knows_the_demo_when_it_sees_it(text: str) -> None:
    assert NAMES.search(text)


@pytest.mark.parametrize("text", ["海南省", "911503007014012345", "21503", "某某市人民政府"])
def test_the_law_leaves_others_alone(text: str) -> None:
    assert not NAMES.search(text)
