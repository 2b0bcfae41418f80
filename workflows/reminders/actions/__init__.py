"""Every write about reaching a subject. Messages are sent by the clock, never inside an act."""

from workflows.reminders.actions.contacting import (
    note_contact,
    note_phone,
    retire_phone,
    reveal_phone,
    send_sms,
)
from workflows.reminders.actions.lapsing import find_lapses, find_lapses_in
from workflows.reminders.actions.reminding import note_delivery, remind_many
from workflows.reminders.actions.sending import queue_message, send_waiting

__all__ = [
    "find_lapses",
    "find_lapses_in",
    "note_contact",
    "note_delivery",
    "note_phone",
    "queue_message",
    "remind_many",
    "retire_phone",
    "reveal_phone",
    "send_sms",
    "send_waiting",
]
