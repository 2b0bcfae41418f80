"""How long a wrong password makes one wait, which passwords are no secret, and what a one-time code looks like.

GB/T 22239-2019 8.1.4.1 a) 身份鉴别信息具有复杂度要求; b) 登录失败处理功能; d) 两种或两种以上组合的鉴别技术.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Patience:
    """`free` wrong tries cost nothing; each further one doubles the wait, from `first` seconds up to `most`.

    One wrong try is forgotten every `fades` seconds.
    """

    free: int
    fades: float
    first: float
    most: float

    def left(self, weight: float, seconds: float) -> float:
        """What remains of `weight` after so many quiet seconds."""
        return max(0.0, weight - max(0.0, seconds) / self.fades)

    def wait(self, weight: float) -> float:
        """Seconds until the next try is judged, after wrong tries of `weight`.

        >>> [NAME.wait(weight) for weight in (4, 5, 6, 7, 30)]
        [0.0, 5, 10, 20, 600]
        """
        # Whole tries: what faded since a moment ago must not make the next one free.
        over = round(weight) - self.free
        return 0.0 if over < 0 else min(self.most, self.first * 2 ** min(over, 40))


# One account, from anywhere: five tries, then 5 s, 10 s … 10 minutes. A botnet gets some 160 a day.
NAME = Patience(free=5, fades=3600, first=5, most=600)
# One address, whatever the names: a whole office may mistype twice at eight in the morning.
ADDRESS = Patience(free=120, fades=30, first=2, most=60)
# The second factor of somebody whose password the other side knows.
FACTOR = Patience(free=10, fades=3600, first=5, most=600)
# A new password by one-time code: also a code cannot be guessed at, and says nothing of who exists.
RESET = Patience(free=10, fades=600, first=5, most=600)

CODE_MINUTES = 30
RESET_CODE = timedelta(minutes=CODE_MINUTES)
# A printed list reaches nine hundred people in days, not minutes; there is no password yet that it could replace.
FIRST_CODE_DAYS = 14
FIRST_CODE = timedelta(days=FIRST_CODE_DAYS)
MOST_CODES = 3_000  # as many as a list of people has lines
CODE_TRIES = 10
TOLD_FOR = timedelta(days=30)  # so long each sign-in says who reset what
# Without letters and digits that are taken for one another on a scrap of paper.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 12


def code_shown(code: str) -> str:
    """In groups of four, to be read out.

    >>> code_shown("ABCDEFGHJKMN")
    'ABCD-EFGH-JKMN'
    """
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def code_typed(text: str) -> str:
    """What somebody typed, without the spaces and dashes of the paper.

    >>> code_typed(" abcd-efgh jkmn ")
    'ABCDEFGHJKMN'
    """
    return "".join(character for character in text.upper() if character.isascii() and character.isalnum())


ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
LEAST_FREE = 7  # characters that no row, no repetition foretells


def surprises(password: str) -> int:
    """How many characters the ones before do not foretell: those that neither go on a row nor repeat a pair.

    >>> surprises("heheheheheh"), surprises("1234567890"), surprises("qwertyuiop"), surprises("aaaaaaaaaaaa")
    (3, 1, 1, 1)
    >>> surprises("shili-2026") >= LEAST_FREE
    True
    """
    text = password.casefold()
    return sum(not _is_foretold(text, at) for at in range(len(text)))


def _is_foretold(text: str, at: int) -> bool:
    if at == 0:
        return False
    pair = text[at - 1 : at + 1]
    if any(pair in row or pair in row[::-1] for row in ROWS) or pair[0] == pair[1]:
        return True
    # The two characters stood side by side before: "hehe", "abc1abc1".
    return pair in text[:at]


def kinds(password: str) -> int:
    """How many kinds of characters: small letters, capitals, digits, anything else.

    >>> kinds("knock-knock-2026"), kinds("heheheheheh")
    (3, 1)
    """
    tests: Iterable[Callable[[str], bool]] = (
        str.islower,
        str.isupper,
        str.isdigit,
        lambda character: not (character.isascii() and character.isalnum()),
    )
    return sum(any(test(character) for character in password) for test in tests)


class NoPattern:
    """A password validator: what a keyboard row, a sequence or a repetition gives away is no secret."""

    def validate(self, password: str, user: object = None) -> None:
        if surprises(password) < LEAST_FREE:
            raise ValidationError(
                _("密码太有规律：不能主要由连续或重复的字符组成（如 12345、abcde、hehehe）。"), code="pattern"
            )
        if kinds(password) < 2:
            raise ValidationError(_("密码至少包含字母大写、小写、数字、其他符号中的两类。"), code="kinds")

    def get_help_text(self) -> str:
        return _("至少两类字符（大写、小写、数字、其他符号），不能主要由连续或重复的字符组成。")
