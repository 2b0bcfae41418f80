"""Names and order of a case: plain values in, plain values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tasks.findings.rules import Facts, measures_owed
from tasks.forms.rules import Known

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
# The columns of an inspection with the last day of the term its penalty set, the first that is filled in: a decision from
# before decisions ordered the correction has only the one to pay. Read in code and by the database's gate.
PENALTY_TERMS = ("correction_due_on", "due_on")
# In these the city hears the party of a listing.
CASE_HEARS = frozenset({"defence", "listing_review", "listing_district", "listing_city"})
LISTING_STATES: frozenset[str] = frozenset(PATH[PATH.index("listing_proposed") :])


def case_code(prefix: str, year: int, number: int) -> str:
    """
    >>> case_code("HBW", 2026, 1)
    'HBW-2026-000001'
    """
    return f"{prefix}-{year}-{number:06d}"


def is_visit_question(returned_to: str) -> bool:
    """Whether a return at this state goes to the door again; later ones concern the file at the desk."""
    return returned_to in ("street_approval", "district_approval")


class Confirming(StrEnum):
    """What the confirmation of a finding does to the case of its subject."""

    OPENS = "opens"  # a case of its own
    JOINS = "joins"  # the case that is under way, which stays where it is
    RESTS = "rests"  # the case whose visit holds no longer, which rests on this one from now on
    CORRECTS = "corrects"  # the case sent back to the door, which goes back to who returned it
    WITHDRAWS = "withdraws"  # the case sent back to the door, where nothing was found any more
    INFORMS = (
        "informs"  # the case whose listing's file was sent back: the facts are new, the inspector mends it
    )
    SETTLES = "settles"  # no case: the door counts as what was seen there


@dataclass(frozen=True)
class OpenCase:
    """What a confirmation asks of the subject's open case. `is_corrected`: the visit it rests on holds no longer once
    the finding does."""

    state: str
    returned_to: str = ""
    is_corrected: bool = False


def confirming(
    *, has_measures: bool, is_person: bool, is_ungrounded: bool = False, case: OpenCase | None = None
) -> Confirming:
    """What confirming a finding does. One without its ground concludes nothing about any case.

    A subject has one open case at a time. Persons and households are neither ordered nor fined for an insurance that
    is free to choose (社会保险法 第10条第2款), so no case is opened about them.
    """
    if is_ungrounded:
        return Confirming.SETTLES
    if case and case.state == "correction":
        if not is_visit_question(case.returned_to):
            return Confirming.INFORMS
        return Confirming.CORRECTS if has_measures else Confirming.WITHDRAWS
    if case and case.is_corrected:
        return Confirming.RESTS
    if not has_measures:
        return Confirming.SETTLES
    if case:
        return Confirming.JOINS
    return Confirming.SETTLES if is_person else Confirming.OPENS


def is_rectified(outcome: str, answers: Mapping[str, object], insured: int) -> bool:
    """Whether what was seen at the door would call for nothing if `insured` heads had been insured that day.

    The heads counted at the door stay the measure (乌政〔2020〕17号 四(二)2 检查不漏一户、参保不漏一人): a register
    that shows some of them does not close the case. What no head count answers (a base too low, a lapse)
    stays owed until a new visit or its own lead says otherwise.
    """
    seen = {**answers, "insured_seen": insured}
    return not measures_owed(Facts(outcome, seen, Known(insured=insured)))
