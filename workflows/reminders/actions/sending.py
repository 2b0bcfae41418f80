"""Messages on their way: queued inside an act, sent after it by the clock, each once.

A message is taken before it is sent, and the gateway is given the same id every time: one that was on its way when
the process died is taken again when its lease is over, and sent once.
"""

import logging
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from grid.calendar.now import now
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, machine
from workflows.cases.models import Case
from workflows.reminders.actions.gateways import Answer, Gateway, Unreachable, gateway
from workflows.reminders.models import Contact, Message, MessageState, Outcome, Phone, Reminder
from workflows.reminders.verbs import ReminderVerb

log = logging.getLogger(__name__)
SENDER = machine(str(_("短信发送")))
LEASE = timedelta(minutes=2)
ATTEMPTS = 6
# After this long without a receipt nobody asks any more: the message was sent, nothing else is known.
PATIENCE = timedelta(days=3)


def queue_message(phone: Phone, purpose: str, text: str, *, by: Actor, case: Case | None = None) -> Message:
    """Puts a message in line, inside the transaction of the act that wants it. The clock sends it."""
    message = Message.objects.create(
        client_id=uuid4(),
        subject_id=phone.subject_id,
        case=case,
        area=phone.area,
        phone=phone,
        purpose=purpose,
        text=text,
        queued_at=now(),
        queued_by_id=by.person_id,
    )
    _record(ReminderVerb.MESSAGE_QUEUED, message, by)
    return message


def send_waiting(limit: int = 200) -> int:
    """Periodic: sends what waits and asks after what was sent. How many messages changed their state."""
    at, way = now(), gateway()
    free = Q(taken_until=None) | Q(taken_until__lt=at)
    sent = Q(state=MessageState.SENT, sent_at__gt=at - PATIENCE)
    waiting = Message.objects.filter(free).filter(Q(state=MessageState.QUEUED) | sent)
    return sum(_handle(pk, way) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:limit]))


def _handle(message_id: int, way: Gateway) -> bool:
    """One message, taken by whoever comes first. The gateway is spoken to outside any transaction."""
    at = now()
    free = Message.objects.filter(pk=message_id, state__in=(MessageState.QUEUED, MessageState.SENT))
    taken = free.filter(Q(taken_until=None) | Q(taken_until__lt=at))
    if not taken.update(taken_until=at + LEASE, attempts=F("attempts") + 1):
        return False
    message = Message.objects.select_related("phone", "case").get(pk=message_id)
    try:
        answer = _asked(message, way)
    except Unreachable as error:
        log.warning("message %d: %s", message_id, error)
        return _give_up(message, str(error))
    return settle_message(message, answer, way.name, by=SENDER)


def _asked(message: Message, way: Gateway) -> Answer:
    if message.state == MessageState.SENT:
        return way.ask(message.reference)
    return way.send(str(message.client_id), message.phone.number, message.text)


def _give_up(message: Message, why: str) -> bool:
    """A message nobody could hand in stays in line, and fails after its last attempt. One that was sent stays so."""
    if message.state == MessageState.SENT or message.attempts < ATTEMPTS:
        return False
    return settle_message(message, Answer("failed", why=why[:200]), message.gateway, by=SENDER)


@transaction.atomic
def settle_message(message: Message, answer: Answer, way: str, *, by: Actor) -> bool:
    """Keeps what the gateway answered about a message, also at the contact or reminder that waits for it."""
    fresh = Message.objects.select_for_update(of=("self",)).select_related("phone", "case").get(pk=message.pk)
    if fresh.state == answer.state or fresh.state not in (MessageState.QUEUED, MessageState.SENT):
        return False
    fresh.state, fresh.gateway = answer.state, way or fresh.gateway
    fresh.reference = answer.reference or fresh.reference
    if answer.state != MessageState.FAILED:
        fresh.sent_at = fresh.sent_at or now()
    if answer.state != MessageState.SENT:
        fresh.ended_at, fresh.failed_why = now(), answer.why
    fresh.save()
    _pass_on_outcome(fresh)
    _record(VERBS[MessageState(answer.state)], fresh, by, reason=fresh.failed_why)
    return True


VERBS = {
    MessageState.SENT: ReminderVerb.MESSAGE_SENT,
    MessageState.DELIVERED: ReminderVerb.MESSAGE_DELIVERED,
    MessageState.FAILED: ReminderVerb.MESSAGE_FAILED,
}


def _pass_on_outcome(message: Message) -> None:
    delivered = message.state == MessageState.DELIVERED
    if delivered:
        Reminder.objects.filter(message=message).update(delivered_on=message.ended_at)
    if message.state == MessageState.FAILED:
        Contact.objects.filter(message=message).update(outcome=Outcome.UNDELIVERABLE)
    elif delivered:
        Contact.objects.filter(message=message).update(outcome=Outcome.REACHED)
    hint("case", message.area)


def _record(verb: Verb, message: Message, by: Actor, **facts: object) -> None:
    """The number is masked and the text not told: a message may hold a name, or a code that opens a page."""
    data = facts | {
        "message": message.pk,
        "purpose": str(message.get_purpose_display()),
        "number": message.phone.masked,
    }
    case = message.case.code if message.case else ""
    record(verb, Line(message.area, subject=message.subject_id, case=case, data=data), by=by)
