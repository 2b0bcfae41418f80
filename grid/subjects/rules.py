"""Identifiers and names of subjects: as departments write them, and as they are kept."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from grid import problems

# GB 32100-2015: no I, O, S, V, Z, because they are taken for 1, 0, 5, U and 2.
_CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_LEGACY = re.compile(r"[0-9]{15}")
# What spreadsheets and forms leave around a code: spaces, hyphens, dots, Excel's leading apostrophe.
_AROUND = re.compile(r"[\s\-·.'`\"\u200b-\u200f\ufeff]+")
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Code:
    """A code as kept: exactly one of the two is set. `doubts` are warnings, never reasons to refuse."""

    credit: str = ""
    legacy: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.credit or self.legacy

    @property
    def district(self) -> str:
        """Where it was registered: positions 3-8 of a credit code (GB 32100), 1-6 of a legacy number."""
        return self.credit[2:8] or self.legacy[:6]


def plain(text: str) -> str:
    """Full width to half width, upper case, nothing around or between (NFKC): `９１１５…ｘ` → `9115…X`."""
    return _AROUND.sub("", unicodedata.normalize("NFKC", text)).upper()


def read_code(text: str) -> Code:
    """A 统一社会信用代码 (GB 32100-2015, 18 characters) or a 15-digit 工商注册号.

    Raises MissingCode, MalformedCode or WrongCheckDigit. A legacy number whose check digit fails (ISO 7064
    MOD 11,10) is kept with a doubt: many were issued before there was a check digit. So is a credit code whose
    embedded organisation code fails GB 11714: sole traders may have been given such codes.
    """
    value = plain(text)
    if not value:
        raise problems.MissingCode()
    if _LEGACY.fullmatch(value):
        return Code(legacy=value, doubts=() if mod_11_10.is_valid(value) else ("legacy-check",))
    if not _CREDIT.fullmatch(value):
        raise problems.MalformedCode(value=value[:40])
    if credit_check(value[:17]) != value[17]:
        raise problems.WrongCheckDigit(value=value)
    return Code(
        credit=value, doubts=() if organisation_check(value[8:16]) == value[16] else ("organisation-check",)
    )


def credit_check(body: str) -> str:
    """GB 32100-2015: C18 = (31 - Σ c·3^(i-1) mod 31) mod 31, over the first 17 characters."""
    try:
        return str(uscc.calc_check_digit(body))
    except (ValidationError, ValueError) as error:
        raise problems.MalformedCode(value=body) from error


def organisation_check(body: str) -> str:
    """GB 11714-1997: 11 - Σ c·w mod 11 over 8 characters; 10 is written X, 11 is written 0."""
    total = sum(_ORGANISATION.index(c) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def match_name(name: str) -> str:
    """A name for comparing: brackets, spaces, punctuation and width do not count.

    >>> match_name("乌海（示例） 商贸有限公司`") == match_name("乌海(示例)商贸有限公司")
    True
    """
    folded = unicodedata.normalize("NFKC", name).upper()
    return "".join(c for c in folded if c.isalnum())[:200]


def clean_name(name: str) -> str:
    """A name for showing: NFKC width for letters and digits, the brackets of Chinese text, no stray marks."""
    text = unicodedata.normalize("NFKC", name).strip(" \t`'\"·.,;。、\uff0c\uff1b")
    return re.sub(r"\s+", " ", text).replace("(", "\uff08").replace(")", "\uff09")


def initials_of(name: str) -> str:
    """First letters of the pinyin, lower case, at most 60: 银行 → yh. Brackets and what stands in them do not count.

    >>> initials_of("乌海市海晟商贸有限公司（示例）")
    'whshssmyxgs'
    """
    plainly = re.sub(r"[（(][^）)]*[）)]", "", name)
    # Reading a whole name for the words in it costs thirty times as much: only where a character needs them.
    letters = _letters_of(plainly) if _TWO_SOUNDS.intersection(plainly) else map(_letters_of, plainly)
    found = unicodedata.normalize("NFKC", "".join(letters)).lower()
    return "".join(c for c in found if c.isalnum())[:60]


# Characters of names whose first letter depends on the word: 银行 yh and 行政 xz, 重庆 cq and 重工 zg.
_TWO_SOUNDS = frozenset("行重长乐朝单曾解仇车藏调传会都宿区查尉卜参厦朴翟便弹降校系省觉角召奇")


@lru_cache(maxsize=20_000)
def _letters_of(words: str) -> str:
    return "".join(lazy_pinyin(words, style=Style.FIRST_LETTER))


def masked_name(name: str, kind: str = "") -> str:
    """张三 → 张**: always two stars, so that the length says nothing. A household is named after its head."""
    family = next((two for two in _FAMILY_OF_TWO if name.startswith(two)), name.strip()[:1])
    return f"{family}**户" if kind == "resident" else f"{family}**"


_FAMILY_OF_TWO = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "慕容",
    "令狐",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "长孙",
    "宇文",
    "司徒",
    "端木",
)


def read_person_code(text: str) -> str:
    """A 公民身份号码 (GB 11643-1999) as kept for a moment. Raises MalformedPersonCode."""
    value = plain(text)
    if not ric.is_valid(value):
        raise problems.MalformedPersonCode()
    return value


def looks_like_name(text: str) -> bool:
    """At least two letters or Chinese characters, and not a number, a date or a code."""
    return sum(c.isalpha() for c in text) >= 2 and not _CREDIT.fullmatch(plain(text))


# Registration authority and kind, the first two characters of the code (GB 32100-2015, 4.1 and 4.2).
_KIND_BY_CODE = {
    "91": "enterprise",
    "92": "sole_trader",
    "93": "cooperative",
    "11": "institution",
    "12": "institution",
    "13": "social_organisation",
    "51": "social_organisation",
    "52": "social_organisation",
    "53": "social_organisation",
}
_KIND_BY_WORD = (
    ("个体", "sole_trader"),
    ("合作社", "cooperative"),
    ("事业", "institution"),
    ("机关", "institution"),
    ("社会团体", "social_organisation"),
    ("民办非企业", "social_organisation"),
    ("基金会", "social_organisation"),
)


def kind_of(code: Code, said: str = "", employees: int = 0) -> str:
    """SubjectKind from the code, else from what the register says; a sole trader with staff is 有雇工.

    社会保险法 art 10, 44: a sole trader who employs owes pension and injury insurance, one who does not is free.
    """
    kind = _KIND_BY_CODE.get(code.credit[:2]) or _by_word(said) or "enterprise"
    return "sole_trader_employing" if kind == "sole_trader" and employees > 0 else kind


def _by_word(said: str) -> str:
    return next((kind for word, kind in _KIND_BY_WORD if word in said), "")


def standing_of(said: str) -> str:
    """Standing from 登记状态: 注销 and 吊销 end it, everything else (存续、在业、开业、正常、迁入) is active."""
    if "注销" in said.replace("未注销", ""):
        return "cancelled"
    return "revoked" if "吊销" in said or "撤销" in said else "active"


def industry_of(said: str) -> str:
    """GB/T 4754-2017 code without its section letter: `C2611`, `2611` → `2611`; words give nothing."""
    found = re.fullmatch(r"[A-T]?([0-9]{2,4})", plain(said))
    return found[1] if found else ""
