"""What can be wrong with an uploaded table, and how it is said. Pure.

One cause is said once: the same words about several lines are one message that names them all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from grid.texts import Text

_MOST_NAMED: Final = 12
_ORDER: Final = {"settings": 0, "survey": 1, "choices": 2}

# code → what is said. The codes are stable, the words may change.
WORDS: Final[Mapping[str, Text]] = {
    "no-sheet": _("缺少“{value}”工作表"),
    "sheet-unsupported": _("手机不支持“{value}”工作表，请删除"),
    "no-column": _("“{sheet}”工作表缺少“{value}”列"),
    "column-unsupported": _("手机不支持“{value}”列，请清空"),
    "column-unknown": _("没有“{value}”这种列，是不是“{meant}”？只作备注的列请换个名称"),
    "column-twice": _("“{value}”列和“{other}”列是同一种列，请只留一列"),
    "cell-without-column": _("有内容在没有列名的列里，请补上列名或清空"),
    "translation-unsupported": _("“{value}”列：只支持一种语言，请每列只留一种，列名都不带语言"),
    "settings-missing": _("settings 工作表里没有填写 {value}"),
    "form-unknown": _("form_id “{value}”不是在用的表单；可用：{known}"),
    "version-malformed": _("version “{value}”应为 8 位日期（如 20261201），当天再改加两位序号"),
    "position-malformed": _("asks_position 只能填 never 或 once"),
    "type-missing": _("没有填写 type（题型）"),
    "unknown-type": _("题型“{value}”手机不支持"),
    "unknown-list": _("选项组“{value}”在 choices 工作表里没有"),
    "appearance-unsupported": _("appearance “{value}”会改变填写方式，手机不支持，请清空"),
    "name-missing": _("没有填写 name"),
    "name-malformed": _("name “{value}”只能用字母、数字和下划线，以字母开头"),
    "name-twice": _("name “{value}”在第 {other} 行已经用过"),
    "name-clash": _("name “{value}”是系统保留的名称"),
    "label-missing": _("“{value}”没有填写 label（题目文字）"),
    "cell-too-long": _("“{column}”列最多 {most} 个字符"),
    "cell-unprintable": _("“{column}”列里有看不见的控制字符，请清除后重填"),
    "expression-unreadable": _("{column} 的表达式读不懂：{value}"),
    "expression-too-long": _("{column} 的表达式太长：连同外层分组的条件，最多 {letters} 个字符、{words} 个词"),
    "expression-too-deep": _("{column} 的括号套得太深：连同外层分组的条件，最多 {most} 层"),
    "pattern-refused": _("{column} 的 regex() 规则“{value}”不能用：{why}"),
    "circle": _("条件或计算绕成一圈，ODK Collect 打不开这样的表单：{value}。请去掉其中一处引用"),
    "reference-unknown": _("{column} 引用了不存在的题目“{value}”"),
    "reference-empty": _("{column} 引用了“{value}”，它是分组、重复组或说明文字，没有答案，条件永远不会按预期成立"),
    "reference-in-choice": _("选项文字里不能引用题目的答案：{value}"),
    "column-idle": _("“{column}”列对“{value}”不起作用，请清空"),
    "bound-malformed": _("{column} 应为 0 到 {most} 之间的整数"),
    "repeat-in-repeat": _("重复组里不能再套重复组"),
    "unbalanced": _("“{value}”没有成对的开头或结尾"),
    "choice-twice": _("选项“{value}”在同一组里重复"),
    "choice-malformed": _("选项要有 list_name、name 和 label，name 不能有空格"),
    "outcome-unknown": _("走访结果“{value}”不在规定的七种之内"),
    "too-many-questions": _("题目太多：最多 {value} 题"),
    "too-many-choices": _("选项太多：各题选项合计最多 {value} 个"),
    "form-too-large": _("整张表单太大：最多 {value} 个字符，请缩短题目、提示和选项文字"),
    "too-much-to-reckon": _("条件和计算太多，手机会卡顿：合计 {value}，最多 {most}（重复组里的按 50 条计），请简化"),
    "not-understood": _("“{value}”里有手机不支持的内容：{part}"),
    "broken-table": _("表格不能编译：{value}"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong; `line` is 0 where no single line is to blame, `also` are further lines of the same cause."""

    sheet: str
    line: int
    code: str
    facts: tuple[tuple[str, str], ...] = ()
    also: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        return str(WORDS[self.code]).format(sheet=self.sheet, **dict(self.facts))

    @property
    def lines(self) -> str:
        """The lines in words: `7、9、12`; nothing where no line is to blame."""
        numbers = [str(number) for number in (self.line, *self.also) if number]
        shown = "、".join(numbers[:_MOST_NAMED])
        if len(numbers) <= _MOST_NAMED:
            return shown
        return _now("{lines} 等共 {count} 行").format(lines=shown, count=len(numbers))


def wrong(sheet: str, line: int, code: str, **facts: object) -> Wrong:
    return Wrong(sheet, line, code, tuple((name, str(value)[:200]) for name, value in facts.items()))


def once(found: Iterable[Wrong]) -> list[Wrong]:
    """The same words about several lines of a sheet as one, in the order of sheets and lines."""
    kept: dict[tuple[str, str, tuple[tuple[str, str], ...]], Wrong] = {}
    for mistake in found:
        key = (mistake.sheet, mistake.code, mistake.facts)
        first = kept.get(key)
        if first is None:
            kept[key] = mistake
        elif mistake.line not in (first.line, *first.also):
            kept[key] = replace(first, also=(*first.also, mistake.line))
    return sorted(kept.values(), key=lambda mistake: (_ORDER.get(mistake.sheet, len(_ORDER)), mistake.line))
