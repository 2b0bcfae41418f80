"""Numbers of documents, and from which day a service counts."""

from datetime import date, timedelta

# The word each office puts into its numbers, and the word of each kind of document.
OFFICE_WORDS: dict[str, str] = {
    "1503": "乌人社",
    "150302": "乌海勃人社",
    "150303": "乌海南人社",
    "150304": "乌达人社",
}
KIND_WORDS: dict[str, str] = {
    "urging": "督告",
    "order": "监令",
    "penalty": "罚记",
    "listing_notice": "失信告",
    "listing_decision": "失信决",
    "removal": "失信移",
}
# Which office signs: the city lists and removes, the district does all before.
CITY_KINDS: frozenset[str] = frozenset({"listing_decision", "removal"})


def office_of(kind: str, area: str) -> str:
    """Code of the area whose office issues a document of `kind` about somebody in `area`."""
    return area[:4] if kind in CITY_KINDS else area[:6]


def series(kind: str, office: str) -> str:
    """One row of numbers per office and kind of document.

    >>> series("urging", "150302")
    '乌海勃人社督告'
    """
    return OFFICE_WORDS.get(office, office) + KIND_WORDS[kind]


def number_text(series: str, year: int, number: int) -> str:
    """
    >>> number_text("乌海勃人社督告", 2026, 3)
    '乌海勃人社督告〔2026〕3号'
    """
    return f"{series}〔{year}〕{number}号"


def effective_on(way: str, served_on: date, public_days: int) -> date:
    """The day a service counts as done (民诉法 第87至95条 through 处罚法 第61条).

    Handing over, leaving, posting and electronic arrival count on their day; a public notice counts as
    served when `public_days` have passed since it was put up. Terms run from the day after.
    """
    return served_on + timedelta(days=public_days) if way == "public" else served_on


def is_plausible(issued_on: date, served_on: date, today: date) -> bool:
    """Nothing is served before it was issued, and nothing is recorded before it happened."""
    return issued_on <= served_on <= today


def needs_receiver(way: str) -> bool:
    """A handed-over, posted or electronic document has somebody who took it (民诉法 第88、90、91条)."""
    return way in ("direct", "mail", "electronic")


def needs_witness(way: str) -> bool:
    """Leaving a document needs a witness (民诉法 第89条)."""
    return way == "left"
