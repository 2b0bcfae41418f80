"""What is announced, when, and how much of a person it shows (人社部令第29号)."""

from datetime import date, timedelta

from workflows.listing.rules import masked, masked_name

# Kinds of subjects whose name is a natural person's business: the head is its owner.
OF_A_PERSON = frozenset({"sole_trader", "sole_trader_employing"})


def quarter_of(day: date) -> tuple[int, int]:
    """
    >>> quarter_of(date(2026, 4, 1))
    (2026, 2)
    """
    return day.year, (day.month - 1) // 3 + 1


def quarter_end(day: date) -> date:
    """The last day of the quarter: cities and districts publish each quarter (人社部令第29号 第六条, 市县每季度).

    >>> quarter_end(date(2026, 11, 23))
    datetime.date(2026, 12, 31)
    """
    year, quarter = quarter_of(day)
    first_after = date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)
    return first_after - timedelta(days=1)


def shown_name(name: str, head: str, kind: str) -> str:
    """单位全称 as the rule asks; a sole trader without a business name bears that of its owner.

    >>> shown_name("张三丰", "张三丰", "sole_trader_employing")
    '张**'
    """
    return masked_name(name) if kind in OF_A_PERSON and name.strip() == head.strip() else masked(name)


def shown_head(head: str, kind: str) -> str:
    """法定代表人 of a company by name; the owner of a sole trader is a natural person and is masked."""
    return masked_name(head) if kind in OF_A_PERSON else masked(head)


def private_names(head: str, kind: str) -> list[str]:
    """Names that may stand in what was written and are a natural person's: the owner of a sole trader."""
    return [head] if kind in OF_A_PERSON else []


def shown_address(address: str, kind: str) -> str:
    """A sole trader's address may be a home: it ends at the road."""
    return "" if kind in OF_A_PERSON else masked(address)
