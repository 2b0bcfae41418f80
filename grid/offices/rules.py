"""What an office has to say of itself, which of them an area needs, and whose word stands in a number. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grid.texts import Text

FIELDS: Final[Mapping[str, Text]] = {
    "name": _lazy("全称"),
    "word": _lazy("代字"),
    "address": _lazy("地址"),
    "phone": _lazy("电话"),
    "seal": _lazy("印章名称"),
}
# What each part has to say; what is in neither list is left empty.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "authority": ("name", "word", "address", "phone"),
    "agency": ("name", "word"),
    "tax": ("name",),
    "office": ("name",),
    "review_body": ("name",),
    "court": ("name",),
    **dict.fromkeys(("inspectorate", "audit_desk", "legal_desk"), ("name", "address", "phone")),
    "cases": ("word",),
}
ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    **ASKED,
    "authority": tuple(FIELDS),
    "agency": tuple(FIELDS),
    **dict.fromkeys(("tax", "office", "review_body", "court"), ("name", "address", "phone")),
    "cases": ("name", "word"),
}
# What the papers of an area name: the city lists and repairs, a district does all before that.
CITY_NEEDS: Final = ("authority", "legal_desk", "office", "review_body", "court")
DISTRICT_NEEDS: Final = (
    "authority", "inspectorate", "agency", "audit_desk", "tax", "office", "review_body", "court", "cases",
)  # fmt: skip
LONGEST: Final[Mapping[str, int]] = {"name": 60, "word": 12, "address": 100, "phone": 30, "seal": 60}
_DISTRICT: Final = 6
_CITY: Final = 4
# The word of an office in its numbers, 某人社; the letters before a case's year, SLA.
_WORD: Final = re.compile(r"[\u4e00-\u9fff]{2,12}")
_LETTERS: Final = re.compile(r"[A-Z]{2,5}")
_PHONE: Final = re.compile(r"[0-9０-９()（）+ \-—转]{3,30}")


def office_area(area: str) -> str:
    """The area whose office answers for `area`: its district, or the city.

    >>> office_area("990201001002"), office_area("9902")
    ('990201', '9902')
    """
    return area[:_DISTRICT] if len(area) >= _DISTRICT else area[:_CITY]


def needed_at(area: str) -> tuple[str, ...]:
    return DISTRICT_NEEDS if len(area) == _DISTRICT else CITY_NEEDS


def may_have_office(area: str, city: str) -> bool:
    """
    >>> [may_have_office(area, "9902") for area in ("9902", "990201", "990301", "990201001")]
    [True, True, False, False]
    """
    return area == city or (len(area) == _DISTRICT and area.startswith(city))


def flaws(part: str, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the fields of an office, by field."""
    found = {name: _("须填写") for name in ASKED[part] if not given.get(name)}
    for name in FIELDS:
        value = given.get(name, "")
        if value and name not in ALLOWED[part]:
            found[name] = _("这一种类不填")
        elif not value.isprintable():
            found[name] = _("有不能显示的字符")
        elif len(value) > LONGEST[name]:
            found[name] = _("不能超过 {most} 个字").format(most=LONGEST[name])
    if "word" not in found and (word := given.get("word")):
        if part == "cases" and not _LETTERS.fullmatch(word):
            found["word"] = _("须是 2 至 5 个大写字母")
        elif part != "cases" and not _WORD.fullmatch(word):
            found["word"] = _("须是 2 至 12 个汉字")
    if given.get("phone") and "phone" not in found and not _PHONE.fullmatch(given["phone"]):
        found["phone"] = _("不是电话号码")
    return found


@dataclass(frozen=True, slots=True)
class Entered:
    """One office as it is typed in or stands in a file. `fields`: some of FIELDS."""

    area: str
    part: str
    fields: Mapping[str, str]
    valid_from: date


def completed(given: Mapping[str, str]) -> dict[str, str]:
    """All fields, trimmed; an office with a word and no name is called by the word.

    >>> completed({"word": " SLA "})
    {'name': 'SLA', 'word': 'SLA', 'address': '', 'phone': '', 'seal': ''}
    """
    fields = {name: given.get(name, "").strip() for name in FIELDS}
    return fields | {"name": fields["name"] or fields["word"]}


@dataclass(frozen=True, slots=True)
class Worded:
    """Whose a word is: the same office may carry it again, another never."""

    area: str
    part: str
    word: str


def word_taken(new: Worded, others: Iterable[Worded]) -> Worded | None:
    """The other office that has the word of `new`, today or ever: numbers given under it stay its own.

    >>> word_taken(Worded("990202", "cases", "SLA"), [Worded("990201", "cases", "SLA")]).area
    '990201'
    >>> word_taken(Worded("990201", "cases", "SLA"), [Worded("990201", "cases", "SLA")]) is None
    True
    """
    if not new.word:
        return None
    same = (
        other
        for other in others
        if other.word == new.word and (other.area, other.part) != (new.area, new.part)
    )
    return next(same, None)


def begins_on(valid_from: date, today: date, *, has_forerunner: bool) -> date:
    """From when a row counts that is confirmed today: one in force before it is replaced from today on at the
    earliest, for its papers of the days between are written."""
    return max(valid_from, today) if has_forerunner else valid_from
