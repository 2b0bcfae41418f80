"""Who answers for whom, by when, and what may be attached: on plain values.

乌政〔2020〕17号 五(二)6: 行业主管部门负责督促本部门管理的企业履行参保义务，配合做好参保情况核查.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

DAY: Final = timedelta(days=1)
MOST_FILES: Final = 5
MOST_BYTES: Final = 10 * 1024 * 1024

# Ticked unless the sender decides otherwise: enough to find the unit, nothing of what was found there.
USUAL = ("name", "code", "address")

# How a file begins, and the endings that may stand behind such a beginning. CSV has no beginning of its own.
_BEGINNINGS: Final[tuple[tuple[bytes, tuple[str, ...]], ...]] = (
    (b"%PDF-", ("pdf",)),
    (b"\xff\xd8\xff", ("jpg", "jpeg")),
    (b"\x89PNG\r\n\x1a\n", ("png",)),
    (b"PK\x03\x04", ("docx", "xlsx")),
    (b"\xd0\xcf\x11\xe0", ("doc", "xls")),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A department as far as naming it needs: its code, its full name, what districts call it."""

    code: str
    name: str
    stems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An industry authority for a subject, and the reason in words. `first`: the one that manages it."""

    code: str
    why: str
    first: bool


def department_named(text: str, known: Iterable[Named]) -> str:
    """The code of the department a posting names, empty when none is known by it.

    A district's posting says 海勃湾区税务局: the longest known stem it ends with decides.
    """
    text, best, found = text.strip(), 0, ""
    if not text:
        return ""
    for named in known:
        if text == named.name:
            return named.code
        for stem in named.stems:
            if text.endswith(stem) and len(stem) > best:
                best, found = len(stem), named.code
    return found


def final_successor(code: str, successors: Mapping[str, str]) -> str:
    """Who carries the duties of `code` today: the end of the chain of successors."""
    seen = {code}
    while (after := successors.get(code, "")) and after not in seen:
        code = after
        seen.add(code)
    return code


def authorities(
    industry: str, kind: str, kind_label: str, departments: Iterable[tuple[str, Sequence[Mapping[str, Any]], str]]
) -> list[Suggestion]:  # fmt: skip
    """Departments that answer for a subject, the nearest first.

    `departments`: (code, what each answers for, basis). The longest prefix of GB/T 4754 wins; a department that
    is asked beside the managing one (尘肺病重点行业) comes after those that manage. Deterministic: equals keep
    the order of the table.
    """
    digits = industry.lstrip("ABCDEFGHIJKLMNOPQRST")
    found: list[tuple[int, int, Suggestion]] = []
    for code, answers_for, basis in departments:
        fits = [fit for answer in answers_for if (fit := _fit(answer, digits, kind, kind_label))]
        if fits:
            first, length, why = max(fits, key=lambda fit: (fit[0], fit[1]))
            words = _("{why}，依据 {basis}").format(why=why, basis=basis)
            found.append((-first, -length, Suggestion(code, words, bool(first))))
    found.sort(key=lambda ranked: ranked[:2])
    return [suggestion for _first, _length, suggestion in found]


def _fit(answer: Mapping[str, Any], digits: str, kind: str, kind_label: str) -> tuple[int, int, str] | None:
    first = int(answer.get("first", True))
    prefixes = [prefix for prefix in answer.get("prefixes", ()) if digits and digits.startswith(prefix)]
    if prefixes:
        longest = max(prefixes, key=len)
        words = _("行业代码 {code} 属于 {prefix}（{what}）")
        return first, len(longest), words.format(code=digits, prefix=longest, what=answer["what"])
    if kind in answer.get("kinds", ()):
        return first, 1, _("对象类型“{kind}”属于{what}").format(kind=kind_label, what=answer["what"])
    return None


def days_before(due_on: date, count: int, works: Callable[[date], bool]) -> date:
    """The day `count` working days before `due_on`: when the one reminder is sent."""
    day = due_on
    while count > 0:
        day -= DAY
        count -= works(day)
    return day


def file_kind(name: str, beginning: bytes) -> str:
    """pdf, jpg, png, docx, xlsx, doc, xls or csv, by what the file is and not only by its name; empty: not taken."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    for begins, endings in _BEGINNINGS:
        if beginning.startswith(begins):
            return {"jpeg": "jpg"}.get(ending, ending) if ending in endings else ""
    return "csv" if ending == "csv" and b"\x00" not in beginning else ""


def figures_fit(checked: int | None, insured: int | None) -> bool:
    """Those insured are among those checked."""
    return insured is None or (checked is not None and 0 <= insured <= checked)
