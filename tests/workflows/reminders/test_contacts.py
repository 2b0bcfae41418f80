"""Numbers kept in secret, and every attempt to reach the party of a case."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.personal.models import RevealReason
from grid.personal.verbs import PersonalVerb
from tests.workflows.conftest import Walk
from tests.workflows.reminders.conftest import MOBILE
from workflows.audits import problems as audits_problems
from workflows.cases.actions import issue_notice
from workflows.cases.models import Case, CaseState
from workflows.notices import problems as notices_problems
from workflows.reminders import actions
from workflows.reminders import problems as reminders_problems
from workflows.reminders.actions.contacting import Attempt
from workflows.reminders.models import Contact, Message, Phone
from workflows.reminders.verbs import ReminderVerb


@pytest.fixture
def case(make_case: Callable[..., Case], walk: Walk) -> Case:
    return walk.to(make_case(), CaseState.URGING)


@pytest.fixture
def phone(case: Case, cast: Any) -> Phone:
    return actions.note_phone(case.subject, "138 0473 0012", "李某", "负责人当面提供", by=cast.by.zhao)


def test_a_number_is_stored_only_encrypted(phone: Phone) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, holder FROM workflows_phone")
        stored = cursor.fetchone()
    assert MOBILE not in str(stored) and "李某" not in str(stored)
    phone.refresh_from_db()
    assert (phone.number, phone.masked, phone.is_mobile) == (MOBILE, "138****0012", True)
    entry = Entry.objects.get(verb=ReminderVerb.PHONE_NOTED)
    assert MOBILE not in str(entry.data) and "李某" not in str(entry.data)


def test_the_same_number_is_one_row(phone: Phone, case: Case, cast: Any) -> None:
    assert actions.note_phone(case.subject, MOBILE, "", "再次登记", by=cast.by.zhou) == phone
    with pytest.raises(problems.ReasonMissing):
        actions.retire_phone(phone, " ", by=cast.by.zhao)
    assert actions.retire_phone(phone, "换号", by=cast.by.zhao)
    assert not actions.retire_phone(phone, "换号", by=cast.by.zhao)
    assert actions.note_phone(case.subject, MOBILE, "", "又启用", by=cast.by.zhao) != phone


def test_what_is_no_number_is_refused(case: Case, cast: Any) -> None:
    with pytest.raises(reminders_problems.NotAPhone):
        actions.note_phone(case.subject, "12345", "", "来源", by=cast.by.zhao)
    with pytest.raises(problems.ReasonMissing):
        actions.note_phone(case.subject, MOBILE, "", " ", by=cast.by.zhao)
    for who, refusal in (
        ("wang", problems.NotYourPost),
        ("zheng", problems.NotYourPost),
        ("han", problems.NotHere),
    ):
        with pytest.raises(refusal):
            actions.note_phone(case.subject, MOBILE, "", "来源", by=getattr(cast.by, who))


def test_who_reads_a_number_is_recorded(phone: Phone, cast: Any) -> None:
    with pytest.raises(problems.ReasonMissing):
        actions.reveal_phone(phone, "", by=cast.by.zhao)
    with pytest.raises(problems.ReasonMissing):
        actions.reveal_phone(phone, "好奇", by=cast.by.zhao)
    assert actions.reveal_phone(phone, RevealReason.CONTACT, by=cast.by.zhao) == MOBILE
    entry = Entry.objects.get(verb=PersonalVerb.PERSONAL_REVEALED)
    assert (entry.actor, entry.data["fields"]) == (cast.zhao.pk, ["phone"])
    assert "第13条" in entry.data["reason"]


def test_every_attempt_is_kept(case: Case, phone: Phone, cast: Any) -> None:
    told = Attempt("phone", "promised", "下周办理", today(), "李某", phone)
    kept = actions.note_contact(case, told, by=cast.by.zhao)
    actions.note_contact(case, Attempt("mail", "undeliverable", "退信"), by=cast.by.zhou)
    assert [(row.way, row.outcome) for row in case.contacts.all()] == [
        ("mail", "undeliverable"), ("phone", "promised"),
    ]  # fmt: skip
    assert kept.whom == "李某"
    entry = Entry.objects.filter(case=case.code, verb=ReminderVerb.CONTACT_NOTED).earliest("nth")
    assert (entry.data["way"], entry.data["outcome"]) == ("电话", "答应办理")
    assert "李某" not in str(entry.data)
    case.refresh_from_db()
    assert case.state == CaseState.URGING


def test_contacts_have_their_time_and_their_people(case: Case, make_case: Any, cast: Any) -> None:
    for on in (today() + timedelta(days=1), today() - timedelta(days=30)):
        with pytest.raises(audits_problems.WrongDay):
            actions.note_contact(case, Attempt("phone", "reached", on=on), by=cast.by.zhao)
    with pytest.raises(problems.OutOfOrder):
        actions.note_contact(make_case(), Attempt("phone", "reached"), by=cast.by.zhao)
    with pytest.raises(problems.NotHere):
        actions.note_contact(case, Attempt("phone", "reached"), by=cast.by.chen)


def test_the_number_of_another_is_not_here(case: Case, cast: Any, make_employer: Any) -> None:
    other = actions.note_phone(make_employer(), MOBILE, "", "来源", by=cast.by.zhao)
    with pytest.raises(problems.NotHere):
        actions.note_contact(case, Attempt("phone", "reached", phone=other), by=cast.by.zhao)
    with pytest.raises(problems.NotHere):
        actions.send_sms(case, other, by=cast.by.zhao)
    assert not Message.objects.exists()


def test_a_message_follows_its_letter(case: Case, phone: Phone, cast: Any) -> None:
    with pytest.raises(notices_problems.NoticeMissing):
        actions.send_sms(case, phone, by=cast.by.zhao)
    notice = issue_notice(case, by=cast.by.zhao)
    landline = actions.note_phone(case.subject, "0473-2012345", "", "来源", by=cast.by.zhao)
    with pytest.raises(reminders_problems.NoMobile):
        actions.send_sms(case, landline, by=cast.by.zhao)
    contact = actions.send_sms(case, phone, by=cast.by.zhao)
    assert notice.number in contact.message.text and contact.outcome == "under_way"
    assert actions.send_waiting() == 1
    contact.refresh_from_db()
    assert (contact.outcome, contact.message.state) == ("reached", "delivered")
    assert contact.message.reference.startswith("示例")


# --- the page ------------------------------------------------------------------------------------


def test_the_page_keeps_numbers_covered(case: Case, phone: Phone, client: Client, cast: Any) -> None:
    client.force_login(cast.zhao)
    address = f"/cases/{case.code}/contacts/"
    page = client.get(address).content.decode()
    assert "138****0012" in page and MOBILE not in page
    shown = client.post(f"{address}phone/{phone.pk}/reveal/", {"reason": "contact"})
    assert MOBILE in shown.content.decode()
    assert client.post(f"{address}phone/{phone.pk}/reveal/", {"why": ""}).status_code == 422
    assert client.post(f"{address}phone/{phone.pk}/retire/", {"why": "换号"}).status_code == 302
    assert "138****0012" not in client.get(address).content.decode()


def test_forms_of_the_page(case: Case, client: Client, cast: Any) -> None:
    client.force_login(cast.zhao)
    address = f"/cases/{case.code}/contacts/"
    given = {"number": "123", "source": "登记"}
    assert client.post(f"{address}phone/", given).status_code == 422
    assert client.post(f"{address}phone/", given | {"number": MOBILE}).status_code == 302
    phone = Phone.objects.get()
    said = {"way": "phone", "outcome": "no_answer", "on": today(), "phone": phone.pk}
    assert client.post(f"{address}note/", said | {"way": "sms"}).status_code == 422
    assert client.post(f"{address}note/", said).status_code == 302
    issue_notice(case, by=cast.by.zhao)
    assert client.post(f"{address}sms/", {"phone": phone.pk}).status_code == 302
    assert (Contact.objects.count(), Message.objects.count()) == (2, 1)
    page = client.get(address).content.decode()
    assert "无人应答" in page and "待发" in page


def test_who_sees_the_contacts(case: Case, phone: Phone, client: Client, cast: Any) -> None:
    address = f"/cases/{case.code}/contacts/"
    seen = {"zhao": 200, "sun": 200, "qian": 200, "zhou": 200, "wu": 200, "zheng": 200}
    for name, status in (seen | {"chen": 404, "han": 404, "wang": 404, "feng": 404}).items():
        client.force_login(getattr(cast, name))
        assert client.get(address).status_code == status, name
    client.force_login(cast.zheng)
    assert "登记电话" not in client.get(address).content.decode()
    assert client.post(f"{address}phone/{phone.pk}/reveal/", {"why": "看看"}).status_code == 404
    assert (
        client.post(f"{address}note/", {"way": "phone", "outcome": "reached", "on": today()}).status_code
        == 403
    )


def test_queries_of_the_contacts(
    case: Case, phone: Phone, client: Client, cast: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        actions.note_contact(case, Attempt("phone", "no_answer", phone=phone), by=cast.by.zhao)
    client.force_login(cast.zhao)
    with django_assert_max_num_queries(8):
        client.get(f"/cases/{case.code}/contacts/")
