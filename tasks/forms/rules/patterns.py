"""Patterns of regex(): matched in time that grows with the text alone, and refused where somebody would wait. Pure.

Here RE2 matches, on the phone its port re2js; both hold to tests/contract/patterns.json. ODK Collect has an engine
that tries one reading after the other, so `check` also asks for what that engine gets done (decisions/0022).
"""

import re
from functools import lru_cache
from typing import Any, Final

import re2

from tasks.forms.rules.pattern_reading import PatternRefused, read
from tasks.forms.rules.pattern_weighing import MOST_PLACES, MOST_WAYS, places, ways

LONGEST_PATTERN: Final = 200
_MOST_STEPS: Final = 20_000  # of RE2's program: a class of many letters, many times
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Taken in pairs, so that a backslash which is itself escaped begins nothing.
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|.)", re.DOTALL)
_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.never_capture = True
_OPTIONS.max_mem = 4 << 20


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits. Half a surrogate pair stands for no letter. Raises PatternRefused."""
    return matcher(pattern).fullmatch(_SURROGATE.sub("\ufffd", text)) is not None


@lru_cache(maxsize=1_000)
def matcher(pattern: str) -> Any:
    """What can be matched at all, also in forms published when more was allowed. Raises PatternRefused."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternRefused("long", pattern)
    try:
        return re2.compile(_ESCAPE.sub(_spelt, pattern), _OPTIONS)
    except (re2.error, UnicodeEncodeError) as error:
        raise PatternRefused("unreadable", pattern) from error


def _spelt(escape: re.Match[str]) -> str:
    r"""RE2 writes \u4e00 as \x{4e00}."""
    return f"\\x{{{escape[1]}}}" if escape[1] else escape[0]


def check(pattern: str) -> None:
    """What a form that is uploaded may ask for. Raises PatternRefused with a reason the author understands."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternRefused("long", pattern)
    whole = read(pattern)
    if places(whole) > MOST_PLACES:
        raise PatternRefused("large", pattern)
    if ways(whole) > MOST_WAYS:
        raise PatternRefused("ambiguous", pattern)
    try:
        is_large = matcher(pattern).programsize > _MOST_STEPS
    except PatternRefused:  # read as we read it, and yet not by RE2: it wants more memory than it may have
        is_large = True
    if is_large:
        raise PatternRefused("large", pattern)
