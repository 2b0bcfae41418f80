"""Suggestions come from phones like visits do: taken whatever happened meanwhile, and each exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, now
from grid.hints import hint
from grid.ledger.actions import Line, record, record_many
from grid.scope import Actor, Held, Right, require, require_person
from mobile_api.batches import taken
from mobile_api.suggestions import problems as suggestions_problems
from mobile_api.suggestions.models import Suggestion, SuggestionState
from mobile_api.suggestions.queries import at_work
from mobile_api.suggestions.verbs import SuggestionVerb
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask
from tasks.visits.models import Ending
from tasks.visits.rules.believing import STANDING, Receipt, Warrant, waits


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    """One suggestion as the phone handed it in."""

    client_id: UUID
    text: str
    task_id: int | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    client_id: UUID
    status: str
    code: str = ""
    message: str = ""


def take_suggestions(
    said: Sequence[NewSuggestion], held: Held, *, by: Actor, warrant: Warrant = STANDING
) -> list[Answer]:
    """Answers each in order: accepted, repeated, or refused when its number stands for other words already.

    One that comes after the end of its authority carries its mark to whoever answers it, and names no task.
    """
    require(by, Right.VISIT, held.area)
    return taken(said, lambda some: _once_more(some, held, warrant, by), _broken) if said else []


def _once_more(said: Sequence[NewSuggestion], held: Held, warrant: Warrant, by: Actor) -> list[Answer]:
    try:
        return _take(said, held, warrant, by)
    except IntegrityError:
        # The same one by another connection at the same moment: now it is here, and so a repeat.
        return _take(said, held, warrant, by)


def _broken(suggestion: NewSuggestion) -> Answer:
    message = _("服务器无法处理这条意见，它仍保存在手机上，请联系主管。")
    return Answer(suggestion.client_id, "refused", "malformed-suggestion", message)


@transaction.atomic
def _take(said: Sequence[NewSuggestion], held: Held, warrant: Warrant, by: Actor) -> list[Answer]:
    feed = raise_feeds([held.posting_id])[held.posting_id]
    numbers = {suggestion.client_id for suggestion in said}
    here = {row.client_id: row for row in Suggestion.objects.filter(client_id__in=numbers)}
    tasks = _near_tasks(said, held)
    fresh: list[Suggestion] = []
    answers = []
    for suggestion in said:
        former = here.get(suggestion.client_id)
        if former is None:
            here[suggestion.client_id] = _suggestion(suggestion, held, feed, tasks, warrant, by)
            fresh.append(here[suggestion.client_id])
        answers.append(_answer(suggestion, former, by))
    if fresh:
        Suggestion.objects.bulk_create(fresh)
        lines = [Line(held.area, data={"suggestion": row.pk, "task": row.task_id}) for row in fresh]
        record_many(SuggestionVerb.SUGGESTION_MADE, lines, by=by, held=held)
        hint("suggestion", held.area)
    return answers


def _near_tasks(said: Sequence[NewSuggestion], held: Held) -> set[int]:
    """Tasks that may be named: the posting's own, and those of its area. Any other is left out, the words stay."""
    named = {suggestion.task_id for suggestion in said if suggestion.task_id is not None}
    rows = CheckTask.objects.filter(pk__in=named).values_list("pk", "posting_id", "area") if named else ()
    return {pk for pk, posting, area in rows if posting == held.posting_id or held.covers(area)}


def _suggestion(
    suggestion: NewSuggestion, held: Held, feed: int, tasks: set[int], warrant: Warrant, by: Actor
) -> Suggestion:
    receipt = Receipt(now(), warrant=warrant, patience=timedelta(days=settings.HAND_IN_DAYS))
    word = receipt.counted(suggestion.written_at, None)
    ground = receipt.ground_of(word)
    return Suggestion(
        client_id=suggestion.client_id, posting_id=held.posting_id, person_id=require_person(by), area=held.area,
        task_id=suggestion.task_id if suggestion.task_id in tasks and not waits(ground) else None, text=suggestion.text,
        written_at=suggestion.written_at, received_at=receipt.at, feed=feed, ground=ground, doubt=word.doubt,
        source=_source(warrant) if ground else "",
    )  # fmt: skip


def _source(warrant: Warrant) -> str:
    """`网格员手机 · Chrome 126 · 2026-11-02 登记 · 手机丢失或被盗`"""
    ending = Ending(warrant.ending).label
    return " · ".join(filter(None, (warrant.phone, str(ending), warrant.words)))[:160]


def _answer(suggestion: NewSuggestion, former: Suggestion | None, by: Actor) -> Answer:
    if former is None:
        return Answer(suggestion.client_id, "accepted", message=_("已收到，答复会回到这部手机。"))
    if former.person_id != by.person_id or former.text != suggestion.text:
        words = _("这个编号已用于另一条意见，本条仍保存在手机上，请重新发送。")
        return Answer(suggestion.client_id, "refused", "client-id-reused", words)
    return Answer(suggestion.client_id, "repeated", message=_("此前已收到，无须重发。"))


@transaction.atomic
def answer_suggestion(suggestion: Suggestion, answer: str, *, by: Actor) -> Suggestion:
    """The answer reaches the phone by its next pull. Raises ReasonMissing, SuggestionAnswered."""
    require(by, Right.ANSWER, suggestion.area)
    if not answer.strip():
        raise problems.ReasonMissing(act=_("答复意见建议"))
    posting_id = _feed_posting(suggestion)
    feed = raise_feeds([posting_id])[posting_id]
    row = (
        Suggestion.objects.select_for_update(of=("self",)).select_related("answered_by").get(pk=suggestion.pk)
    )
    if row.answered_by and row.answered_at:
        when = row.answered_at.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")
        raise suggestions_problems.SuggestionAnswered(who=row.answered_by.full_name, when=when)
    row.state, row.answer, row.answered_at = SuggestionState.ANSWERED, answer.strip(), now()
    row.answered_by_id, row.posting_id, row.feed = require_person(by), posting_id, feed
    row.save()
    record(SuggestionVerb.SUGGESTION_ANSWERED, Line(row.area, data={"suggestion": row.pk}), by=by)
    hint("suggestion", row.area)
    return row


def _feed_posting(suggestion: Suggestion) -> int:
    """The posting under which its author works today, for the one it was written under may have ended."""
    working = at_work(suggestion.person_id)
    postings = list(working.order_by("-valid_from", "-pk").values_list("pk", flat=True))
    return suggestion.posting_id if suggestion.posting_id in postings or not postings else postings[0]
