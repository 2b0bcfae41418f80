"""Messages on their way: through a gateway that answers, stays silent, refuses, or dies half-way."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from grid.calendar.now import moved_to, now
from grid.ledger.models import Entry
from grid.scope import machine
from tests.workflows.reminders.conftest import MOBILE, Exchange
from workflows.reminders.actions import note_phone, queue_message, send_waiting
from workflows.reminders.actions.gateways import Answer, Demo, Http, gateway
from workflows.reminders.actions.sending import ATTEMPTS, LEASE, settle_message
from workflows.reminders.models import Message
from workflows.reminders.verbs import ReminderVerb

BY = machine("测试")


@pytest.fixture
def message(cast: Any, make_employer: Any, transactional_db: None) -> Message:
    from django.db import transaction

    phone = note_phone(make_employer(), MOBILE, "", "登记", by=cast.by.zhao)
    with transaction.atomic():
        return queue_message(phone, "reminder", "【人社】请续缴", by=cast.by.zhao)


def told(message: Message) -> list[str]:
    entries = Entry.objects.filter(verb__startswith="message.").order_by("pk")
    assert all(MOBILE not in str(entry.data) and "请续缴" not in str(entry.data) for entry in entries)
    return [entry.verb for entry in entries]


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def later(times: int = 1) -> Any:
    return moved_to(now() + times * (LEASE + timedelta(seconds=1)))


def test_sent_then_delivered(message: Message, exchange: Exchange) -> None:
    assert send_waiting() == 1
    assert state_of(message) == "sent"
    assert exchange.heard == [
        {"id": str(message.client_id), "to": MOBILE, "text": "【人社】请续缴", "token": "Bearer secret"}
    ]
    assert send_waiting() == 0  # asked a moment ago
    exchange.state = "delivered"
    with later():
        assert send_waiting() == 1
    assert state_of(message) == "delivered" and message.ended_at
    assert exchange.heard[-1] == {"asked": f"/messages/G-{str(message.client_id)[:8]}"}
    with later(2):
        assert send_waiting() == 0
    assert told(message) == ["message.queued", "message.sent", "message.delivered"]


def test_an_answer_heard_again_or_too_late_is_told_once(message: Message, exchange: Exchange) -> None:
    send_waiting()
    assert not settle_message(message, Answer("sent"), "http", by=BY)
    assert settle_message(message, Answer("delivered"), "http", by=BY)
    assert not settle_message(message, Answer("failed", why="空号"), "http", by=BY)
    assert (state_of(message), message.failed_why) == ("delivered", "")
    assert told(message) == ["message.queued", "message.sent", "message.delivered"]


def test_refused_for_good(message: Message, exchange: Exchange) -> None:
    exchange.status = 422
    assert send_waiting() == 1
    assert (state_of(message), message.failed_why) == ("failed", "HTTP 422")
    assert told(message) == ["message.queued", "message.failed"]


def test_the_gateway_says_it_did_not_arrive(message: Message, exchange: Exchange) -> None:
    send_waiting()
    exchange.state = "failed"
    with later():
        send_waiting()
    assert (state_of(message), message.failed_why) == ("failed", "空号")


@pytest.mark.parametrize("trouble", [{"status": 503}, {"body": b"<html>"}, {"state": "lost"}])
def test_what_cannot_be_read_is_tried_again_with_the_same_id(
    message: Message, exchange: Exchange, trouble: dict[str, Any]
) -> None:
    for name, value in trouble.items():
        setattr(exchange, name, value)
    assert send_waiting() == 0
    assert state_of(message) == "queued"
    assert send_waiting() == 0 and len(exchange.heard) == 1  # its lease is not over
    exchange.status, exchange.body, exchange.state = 200, None, "delivered"
    with later():
        assert send_waiting() == 1
    assert state_of(message) == "delivered"
    assert {said["id"] for said in exchange.heard} == {str(message.client_id)}


def test_a_gateway_that_is_gone_is_given_up(message: Message, settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/none"
    for attempt in range(1, ATTEMPTS):
        with later(attempt):
            assert send_waiting() == 0
    with later(ATTEMPTS):
        assert send_waiting() == 1
    assert state_of(message) == "failed" and message.attempts == ATTEMPTS


def test_the_demo_delivers_to_nobody(message: Message, settings: Any) -> None:
    settings.SMS_URL = ""
    assert send_waiting() == 1
    assert state_of(message) == "delivered" and message.gateway == "demo"


def test_the_setting_chooses(settings: Any) -> None:
    settings.SMS_URL = ""
    assert isinstance(gateway(), Demo)
    settings.SMS_URL = "https://sms.example/v1/"
    assert isinstance(gateway(), Http)
    with pytest.raises((ValueError, ImproperlyConfigured)):
        Http("file:///etc/passwd")


def test_no_verb_tells_a_code(cast: Any, message: Message) -> None:
    assert Entry.objects.get(verb=ReminderVerb.MESSAGE_QUEUED).data["purpose"] == "断缴提醒"
