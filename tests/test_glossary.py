"""docs/glossary.md and docs/style.md speak of this code as it is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in GLOSSARY.splitlines()
    if line.startswith("| ") and line.count(" | ") == 3 and not line.startswith("| 中文")
]


def test_a_term_has_one_word_and_a_word_one_term() -> None:
    assert len(ROWS) > 60
    for column in (0, 1):
        words = [row[column] for row in ROWS]
        assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_term_lives_where_the_glossary_says() -> None:
    places = [row[3].strip("`| ") for row in ROWS]
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_what_the_style_praises_stands_in_the_code() -> None:
    """`# Good (file)`: the line below it is a line of that file."""
    praised = re.findall(
        r"# Good \(([\w/.]+)\)[^\n]*\n([^\n]+)\n(?:([^\n]+)\n)?", (ROOT / "docs/style.md").read_text()
    )
    assert len(praised) > 2
    for file, *lines in praised:
        code = (ROOT / file).read_text(encoding="utf-8")
        for line in lines:
            if line and not line.startswith("```"):
                assert line.strip() in code or line.split("(")[0] in code, (file, line)


def test_recipes_copy_from_what_there_is() -> None:
    """Each example of CONTRIBUTING.md is found in the code by the name it is given."""
    recipes = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    examples = re.findall(r"^Example: .*$", recipes, re.MULTILINE)
    assert len(examples) > 3
    code = "".join(file.read_text(encoding="utf-8") for file in ROOT.glob("[!.n]*/**/*.py"))
    for example in examples:
        for name in re.findall(r"`([^`]+)`", example):
            assert (ROOT / name).exists() if "/" in name else f'"{name}"' in code, name
        for words in re.findall(r"[\u4e00-\u9fff]{3,}", example):
            assert f'"{words}"' in code, words
