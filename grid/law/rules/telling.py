"""A table of the law, told in words: what a reader sees of it, who should not have to read its notation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.law.rules import CODES
from grid.law.rules.outcomes import OUTCOME_WORDS

# The names tables use, as people read them.
WORDS = CODES | {
    "unit": gettext_lazy("单位"),
    "person": gettext_lazy("个人"),
    "unregistered": gettext_lazy("未依法办理社会保险登记"),
    "missed": gettext_lazy("未为部分职工办理社会保险登记"),
    "unpaid": gettext_lazy("未按时足额缴纳社会保险费"),
    "concealed": gettext_lazy("瞒报工资总额或者职工人数"),
    "obstruction": gettext_lazy("抗拒、阻挠劳动保障监察"),
    "defiance": gettext_lazy("经责令改正拒不改正"),
    "before_filing": gettext_lazy("立案前已改正"),
    "in_term": gettext_lazy("责令期限内改正"),
    "after_term": gettext_lazy("责令期限届满后改正"),
    "never": gettext_lazy("至今未改正"),
    "review": gettext_lazy("行政复议"),
    "suit": gettext_lazy("行政诉讼"),
    # The ways of placing (placing.sure).
    "threshold": gettext_lazy("免人工确认的界限"),
    "text": gettext_lazy("地址写明"),
    "alias": gettext_lazy("以往人工归格"),
    "name": gettext_lazy("地名库的名称"),
    "segment": gettext_lazy("地名库的路段"),
    "road": gettext_lazy("地名库的整条道路（只到社区）"),
    "slip": gettext_lazy("与已知名称差一个字"),
    "clash": gettext_lazy("名称与同写的道路不符"),
    "records": gettext_lazy("其他名册的地址"),
    "neighbour": gettext_lazy("同路同号已归格的对象"),
    "position": gettext_lazy("以往走访时的定位"),
    "geocoder": gettext_lazy("地理编码"),
    **OUTCOME_WORDS,
}


@dataclass(frozen=True)
class Line:
    """One line of a table, and what stands under it."""

    words: str
    under: tuple[str, ...] = ()


def lines_of(table: Mapping[str, object], unit: str = "") -> list[Line]:
    """
    >>> lines_of({"pension": {"unit": 0.16, "person": 0.08}}, "比例")
    [Line(words='养老保险：单位 16%，个人 8%', under=())]
    """
    return [_line(name, value, unit) for name, value in table.items()]


def _line(name: str, value: object, unit: str) -> Line:
    if isinstance(value, Mapping) and "breached" in value:
        return Line(_word(name), tuple(_violation_words(value)))
    if isinstance(value, Mapping) and "tiers" in value:
        words = _("{name}（{basis}）").format(name=_word(name), basis=value.get("basis", ""))
        return Line(words, tuple(tier_words(tier, value.get("unit", "")) for tier in value["tiers"]))
    if isinstance(value, Mapping):
        parts = "，".join(f"{_word(key)} {_amount(amount, unit)}" for key, amount in value.items())
        return Line(_("{name}：{parts}").format(name=_word(name), parts=parts))
    if isinstance(value, list):
        return Line(_("{name}：{parts}").format(name=_word(name), parts="、".join(map(_word, value)) or "—"))
    return Line(_("{name}：{parts}").format(name=_word(name), parts=_amount(value, unit)))


def tier_words(tier: Mapping[str, Any], unit: str) -> str:
    """
    >>> tier_words({"code": "84-2", "title": "一般", "when": {"amount_below": 100000}, "from": 1.5, "to": 2}, "times")
    '一般（84-2）：数额不满 100,000 元的，1.5 至 2 倍'
    """
    when = "，".join(_circumstance(name, asked) for name, asked in tier.get("when", {}).items())
    measure = _("倍") if unit == "times" else _("元")
    return _("{title}（{code}）：{when}，{low} 至 {high} {measure}").format(
        title=tier.get("title", ""), code=tier.get("code", ""), when=_("{when}的").format(when=when) if when else _("其他情形"),
        low=_number(tier.get("from", 0)), high=_number(tier.get("to", 0)), measure=measure,
    )  # fmt: skip


# What may be said of a violation, in the order in which it is told.
_OF_VIOLATION = {
    "title": gettext_lazy("定性"),
    "measures": gettext_lazy("据以认定的发现"),
    "breached": gettext_lazy("违反"),
    "order": gettext_lazy("责令依据"),
    "orders": gettext_lazy("责令内容"),
    "punish": gettext_lazy("处罚依据"),
}
_WAITS_FOR = {
    "order": gettext_lazy("本机关责令改正期限届满仍不改正的，才能处罚"),
    "any_order": gettext_lazy("本机关责令改正期限届满仍不改正的，才能处罚"),
    "tax_order": gettext_lazy("税务机关责令限期缴纳，逾期仍不缴纳的，才能处罚"),
}


def _violation_words(entry: Mapping[str, object]) -> Iterator[str]:
    for name, title in _OF_VIOLATION.items():
        said = entry.get(name, "")
        yield _("{title}：{said}").format(
            title=title, said="、".join(said) if isinstance(said, list) else said
        )
    if waits := _WAITS_FOR.get(str(entry.get("waits_for"))):
        yield str(waits)
    if entry.get("persons"):
        yield _("直接负责的主管人员和其他直接责任人员一并处罚")
    if not entry.get("reviewed"):
        yield _("处罚依据待法制审核")


_CIRCUMSTANCES: dict[str, Callable[[Any], str]] = {
    "first": lambda asked: _("初次违法") if asked else _("再次违法"),
    "obstructed": lambda asked: _("有阻挠、拒不配合情形") if asked else _("没有阻挠情形"),
    "corrected": lambda asked: _("或者").join(_word(step) for step in asked),
    "amount_below": lambda asked: _("数额不满 {n} 元").format(n=_number(asked)),
    "heads_below": lambda asked: _("涉及不满 {n} 人").format(n=_number(asked)),
}


def _circumstance(name: str, asked: object) -> str:
    say = _CIRCUMSTANCES.get(name)
    return say(asked) if say else f"{name} {asked}"


def _word(name: str) -> str:
    return str(WORDS.get(name, name))


def _number(value: object) -> str:
    return f"{Decimal(str(value)):,}"


def _amount(value: object, unit: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _word(value) if isinstance(value, str) else str(value)
    return (
        f"{(Decimal(str(value)) * 100).normalize():f}%"
        if unit == "比例"
        else f"{_number(value)} {unit}".strip()
    )
