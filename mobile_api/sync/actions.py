"""Handing in: visits first, then what photos had arrived before them."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.keeping import need_room_for_visits
from grid.scope import Actor, Held
from grid.territory.models import Posting
from mobile_api.batches import taken
from mobile_api.devices.actions import acting, held_of, note_visits
from mobile_api.devices.models import Device
from mobile_api.devices.queries import warrant_of
from mobile_api.devices.queries.posts import Speech, by_posting, field_posts, postings_of
from mobile_api.uploads.actions import bind_waiting
from tasks.arrivals.actions.recording import Answer, record_visits
from tasks.visits.rules import SERVICE, Arrival
from tasks.visits.rules.believing import Warrant, corrected, skew_of
from workflows.notices.actions.doorstep import lock_cases_of, numbers_in, serve_from_visits
from workflows.notices.actions.slips import prove_service

log = logging.getLogger(__name__)
_TRIES = 3


def take_visits(device: Device, arrivals: Sequence[Arrival], phone_time: datetime | None) -> list[Answer]:
    """Answers each visit in order. A revoked phone, or one whose posting ended, hands in what it holds; what it can
    not have held waits for a named person.

    Photos that came before their visit are bound afterwards, in transactions of their own: a crash between the
    two leaves them to the next repeat.
    """
    if not arrivals:
        return []
    need_room_for_visits()
    skew = skew_of(phone_time, now())

    def warrant(posting: Posting, some: Sequence[Arrival]) -> Warrant:
        return warrant_of(device, min(corrected(arrival.recorded_at, skew) for arrival in some), posting)

    answers = _apart(device.posting, postings_of(device), arrivals, phone_time, warrant)
    note_visits(device)
    bound: dict[UUID, set[str]] = {}
    try:
        wanting = [answer.client_id for answer in answers if answer.missing_photos]
        bound = bind_waiting(device, wanting, by=acting(device.posting)) if wanting else {}
        _prove(arrivals)
    except Exception:
        # The visits are here, and the answer must say so: the phone is told which photos are missing still.
        log.exception("photos of %d visits were not bound", len(answers))
    return [_less(answer, bound.get(answer.client_id, set())) for answer in answers]


def take_handed_in(
    posting: Posting, arrivals: Sequence[Arrival], warrant: Callable[[Posting], Warrant]
) -> list[Answer]:
    """For visits that come in a file instead of from a phone, for the person of `posting`; `warrant` says under whose
    authority they were made for one of their postings. Their photos are bound by whoever reads the file."""
    need_room_for_visits()
    answers = _apart(posting, field_posts(posting), arrivals, None, lambda post, _some: warrant(post))
    _prove(arrivals)
    return answers


def _apart(
    own: Posting,
    posts: Sequence[Posting],
    arrivals: Sequence[Arrival],
    phone_time: datetime | None,
    warrant: Callable[[Posting, Sequence[Arrival]], Warrant],
) -> list[Answer]:
    """Each visit under the posting it was made under, with that one's authority; answers in the order they came."""
    answers: dict[int, Answer] = {}
    about = [Speech(arrival.task_id, arrival.subject_id) for arrival in arrivals]
    for posting, places in by_posting(own, posts, about):
        part = [arrivals[place] for place in places]
        given = _answered(posting, part, phone_time, warrant(posting, part))
        answers |= dict(zip(places, given, strict=True))
    return [answers[place] for place in range(len(arrivals))]


def _answered(
    posting: Posting, arrivals: Sequence[Arrival], phone_time: datetime | None, warrant: Warrant
) -> list[Answer]:
    """Each visit's answer; one that breaks what nobody foresaw is refused alone, and stays on the phone."""
    held, by = held_of(posting), acting(posting)
    return taken(arrivals, lambda some: _recorded(some, phone_time, held, warrant, by), _broken)


def _broken(arrival: Arrival) -> Answer:
    message = _("服务器无法处理这条走访，它仍保存在手机上，请联系主管。")
    return Answer(arrival.client_id, "refused", code="malformed-visit", message=message)


def _prove(arrivals: Sequence[Arrival]) -> None:
    for arrival in arrivals:
        if arrival.form == SERVICE:
            prove_service(arrival.client_id)


def _recorded(
    arrivals: Sequence[Arrival], phone_time: datetime | None, held: Held, warrant: Warrant, by: Actor
) -> list[Answer]:
    """Visits at which a document was handed over become its service in the same transaction."""
    handed = [arrival for arrival in arrivals if arrival.form == SERVICE]
    if not handed:
        return record_visits(arrivals, phone_time, held, by=by, warrant=warrant)
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                lock_cases_of(numbers_in(arrival.answers for arrival in handed))
                answers = record_visits(arrivals, phone_time, held, by=by, warrant=warrant)
                serve_from_visits([arrival.client_id for arrival in handed], held, by=by)
                return answers
        except OperationalError:
            # A deadlock that chose us: look again.
            if attempt == _TRIES - 1:
                raise
    raise problems.Busy()


def _less(answer: Answer, bound: set[str]) -> Answer:
    if not bound:
        return answer
    still = tuple(photo for photo in answer.missing_photos if photo not in bound)
    return Answer(
        answer.client_id, answer.status, answer.route, answer.code, answer.message, answer.visit, still
    )
