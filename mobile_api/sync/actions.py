"""Handing in: visits first, then what photos had arrived before them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import OperationalError, transaction

from grid import problems
from grid.scope import Actor, Held
from grid.territory.models import Posting
from mobile_api.devices.actions import acting, held_of
from mobile_api.devices.models import Device
from mobile_api.uploads.actions import bind_waiting
from tasks.visits.actions import Answer, record_visits
from tasks.visits.rules import ERRANDS, Arrival
from workflows.notices.doorstep import lock_cases_of, numbers_in, serve_from_visits
from workflows.notices.slips import prove_service

_TRIES = 3


def take_visits(device: Device, arrivals: Sequence[Arrival], phone_time: datetime | None) -> list[Answer]:
    """Answers each visit in order. A revoked phone, or one whose posting ended, hands in like any other.

    Photos that came before their visit are bound afterwards, in transactions of their own: a crash between the
    two leaves them to the next repeat.
    """
    if not arrivals:
        return []
    by = acting(device.posting)
    answers = _recorded(arrivals, phone_time, held_of(device.posting), by)
    wanting = [answer.client_id for answer in answers if answer.missing_photos]
    bound = bind_waiting(device, wanting, by=by) if wanting else {}
    for arrival in arrivals:
        if arrival.form in ERRANDS:
            prove_service(arrival.client_id)
    return [_less(answer, bound.get(answer.client_id, set())) for answer in answers]


def take_handed_in(posting: Posting, arrivals: Sequence[Arrival]) -> list[Answer]:
    """For visits that come in a file instead of from a phone. Their photos are bound by whoever reads the file."""
    answers = _recorded(arrivals, None, held_of(posting), acting(posting))
    for arrival in arrivals:
        if arrival.form in ERRANDS:
            prove_service(arrival.client_id)
    return answers


def _recorded(
    arrivals: Sequence[Arrival], phone_time: datetime | None, held: Held, by: Actor
) -> list[Answer]:
    """Visits at which a document was handed over become its service in the same transaction."""
    handed = [arrival for arrival in arrivals if arrival.form in ERRANDS]
    if not handed:
        return record_visits(arrivals, phone_time, held, by=by)
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                lock_cases_of(numbers_in(arrival.answers for arrival in handed))
                answers = record_visits(arrivals, phone_time, held, by=by)
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
