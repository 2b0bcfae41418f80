"""Names, words, numbers, desks and courts of a city come from the dated table that two persons keep, never from code."""

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from project.demo.land import OFFICES
from tests.test_house import FILES, PACKAGES, SOURCES, name_of, tree_of

pytestmark = pytest.mark.once
TOLD_BY_TEXT = {".html", ".typ", ".json", ".md"}


def texts_of(file: Path) -> Iterator[str]:
    """The strings of a program without its docstrings; everything else as it is."""
    if file.suffix != ".py":
        yield file.read_text(encoding="utf-8")
        return
    tree = tree_of(file)
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_law_48_no_office_of_a_city_stands_in_code() -> None:
    rows = list(csv.DictReader(OFFICES.read_text(encoding="utf-8-sig").splitlines()))
    said = {row[column] for row in rows for column in ("全称", "代字", "印章") if len(row[column] or "") > 3}
    assert len(said) > 20
    shown = [
        file
        for file in FILES
        if file.suffix in TOLD_BY_TEXT
        and name_of(file).startswith(("templates/", *(f"{package}/" for package in PACKAGES)))
    ]
    files = [
        file
        for file in {*SOURCES, *shown}
        if not name_of(file).startswith(("project/demo/", "mobile_api/phone/"))
    ]
    found = [
        f"{name_of(file)}: {word}"
        for file in files
        for text in texts_of(file)
        for word in said
        if word in text
    ]
    assert sorted(found) == []
