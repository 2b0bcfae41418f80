"""Every refusal has a stable code of its own, a Chinese text, and a line in docs/problems.md."""

import re
from string import Formatter

from grid.problems import Problem
from project.management.commands import list_problems

KINDS = list_problems._below(Problem)


def test_the_page_lists_exactly_what_the_code_can_refuse():
    assert list_problems.PAGE.read_text(encoding="utf8") == list_problems.page(), (
        "run manage.py list_problems --write"
    )


def test_codes_are_unique_and_kebab_case():
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []


def test_every_text_is_chinese_and_fills_from_its_facts():
    for kind in KINDS:
        facts = {name: "甲" for _, name, _, _ in Formatter().parse(str(kind.template)) if name}
        text = f"{kind.title}{kind(**facts).detail}"
        assert re.search("[\u4e00-\u9fff]", text), kind.code
        assert "{" not in text
