"""Telephone numbers of a subject, and every attempt to reach the party of a case beside its documents."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.ledger.actions import Line, record
from grid.offices.queries import office_at
from grid.personal.actions import may_reveal
from grid.personal.models import RevealReason
from grid.personal.verbs import PersonalVerb
from grid.privacy import blind_indexes, masked
from grid.scope import Actor, Right, require, require_person
from grid.subjects.models import Subject
from workflows.audits import problems as audits_problems
from workflows.cases.models import UNAPPROVED, Case
from workflows.engine.actions.steps import locked, notify_pages, record_on
from workflows.notices import problems as notices_problems
from workflows.notices.models import NoticeKind
from workflows.reminders import problems as reminders_problems
from workflows.reminders import rules
from workflows.reminders.actions.sending import queue_message
from workflows.reminders.models import Contact, Message, Outcome, Phone, Purpose, Way
from workflows.reminders.verbs import ReminderVerb


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to reach the party: how and with what outcome, what was said, on which day, to whom, and under which
    number."""

    way: str
    outcome: str
    remark: str = ""
    on: date = field(default_factory=today)
    whom: str = ""
    phone: Phone | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "way", Way(self.way))
        object.__setattr__(self, "outcome", Outcome(self.outcome))
        object.__setattr__(self, "remark", self.remark.strip()[:300])
        object.__setattr__(self, "whom", self.whom.strip())


@transaction.atomic
def note_phone(subject: Subject, number: str, holder: str, source: str, *, by: Actor) -> Phone:
    """Keeps a number under which `subject` is reached. The same number again answers the row there is.

    Raises NotAPhone, ReasonMissing without a source.
    """
    held = require(by, Right.REMIND, subject.area)
    plain = rules.plain_number(number)
    if not rules.is_phone(plain):
        raise reminders_problems.NotAPhone(number=number)
    if not source.strip():
        raise problems.ReasonMissing(act=_("登记联系电话"))
    hashes = _hashes_of(plain)
    known = Phone.objects.filter(subject=subject, number_hash__in=hashes, retired_at=None).first()
    if known is not None:
        return known
    phone, new = Phone.objects.get_or_create(
        subject=subject,
        number_hash=hashes[0],
        retired_at=None,
        defaults={
            "area": subject.area,
            "number": plain,
            "masked": masked(plain),
            "is_mobile": rules.is_mobile(plain),
            "holder": holder.strip(),
            "source": source.strip(),
            "noted_by_id": require_person(by),
            "noted_at": now(),
        },
    )
    if new:
        facts = {"number": phone.masked, "source": phone.source, "phone": phone.pk}
        people = {"phone": plain} | ({"holder": phone.holder} if phone.holder else {})
        record(
            ReminderVerb.PHONE_NOTED,
            Line(subject.area, subject=subject.pk, data=facts, personal=people),
            by=by,
            held=held,
        )
    return phone


def _hashes_of(plain: str) -> list[str]:
    return blind_indexes(plain, "phone")


def hashes_of_phone(phone: Phone) -> list[str]:
    """What each key makes of a number as it is stored, newest first."""
    return _hashes_of(phone.number)


@transaction.atomic
def retire_phone(phone: Phone, why: str, *, by: Actor) -> bool:
    """Takes a number out of use; what went out to it stays on record. False when it was out of use already."""
    held = require(by, Right.REMIND, phone.area)
    if not why.strip():
        raise problems.ReasonMissing(act=_("停用联系电话"))
    if not Phone.objects.filter(pk=phone.pk, retired_at=None).update(retired_at=now(), retired_why=why[:100]):
        return False
    facts = {"number": phone.masked, "reason": why, "phone": phone.pk}
    record(
        ReminderVerb.PHONE_RETIRED, Line(phone.area, subject=phone.subject_id, data=facts), by=by, held=held
    )
    return True


def reveal_phone(phone: Phone, reason: str, *, by: Actor) -> str:
    """The number in full, for a reason of the list; who looked is recorded. Raises ReasonMissing, TooManyReveals."""
    held = may_reveal(phone.area, reason, by=by)
    words = str(RevealReason(reason).label)
    facts = {"fields": ["phone"], "phone": phone.pk, "number": phone.masked, "reason": words}
    with transaction.atomic():
        record(
            PersonalVerb.PERSONAL_REVEALED,
            Line(phone.area, subject=phone.subject_id, data=facts),
            by=by,
            held=held,
        )
    number: str = phone.number
    return number


def note_contact(case: Case, attempt: Attempt, *, by: Actor) -> Contact:
    """Keeps one attempt to reach the party by telephone, mail or visit. It serves nothing and starts no term.

    Raises WrongDay, OutOfOrder before the case was approved or after it ended.
    """
    with transaction.atomic():
        fresh = locked(Case, case.pk)
        require(by, Right.REMIND, fresh.area)
        _refuse_early(fresh)
        if not day_of(fresh.opened_at) <= attempt.on <= today():
            raise audits_problems.WrongDay(first=day_of(fresh.opened_at), last=today())
        return _kept(fresh, attempt, None, by)


def send_sms(case: Case, phone: Phone, *, by: Actor) -> Contact:
    """Tells the party by short message that its 告知书 is on the way. Kept as a contact that waits for its receipt.

    Raises NoMobile, NoticeMissing before the 告知书 was issued, NotHere for the number of another subject.
    """
    with transaction.atomic():
        fresh = locked(Case, case.pk)
        require(by, Right.REMIND, fresh.area)
        _refuse_early(fresh)
        if phone.subject_id != fresh.subject_id or phone.retired_at:
            raise problems.NotHere()
        if not phone.is_mobile:
            raise reminders_problems.NoMobile(name=fresh.subject.name)
        notice = fresh.notices.filter(kind=NoticeKind.URGING, withdrawn_at=None).order_by("-pk").first()
        if notice is None:
            raise notices_problems.NoticeMissing(kind=NoticeKind.URGING.label)
        subject, ask_at = fresh.subject, office_at(fresh.area, today()).phone
        text = rules.urging_text(subject.name, notice.number, ask_at, sample=subject.is_sample)
        message = queue_message(phone, Purpose.URGING, text, by=by, case=fresh)
        attempt = Attempt(Way.SMS, Outcome.UNDER_WAY, notice.number, phone=phone)
        return _kept(fresh, attempt, message, by)


def _refuse_early(case: Case) -> None:
    """Nothing is asked of a party before its case was approved, or after it ended."""
    if case.state in UNAPPROVED or not case.is_open:
        raise problems.OutOfOrder(thing=case.code, state=case.get_state_display(), act=_("联系当事人"))


def _kept(case: Case, attempt: Attempt, message: Message | None, by: Actor) -> Contact:
    phone = attempt.phone
    if phone is not None and phone.subject_id != case.subject_id:
        raise problems.NotHere()
    contact = Contact.objects.create(
        case=case,
        area=case.area,
        way=attempt.way,
        outcome=attempt.outcome,
        phone=phone,
        message=message,
        whom=attempt.whom,
        remark=attempt.remark,
        on=attempt.on,
        noted_by_id=require_person(by),
        noted_at=now(),
    )
    facts = {"way": str(contact.get_way_display()), "outcome": str(contact.get_outcome_display())}
    record_on(
        ReminderVerb.CONTACT_NOTED, case, by, None, contact=contact.pk, **facts, on=attempt.on.isoformat()
    )
    notify_pages(case)
    return contact
