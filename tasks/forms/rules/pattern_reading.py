r"""A pattern as its parts: only what RE2, its port on the phone and ODK Collect read the same way. Pure.

Letters · `.` · classes `[a-z]` without classes inside · \d \w \s and their opposites · \p{L}, \p{Han} … · \x41,
\u4e00 · groups `( )` `(?: )` · `|` · * + ? {n} {n,} {n,m}, also lazy · ^ $ · `(?i)` at the very beginning.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.translation import gettext_lazy as _

from grid.texts import Text

Ranges = tuple[tuple[int, int], ...]
_LAST: Final = 0x10FFFF
ANYTHING: Final[Ranges] = ((0, _LAST),)
DEEPEST_GROUP: Final = 20
_MOST_TIMES: Final = 1_000  # RE2's own bound

# code → what is said. `part` is the piece of the pattern that is meant.
WHY: Final[Mapping[str, Text]] = {
    "long": _("规则太长，最多 200 个字符"),
    "unreadable": _("读不懂“{part}”"),
    "backreference": _("不支持反向引用“{part}”"),
    "lookaround": _("不支持前后查看“{part}”"),
    "unsupported": _("不支持“{part}”这种写法"),
    "large": _("重复次数太多，限制字数请用 string-length(.)"),
    "ambiguous": _(
        "同一段文字有太多种读法，会使手机卡死：被重复的括号里不要再有长短不定的重复或开头相同的选项，.* 不要连用三次以上"
    ),
}


class PatternRefused(ValueError):
    """A pattern that cannot be used; `code` is one of WHY."""

    def __init__(self, code: str, part: str) -> None:
        super().__init__(f"{code}: {part!r}")
        self.code, self.part = code, part

    @property
    def words(self) -> str:
        return str(WHY[self.code]).format(part=self.part[:40])


@dataclass(frozen=True, slots=True)
class Letter:
    """One of these letters."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Row:
    """One part after the other; an empty one also stands for ^ and $."""

    parts: "tuple[Part, ...]" = ()


