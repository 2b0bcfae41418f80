"""The door of the employer's window: a one-time code to the registered phone lets its subject in.

Whoever stands outside learns nothing by knocking: not whether a phone is on file, not whose it is.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.privacy import blind_index
from grid.scope import Actor, machine
from grid.subjects.models import Subject
from workflows.counter import queries, rules
from workflows.counter.models import EntryCode
from workflows.notices.models import Notice
from workflows.reminders.actions import queue_message
from workflows.reminders.models import Purpose

EMPLOYER = machine(str(_("用人单位")))


def send_code(notice: Notice, address: str) -> str:
    """Sends a one-time code to the employer's registered phone, and answers it for the demo's page alone.

    Where no phone is on file nothing is sent and the answer is empty; all else is the same, so that nobody outside
    learns which. Raises CodeAskedTooOften.
    """
    subject, at, where = notice.case.subject, now(), blind_index(address, "address")
    with transaction.atomic():
        # One at a time for each employer, or the limit could be passed by asking at once.
        # Without its key: whoever writes a row about the employer meanwhile need not wait for us.
        Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)
        _refuse_too_many(subject, where)
        EntryCode.objects.filter(asked_at__lt=at - rules.KEPT).delete()
        code, salt = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}", secrets.token_hex(16)
        phone = queries.phone_of(subject.pk)
        EntryCode.objects.create(
            notice=notice, subject=subject, salt=salt, digest=_digest(salt, code), address=where,
            is_sent=phone is not None, asked_at=at, expires_at=at + timedelta(minutes=rules.CODE_MINUTES),
        )  # fmt: skip
        if phone is not None:
            queue_message(phone, Purpose.CODE, _message(notice, code), by=EMPLOYER, case=notice.case)
    return code if phone is not None else ""


def _refuse_too_many(subject: Subject, where: str) -> None:
    at = now()
    recent = EntryCode.objects.filter(asked_at__gt=at - rules.WINDOW)
    of_employer = recent.filter(subject=subject).values_list("asked_at", flat=True)
    of_address = recent.filter(address=where).values_list("asked_at", flat=True)
    if minutes := rules.wait_minutes(of_employer, of_address, at):
        raise problems.CodeAskedTooOften(minutes=minutes)


def _digest(salt: str, code: str) -> str:
    """Keyed, so that a copy of the table does not give a million codes away."""
    return blind_index(f"{salt} {code}", "entry code")


def _message(notice: Notice, code: str) -> str:
    text = _("【人社】验证码 {code}，10 分钟内有效，用于查看 {number}。不要告诉他人。")
    said = text.format(code=code, number=notice.number)
    return f"示例 {said}" if notice.case.subject.is_sample else said


def enter(notice: Notice, typed: str, *, by: Actor = EMPLOYER) -> bool:
    """Whether `typed` is the code last sent about this employer. Right once, wrong five times, over after ten minutes.

    The count of a wrong try must outlive the refusal, so this answers instead of raising.
    """
    with transaction.atomic():
        rows = EntryCode.objects.select_for_update().filter(subject=notice.case.subject_id)
        row = rows.order_by("-pk").first()
        if row is None or row.used_at or row.tries >= rules.MOST_TRIES or row.expires_at < now():
            return False
        row.tries += 1
        right = secrets.compare_digest(row.digest, _digest(row.salt, typed)) and row.is_sent
        row.used_at = now() if right else None
        row.save(update_fields=["tries", "used_at"])
        if right:
            case, facts = notice.case, {"notice": notice.pk, "number": notice.number}
            record(
                Verb.EMPLOYER_ENTERED,
                by=by,
                area=case.area,
                subject=case.subject_id,
                case=case.code,
                data=facts,
            )
    return right
