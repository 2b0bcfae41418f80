"""What the desk shows of forms: the list, one version as a phone would show it, and what changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from grid import problems
from grid.scope import Actor, Right
from tasks.forms import tables
from tasks.forms.models import FormVersion
from tasks.forms.rules import Form, Question
from tasks.forms.rules.compiling import form_of, read_survey


@dataclass(frozen=True, slots=True)
class Listed:
    """A form in use and the desk's versions of it, newest first."""

    form: Form
    rows: list[FormVersion]
    is_shipped: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` is added, removed or changed; `what` says which parts, in words."""

    kind: str
    name: str
    label: str
    what: str = ""


def catalogue(viewer: Actor) -> list[Listed]:
    """Every form with its versions. Two queries."""
    _require_editor(viewer)
    tables.refresh()
    rows: dict[str, list[FormVersion]] = {}
    for row in FormVersion.objects.select_related("by", "decided_by").order_by("-version"):
        rows.setdefault(row.code, []).append(row)
    return [
        Listed(form, rows.get(form.code, []), tables.has_shipped(form.code, form.version.rpartition("-")[0]))
        for form in sorted(tables.all_current(), key=lambda form: form.code)
    ]


def version_of(viewer: Actor, code: str, version: str) -> tuple[Form, FormVersion | None]:
    """A version, shipped (without a row) or of the desk, drafts too. Raises NotHere."""
    _require_editor(viewer)
    tables.refresh()
    row = FormVersion.objects.select_related("by", "decided_by").filter(code=code, version=version).first()
    form = form_of(read_survey(row.source), version) if row else tables.known(code, version)
    if form is None:
        raise problems.NotHere()
    return form, row


def source_of(viewer: Actor, code: str, version: str) -> str:
    """The table in Markdown, to go on from. Raises NotHere."""
    _form, row = version_of(viewer, code, version)
    return row.source if row else tables.source_of(code, version)


def _require_editor(viewer: Actor) -> None:
    if not viewer.has(Right.EDIT_FORMS):
        raise problems.NotYourPost(right=Right.EDIT_FORMS.value)


# --- what changed -------------------------------------------------------------------------------------

_PARTS = {
    "type": _later("题型"),
    "label": _later("题目"),
    "hint": _later("提示"),
    "required": _later("必填"),
    "required_message": _later("必填说明"),
    "relevant": _later("出现条件"),
    "constraint": _later("填写限制"),
    "constraint_message": _later("限制说明"),
    "choices": _later("选项"),
    "calculation": _later("计算"),
    "min": _later("最少几条"),
    "max": _later("最多几条"),
    "count": _later("条数"),
}


def differences(old: Form, new: Form) -> Iterator[Difference]:
    """What a grid worker will meet otherwise than before."""
    before = {question.name: question for question in old.every_question()}
    after = {question.name: question for question in new.every_question()}
    for name, question in after.items():
        if name not in before:
            yield Difference("added", name, question.label)
        elif changed := _changed(before[name], question):
            yield Difference("changed", name, question.label, "、".join(changed))
    for name, question in before.items():
        if name not in after:
            yield Difference("removed", name, question.label)
    if [question.name for question in old.questions if question.name in after] != [
        question.name for question in new.questions if question.name in before
    ]:
        yield Difference("changed", "", _("题目的先后次序"))


def _changed(old: Question, new: Question) -> list[str]:
    if replace(old, questions=()) == replace(new, questions=()):
        return []
    return [str(words) for part, words in _PARTS.items() if getattr(old, part) != getattr(new, part)]
