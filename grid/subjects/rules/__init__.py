"""Identifiers and names of subjects: as departments write them, and as they are kept."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from operator import mul
from string import ascii_uppercase

from stdnum.iso7064 import mod_11_10

from grid.discreet import is_checked, is_person_number
from grid.outside import is_digits
from grid.privacy import masked
from grid.spelling import INVISIBLE, folded, visible
from grid.subjects import problems as subjects_problems
from grid.subjects.rules.classes import LEGACY_TRADERS, classes

# GB 32100-2015: no I, O, S, V, Z, because they are taken for 1, 0, 5, U and 2.
_CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_LEGACY = re.compile(r"[0-9]{15}")
_OLD_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_OLD_TAX = re.compile(r"[0-9]{6}[0-9A-Z]{8}[0-9X]")
# What spreadsheets and forms leave around a code: spaces, hyphens, dots, Excel's leading apostrophe.
_AROUND = re.compile(rf"[\s\-\u2010-\u2015·・.,、。'`\"‘’“”{INVISIBLE}]+")
# What a program that took it for a number puts behind it.
_AS_NUMBER = re.compile(r"(?<=[0-9A-Z]{15})[.．]0+$")
# A number as spreadsheets show those they keep fifteen digits of: the rest is lost.
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?E\+?1[4-9]")
_LOST = "000"
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUE = {sign: value for value, sign in enumerate(_CREDIT_SIGNS)}
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
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
    return _AROUND.sub("", folded(text)).upper()


def read_code(text: str) -> Code:
    """A 统一社会信用代码 (GB 32100-2015, 18 characters) or a 15-digit 工商注册号.

    Raises MissingCode, MalformedCode (of it UnknownUnitClass, OrganisationCodeAlone, OldTaxNumber), WrongCheckDigit,
    RoundedCode or PersonNumber. A legacy number whose check digit fails (ISO 7064 MOD 11,10) is kept with a doubt: many
    were issued before there was a check digit. So is a credit code whose embedded organisation code fails GB 11714:
    sole traders may have been given such codes.
    """
    value = whole = text.strip() if text.isascii() else folded(text).strip()
    if not _CREDIT.fullmatch(value):
        whole = whole.upper()
        value = _AROUND.sub("", _AS_NUMBER.sub("", whole))
    if not value:
        raise subjects_problems.MissingCode()
    _refuse_person(value)
    if _LEGACY.fullmatch(value):
        return Code(legacy=value, doubts=() if mod_11_10.is_valid(value) else ("legacy-check",))
    if _ROUNDED.fullmatch(whole.replace(",", "")):
        raise subjects_problems.RoundedCode(value=whole)
    if not _CREDIT.fullmatch(value):
        raise _malformed(value)
    if value[:2] not in classes():
        raise subjects_problems.UnknownUnitClass(value=value, pair=value[:2])
    if credit_check(value[:17]) != value[17]:
        # Fifteen digits and three noughts are what a spreadsheet leaves of a code of digits alone.
        if is_digits(value) and value.endswith(_LOST):
            raise subjects_problems.RoundedCode(value=value)
        raise subjects_problems.WrongCheckDigit(value=value)
    is_whole = organisation_check(value[8:16]) == value[16]
    return Code(credit=value, doubts=() if is_whole else ("organisation-check",))


def _refuse_person(value: str) -> None:
    """Raises PersonNumber. An old registration number may be built like an old citizen's number, and a code of digits
    alone like a new one: its own check character decides then."""
    if len(value) == 15:
        is_one = is_person_number(value) and not mod_11_10.is_valid(value)
    elif not 18 <= len(value) <= 22:
        return
    else:
        # What tax offices put before or behind it, to tell apart what one person has registered.
        bare = value.lstrip(ascii_uppercase)
        is_one = is_person_number(bare[:18]) and not _is_code(value)
    if is_one:
        raise subjects_problems.PersonNumber(value=masked(value))


def _is_code(value: str) -> bool:
    """Whether 18 characters built like a citizen's number are a unit's code after all."""
    if len(value) != 18 or value[:2] not in classes() or not _CREDIT.fullmatch(value):
        return False
    is_right = credit_check(value[:17]) == value[17]
    return is_right and (not is_checked(value) or organisation_check(value[8:16]) == value[16])


def _malformed(value: str) -> subjects_problems.MalformedCode:
    """Numbers from before 2015 are called by their name, so that people know where the right one stands."""
    if _OLD_ORGANISATION.fullmatch(value) and organisation_check(value[:8]) == value[8]:
        return subjects_problems.OrganisationCodeAlone(value=value)
    if _OLD_TAX.fullmatch(value) and organisation_check(value[6:14]) == value[14]:
        return subjects_problems.OldTaxNumber(value=value)
    return subjects_problems.MalformedCode(value=value[:40])


def credit_check(body: str) -> str:
    """GB 32100-2015: C18 = (31 - Σ c·3^(i-1) mod 31) mod 31, over the first 17 characters. Raises MalformedCode."""
    try:
        total = sum(map(mul, map(_CREDIT_VALUE.__getitem__, body), _CREDIT_WEIGHTS))
    except KeyError as error:
        raise subjects_problems.MalformedCode(value=body) from error
    return _CREDIT_SIGNS[-total % 31]


def organisation_check(body: str) -> str:
    """GB 11714-1997: 11 - Σ c·w mod 11 over 8 characters; 10 is written X, 11 is written 0."""
    total = sum(map(mul, map(_ORGANISATION.index, body), _ORGANISATION_WEIGHTS))
    return "0123456789X0"[11 - total % 11]


def match_name(name: str) -> str:
    """A name for comparing: brackets, spaces, punctuation and width do not count.

    >>> match_name("乌海（示例） 商贸有限公司`") == match_name("乌海(示例)商贸有限公司")
    True
    """
    spelt = folded(visible(name)).upper()
    return "".join(c for c in spelt if c.isalnum())[:200]


def clean_name(name: str) -> str:
    """A name for showing: NFKC width for letters and digits, the brackets of Chinese text, no stray marks."""
    text = folded(visible(name)).strip(" \t`'\"·.,;。、\uff0c\uff1b")
    return re.sub(r"\s+", " ", text).replace("(", "\uff08").replace(")", "\uff09")


# Longer than any name in a register; what is read for its sounds ends there.
_LONGEST_NAME = 300


def initials_of(name: str) -> str:
    """First letters of the pinyin, lower case, at most 60: 银行 → yh. Brackets and what stands in them do not count.

    >>> initials_of("乌海市海晟商贸有限公司（示例）")
    'whshssmyxgs'
    """
    plainly = re.sub(r"[（(][^）)]*[）)]", "", name[:_LONGEST_NAME])
    # Reading a whole name for the words in it costs thirty times as much: only where a character needs them.
    letters = _letters_of(plainly) if _TWO_SOUNDS.intersection(plainly) else map(_letters_of, plainly)
    found = folded("".join(letters)).lower()
    return "".join(c for c in found if c.isalnum())[:60]


# Characters of names whose first letter depends on the word: 银行 yh and 行政 xz, 重庆 cq and 重工 zg.
_TWO_SOUNDS = frozenset("行重长乐朝单曾解仇车藏调传会都宿区查尉卜参厦朴翟便弹降校系省觉角召奇")


@lru_cache(maxsize=20_000)
def _letters_of(words: str) -> str:
    # Reads 47,000 phrases when it is imported: a second and 60 MB of every process that never asks for letters.
    from pypinyin import Style, lazy_pinyin

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


def looks_like_name(text: str) -> bool:
    """At least two letters or Chinese characters, and not a number, a date or a code."""
    letters = islice(filter(str.isalpha, text), 2)
    return len(list(letters)) == 2 and not (text.isascii() and _CREDIT.fullmatch(plain(text)))


# What registers call a unit, where its code does not say; the narrower word first.
_KIND_BY_WORD = (
    ("个体", "sole_trader"),
    ("集体经济组织", "cooperative"),
    ("经济合作社", "cooperative"),
    ("合作社", "cooperative"),
    ("事业", "institution"),
    ("机关", "institution"),
    ("社会团体", "social_organisation"),
    ("民办非企业", "social_organisation"),
    ("社会组织", "social_organisation"),
    ("基金会", "social_organisation"),
    ("工会", "social_organisation"),
    ("宗教", "social_organisation"),
    ("律师", "social_organisation"),
    ("村民委员会", "institution"),
    ("居民委员会", "institution"),
    ("企业", "enterprise"),
    ("公司", "enterprise"),
)


def kind_of(code: Code, said: str = "", employees: int = 0) -> str:
    """SubjectKind from the code's class (classes.csv), else from what the register says; a sole trader with staff is
    有雇工.

    社会保险法 art 10, 44: a sole trader who employs owes pension and injury insurance, one who does not is free.
    Without a code of 18 characters the register's word counts, then the old number, and what neither tells apart is
    an enterprise, as are most.
    """
    known = classes().get(code.credit[:2])
    if known:
        kind = (_by_word(said) if known.is_open else "") or known.kind
    else:
        kind = _by_word(said) or ("sole_trader" if code.legacy[6:7] in LEGACY_TRADERS else "enterprise")
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
