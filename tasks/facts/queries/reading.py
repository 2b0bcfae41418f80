"""From visits and decisions as they are stored to what the rules of merging speak of, and back."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tasks.facts.models import Decision
from tasks.facts.rules import OUTCOME, Decided, Facts, Version
from tasks.forms import tables
from tasks.forms.judging import judge
from tasks.forms.rules import Answers, Form, Question
from tasks.outcomes.rules import label_of_reason, reason_given
from tasks.visits.models import Visit
from tasks.visits.rules import NOBODY_IN, Merged

# Evidence, the place where somebody stood, the people met there, and what follows from other answers are a
# visit's own: two visits need not agree in them.
_NO_FACTS = frozenset({"photo", "signature", "position", "note", "calculate", "image", "repeat"})
# Free words of a worker, and on what ground each says so: two of them stand beside each other.
_REMARKS = ("remark", "_remark", "_note", "_ground")


def answers_of(form: Form | None, outcome: str, answers: Answers) -> dict[str, Any]:
    """What a visit says of its subject, field by field: the outcome, and every sound answer that is a fact."""
    sound = judge(form, answers, outcome).sound
    return facts_in(form, sound) | reason_given(outcome, answers) | {OUTCOME: outcome}


def facts_in(form: Form | None, answers: Answers) -> dict[str, Any]:
    """Those of `answers` that say something of the subject."""
    return {
        name: value for name, value in answers.items() if value not in (None, "", []) and is_fact(form, name)
    }


def is_fact(form: Form | None, name: str) -> bool:
    question = form.question(name) if form else None
    return not name.endswith(_REMARKS) and (question is None or _is_asked_of_subject(question))


def _is_asked_of_subject(question: Question) -> bool:
    return question.type not in _NO_FACTS and not question.calculation


def versions_of(visits: Iterable[Visit]) -> list[Version]:
    """Visits of one door that met somebody. Expects `replaces` at hand where there is one."""
    return [
        Version(
            key=visit.client_id,
            person=visit.person_id,
            at=visit.counts_at,
            said=answers_of(tables.known(visit.form, visit.form_version), visit.outcome, visit.answers),
            shown=visit.shown,
            replaces=_replaces(visit),
            nth=visit.pk,
            doubted=bool(visit.doubt),
        )
        for visit in visits
        if visit.outcome != NOBODY_IN
    ]


def _replaces(visit: Visit) -> UUID | None:
    if visit.replaces_id and visit.replaces:
        return visit.replaces.client_id
    claimed = visit.claim.get("replaces")
    return UUID(claimed) if claimed else None


def decided_of(rows: Iterable[Decision]) -> list[Decided]:
    """Expects `chosen` at hand."""
    return [
        Decided(row.field, row.chosen.client_id, frozenset(UUID(number) for number in row.over), row.pk)
        for row in rows
    ]


def decisions_for(task_ids: Collection[int]) -> dict[int, list[Decided]]:
    """Task → what was decided at its door. One query, none without tasks."""
    found: dict[int, list[Decided]] = {}
    if task_ids:
        rows = Decision.objects.filter(task__in=task_ids).select_related("chosen").order_by("pk")
        for row in rows.only("field", "over", "task_id", "chosen__client_id"):
            found.setdefault(row.task_id or 0, []).extend(decided_of([row]))
    return found


def counted(facts: Facts, form: Form | None) -> dict[str, Any]:
    """Field → value that holds. An answer to a question that the facts together do not ask counts for nothing."""
    values = {name: fact.holder.value for name, fact in facts.items() if fact.holder}
    outcome = values.pop(OUTCOME, None)
    said = answers_of(form, outcome or "", values)
    return said if outcome else {name: value for name, value in said.items() if name != OUTCOME}


def merged_of(facts: Facts, own: Version, visit: Visit, codes: Mapping[UUID, str]) -> Merged | None:
    """What a finding on `visit` keeps of a merge: see Finding.merged; None where it is all its own.

    A field nobody holds stays as the visit itself has it.
    """
    values = counted(facts, tables.known(visit.form, visit.form_version))
    others = {name: value for name, value in values.items() if own.said.get(name) != value}
    if not others:
        return None
    outcome = others.pop(OUTCOME, visit.outcome)
    holders = {name: fact.holder.key for name, fact in facts.items() if fact.holder}
    names = [*others, OUTCOME] if outcome != visit.outcome else [*others]
    sources = {name: codes.get(holders[name], "") for name in names}
    return {"outcome": outcome, "answers": {**visit.answers, **others}, "sources": sources}


def label_of(visit: Visit, name: str) -> str:
    """The question in words, as the visit's own form has it."""
    if name == OUTCOME:
        return str(_("结果"))
    form = tables.known(visit.form, visit.form_version)
    question = form.question(name) if form else None
    return question.label if question else label_of_reason(name) or name
