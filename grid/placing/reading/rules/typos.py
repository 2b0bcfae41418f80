"""Names that differ from a known one by one letter: a slip of the pen, never another number or direction. Pure."""

from collections.abc import Iterable
from typing import Final

LEAST: Final = 3  # letters: of two, one is half the name
# 新华东街 is not 新华西街 badly written, nor 二街坊 三街坊.
_TELLING: Final = frozenset(
    "0123456789〇零一二三四五六七八九十百甲乙丙丁东西南北中上下前后左右内外大小新老旧里"
)


class Similar:
    """Finds the known names one edit away: each is kept under itself and under itself with one letter left out."""

    def __init__(self, names: Iterable[str]) -> None:
        self._under: dict[str, set[str]] = {}
        for name in names:
            if len(name) >= LEAST:
                for short in _shortened(name):
                    self._under.setdefault(short, set()).add(name)

    def to(self, written: str) -> list[str]:
        """The known names that are `written` but for one letter changed, left out or added, in their order."""
        if len(written) < LEAST:
            return []
        near = {name for short in _shortened(written) for name in self._under.get(short, ())}
        return sorted(name for name in near if is_slip(written, name))


def is_slip(written: str, name: str) -> bool:
    """
    >>> is_slip("方元新村", "方圆新村"), is_slip("新华东街", "新华西街"), is_slip("二街坊", "三街坊")
    (True, False, False)
    >>> is_slip("博泰苑", "博泰佳苑"), is_slip("博泰佳苑", "博泰佳苑"), is_slip("佳博泰苑", "博泰佳苑")
    (True, False, False)
    """
    if written == name or abs(len(written) - len(name)) > 1:
        return False
    same = min(len(written), len(name))
    at = next((i for i in range(same) if written[i] != name[i]), same)
    gone, come = name[at : at + (len(name) >= len(written))], written[at : at + (len(written) >= len(name))]
    return written[at + len(come) :] == name[at + len(gone) :] and not _TELLING.intersection(gone + come)


def _shortened(name: str) -> list[str]:
    return [name, *(name[:at] + name[at + 1 :] for at in range(len(name)))]
