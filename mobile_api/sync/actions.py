"""Handing in: visits first, then what photos had arrived before them."""

from collections.abc import Sequence
from datetime import datetime

from mobile_api.devices.actions import acting, held_of
from mobile_api.devices.models import Device
from mobile_api.uploads.actions import bind_waiting
from tasks.visits.actions import Answer, record_visits
from tasks.visits.rules import Arrival


def take_visits(device: Device, arrivals: Sequence[Arrival], phone_time: datetime | None) -> list[Answer]:
    """Answers each visit in order. A revoked phone, or one whose posting ended, hands in like any other.

    Photos that came before their visit are bound afterwards, in transactions of their own: a crash between the
    two leaves them to the next repeat.
    """
    if not arrivals:
        return []
    by = acting(device.posting)
    answers = record_visits(arrivals, phone_time, held_of(device.posting), by=by)
    wanting = [answer.client_id for answer in answers if answer.missing_photos]
    bound = bind_waiting(device, wanting, by=by) if wanting else {}
    return [_less(answer, bound.get(answer.client_id, set())) for answer in answers]


def _less(answer: Answer, bound: set[str]) -> Answer:
    if not bound:
        return answer
    still = tuple(photo for photo in answer.missing_photos if photo not in bound)
    return Answer(
        answer.client_id, answer.status, answer.route, answer.code, answer.message, answer.visit, still
    )
