"""One cell of a register to one value: texts, days, months, amounts and counts as departments write them. Pure.

Every reader raises ValueError for what it cannot read and gives an empty value for an empty cell; what a cell or its
header says of how it is to be read (a unit, a time zone, a century left out) is used, never passed over.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from grid.calendar.now import CITY_TIME
from grid.outside import is_digits
from grid.spelling import folded, visible

NO_VALUE: Final = "#FORMULA!"  # our own word for a formula that was never reckoned (grid/sheet_flaws.py)
_EMPTY: Final = frozenset(
    {
        "",
        "-",
        "—",
        "--",
        "——",
        "/",
        "\\",
        "*",
        "无",
        "暂无",
        "空",
        "(空)",
        "NULL",
        "null",
        "None",
        "N/A",
        "\\N",
        "nan",
    }
)
# As spreadsheets write what they could not reckon, in any of their languages, and a column too narrow for its number.
_ERROR: Final = re.compile(
    r"#[A-Z0-9/_.]{1,20}[!?？！]?|#{3,}|(?i:err:[0-9]{3})|#[\u4e00-\u9fff]{1,6}[!?！？]"
)


class ErrorText(ValueError):
    """The cell holds the error text of a spreadsheet instead of a value."""


class NoValue(ValueError):
    """The cell holds a formula whose value was never reckoned or not stored."""


def width(text: str) -> str:
    """NFKC without blanks around and what cannot be seen: full-width digits, brackets and commas become plain."""
    return text.strip() if text.isascii() else folded(visible(text)).strip()


def text_of(value: str) -> str:
    """The text of a cell, empty for the signs of an empty one. Raises ErrorText, NoValue.

    >>> text_of(" ＡＢ\\u2060 "), text_of("—"), text_of('="007"')
    ('AB', '', '007')
    """
    text = width(value)
    if text in _EMPTY:
        return ""
    if text[0] in "#eE=":
        return _without_formula(text)
    return text


def _without_formula(text: str) -> str:
    if text.startswith('="') and text.endswith('"') and text.count('"') == 2:
        return text[2:-1].strip()  # how one keeps a text a text in CSV
    if text == NO_VALUE or re.fullmatch(r"=\s*[-+]?\w[\w$.:!]*\s*([-+*/(].*)?", text):
        raise NoValue(text)
    if _ERROR.fullmatch(text):
        raise ErrorText(text)
    return text


# --- numbers in Chinese -------------------------------------------------------------------------------

_DIGITS: Final = {c: n for n, signs in enumerate(
    ("〇零○Ｏ", "一壹弌", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
) for c in signs}  # fmt: skip
_TENS: Final = {"十": 10, "拾": 10, "廿": 20, "卅": 30, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_NUMERAL: Final = "".join((*_DIGITS, *_TENS, *_MYRIADS))


def chinese_number(text: str) -> int:
    """Raises ValueError.

    >>> [chinese_number(t) for t in ("十二", "一百零五", "二〇二〇", "两千", "叁拾", "一万二千", "零", "廿三")]
    [12, 105, 2020, 2000, 30, 12000, 0, 23]
    """
    if not text or set(text) - set(_NUMERAL):
        raise ValueError(text)
    if not set(text) - set(_DIGITS):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = part = digit = 0
    last = 10**12
    for sign in text:
        if sign in _DIGITS:
            if digit:
                raise ValueError(text)
            digit = _DIGITS[sign]
        elif sign in _TENS:
            value = _TENS[sign]
            # 廿 and 卅 carry their own digit; of the others the greater stands first.
            if value >= last or (digit and value in (20, 30)):
                raise ValueError(text)
            part, digit, last = part + (digit or 1) * value, 0, 10 if value in (20, 30) else value
        else:
            if not part + digit:
                raise ValueError(text)
            total, part, digit, last = (total + part + digit) * _MYRIADS[sign], 0, 0, 10**12
    return total + part + digit


# --- days and months ----------------------------------------------------------------------------------

_NO_END: Final = frozenset((2999, 3000, 9999))
# A word of lasting, in a short text without digits: whatever else is said there, it names no day.
_LASTING: Final = re.compile(
    r"长期|長期|永久|永续|永續|终身|終身|长久|无限|無限|不限|不定期|[无無不未][固约約规規]?[定]|[无無](?![法效])[^，。,;；]{0,6}[期限]|没有[^，。,;；]{0,6}[期限]"
    r"|未(设|设定|载明)|∞|(?i:long[- ]?term|permanent|forever|indefinite|unlimited|no end)"
)
_LONGEST_LASTING: Final = 24
_ZONE: Final = r"(?:\s*(?P<zone>Z|z|UTC|GMT|CST|[-+]\d{2}:?\d{2}|[-+]\d{2}))?"
_CLOCK: Final = (
    r"(?:(?:\s+|T|(?<=日)|(?<=号))(?P<noon>上午|下午|[AaPp][Mm])?\s*(?P<h>\d{1,2})[:.时点]"
    r"(?:(?P<min>\d{1,2})(?:[:.分](?P<s>\d{1,2})(?:[.,]\d+)?秒?|分)?)?"
    r"\s*(?P<noon2>上午|下午|[AaPp][Mm])?" + _ZONE + r")?"
)
_FORMS: Final = (
    re.compile(r"(?P<y>\d{4})(?:\s*[-/.年]\s*(?P<m>\d{1,2})(?:\s*[-/.月]\s*(?P<d>\d{1,2})[日号]?|月)?)?年?" + _CLOCK),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _CLOCK),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})T(?P<h>\d{2})(?P<min>\d{2})(?P<s>\d{2})?" + _ZONE),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})"),
    # 20200501000000, with fractions of a second or without seconds.
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?P<h>\d{2})(?P<min>\d{2})(?:(?P<s>\d{2})(?:\.?\d+)?)?" + _ZONE),
    # Oracle in Chinese and in English, with a year of two or four digits: 01-5月 -20, 01-MAY-20.
    re.compile(
        r"(?P<d>\d{1,2})\s*[-/ ]\s*(?P<word>\d{1,2}月|[一二三四五六七八九十]{1,2}月|[A-Za-z]{3,9})\s*[-/ ]\s*(?P<y>\d{4}|\d{2})"
        + _CLOCK
    ),
    re.compile(r"(?P<word>[A-Za-z]{3,9})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})" + _CLOCK),
    # As Java prints a time: Fri May 01 00:00:00 CST 2020.
    re.compile(
        r"[A-Za-z]{3} (?P<word>[A-Za-z]{3}) (?P<d>\d{1,2}) (?P<h>\d{2}):(?P<min>\d{2}):(?P<s>\d{2})"
        r"(?: (?P<zone>[A-Z]{3}))? (?P<y>\d{4})"
    ),
)  # fmt: skip
_WEEKDAY: Final = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_NUMERALS: Final = re.compile(
    r"(?P<y>[〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖]{4})年(?:(?P<m>[〇零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3})月"
    r"(?:(?P<d>[〇零一二三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾]{1,4})[日号])?)?"
)
_MONTHS: Final = {name: n for n, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
)}  # fmt: skip


# A file names the same days, months and amounts again and again.
often = lru_cache(maxsize=20_000)


@often
def day_of(value: str) -> str:
    """`2004-8-2`, `20040802`, `20040802000000`, `2004年8月2日`, `02-8月 -04`, `二〇〇四年八月二日` → `2004-08-02`;
    `9999-9-9` → "" (no end). A month alone (`200408`) is its first day, a moment of another zone the day it was here.

    >>> day_of("2020-04-30T16:00:00Z"), day_of("01-MAY-20")
    ('2020-05-01', '2020-05-01')
    """
    text = text_of(value)
    return _day(text) if text else ""


def _day(text: str) -> str:
    text = _WEEKDAY.sub("", text)
    if (chinese := _NUMERALS.fullmatch(text)) is not None:
        parts = {name: chinese_number(sign) for name, sign in chinese.groupdict().items() if sign}
        return _named(parts["y"], parts.get("m", 1), parts.get("d", 1))
    for form in _FORMS:
        if (found := form.fullmatch(text)) is not None:
            return _of(found.groupdict())
    raise ValueError(text)


def _of(parts: dict[str, str | None]) -> str:
    word = (parts.get("word") or "").removesuffix("月")
    month = _month(word) if word else int(parts.get("m") or 1)
    year, day = int(parts["y"] or 0), int(parts.get("d") or 1)
    if len(parts["y"] or "") == 2:
        year += 2000 if year < 50 else 1900  # Oracle's RR
    zone = parts.get("zone")
    if not zone or zone == "CST":
        return _named(year, month, day)
    noon = f"{parts.get('noon') or ''}{parts.get('noon2') or ''}".lower()
    hour = int(parts.get("h") or 0) % (12 if noon else 24) + (12 if noon in ("下午", "pm") else 0)
    moment = datetime(year, month, day, hour, int(parts.get("min") or 0), tzinfo=_zone(zone))
    there = moment.astimezone(CITY_TIME)
    return _named(there.year, there.month, there.day)


def _month(word: str) -> int:
    if word.isascii() and word.isalpha():
        if word[:3].lower() not in _MONTHS:
            raise ValueError(word)
        return _MONTHS[word[:3].lower()]
    return int(word) if word.isascii() else chinese_number(word)


def _zone(text: str) -> timezone:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _named(year: int, month: int, day: int) -> str:
    if year in _NO_END:
        return ""
    read = date(year, month, day)
    if not 1800 < read.year < 2200:
        raise ValueError(read)
    return read.isoformat()


_YEAR: Final = re.compile(r"\d{4}年?")
_SPAN: Final = re.compile(r"(.+?)\s*(?:至|到|~|—|–| - |--)\s*(.+)")


def _lasts(text: str) -> bool:
    bare = re.sub(r"\s", "", text)
    return len(bare) <= _LONGEST_LASTING and not re.search(r"\d", bare) and bool(_LASTING.search(bare))


@often
def end_of(value: str) -> str:
    """As day_of, for the end of a term; the words for one that does not end give "" like `9999-12-31`, and of a term
    from one day to another the other counts.

    >>> end_of("长期"), end_of("无固定期限"), end_of("至2035年3月1日"), end_of("2015-03-01至长期")
    ('', '', '2035-03-01', '')
    """
    text = text_of(value)
    if not text or _lasts(text):
        return ""
    term = _SPAN.fullmatch(text)
    if term is not None:
        _day(term[1].removeprefix("自").removesuffix("起").strip())
        text = term[2]
        if _lasts(text):
            return ""
    return _day(text.removeprefix("至").removesuffix("止").strip())


@often
def month_of(value: str) -> str:
    """`202601`, `2026-1`, `2026-01-31`, `2026-01-01至2026-01-31` → `2026-01`; a span of several months is none.

    >>> month_of("2026-01-01 至 2026-01-31"), month_of("二〇二六年一月")
    ('2026-01', '2026-01')
    """
    text = text_of(value)
    if not text:
        return ""
    if _YEAR.fullmatch(text):
        raise ValueError(text)
    span = _SPAN.fullmatch(text)
    if span is None:
        return _day(text)[:7]
    first, last = (_day(part)[:7] for part in span.groups())
    if first != last:
        raise ValueError(text)
    return first


# --- amounts and counts -------------------------------------------------------------------------------

_TIMES: Final = {
    "十": 10, "拾": 10, "百": 100, "佰": 100, "千": 10**3, "仟": 10**3, "k": 10**3, "万": 10**4, "萬": 10**4, "w": 10**4,
    "十万": 10**5, "百万": 10**6, "佰万": 10**6, "m": 10**6, "千万": 10**7, "仟万": 10**7, "亿": 10**8, "億": 10**8,
    "十亿": 10**9, "百亿": 10**10,
}  # fmt: skip
TIMES: Final = "|".join(sorted(_TIMES, key=len, reverse=True))
_AMOUNT: Final = re.compile(
    rf"(?P<before>[A-Za-z$€£¥￥元人民币美港欧日英镑]*)(?P<number>[-+]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+|\d{{1,3}}(?:,\d{{4}})+)?(?:\.\d+)?)\s*"
    rf"[(\[]?(?P<unit>(?i:{TIMES}))?(?P<more>[^\d)\]]*)[)\]]?"
)
CURRENCIES: Final = (
    ("美", "USD"), ("usd", "USD"), ("$", "USD"), ("港", "HKD"), ("hkd", "HKD"), ("欧", "EUR"), ("eur", "EUR"),
    ("€", "EUR"), ("日", "JPY"), ("jpy", "JPY"), ("英", "GBP"), ("gbp", "GBP"), ("£", "GBP"), ("澳", "AUD"),
    ("aud", "AUD"),
)  # fmt: skip
_MONEY_WORDS: Final = re.compile(
    r"(?i:人民币|rmb|cny|[美港欧日英澳]|元|圆|镑|整|正|币|usd|hkd|eur|jpy|gbp|aud|[$€£¥￥]|\s)*"
)
_FINEST: Final = Decimal("0.000001")  # what is behind it is noise of binary fractions


def times_of(unit: str) -> Decimal:
    """
    >>> times_of("万"), times_of("")
    (Decimal('10000'), Decimal('1'))
    """
    return Decimal(_TIMES[unit.lower()]) if unit else Decimal(1)


def currency_of(words: str) -> str:
    return next((code for word, code in CURRENCIES if word in words.lower()), "CNY")


@often
def amount_of(value: str, unit: Decimal = Decimal(1), currency: str = "CNY") -> tuple[str, str]:
    """An amount in yuan (or its own currency) and the currency: `4,659(万)` → ("46590000", "CNY").

    `1,000(万美元)` → ("10000000", "USD"), `43万人民币` → ("430000", "CNY"), `(12.50)` → ("-12.5", "CNY"). `unit` and
    `currency` are what the header says; what the cell says itself goes before.

    >>> amount_of("12.5", Decimal(10_000)), amount_of("12.5元", Decimal(10_000)), amount_of("伍佰万元整")
    (('125000', 'CNY'), ('12.5', 'CNY'), ('5000000', 'CNY'))
    """
    text = text_of(value).replace(" ", "")
    if not text:
        return "", ""
    sign = 1
    if re.fullmatch(r"\([\d,.]+\)", text):
        sign, text = -1, text[1:-1]
    found = _AMOUNT.fullmatch(text)
    if found is None or not found["number"].strip("+-"):
        return _in_words(text)
    words = f"{found['before']}{found['more']}"
    if not _MONEY_WORDS.fullmatch(words):
        raise ValueError(value)
    own = found["unit"] or ("元" in words or "圆" in words)
    try:
        number = Decimal(found["number"].replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(value) from error
    factor = times_of(found["unit"] or "") if own else unit
    return digits(sign * number * factor), currency_of(words) if words and currency_of(
        words
    ) != "CNY" else currency


def _in_words(text: str) -> tuple[str, str]:
    plain = re.sub(r"^人民币|[元圆](整|正)?$", "", text)
    if plain == text and not set(text) & set("壹贰叁肆伍陆柒捌玖拾佰仟"):
        raise ValueError(text)
    return digits(Decimal(chinese_number(plain))), "CNY"


def digits(number: Decimal) -> str:
    """Plain digits without trailing zeros or exponent."""
    if number.as_tuple().exponent < _FINEST.as_tuple().exponent:  # type: ignore[operator]
        number = number.quantize(_FINEST)
    text = format(number, "f")
    text = (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    return "0" if text == "-0" else text


_PEOPLE: Final = re.compile(r"(?P<number>.+?)[(\[]?(?:人次|人|名|个|位|口|员|户|人数)?[)\]]?")
_WHOLE: Final = re.compile(r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(\.0+)?")
_FRACTION: Final = re.compile(r"\d{1,6}\.\d{1,4}")


def count_of(value: str, unit: Decimal = Decimal(1)) -> int | None:
    """A head-count: `12`, `12.0`, `12 人`, `12名`, `（12）`, `1,200`, `十二人`, `共12人`. None when empty. `unit`: what
    the header says (百人 is 100).

    >>> count_of("12 人"), count_of("（12）"), count_of("十二"), count_of("0.5", Decimal(100))
    (12, 12, 12, 50)
    """
    text = text_of(value)
    if unit == 1 and len(text) < 10 and is_digits(text):
        return int(text)
    text = re.sub(r"\s", "", text)
    if not text:
        return None
    if text[0] in "([" and text[-1] in ")]":
        text = text[1:-1]
    found = _PEOPLE.fullmatch(text.removeprefix("共").removeprefix("合计"))
    number = found["number"] if found else ""
    if _WHOLE.fullmatch(number) or (unit != 1 and _FRACTION.fullmatch(number)):
        count = Decimal(number.replace(",", "")) * unit
    else:
        count = Decimal(chinese_number(number)) * (unit if unit != 1 else 1)
    if count != count.to_integral_value() or count > 10**9:
        raise ValueError(value)
    return int(count)
