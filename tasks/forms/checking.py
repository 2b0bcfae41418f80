"""What is wrong with an uploaded table, line by line, in words. Pure.

Everything is said at once, so that a table is mended in one go; what pyxform itself refuses comes last.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tasks.forms import compiling
from tasks.forms.expressions import ExpressionError, compiled, references
from tasks.forms.reading import Line, Sheets, markdown
from tasks.forms.rules import MOST_ITEMS, OUTCOME, Form

MOST_QUESTIONS: Final = 100
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_VERSION: Final = re.compile(r"\d{8}(\d{2})?")
_PLAIN: Final = frozenset(
    {"integer", "decimal", "text", "date", "time", "note", "calculate", "image", "photo", "geopoint"}
)
_SELECTS: Final = ("select_one", "select_multiple")
_BEGIN: Final = {"begin group", "begin_group", "begin repeat", "begin_repeat"}
_END: Final = {"end group", "end_group", "end repeat", "end_repeat"}
_EXPRESSIONS: Final = ("relevant", "constraint", "calculation", "repeat_count")
_NOT_HERE: Final = ("choice_filter", "trigger", "default", "read_only", "media", "relevance")
_RESERVED: Final = frozenset({"meta", "instanceid", compiling.ROOT, "position"})

# code → what is said. The codes are stable, the words may change.
WORDS: Final[Mapping[str, Any]] = {
    "no-sheet": _("缺少“{value}”工作表"),
    "no-column": _("“{sheet}”工作表缺少“{value}”列"),
    "settings-missing": _("settings 工作表里没有填写 {value}"),
    "form-unknown": _("form_id “{value}”不是在用的表单；可用：{known}"),
    "version-malformed": _("version “{value}”应为 8 位日期（如 20261201），当天再改加两位序号"),
    "position-malformed": _("asks_position 只能填 never 或 once"),
    "unknown-type": _("题型“{value}”手机不支持"),
    "unknown-list": _("选项组“{value}”在 choices 工作表里没有"),
    "name-missing": _("没有填写 name"),
    "name-malformed": _("name “{value}”只能用字母、数字和下划线，以字母开头"),
    "name-twice": _("name “{value}”在第 {other} 行已经用过"),
    "name-clash": _("name “{value}”是系统保留的名称"),
    "label-missing": _("“{value}”没有填写 label（题目文字）"),
    "expression-unreadable": _("{column} 的表达式读不懂：{value}"),
    "reference-unknown": _("{column} 引用了不存在的题目“{value}”"),
    "bound-malformed": _("{column} 应为 0 到 {most} 之间的整数"),
    "repeat-in-repeat": _("重复组里不能再套重复组"),
    "unbalanced": _("“{value}”没有成对的开头或结尾"),
    "column-unsupported": _("手机不支持“{value}”列，请清空"),
    "translation-unsupported": _("“{value}”列：只支持一种语言，列名不要带 ::"),
    "choice-twice": _("选项“{value}”在同一组里重复"),
    "choice-malformed": _("选项要有 list_name、name 和 label，name 不能有空格"),
    "outcome-unknown": _("走访结果“{value}”不在规定的七种之内"),
    "too-many-questions": _("题目太多：最多 {value} 题"),
    "broken-table": _("表格不能编译：{value}"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong; `line` is 0 where no single line is to blame."""

    sheet: str
    line: int
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        return str(WORDS[self.code]).format(sheet=self.sheet, **dict(self.facts))


def wrong(sheet: str, line: int, code: str, **facts: object) -> Wrong:
    return Wrong(sheet, line, code, tuple((name, str(value)[:200]) for name, value in facts.items()))


@dataclass(frozen=True, slots=True)
class Checked:
    """A table found right."""

    code: str
    form: Form
    source: str


def check(sheets: Sheets, codes: Collection[str]) -> Checked | list[Wrong]:
    """`codes` are the forms there are."""
    missing = [
        wrong(name, 0, "no-sheet", value=name) for name in ("settings", "survey") if name not in sheets
    ]
    found = missing or [*_columns(sheets), *_settings(sheets, codes), *_choices(sheets), *_survey(sheets)]
    return found or _compile(sheets)


def _columns(sheets: Sheets) -> Iterator[Wrong]:
    needed = {"survey": ("type", "name", "label"), "choices": ("list_name", "name", "label")}
    for name, columns in needed.items():
        if name not in sheets:
            continue
        header = sheets[name].header
        yield from (wrong(name, 0, "no-column", value=column) for column in columns if column not in header)
        yield from (wrong(name, 0, "translation-unsupported", value=one) for one in header if "::" in one)


def _settings(sheets: Sheets, codes: Collection[str]) -> Iterator[Wrong]:
    line = sheets["settings"].lines[0] if sheets["settings"].lines else Line(0, {})
    for name in ("form_title", "form_id", "version"):
        if not line.get(name):
            yield wrong("settings", line.number, "settings-missing", value=name)
    code, version = line.get("form_id"), line.get("version")
    if code and code not in codes:
        yield wrong("settings", line.number, "form-unknown", value=code, known="、".join(sorted(codes)))
    if version and not _VERSION.fullmatch(version):
        yield wrong("settings", line.number, "version-malformed", value=version)
    if line.get("asks_position") not in ("", *compiling.POSITIONS):
        yield wrong("settings", line.number, "position-malformed")


