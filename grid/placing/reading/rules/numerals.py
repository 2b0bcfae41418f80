"""Numbers as addresses write them. Pure."""

_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "O": 0}


def number_in(text: str) -> int:
    """The number a text writes in digits or in Chinese numerals; 0 where it writes none.

    >>> [number_in(text) for text in ("74", "九十三", "十二", "一百零五", "一一O", "〇")]
    [74, 93, 12, 105, 110, 0]
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if not any(letter in text for letter in "十百"):
        return int("".join(str(_DIGITS.get(letter, "")) for letter in text) or 0)
    total = 0
    current = 0
    for letter in text:
        if letter in "十百":
            total += (current or 1) * (10 if letter == "十" else 100)
            current = 0
        else:
            current = _DIGITS.get(letter, 0)
    return total + current
