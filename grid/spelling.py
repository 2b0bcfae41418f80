"""Text as people and machines spell it, made one spelling: in time that grows with the text alone. Pure."""

import re
import unicodedata
from typing import Final, Literal

# Unicode's own bound for text that streams (UAX #15, 13): no language puts more marks on one letter. A longer run is
# put in order one mark at a time, 100,000 of them in 40 seconds, during which nobody else is served.
MOST_MARKS: Final = 30
_SHORT: Final = 500
# What nobody sees and no two systems write alike: soft hyphen, zero width, direction and joining marks, byte order
# mark, tags, the fillers of Korean and Braille, and the blank a replaced object leaves.
INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\U000e0000-\U000e0fff"
)
_INVISIBLE: Final = re.compile(f"[{INVISIBLE}]+")
# GB 18030-2022 gives characters of their own to what earlier editions, and Python's codec, put into the private area.
_PRIVATE: Final = re.compile("[\ue78d-\ue796\ue7c7\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864]")
_OF_2022: Final = dict(
    zip(
        map(ord, "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7"
            "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864"),
        "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
        strict=True,
    )
)  # fmt: skip


def visible(text: str) -> str:
    """The text without what cannot be seen, and with the characters of GB 18030-2022.

    >>> visible("\u202d9115\u2060\u00ad03\u202c"), visible("\ue81e") == "\u9fb4"
    ('911503', True)
    """
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", text)
    return text.translate(_OF_2022) if _PRIVATE.search(text) else text


def folded(text: str, form: Literal["NFC", "NFKC"] = "NFKC") -> str:
    """Normalised; of a run of marks beyond MOST_MARKS the rest is left out.

    >>> folded("ＡＢ１２（示例）")
    'AB12(示例)'
    """
    if len(text) > _SHORT and not text.isascii():
        text = _with_few_marks(text)
    return unicodedata.normalize(form, text)


def _with_few_marks(text: str) -> str:
    kept, run = [], 0
    for letter in text:
        run = run + 1 if _is_mark(letter) else 0
        if run <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def _is_mark(letter: str) -> bool:
    """Also what is taken apart into marks, as the half-width voicing mark is."""
    return bool(
        unicodedata.combining(letter) or unicodedata.combining(unicodedata.normalize("NFKD", letter)[0])
    )
