"""Numbers of documents, and from which day a service counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from grid.calendar.rules import Workdays, due_on

# What a preview shows where its number will stand.
BLANK = "__"


def number_text(series: str, year: int, number: int | str) -> str:
    """
    >>> number_text("乌海勃人社督告", 2026, 3)
    '乌海勃人社督告〔2026〕3号'
    """
    return f"{series}〔{year}〕{number}号"


def corrected(values: Any, wrong: str, right: str) -> Any:
    """The values of a document with a slip of the pen put right wherever it stands; its head is left alone.

    >>> corrected({"letter": {"number": "3号"}, "found": ["职工13人。"]}, "13", "12")
    {'letter': {'number': '3号'}, 'found': ['职工12人。']}
    """
    if not wrong:
        return values
    if isinstance(values, str):
        return values.replace(wrong, right)
    if isinstance(values, list):
        return [corrected(item, wrong, right) for item in values]
    if isinstance(values, dict):
        return {
            name: inner if name == "letter" else corrected(inner, wrong, right)
            for name, inner in values.items()
        }
    return values


def public_from(put_up_on: date, public_days: int, days: Workdays) -> date:
    """The day from which a public notice counts as served (民诉法 第95条 through 处罚法 第61条): when `public_days` have
    passed since it was put up, and never a day off (民诉法 第85条), for a term that began too early would harm the party.

    Every other way counts from its own day: the day somebody signed for it, it was left, stands on the postal slip, or
    it arrived in the addressee's system (民诉法 第87至94条). Terms run from the day after.

    >>> public_from(date(2026, 2, 13), 30, Workdays())
    datetime.date(2026, 3, 16)
    """
    due = due_on(put_up_on, public_days, "d", days)
    assert due is not None  # nothing pauses it
    return due


def is_plausible(issued_on: date, served_on: date, today: date) -> bool:
    """Nothing is served before it was issued, and nothing is recorded before it happened."""
    return issued_on <= served_on <= today


# What each way of serving has to put on record, by the names of the fields.
PROOFS: Mapping[str, tuple[str, ...]] = {
    "direct": ("receiver",),  # 第88条: who took it
    "left": ("refused_why", "witness"),  # 第89条: why it was refused, and who saw it left
    "electronic": ("reference", "agreed_on", "media"),  # 第90条: the consent signed before, and the system
    "commissioned": ("through", "receiver"),  # 第91条: whom the office asked, and who took it
    "mail": ("reference", "receiver"),  # 第91条: the slip, whose date counts
    "passed_on": ("through", "receiver"),  # 第92至94条: the unit or prison that passes it on
    "public": ("media", "reasons"),  # 第95条: where, and why no other way was left
}


# Ways by which our own people hand it over.
BY_HAND = frozenset({"direct", "left"})
SERVERS = ("server_1", "server_2")


def lacking(
    way: str, given: Mapping[str, object], *, shown: bool = False, at_door: bool = False, by_two: bool = False
) -> list[str]:
    """The fields that a service of this `way` still has to fill (民诉法 第87至95条 through 处罚法 第61条).

    `shown`: photos of it stand for a witness. `at_door`: the visit itself tells how the refusal went. `by_two`: what
    orders or punishes is handed over by two officers, each with a card (处罚法 第42条第一款).
    """
    spared = {"witness"} if shown else set()
    spared |= {"refused_why"} if at_door else set()
    asked = (*PROOFS[way], *(SERVERS if by_two and way in BY_HAND else ()))
    said = {name: str(given.get(name) or "").strip() for name in asked}
    if said.get("server_2") and said["server_2"] == said["server_1"]:
        said["server_2"] = ""
    return [name for name in asked if name not in spared and not said[name]]


def agreed_too_late(way: str, agreed_on: date | None, served_on: date) -> bool:
    """Electronic service needs a consent signed no later than its day (处罚法 第61条第二款)."""
    return way == "electronic" and agreed_on is not None and agreed_on > served_on


# --- handed over at the door ---------------------------------------------------------------------

# What may be chosen at the door, as the law knows it; any other word is no service.
DOOR_WAYS: Mapping[str, str] = {"direct": "direct", "agent": "direct", "left": "left"}
_LONG, _SHORT = 200, 60


@dataclass(frozen=True, slots=True)
class Handed:
    """What a visit of the service form says. `way` is empty where nothing was served."""

    number: str
    way: str
    receiver: str = ""
    relation: str = ""
    refused_why: str = ""
    signatures: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    witness: str = ""
    witness_2: str = ""
    remark: str = ""


def handed_over(
    outcome: str, answers: Mapping[str, object], relations: Mapping[str, str] | None = None
) -> Handed:
    """Answers as they came, of whatever type, as what a slip of service can hold. `relations` are the words of
    the form's choices of who took it."""

    def words(name: str, length: int = _SHORT) -> str:
        value = answers.get(name)
        return " ".join(str(value).split())[:length] if isinstance(value, str | int | float) else ""

    first, second = words("witness_1"), words("witness_2")
    relation = words("relation", 40)
    return Handed(
        number=words("notice"),
        way=DOOR_WAYS.get(words("way"), "") if outcome == "done" else "",
        receiver=words("recipient"),
        relation=(relations or {}).get(relation, relation),
        refused_why=words("refused_reason", _LONG),
        signatures=_hashes(answers.get("signature")),
        photos=_hashes(answers.get("photo")),
        witness=first or second,
        witness_2=second if first else "",
        remark=words("service_note", _LONG),
    )


