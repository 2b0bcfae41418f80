"""Reminding those who lapsed, many at once, each kept and none twice within the days the law's table says."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.codes import Purpose as CodePurpose
from grid.codes import fresh_code
from grid.law.queries import Law, require_reviewed, the_law
from grid.law.rules.asked import Asked, asked_about
from grid.ledger.actions import Line, record
from grid.offices.models import Part
from grid.offices.queries import office_at
from grid.scope import Actor, Held, Right, require, require_person
from grid.subjects.models import Subject, SubjectKind
from tasks.findings.rules import About
from workflows.audits import problems as audits_problems
from workflows.notices.actions import keep_file, take_number
from workflows.notices.documents import Letterhead, citation, waiting_of
from workflows.notices.documents.typesetting import typeset
from workflows.notices.letters import letter_of
from workflows.notices.models import NoticeKind
from workflows.notices.queries import contact_of
from workflows.notices.queries.parties import unit_of
from workflows.notices.rules import number_text
from workflows.notices.verbs import NoticeVerb
from workflows.reminders import documents, rules
from workflows.reminders import problems as reminders_problems
from workflows.reminders.actions.sending import queue_message
from workflows.reminders.models import Lapse, Phone, Purpose, Reminder, ReminderWay
from workflows.reminders.verbs import ReminderVerb

# A letter takes 40 ms to set; more than these would keep the person waiting.
AT_ONCE = 200


@dataclass
class Reminded:
    """What became of a choice: reminded, and those left out with the reason in words."""

    made: list[Reminder] = field(default_factory=list)
    refused: list[tuple[str, problems.Problem]] = field(default_factory=list)


def remind_many(lapse_ids: Iterable[int], way: str, *, by: Actor) -> Reminded:
    """Reminds each of those chosen by message or letter; one that cannot be leaves the others reminded.

    Each is its own transaction. Raises NothingChosen.
    """
    ids = list(dict.fromkeys(lapse_ids))[:AT_ONCE]
    if not ids:
        raise problems.NothingChosen()
    law, done = the_law(today()), Reminded()
    for pk in ids:
        try:
            done.made.append(remind_one(pk, ReminderWay(way), law, by=by))
        except problems.Problem as refused:
            name = Lapse.objects.filter(pk=pk).values_list("subject__name", flat=True).first() or ""
            done.refused.append(("" if isinstance(refused, problems.NotHere) else name, refused))
    return done


@transaction.atomic
def remind_one(lapse_id: int, way: ReminderWay, law: Law, *, by: Actor) -> Reminder:
    """One reminder. The row's lock makes two people reminding at once into one who does and one who is told.

    Raises RemindedRecently, NoMobile, OutOfOrder for one that pays again, NotHere.
    """
    lapse = (
        Lapse.objects.select_for_update(of=("self",)).select_related("subject").filter(pk=lapse_id).first()
    )
    if lapse is None:
        raise problems.NotHere()
    held, day = require(by, Right.REMIND, lapse.area), today()
    if lapse.settled_on:
        raise problems.OutOfOrder(thing=lapse.subject.name, state=_("已恢复缴费"), act=_("断缴提醒"))
    gap = int(law["reminder.gap"].value)
    if not rules.may_remind(lapse.reminded_on, day, gap):
        raise reminders_problems.RemindedRecently(name=lapse.subject.name, on=lapse.reminded_on, days=gap)
    until = rules.last_day(day, str(law["reminder.year_end"].value))
    make = _by_message if way == ReminderWay.SMS else _by_letter
    reminder = make(lapse, until, by)
    lapse.reminded_on, lapse.times = day, lapse.times + 1
    lapse.save(update_fields=["reminded_on", "times"])
    _record(reminder, lapse, until, by, held)
    return reminder


def _by_message(lapse: Lapse, until: date, by: Actor) -> Reminder:
    subject = lapse.subject
    phone = Phone.objects.filter(subject=subject, retired_at=None, is_mobile=True).order_by("-pk").first()
    if phone is None:
        raise reminders_problems.NoMobile(name=subject.name)
    ask_at = office_at(lapse.area, today()).phone
    is_voluntary = _asked(subject).is_voluntary
    text = rules.reminder_text(
        subject.name, until, ask_at, sample=subject.is_sample, is_voluntary=is_voluntary
    )
    message = queue_message(phone, Purpose.REMINDER, text, by=by)
    return Reminder.objects.create(
        lapse=lapse,
        area=lapse.area,
        way=ReminderWay.SMS,
        on=today(),
        made_by_id=require_person(by),
        message=message,
    )


def _by_letter(lapse: Lapse, until: date, by: Actor) -> Reminder:
    """参保缴费提醒书: numbered like every document of the office, outside any case."""
    letter = _letter(lapse)
    asked = _asked(lapse.subject)
    data = documents.Reminder(
        letter=letter,
        found=[lapse.why],
        asked=[asked.asks],
        basis=[citation(clause, reviewed=asked.reviewed) for clause in asked.basis],
        is_voluntary=asked.is_voluntary,
        until=until,
        until_why=_("过期无法补缴当年的费用"),
    )
    require_reviewed(waiting_of(data), letter_of(NoticeKind.REMINDER).title)
    content = typeset(NoticeKind.REMINDER, data)
    sha256 = hashlib.sha256(content).hexdigest()
    return Reminder.objects.create(
        lapse=lapse,
        area=lapse.area,
        way=ReminderWay.LETTER,
        on=letter.issued_on,
        made_by_id=require_person(by),
        number=letter.number,
        code=letter.code,
        path=keep_file(content, sha256, letter.issued_on.year),
        sha256=sha256,
    )


def _asked(subject: Subject) -> Asked:
    """An employer owes the premiums of its staff (社会保险法 第六十条); a person, or a trader without staff, may go on
    paying (第十条第二款、第二十条、第二十二条)."""
    if subject.is_person:
        return asked_about(About.HOME_RESUME, today())
    is_alone = subject.kind == SubjectKind.SOLE_TRADER
    return asked_about(About.OWN_RESUME if is_alone else About.RESUME, today())


def _letter(lapse: Lapse) -> Letterhead:
    day, subject, kind = today(), lapse.subject, letter_of(NoticeKind.REMINDER)
    office = office_at(kind.signer.code_in(lapse.area), day)
    series = kind.series(office.word(kind.signer.part))
    return Letterhead(
        authority=office.agency,
        number=number_text(series, day.year, take_number(series, day.year)),
        issued_on=day,
        # A letter that serves nothing needs no address of a person.
        party=replace(unit_of(subject), address="" if subject.is_person else subject.address),
        code=fresh_code(CodePurpose.NOTICE),
        contact=contact_of(kind.kind, office),
        sample=subject.is_sample,
        seal=office.need(Part.AGENCY).seal,
    )


@transaction.atomic
def note_delivery(reminder: Reminder, on: date, how: str, *, by: Actor) -> Reminder:
    """Keeps when and how a letter came to its addressee. Raises WrongDay, OutOfOrder for one that has it."""
    fresh = (
        Reminder.objects.select_for_update(of=("self",)).select_related("lapse__subject").get(pk=reminder.pk)
    )
    held = require(by, Right.REMIND, fresh.area)
    if fresh.way != ReminderWay.LETTER or fresh.delivered_on:
        raise problems.OutOfOrder(thing=fresh.number or "", state=_("已登记送达"), act=_("登记送达"))
    if not fresh.on <= on <= today():
        raise audits_problems.WrongDay(first=fresh.on, last=today())
    fresh.delivered_on, fresh.delivery = on, how.strip()[:200]
    fresh.save(update_fields=["delivered_on", "delivery"])
    facts = {"number": fresh.number, "way": fresh.delivery, "on": on.isoformat(), "reminder": fresh.pk}
    record(
        NoticeVerb.NOTICE_SERVED,
        Line(fresh.area, subject=fresh.lapse.subject_id, data=facts),
        by=by,
        held=held,
    )
    return fresh


def _record(reminder: Reminder, lapse: Lapse, until: date, by: Actor, held: Held | None) -> None:
    facts = {
        "reminder": reminder.pk,
        "lapse": lapse.pk,
        "way": str(reminder.get_way_display()),
        "number": reminder.number or "",
        "year": until.year,
        "until": until.isoformat(),
        "sha256": reminder.sha256,
    }
    record(
        ReminderVerb.LAPSE_REMINDED, Line(lapse.area, subject=lapse.subject_id, data=facts), by=by, held=held
    )
