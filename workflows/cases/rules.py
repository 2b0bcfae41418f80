"""Names and order of a case: plain values in, plain values out."""

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.findings.rules import Facts, Known, measures_owed

# Initials of the districts' names in pinyin and W for 乌海; part of every case code ever given.
CODE_PREFIXES: Mapping[str, str] = {"150302": "HBW", "150303": "HNQ", "150304": "WDQ"}

# The lawful path as drawn on the page. States beside it (correction, healed …) are drawn on top of it.
PATH: tuple[str, ...] = (
    "street_approval",
    "district_approval",
    "urging",
    "term",
    "escalated",
    "inspected",
    "penalised",
    "listing_proposed",
    "defence",
    "listing_review",
    "listing_district",
    "listing_city",
    "listing_service",
    "publication",
    "published",
    "removed",
)
# A clock, a proceeding or a register moves these on, or nothing does any more.
WAITING: frozenset[str] = frozenset(
    (
        "term", "audited", "inspected", "published", "removed", "healed", "withdrawn", "not_listed", "not_penalised",
        "performed", "transferred",
    )
)  # fmt: skip
LISTING_STATES: frozenset[str] = frozenset(PATH[PATH.index("listing_proposed") :])


def code_prefix(area: str) -> str:
    """The letters of a case code; a district that is not in the table is written as its own code."""
    return CODE_PREFIXES.get(area[:6], area[:6])


def case_code(prefix: str, year: int, number: int) -> str:
    """
    >>> case_code("HBW", 2026, 1)
    'HBW-2026-000001'
    """
    return f"{prefix}-{year}-{number:06d}"


def matter(measures: Sequence[Mapping[str, str]]) -> list[str]:
    """What a case is about, in the words of its measures, each once."""
    return list(dict.fromkeys(m["measure"] for m in measures))


def is_visit_question(returned_to: str) -> bool:
    """Whether a return at this state goes to the door again; later ones concern the file at the desk."""
    return returned_to in ("street_approval", "district_approval")


def is_rectified(outcome: str, answers: Mapping[str, Any], insured: int) -> bool:
    """Whether what was seen at the door would call for nothing if `insured` heads had been insured that day.

    The heads counted at the door stay the measure (乌政〔2020〕17号 四(二)2 检查不漏一户、参保不漏一人): a register
    that shows some of them does not close the case. What no head count answers (a base too low, a lapse)
    stays owed until a new visit or its own lead says otherwise.
    """
    seen = {**answers, "insured_seen": insured}
    return not measures_owed(Facts(outcome, seen, Known(insured=insured)))


def is_urgent(state: str) -> bool:
    """States in which somebody must act; in the others a clock or a register does."""
    return state not in WAITING