def _hashes(value: object) -> tuple[str, ...]:
    found = value if isinstance(value, list) else [value]
    return tuple(item for item in found if isinstance(item, str) and item)


def lacks(handed: Handed) -> list[str]:
    """What the law asks of this service and the visit does not hold.

    Handed over: who took it, and the signature on the slip, or a photo of the signed one (民诉法 第87、88条).
    Left: a witness, or photos that show it (民诉法 第89条).
    """
    if handed.way == "direct":
        missing = [] if handed.receiver else ["receiver"]
        return missing if handed.signatures or handed.photos else [*missing, "signature"]
    return [] if handed.witness or handed.photos else ["witness"]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a visit of the service form meets on arrival. Times are on our clock, days are the city's."""

    at: datetime
    day: date
    today: date
    is_known: bool = True
    is_withdrawn: bool = False
    is_same_subject: bool = True
    issued_on: date | None = None
    served_on: date | None = None
    served_at: datetime | None = None
    is_asked: bool = True
    # Its word came after the end of its authority; the time its phone tells cannot be true.
    is_held: bool = False
    is_doubted: bool = False


def fate_of(handed: Handed, found: Circumstances) -> tuple[str, str]:
    """(fate, reason): what becomes of the visit. Only `served` makes a service; no answer is a refusal.

    What was served before stands, for the party relies on its term; a visit that says it happened earlier
    than that waits for a named person.
    """
    if not handed.way:
        return "attempted", ""
    if not found.is_known:
        return "waiting", "unknown-notice"
    if found.is_withdrawn:
        return "waiting", "withdrawn"
    if not found.is_same_subject:
        return "waiting", "other-subject"
    if found.served_on is not None:
        return (
            ("waiting", "served-later")
            if found.is_doubted or _is_earlier(found)
            else ("kept", "served-before")
        )
    if found.is_held:
        return "waiting", "held"
    if (
        found.is_doubted
        or found.issued_on is None
        or not is_plausible(found.issued_on, found.day, found.today)
    ):
        return "waiting", "wrong-date"
    if lacks(handed):
        return "waiting", "incomplete"
    return ("served", "") if found.is_asked else ("waiting", "not-asked")


def _is_earlier(found: Circumstances) -> bool:
    if found.served_at is not None:
        return found.at < found.served_at
    return found.served_on is not None and found.day < found.served_on