@dataclass(frozen=True, slots=True)
class Choice:
    branches: "tuple[Part, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """`most` is None where there is no end."""

    body: "Part"
    least: int
    most: int | None


Part = Letter | Row | Choice | Repeat

_DIGIT: Final[Ranges] = ((0x30, 0x39),)
_WORD: Final[Ranges] = (*_DIGIT, (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACE: Final[Ranges] = ((0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20))
_CONTROL: Final = {"t": 9, "n": 10, "f": 12, "r": 13}
_META: Final = frozenset("\\^$.[]|()?*+{}")
_PUNCTUATION: Final = frozenset("\\^$.[]|()?*+{}/-_:;,<>=!\"'#%&@~` ")
_NUMBERED: Final = re.compile(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})")
_PROPERTY: Final = re.compile(
    r"[pP]([CLMNPSZ]|\{(?:C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?|Han|Latin|Mongolian)\})"
)
_TIMES: Final = re.compile(r"([*+?])|\{(\d{1,4})(?:(,)(\d{1,4})?)?\}", re.ASCII)


def read(pattern: str) -> Part:
    """Raises PatternRefused."""
    reader = _Reader(pattern)
    whole = reader.choice(0)
    if reader.rest:
        raise PatternRefused("unreadable", reader.rest)
    return whole


def opposite(ranges: Ranges) -> Ranges:
    found, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return (*found, (start, _LAST)) if start <= _LAST else tuple(found)


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._is_folded = pattern.startswith("(?i)")
        self._pattern, self._at = pattern, 4 if self._is_folded else 0

    @property
    def rest(self) -> str:
        return self._pattern[self._at :]

    def _take(self, *words: str) -> str:
        word = next((candidate for candidate in words if self._pattern.startswith(candidate, self._at)), "")
        self._at += len(word)
        return word

    def _found(self, what: re.Pattern[str]) -> re.Match[str] | None:
        found = what.match(self._pattern, self._at)
        self._at = found.end() if found else self._at
        return found

    def choice(self, depth: int) -> Part:
        if depth > DEEPEST_GROUP:
            raise PatternRefused("large", self._pattern)
        branches = [self._row(depth)]
        while self._take("|"):
            branches.append(self._row(depth))
        return Choice(tuple(branches)) if len(branches) > 1 else branches[0]

    def _row(self, depth: int) -> Part:
        parts: list[Part] = []
        while self.rest and self.rest[0] not in "|)":
            parts.append(self._repeated(self._one(depth)))
        return Row(tuple(parts))

    def _repeated(self, part: Part) -> Part:
        at = self._at
        times = self._found(_TIMES)
        if times is None:
            return part
        self._take("?")
        if self.rest[:1] in ("*", "+", "?", "{") or part == Row():
            raise PatternRefused("unsupported", self._pattern[at : self._at + 1])
        least, most = _times(times)
        if max(least, most or 0) > _MOST_TIMES or (most is not None and most < least):
            raise PatternRefused("large", times[0])
        return Repeat(part, least, most)

    def _one(self, depth: int) -> Part:
        if self._take("("):
            return self._group(depth)
        if self._take("["):
            return Letter(self._folded(self._class()))
        if self._take("^", "$"):
            return Row()
        if self._take("."):
            return Letter(opposite(((10, 10),)))
        if self._take("\\"):
            return Letter(self._folded(self._escaped()))
        if self.rest[0] in _META:
            raise PatternRefused("unreadable", self.rest)
        return Letter(self._folded(self._plain()))

    def _group(self, depth: int) -> Part:
        if self._take("?=", "?!", "?<=", "?<!"):
            raise PatternRefused("lookaround", self._pattern[self._pattern.rindex("(", 0, self._at) :])
        if not self._take("?:") and self._take("?"):
            raise PatternRefused("unsupported", f"(?{self.rest[:8]}")
        inside = self.choice(depth + 1)
        if not self._take(")"):
            raise PatternRefused("unreadable", self.rest or "(")
        return inside if isinstance(inside, Choice) else Row((inside, Row()))

    def _plain(self) -> Ranges:
        letter = ord(self._pattern[self._at])
        self._at += 1
        if 0xD800 <= letter <= 0xDFFF:
            raise PatternRefused("unreadable", f"\\u{letter:x}")
        return ((letter, letter),)

    def _escaped(self) -> Ranges:
        word = self.rest[:1]
        if found := self._found(_NUMBERED):
            letter = int(next(filter(None, found.groups())), 16)
            if letter > _LAST or 0xD800 <= letter <= 0xDFFF:
                raise PatternRefused("unreadable", f"\\{found[0]}")
            return ((letter, letter),)
        if self._found(_PROPERTY):
            # Which letters they are nobody needs to know here: any may be among them.
            return ANYTHING
        self._at += 1
        if word in _CONTROL:
            return ((_CONTROL[word], _CONTROL[word]),)
        for name, ranges in (("d", _DIGIT), ("w", _WORD), ("s", _SPACE)):
            if word and word in (name, name.upper()):
                return ranges if word == name else opposite(ranges)
        if word in _PUNCTUATION and word:
            return ((ord(word), ord(word)),)
        is_back = word in "123456789k" and word
        raise PatternRefused("backreference" if is_back else "unsupported", f"\\{word}")

    def _class(self) -> Ranges:
        at = self._at - 1
        is_opposite = bool(self._take("^"))
        found: list[tuple[int, int]] = []
        while not self._take("]"):
            if self.rest[:1] in ("", "[") or self.rest.startswith(("&&", "--", "~~")):
                raise PatternRefused("unsupported", self._pattern[at : self._at + 2])
            found += self._span(at)
        if not found:
            raise PatternRefused("unsupported", self._pattern[at : self._at + 1])
        # An opposite of letters that are only guessed at may hold any letter.
        is_guess = ANYTHING[0] in found
        return opposite(tuple(found)) if is_opposite and not is_guess else tuple(found)

    def _span(self, at: int) -> Ranges:
        """One letter, one set of letters, or from one letter to another."""
        first = self._member()
        is_span = self.rest[:1] == "-" and self.rest[1:2] not in ("]", "")
        if not is_span:
            return first
        self._at += 1
        last = self._member()
        (low, high), (start, end) = first[0], last[0]
        if len(first) > 1 or len(last) > 1 or low != high or start != end or low > start:
            raise PatternRefused("unreadable", self._pattern[at : self._at])
        return ((low, start),)

    def _member(self) -> Ranges:
        if self._take("\\"):
            return self._escaped()
        if self.rest[:1] in ("[", "]", ""):
            raise PatternRefused("unreadable", self.rest or "[")
        return self._plain()

    def _folded(self, ranges: Ranges) -> Ranges:
        """Capitals and small letters are one under (?i). Beyond ASCII any letter may be the other's."""
        if not self._is_folded or ranges == ANYTHING:
            return ranges
        if any(low <= letter <= high for low, high in ranges for letter in _cased()):
            return ANYTHING
        turned = [(ord(c), ord(c)) for a in "abcdefghijklmnopqrstuvwxyz" for c in (a, a.upper())
                  if any(low <= ord(c.swapcase()) <= high for low, high in ranges)]  # fmt: skip
        return (*ranges, *turned)


@cache
def _cased() -> tuple[int, ...]:
    letters = ((at, chr(at)) for at in range(0x80, 0x1F000))
    return tuple(at for at, letter in letters if letter.lower() != letter or letter.upper() != letter)


def _times(found: re.Match[str]) -> tuple[int, int | None]:
    sign, least, comma, most = found.groups()
    if sign:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
    return int(least), (int(most) if most else None) if comma else int(least)
