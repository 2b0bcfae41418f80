"""Answers in words, for people to read. Pure."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from tasks.forms.judging import Judgement
from tasks.forms.rules import Answers, Form, Question, are_photos, is_items


def answers_in_words(form: Form | None, answers: Answers) -> Iterable[tuple[str, str]]:
    """Answers as (question, answer) in words, for reading; unknown names are shown as they came."""
    for name, value in answers.items():
        question = form.question(name) if form else None
        yield (question.label or name, _words(value, question)) if question else (name, _words(value, None))


def _words(value: object, question: Question | None) -> str:
    if question and question.type in ("photo", "signature") and are_photos(value):
        return f"{len(value) if isinstance(value, list) else 1} 张"
    if isinstance(value, list):
        return (
            "；".join(_item_words(item, question) for item in value)
            if is_items(value)
            else "、".join(_words(item, question) for item in _in_order(value, question))
        )
    if isinstance(value, Mapping):
        return f"{value.get('lng')}, {value.get('lat')}"
    return dict(question.choices).get(value, value) if question and isinstance(value, str) else str(value)


def _in_order(chosen: list[object], question: Question | None) -> list[object]:
    """What was ticked in the order of the form, in whatever order it was ticked; strange ones as they came."""
    places = {name: place for place, (name, _label) in enumerate(question.choices)} if question else {}
    return sorted(
        chosen, key=lambda name: places.get(name, len(places)) if isinstance(name, str) else len(places)
    )


def _item_words(item: Answers, repeat: Question | None) -> str:
    asked = {question.name: question for question in repeat.questions} if repeat else {}
    return "，".join(
        f"{asked[name].label if name in asked else name}：{_words(value, asked.get(name))}"
        for name, value in item.items()
        if value not in (None, "", [])
    )


def unjudged_words(form: Form | None, judged: Judgement) -> str:
    """What nobody could judge of a visit, for who reviews it; empty where all was judged."""
    if judged.failed:
        return _("这份表单的条件无法计算：答案按原样保存，没有据此得出任何措施，请逐项核对。")
    labels = [
        question.label or name for name in judged.unchecked if form and (question := form.question(name))
    ]
    return (
        _("以下各题的条件无法计算，未作判定，请人工核对：{names}").format(names="、".join(labels))
        if labels
        else ""
    )
