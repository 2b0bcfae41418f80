"""How a Chinese legal document writes things down: sums in figures and capitals, full-width punctuation."""

import re
from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def figures(amount: Decimal) -> str:
    """`12,345.60 元`, `-600.00 元`: one way on every paper."""
    return f"{amount:,.2f} 元"


def capitals(amount: Decimal) -> str:
    """`壹万贰仟叁佰肆拾伍元陆角整`, by the rules for writing cheques (支付结算办法 附一); 0 ≤ amount < 10^16."""
    cents = int(amount * 100)
    if cents != amount * 100 or not 0 <= cents < 10**18:
        raise ValueError(f"not an amount a document can name: {amount}")
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{whole or '零元'}整"
    return whole + _tenths(jiao, fen, after_yuan=bool(yuan))


def _tenths(jiao: int, fen: int, *, after_yuan: bool) -> str:
    if not fen:
        return f"{_DIGITS[jiao]}角整"
    tenth = f"{_DIGITS[jiao]}角" if jiao else "零" * after_yuan
    return f"{tenth}{_DIGITS[fen]}分"


def _whole(number: int) -> str:
    """Groups of four, highest first; a gap of zeros, however long, is one 零."""
    words, gap = "", False
    for power in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10_000**power % 10_000
        if group:
            words += ("零" if words and (gap or group < 1000) else "") + _thousands(group) + _GROUPS[power]
        gap = not group
    return words


def _thousands(group: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if words and gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return words


_FULL_WIDTH = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in ",:;?!()"})
_CHINESE = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u201c\u201d]"
_LOOSE = re.compile(rf"(?<={_CHINESE})[,:;?!]|[,:;?!](?={_CHINESE})")
# Years and months as registers and screens write them; codes and telephone numbers are none.
_DAY = re.compile(r"(?<![\w-])((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?![\w-])", re.ASCII)
# Between a character and a number, and behind a day, the screens leave a blank; papers leave none.
_SPACED = re.compile(rf"(?<={_CHINESE}) (?=\d)|(?<=[\d年月日元]) (?={_CHINESE})", re.ASCII)
_PAIR = re.compile(rf"\((?=[^()]*{_CHINESE})([^()]*)\)|(?<={_CHINESE})\(([^()]*)\)")


def punctuated(text: str) -> str:
    """Prose with the punctuation beside Chinese characters in full width, as registers rarely have it.

    Numbers, times, codes and addresses keep theirs: `1,200元`, `18:00`; days and months are written out:
    `2026-05-07` is 2026年5月7日; no blank stays between a number and a character. For prose only: a registered name
    is printed as it was registered.
    """
    paired = _PAIR.sub(lambda found: f"（{found[1] or found[2] or ''}）", _DAY.sub(_written_out, text))
    return _SPACED.sub("", _LOOSE.sub(lambda found: found[0].translate(_FULL_WIDTH), paired))


def _written_out(found: re.Match[str]) -> str:
    month = f"{found[1]}年{int(found[2])}月"
    return f"{month}{int(found[3])}日" if found[3] else month
