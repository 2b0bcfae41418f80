"""The fixed sentences after “接下来：”: which there are, how one is read from its page, and how it is held to its word."""

import re
from collections.abc import Collection, Mapping
from html import unescape
from pathlib import Path

from tests.contract.promises import clauses_of

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
_COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
_STRING = re.compile(r"""{%\s*(?:translate|trans)\s+(["'])(.*?)\1[^%]*%}""")
_TAG = re.compile(r"{%.*?%}", re.DOTALL)
_SAID = re.compile(r"接下来[：:]?([^<]*?)(?=接下来|<|\Z)")
_FORM = re.compile(r"<form\b(?:(?!</form>).)*</form>", re.DOTALL)


def fixed(source: str) -> list[str]:
    """The sentences of a template that hold any fixed text; after a bare colon a variable says what follows.

    >>> fixed('{% translate "接下来：" %}{{ follows }}</p>{% translate "接下来：送复核。" %}<b>接下来：存卷</b>')
    ['送复核。', '存卷']
    """
    bare = _TAG.sub("", _STRING.sub(r"\2", _COMMENT.sub("", source)))
    said = (re.sub(r"\s+", " ", part).strip() for part in _SAID.findall(bare))
    return [sentence for sentence in said if re.sub(r"{{.*?}}|\W", "", sentence)]


def stand_in(folders: Collection[str]) -> dict[str, list[str]]:
    """Template → its fixed sentences, sorted."""
    found = {}
    for file in sorted(file for folder in folders for file in (TEMPLATES / folder).rglob("*.html")):
        if sentences := fixed(file.read_text()):
            found[file.relative_to(TEMPLATES).as_posix()] = sorted(sentences)
    return found


def promised(page: str, action: str = "") -> str:
    """The sentence in the form that posts to `action`, or the only one of the page."""
    beside = [form for form in _FORM.findall(page) if f'action="{action}"' in form] if action else [page]
    (said,) = (found for part in beside for found in re.findall(r"接下来：([^<]+)", part))
    return unescape(said).strip()


def sentence_beside(page: str, action: str) -> str:
    """The sentence in the heading of an act whose form follows it."""
    (said,) = re.findall(rf'接下来：\s*([^<]+?)\s*</span>\s*</summary>\s*<form[^>]*action="{action}"', page)
    return unescape(said)


def keeps(sentence: str, seen: Mapping[str, bool]) -> None:
    """Every clause was looked for, and came about."""
    assert list(seen) == clauses_of(sentence)
    assert [clause for clause, came in seen.items() if not came] == []
