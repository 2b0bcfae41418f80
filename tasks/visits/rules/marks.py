"""What is doubtful about a visit, in plain words, for whoever decides about it. Pure."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from grid.texts import Text
from tasks.forms.rules import LONGEST_TEXT, Answers, Fault, Form, most_items

PHOTOS: Final = ("photo", "signature")
_WORDS: Final[Mapping[str, Text]] = {
    "text-cut": _("文字过长（共 {n} 字），答案中已保留前 {most} 字，全文见下"),
    "text-broken": _("有个别字符无法识别，以“�”代替"),
    "items-many": _("共 {n} 项，答案中保留前 {most} 项，其余见下"),
    "answers-beside": _("有 {n} 项回答不能归入表单，原样见下"),
    "answer-odd": _("回答的形式异常，按文字保存"),
    "ground-missing": _("没有写明依据：不作结论，这一户仍在网格员的待查里，请退回补充依据"),
    "outcome-unread": _("走访结果无法识别，按“结果不明”处理"),
    "part-unread": _("无法识别，没有采用"),
    "photo-empty": _("照片是空文件"),
    "photo-large": _("照片过大（{mb} MB，上限 {most} MB），没有保存"),
    "photo-unread": _("照片的说明无法识别，没有登记"),
    "photos-many": _("照片共 {n} 张，登记了前 {most} 张"),
}
_PARTS: Final[Mapping[str, Text]] = {
    "task_id": _("手机所报任务"), "subject_id": _("手机所报单位"), "premise_code": _("手机所报点位"),
    "position": _("走访位置"), "replaces": _("所更正的记录"), "come_again_on": _("约定再访"), "form": _("表单"),
    "form_version": _("表单版本"), "outcome": _("走访结果"), "recorded_at": _("手机时间"), "photos": _("照片"),
    "photo": _("照片"), "unlisted": _("名册外的单位"), "answers": _("答案"), "grid": _("所定网格"),
}  # fmt: skip
_SAID_BY_MARKS: Final = ("wrong-type", "too-long", "too-many")
_FAULTS: Final[Mapping[str, Text]] = {
    "missing": _("未填"),
    "wrong-type": _("不是这一题要的内容"),
    "unknown-choice": _("不在可选范围内"),
    "constraint": _("不合表单要求"),
    "too-few": _("项数太少"),
    "unknown-question": _("表单里没有这一题"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One line for the reviewer; `said` is what came, where it is not among the answers."""

    where: str
    what: str
    said: str = ""


def doubts_of(
    form: Form | None,
    answers: Answers,
    faults: Iterable[Fault],
    marks: str,
    files: Collection[str] = (),
) -> list[Doubt]:
    """The pieces that could not be kept as they came, then what the form finds wrong with the answers. `files` are
    the names of the files that are here: an answer may name one instead of its fingerprint, when it came later."""
    marked = json.loads(marks or "[]")
    told = {mark["where"] for mark in marked} | {_photo_named(form, answers, name) for name in files}
    wrong = [fault for fault in faults if not (fault.kind in _SAID_BY_MARKS and fault.name in told)]
    lines = [_of_mark(form, mark) for mark in marked] + [_of_fault(form, fault, answers) for fault in wrong]
    return list(dict.fromkeys(lines))


def _photo_named(form: Form | None, answers: Answers, file: str) -> str:
    """The question that a file's name is the answer to."""
    photos = (question for question in form.questions if question.type in PHOTOS) if form else ()
    return next((photo.name for photo in photos if _is_same(answers.get(photo.name), file)), "")


def _is_same(answer: object, file: str) -> bool:
    return isinstance(answer, str) and answer.casefold() == file.casefold()


def _of_mark(form: Form | None, mark: Mapping[str, Any]) -> Doubt:
    words = str(_WORDS.get(mark["kind"], _WORDS["part-unread"])).format(**mark["facts"])
    return Doubt(_label(form, mark["where"]), words, mark["said"])


def _of_fault(form: Form | None, fault: Fault, answers: Answers) -> Doubt:
    where = _label(form, fault.name)
    if fault.of:
        where = str(_("{repeat}第 {n} 项的{name}")).format(
            repeat=_label(form, fault.of), n=fault.item, name=where
        )
    return Doubt(where, _fault_words(form, fault, answers))


def _fault_words(form: Form | None, fault: Fault, answers: Answers) -> str:
    if fault.kind == "too-long":
        n = len(_answer(fault, answers))
        return str(_("文字过长（{n} 字，表单上限 {most} 字），全文已保留")).format(n=n, most=LONGEST_TEXT)
    if fault.kind == "too-many":
        question = form.question(fault.name) if form else None
        most = most_items(question) if question else 0
        return str(_("登记了 {n} 项，超过表单上限（最多 {most} 项），已全部保留")).format(
            n=len(answers.get(fault.name) or ()), most=most
        )
    if fault.kind == "wrong-type" and _is_file(form, fault, answers):
        return str(_("照片“{name}”没有收到")).format(name=_answer(fault, answers))
    return str(_FAULTS.get(fault.kind, _FAULTS["constraint"]))


def _is_file(form: Form | None, fault: Fault, answers: Answers) -> bool:
    question = form.question(fault.name) if form else None
    return question is not None and question.type in PHOTOS and isinstance(_answer(fault, answers), str)


def _answer(fault: Fault, answers: Answers) -> Any:
    if not fault.of:
        return answers.get(fault.name) or ""
    return answers[fault.of][fault.item - 1].get(fault.name) or ""


def _label(form: Form | None, name: str) -> str:
    question = form.question(name) if form else None
    return question.label if question else str(_PARTS.get(name, name))
