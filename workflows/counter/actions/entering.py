"""The door of the employer's window: a one-time code to the registered phone lets its subject in.

Whoever stands outside learns nothing by knocking: not whether a phone is on file, not whose it is.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grid.calendar.now import CITY_TIME, now
from grid.ledger.actions import Line, record
from grid.privacy import blind_index, blind_indexes, is_blind_index
from grid.scope import Actor, machine
from grid.subjects.models import Subject
from workflows.counter import problems as counter_problems
from workflows.counter import queries, rules
from workflows.counter.models import EntryCode
from workflows.counter.verbs import CounterVerb
from workflows.notices.models import Notice
from workflows.reminders.actions import queue_message
from workflows.reminders.models import Purpose

EMPLOYER = machine(str(_("用人单位")))


def send_code(notice: Notice, address: str, browser: str = "") -> str:
    """Sends a one-time code to the employer's registered phone, and answers it for the demo's page alone. It is good
    in the browser that asked for it, whatever is asked for elsewhere meanwhile.

    Where no phone is on file nothing is sent and the answer is empty; all else is the same, so that nobody outside
    learns which. Raises CodeAskedTooOften.
    """
    subject, at, asker = notice.case.subject, now(), _asker(address, browser)
    with transaction.atomic():
        # One at a time for each employer, or the limit could be passed by asking at once.
        # Without its key: whoever writes a row about the employer meanwhile need not wait for us.
        Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)
        EntryCode.objects.filter(asked_at__lt=at - rules.KEPT).delete()
        _refuse_too_many(subject, asker)
        code, salt = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}", secrets.token_hex(16)
        phone = queries.phone_of(subject.pk)
        EntryCode.objects.create(
            notice=notice, subject=subject, salt=salt, digest=_digest(salt, code), address=asker.addresses[0],
            browser=asker.browsers[0] if asker.browsers else "", is_sent=phone is not None, asked_at=at,
            expires_at=at + timedelta(minutes=rules.CODE_MINUTES),
        )  # fmt: skip
        if phone is not None:
            queue_message(phone, Purpose.CODE, _message(notice, code), by=EMPLOYER, case=notice.case)
    return code if phone is not None else ""


@dataclass(frozen=True)
class _Asker:
    """Keyed fingerprints of where somebody asks from, and of the browser, newest key first: while a key is being changed
    the limits still know who asked before. Of no browser none."""

    addresses: list[str]
    browsers: list[str]


def _asker(address: str, browser: str) -> _Asker:
    return _Asker(blind_indexes(address, "address"), blind_indexes(browser, "browser") if browser else [])


def _refuse_too_many(subject: Subject, asker: _Asker) -> None:
    """What others ask holds nobody up who was let in for this employer before: from there, or in that browser."""
    at = now()
    about = EntryCode.objects.filter(subject=subject)
    from_there = Q(address__in=asker.addresses)
    own = from_there | Q(browser__in=asker.browsers)
    is_known = about.filter(own, used_at__isnull=False).exists()
    today_s = list(about.filter(asked_at__gt=at - rules.DAY).values_list("asked_at", "address", "browser"))
    by_all = [] if is_known else [when for when, _address, _browser in today_s]
    asked = rules.Asked(
        by_browser=[when for when, _address, browser in today_s if browser in asker.browsers],
        from_here=[when for when, address, _browser in today_s if address in asker.addresses],
        by_all=by_all,
    )
    recent = EntryCode.objects.filter(from_there, asked_at__gt=at - rules.WINDOW)
    of_address = recent.values_list("asked_at", flat=True)
    if minutes := rules.wait_minutes(by_all, of_address, at, asked):
        raise counter_problems.CodeAskedTooOften(minutes=minutes)


def _digest(salt: str, code: str) -> str:
    """Keyed, so that a copy of the table does not give a million codes away."""
    return blind_index(f"{salt} {code}", "entry code")


def _message(notice: Notice, code: str) -> str:
    text = _("【人社】验证码 {code}，{at} 申请，10 分钟内有效，用于查看 {number}。不要告诉他人。")
    asked_at = now().astimezone(CITY_TIME).strftime("%H:%M")
    words = text.format(code=code, number=notice.number, at=asked_at)
    return f"示例 {words}" if notice.case.subject.is_sample else words


def enter(notice: Notice, typed: str, browser: str | None = None, *, by: Actor = EMPLOYER) -> bool:
    """Whether `typed` is the code last sent on the asking of this browser (None: of whichever asked last). Right once,
    wrong five times, over after ten minutes. A browser that asked for none has none to try, so a stranger spends the
    tries of his own codes alone; how many those are is bounded in `rules`: 75 tries in an hour and 200 in a day over
    all browsers about one employer, each at one in a million.

    The count of a wrong try must outlive the refusal, so this answers instead of raising.
    """
    with transaction.atomic():
        rows = EntryCode.objects.select_for_update().filter(subject=notice.case.subject_id)
        if browser is not None:
            rows = rows.filter(browser__in=blind_indexes(browser, "browser"))
        row = rows.order_by("-pk").first()
        if row is None or row.used_at or row.tries >= rules.MOST_TRIES or row.expires_at < now():
            return False
        row.tries += 1
        right = is_blind_index(row.digest, f"{row.salt} {typed}", "entry code") and row.is_sent
        row.used_at = now() if right else None
        row.save(update_fields=["tries", "used_at"])
        if right:
            _record_entry(notice, by)
    return right


def _record_entry(notice: Notice, by: Actor) -> None:
    case, facts = notice.case, {"notice": notice.pk, "number": notice.number}
    record(
        CounterVerb.EMPLOYER_ENTERED,
        Line(case.area, subject=case.subject_id, case=case.code, data=facts),
        by=by,
    )
