"""Answering what the law as shipped leaves open: by a qualified lawyer of the city, confirmed by another person.

An answer changes nothing by itself: it opens new versions of the rows it touches as the desk does, and whoever confirms
it reviews them as they are reviewed one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.law import problems as law_problems
from grid.law.actions import Typed, enter_version, review_version
from grid.law.models import Provision
from grid.law.rules.questions import LAW, questions
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, require, require_person
from grid.territory.models import Area
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.legal import problems as legal_problems
from workflows.legal.models import LawAnswer
from workflows.legal.verbs import LegalVerb


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it is typed in. `values`: parameter → its value from that day on, for those it changes or confirms."""

    text: str
    basis: str
    valid_from: date
    values: Mapping[str, str]


@transaction.atomic
def answer_question(number: int, given: Given, *, by: Actor) -> LawAnswer:
    """答复: with basis and day; each parameter named gets a new version from that day on, which waits for review.

    Raises NotQualified, BasisMissing, ReasonMissing, NotHere for no such question or a parameter it does not touch, and
    what enter_version raises.
    """
    act = _("答复法律问题")
    held = require(by, Right.EDIT_LAW, settings.CITY)
    question = next((asked for asked in questions(today()) if asked.number == number), None)
    if question is None or len(question.touched(LAW, given.values)) < len(given.values):
        raise problems.NotHere()
    if not given.basis.strip():
        raise law_problems.BasisMissing(act=act)
    if not given.text.strip():
        raise problems.ReasonMissing(act=act)
    certificate = _qualified(by)
    _lock()
    why = _("答复法律问题 {number}：{text}").format(number=number, text=given.text.strip())[:200]
    units = {
        row.key: row.unit for row in Provision.objects.filter(key__in=given.values).order_by("valid_from")
    }
    versions = [
        enter_version(key, Typed(value, units.get(key, ""), given.basis, given.valid_from), why, by=by)
        for key, value in given.values.items()
    ]
    answer = LawAnswer.objects.create(
        question=number, text=given.text.strip(), basis=given.basis.strip(), valid_from=given.valid_from,
        certificate=certificate.number, answered_by_id=require_person(by), answered_at=now(),
    )  # fmt: skip
    answer.versions.set(versions)
    facts = {"basis": answer.basis, "from": answer.valid_from.isoformat(), "titles": _titles(versions)}
    line = Line(settings.CITY, data={"number": number, "text": answer.text} | facts)
    record(LegalVerb.QUESTION_ANSWERED, line, by=by, held=held)
    hint("inbox", settings.CITY)
    return answer


@transaction.atomic
def confirm_answer(answer: LawAnswer, why: str, *, by: Actor) -> LawAnswer:
    """A second person's word: the answer counts, and the versions it opened are reviewed.

    Raises AnswerSettled for one that was confirmed or answered anew, SamePersonTwice, ReasonMissing, NotYourPost.
    """
    held = require(by, Right.CONFIRM_LAW, settings.CITY)
    if not why.strip():
        raise problems.ReasonMissing(act=_("确认答复"))
    _lock()
    newest = LawAnswer.objects.filter(question=answer.question).order_by("-pk").first()
    if newest is None or newest.pk != answer.pk or newest.confirmed_by_id:
        raise legal_problems.AnswerSettled(number=answer.question)
    if newest.answered_by_id == require_person(by):
        raise problems.SamePersonTwice(first=by.name)
    versions = [review_version(version, why, by=by) for version in newest.versions.filter(reviewed=False)]
    newest.confirmed_by_id, newest.confirmed_at = require_person(by), now()
    newest.save(update_fields=["confirmed_by", "confirmed_at"])
    data = {
        "number": newest.question,
        "text": newest.text,
        "titles": _titles(versions),
        "reason": why.strip(),
    }
    record(LegalVerb.ANSWER_CONFIRMED, Line(settings.CITY, data=data), by=by, held=held)
    hint("inbox", settings.CITY)
    return newest


def _lock() -> None:
    """Two who answer follow one another."""
    list(Area.objects.select_for_update(no_key=True).filter(code=settings.CITY))


def _qualified(by: Actor) -> Certificate:
    day = today()
    held = Certificate.objects.filter(
        kind=CertificateKind.LAW, person=require_person(by), valid_from__lte=day, valid_to__gte=day
    )
    found = held.order_by("-valid_to").first()
    if found is None:
        raise legal_problems.NotQualified(name=by.name)
    return found


def _titles(versions: list[Provision]) -> str:
    return "、".join(version.title for version in versions)
