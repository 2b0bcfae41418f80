"""Telephone numbers, the last day of a contribution year, and when somebody may be reminded again. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?")
SOURCES: Mapping[str, str] = {"visit": "走访自报", "lead": "线索", "register": "社保名册"}


def plain_number(text: str) -> str:
    """The number without what people write between its digits, and without the country code.

    >>> plain_number("+86 138 0473 0012")
    '13804730012'
    """
    kept = re.sub(r"[\s()（）.]", "", text.strip())
    kept = re.sub(r"^(\+|00)86-?", "", kept)
    return kept.replace("-", "") if _MOBILE.fullmatch(kept.replace("-", "")) else kept


def is_phone(number: str) -> bool:
    return is_mobile(number) or bool(_LANDLINE.fullmatch(number))


def is_mobile(number: str) -> bool:
    """Whether a short message can reach it.

    >>> is_mobile("13804730012"), is_mobile("0473-2012345")
    (True, False)
    """
    return bool(_MOBILE.fullmatch(number))


def last_day(on: date, year_end: str) -> date:
    """The last day of the contribution year `on` falls in; `year_end` is its month and day, MM-DD.

    乌政〔2020〕17号 四(五)2: a lapse is reminded within the contribution year, after which nothing can be paid in.

    >>> last_day(date(2026, 11, 23), "12-31"), last_day(date(2026, 11, 23), "06-30")
    (datetime.date(2026, 12, 31), datetime.date(2027, 6, 30))
    """
    month, day = (int(part) for part in year_end.split("-"))
    this_year = date(on.year, month, day)
    return this_year if on <= this_year else date(on.year + 1, month, day)


def may_remind(reminded_on: date | None, today: date, gap_days: int) -> bool:
    """Whether enough days have passed: at most one reminder within `gap_days`.

    >>> may_remind(date(2026, 11, 1), date(2026, 11, 15), 15), may_remind(date(2026, 11, 1), date(2026, 11, 16), 15)
    (False, True)
    """
    return reminded_on is None or today - reminded_on >= timedelta(days=gap_days)


def lapsed_before(on: date, months: int) -> str:
    """The month (YYYY-MM) before which a last payment means a lapse of at least `months` whole months.

    The month `on` falls in is not yet due and does not count.

    >>> lapsed_before(date(2026, 2, 10), 3)
    '2025-11'
    """
    years, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return f"{years:04d}-{month + 1:02d}"


def in_words(sources: Sequence[str], paid_to: str) -> str:
    """Why somebody counts as lapsed.

    >>> in_words(["visit", "register"], "2026-05")
    '走访自报、社保名册：养老保险缴至2026-05'
    """
    words = "、".join(SOURCES[name] for name in sources)
    return f"{words}：养老保险缴至{paid_to}" if paid_to else f"{words}：今年中断缴费"


def reminder_text(name: str, until: date, phone: str, *, sample: bool, is_voluntary: bool = False) -> str:
    """What the message says; nothing but the name, the day and where to ask."""
    day = f"{until.year}年{until.month}月{until.day}日"
    asks = "养老保险缴费已中断，可以于" if is_voluntary else "社保缴费已中断，请于"
    does = "前恢复缴费" if is_voluntary else "前恢复缴费并如实申报"
    text = f"【人社】{name}：{asks}{day}{does}，过期当年费用无法补缴。咨询{phone}"
    return f"示例 {text}" if sample else text


def urging_text(name: str, number: str, phone: str, *, sample: bool) -> str:
    text = f"【人社】{name}：您单位的督促参保缴费告知书（{number}）已制发，请按期办理参保缴费。咨询{phone}"
    return f"示例 {text}" if sample else text
