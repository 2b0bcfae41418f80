"""Our forms as ODK Collect reads them: the form's own questions, and around them which door, what came of it, when.

Built from the form as it is in use, whether its table lies in the repository or was published at the desk.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import md5

from django.utils.translation import gettext as _

from mobile_api.openrosa.rules import DOOR, END, KNOWN, NOTE, OUTCOME, POSITION, START, SUBJECT
from tasks.forms.rules import LARGEST, LONGEST_TEXT, Form, Question, most_items
from tasks.forms.rules.expressions import is_fit
from tasks.visits.models import Outcome
from tasks.visits.rules import SERVICE

NOTICE = "notice"
DOORS_FILE, NOTICES_FILE = "doors.csv", "notices.csv"
# As the phone app shrinks its pictures (camera/shrink.ts).
LONGEST_SIDE = 1600
_UNASKED = ("note", "calculate")
_TYPES = {"photo": "image", "signature": "image", "position": "geopoint"}


def media_of(form: Form) -> str:
    """The one file a form comes with: the doors it may be filled in for, or the documents to hand over."""
    return NOTICES_FILE if form.code == SERVICE else DOORS_FILE


@lru_cache(maxsize=64)
def collect_xml(form: Form) -> bytes:
    """The XForm. 20-60 ms the first time in a process, and half a second more in one that knew no form yet."""
    from pyxform.xls2xform import convert

    table = {
        "settings": [
            {"form_title": form.title, "form_id": form.code, "version": form.version, "name": "data"}
        ],
        "survey": list(_survey(form)),
        "choices": list(_choices(form)),
    }
    xml: str = convert(xlsform=table, validate=False).xform
    return xml.encode()


def hash_of(content: bytes) -> str:
    """As OpenRosa names a file's version."""
    return "md5:" + md5(content, usedforsecurity=False).hexdigest()


def _survey(form: Form) -> Iterator[dict[str, object]]:
    yield {"type": "start", "name": START}
    yield {"type": "end", "name": END}
    if form.code != SERVICE:
        yield _from_file(DOORS_FILE, DOOR, _("走访哪一户？"))
        yield {"type": "calculate", "name": KNOWN, "calculation": _looked_up("doors", DOOR, "known")}
        yield {"type": "note", "name": NOTE, "label": f"${{{KNOWN}}}", "relevant": f"${{{KNOWN}}} != ''"}
    yield {"type": "select_one outcome", "name": OUTCOME, "label": _("走访结果"), "required": "yes"}
    if form.position == "once":
        yield {"type": "geopoint", "name": POSITION, "label": _("走访位置")}
    for question in form.questions:
        if form.code == SERVICE and question.name == NOTICE:
            yield _from_file(NOTICES_FILE, NOTICE, question.label)
            yield {
                "type": "calculate",
                "name": SUBJECT,
                "calculation": _looked_up("notices", NOTICE, "subject"),
            }
        else:
            yield from _rows(question)


def _from_file(file: str, name: str, label: str) -> dict[str, object]:
    return {
        "type": f"select_one_from_file {file}", "name": name, "label": label, "required": "yes",
        "appearance": "minimal autocomplete",
    }  # fmt: skip


def _looked_up(file: str, question: str, column: str) -> str:
    return f"instance('{file}')/root/item[name=${{{question}}}]/{column}"


def _rows(question: Question, most_before: int | None = None) -> Iterator[dict[str, object]]:
    """`most_before`: of how many items of a repeat at most this question is the first."""
    if question.type == "repeat":
        yield _filled({"type": "begin_repeat", "name": question.name, "label": question.label,
                       "relevant": _fit(question.relevant), "repeat_count": _fit(question.count)})  # fmt: skip
        most = None if question.count else most_items(question)
        # A repeat knows no limit of its own in XForms: the first answer of one item too many says so.
        first = next((asked for asked in question.questions if asked.type not in _UNASKED), None)
        for inner in question.questions:
            yield from _rows(inner, most if inner is first else None)
        yield {"type": "end_repeat", "name": question.name}
        return
    constraint, constraint_message = _limits(question, most_before)
    yield _filled(
        {
            "type": _type_of(question),
            "name": question.name,
            "label": question.label,
            "hint": question.hint,
            "required": "yes" if question.required is True else _fit(question.required or None),
            "required_message": question.required_message,
            "relevant": _fit(question.relevant),
            "constraint": constraint,
            "constraint_message": constraint_message,
            "calculation": _fit(question.calculation) or (question.calculation and "''"),
            "appearance": "signature" if question.type == "signature" else None,
            "parameters": f"max-pixels={LONGEST_SIDE}" if question.type == "photo" else None,
        }
    )


def _limits(question: Question, most: int | None) -> tuple[str | None, str]:
    """The form's own constraint, and what the server holds too large: said at the door, not after the visit."""
    own, rule = question.constraint_message, _fit(question.constraint)
    told = [(rule, own)] if rule else []
    if question.type == "text":
        told.append(
            (f"string-length(.) <= {LONGEST_TEXT}", "" if own else _("最多 {n} 字").format(n=LONGEST_TEXT))
        )
    if question.type in ("integer", "decimal"):
        told.append((f". <= {LARGEST} and . >= -{LARGEST}", "" if own else _("数值太大")))
    if most:
        told.append((f"position(..) <= {most}", _("最多登记 {n} 项").format(n=most)))
    if len(told) < 2:
        return told[0] if told else (None, "")
    return " and ".join(f"({rule})" for rule, _message in told), "；".join(
        filter(None, (m for _rule, m in told))
    )


def _fit(source: str | None) -> str | None:
    """Left out where it was published when more was allowed: Collect tries every reading of a pattern and would
    hang at the door. What the answers come to is judged here all the same."""
    return source if source and is_fit(source) else None


def _type_of(question: Question) -> str:
    if question.type in ("select_one", "select_multiple"):
        return f"{question.type} {question.name}"
    return _TYPES.get(question.type, question.type)


def _filled(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if value not in (None, "")}


def _choices(form: Form) -> Iterator[dict[str, str]]:
    outcomes = form.outcomes or tuple(
        (outcome.value, str(outcome.label)) for outcome in Outcome if outcome != Outcome.UNCLEAR
    )
    for name, label in outcomes:
        yield {"list_name": OUTCOME, "name": name, "label": label}
    for question in form.every_question():
        for name, label in question.choices:
            yield {"list_name": question.name, "name": name, "label": label}