def _choices(sheets: Sheets) -> Iterator[Wrong]:
    seen: set[tuple[str, str]] = set()
    for line in sheets["choices"].lines if "choices" in sheets else ():
        key = (line.get("list_name"), line.get("name"))
        if not all(key) or not line.get("label") or " " in key[1]:
            yield wrong("choices", line.number, "choice-malformed")
        if key in seen:
            yield wrong("choices", line.number, "choice-twice", value=key[1])
        seen.add(key)


def _lists(sheets: Sheets) -> dict[str, set[str]]:
    lists: dict[str, set[str]] = {}
    for line in sheets["choices"].lines if "choices" in sheets else ():
        lists.setdefault(line.get("list_name"), set()).add(line.get("name"))
    return lists


def _survey(sheets: Sheets) -> Iterator[Wrong]:
    lines, lists = sheets["survey"].lines, _lists(sheets)
    if len(lines) > MOST_QUESTIONS:
        yield wrong("survey", 0, "too-many-questions", value=MOST_QUESTIONS)
    names = {line.get("name") for line in lines}
    checks: tuple[Callable[[Line], Iterable[Wrong]], ...] = (
        lambda line: _type(line, lists),
        _label,
        _not_here,
        _bounds,
        lambda line: _expressions(line, names),
    )
    yield from _nesting(lines)
    yield from _names(lines)
    for line in lines:
        for one in checks:
            yield from one(line)


def _type(line: Line, lists: Mapping[str, set[str]]) -> Iterator[Wrong]:
    said = " ".join(line.get("type").split())
    first, _space, rest = said.partition(" ")
    if said in _BEGIN | _END | _PLAIN or (said, line.get("name")) == ("hidden", OUTCOME):
        return
    if first not in _SELECTS or not rest or " " in rest:
        yield wrong("survey", line.number, "unknown-type", value=said)
    elif rest not in lists:
        yield wrong("survey", line.number, "unknown-list", value=rest)
    elif line.get("name") == OUTCOME:
        for strange in sorted(lists[rest] - dict(compiling.OUTCOMES).keys()):
            yield wrong("survey", line.number, "outcome-unknown", value=strange)


def _label(line: Line) -> Iterator[Wrong]:
    silent = {"calculate", "hidden", "begin group", "begin_group", *_END}
    if line.get("type") not in silent and not line.get("label"):
        yield wrong("survey", line.number, "label-missing", value=line.get("name"))


def _not_here(line: Line) -> Iterator[Wrong]:
    yield from (
        wrong("survey", line.number, "column-unsupported", value=column)
        for column in _NOT_HERE
        if line.get(column)
    )


def _bounds(line: Line) -> Iterator[Wrong]:
    for column in ("repeat_min", "repeat_max"):
        said = line.get(column)
        if said and not (said.isdigit() and int(said) <= MOST_ITEMS):
            yield wrong("survey", line.number, "bound-malformed", column=column, most=MOST_ITEMS)


def _names(lines: Iterable[Line]) -> Iterator[Wrong]:
    seen: dict[str, int] = {}
    counted = {f"{line.get('name')}_count" for line in lines if line.get("repeat_count")}
    for line in lines:
        name = line.get("name")
        if line.get("type") in _END:
            continue
        if not name:
            yield wrong("survey", line.number, "name-missing")
        elif not _NAME.fullmatch(name):
            yield wrong("survey", line.number, "name-malformed", value=name)
        elif name.lower() in _RESERVED or name in counted:
            yield wrong("survey", line.number, "name-clash", value=name)
        elif name in seen:
            yield wrong("survey", line.number, "name-twice", value=name, other=seen[name])
        seen.setdefault(name, line.number)


def _nesting(lines: Iterable[Line]) -> Iterator[Wrong]:
    held: list[tuple[str, int]] = []
    for line in lines:
        word, _space, kind = line.get("type").replace("_", " ").partition(" ")
        if f"{word} {kind}" in _BEGIN:
            if kind == "repeat" and any(one == "repeat" for one, _number in held):
                yield wrong("survey", line.number, "repeat-in-repeat")
            held.append((kind, line.number))
        elif f"{word} {kind}" in _END and (not held or held.pop()[0] != kind):
            yield wrong("survey", line.number, "unbalanced", value=line.get("type"))
    yield from (wrong("survey", number, "unbalanced", value=f"begin {kind}") for kind, number in held)


def _expressions(line: Line, names: Collection[str]) -> Iterator[Wrong]:
    required = line.get("required")
    sources = [(column, line.get(column)) for column in _EXPRESSIONS]
    if required.lower() not in ("", "yes", "no", "true", "false", "true()", "false()"):
        sources.append(("required", required))
    for column, source in sources:
        if not source:
            continue
        try:
            compiled(source)
        except ExpressionError:
            yield wrong("survey", line.number, "expression-unreadable", column=column, value=source)
        else:
            for name in sorted(references(source) - set(names)):
                yield wrong("survey", line.number, "reference-unknown", column=column, value=name)


def _compile(sheets: Sheets) -> Checked | list[Wrong]:
    """pyxform has the last word, for other clients read what it makes."""
    source = markdown(sheets)
    try:
        survey = compiling.read_survey(source)
        version = compiling.version_of(survey["version"], source)
        form = compiling.form_of(survey, version)
        compiling.xform(source, version)
    except Exception as error:  # whatever pyxform says of a table that passed all of the above
        return [wrong("survey", 0, "broken-table", value=error)]
    return Checked(form.code, form, source)
