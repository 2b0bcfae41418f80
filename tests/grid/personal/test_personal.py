"""Personal data in the ledger: looked at for a reason and so many times a day, forgotten by two persons when the law
needs it no longer."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from grid.calendar.now import moved_to, now
from grid.law.models import Provision
from grid.ledger.actions import Line, record, record_many, sealer
from grid.ledger.models import Entry, SubjectKey
from grid.ledger.queries import checks
from grid.ledger.queries.checkpoints import newest
from grid.ledger.queries.walk import Place, walk
from grid.ledger.verbs import LedgerVerb
from grid.personal import actions
from grid.personal.models import Forgetting, ForgettingReason, RevealReason
from grid.personal.problems import (
    ForgettingAsked,
    ForgettingDecided,
    NothingToForget,
    OwnForgetting,
    StillNeeded,
    TooManyReveals,
)
from grid.personal.verbs import PersonalVerb
from grid.problems import NotHere, NotYourPost, ReasonMissing
from grid.scope import Role
from grid.subjects.models import SubjectKind
from grid.territory.models import Posting
from grid.watch.models import Alarm
from project.inbox import inbox_of
from tests.cast import GRID_1, SINCE
from workflows.reminders.verbs import ReminderVerb

FACTS = {"phone": "15000000012", "name": "示例"}
WHY = RevealReason.CONTACT
LATER = timedelta(days=200)


@pytest.fixture
def person(cast: Any, make_employer: Any) -> Any:
    return make_employer(
        "王*国", kind=SubjectKind.RESIDENT, full_name="王建国", credit_code=None, local_code="x"
    )


@pytest.fixture
def noted(cast: Any, person: Any) -> Entry:
    with transaction.atomic():
        entry = record(
            ReminderVerb.PHONE_NOTED, Line(GRID_1, subject=person.pk, personal=FACTS), by=cast.by.zhao
        )
    sealer.seal_pending()
    return entry


def test_it_is_shown_for_a_reason_of_the_list_and_recorded(cast: Any, noted: Entry, client: Any) -> None:
    assert b"15000000012" not in bytes(noted.canonical) + bytes(noted.personal or b"")
    for who, refusal in (("chen", NotHere), ("wang", NotYourPost), ("zheng", NotYourPost)):
        with pytest.raises(refusal):
            actions.reveal_entry(noted, WHY, by=getattr(cast.by, who))
    for reason in ("", " ", "好奇"):
        with pytest.raises(ReasonMissing):
            actions.reveal_entry(noted, reason, by=cast.by.zhao)
    client.force_login(cast.zhao)
    page = client.get(f"/personal/subjects/{noted.subject}/").content.decode()
    assert f"/personal/entries/{noted.pk}/" in page and "15000000012" not in page
    assert client.post(f"/personal/entries/{noted.pk}/", {}).status_code == 422
    shown = client.post(f"/personal/entries/{noted.pk}/", {"reason": WHY})
    assert "15000000012" in shown.content.decode()
    assert shown["Refresh"].startswith("60;") and "no-store" in shown["Cache-Control"]
    assert "15000000012" not in client.get(f"/personal/entries/{noted.pk}/").content.decode()
    look = Entry.objects.get(verb=PersonalVerb.PERSONAL_REVEALED)
    assert (look.actor, look.data["fields"]) == (cast.zhao.pk, ["name", "phone"])
    assert "15000000012" not in str(look.data) and "第13条" in look.data["reason"]
    client.force_login(cast.zheng)
    assert "赵敏" in client.get("/personal/").content.decode()
    assert client.get(f"/personal/entries/{noted.pk}/").status_code == 403
    client.force_login(cast.chen)
    assert client.get(f"/personal/entries/{noted.pk}/").status_code == 404
    assert client.get(f"/personal/subjects/{noted.subject}/").status_code == 404


def test_beyond_the_days_limit_it_is_refused_and_both_offices_hear(cast: Any, noted: Entry) -> None:
    Provision.objects.filter(key="privacy.reveal_limit").update(value=2)
    for _ in range(2):
        assert actions.reveal_entry(noted, WHY, by=cast.by.zhao) == FACTS
    for _ in range(2):
        with pytest.raises(TooManyReveals):
            actions.reveal_entry(noted, WHY, by=cast.by.zhao)
    assert Alarm.objects.get().kind == "reveal"
    assert actions.reveal_entry(noted, WHY, by=cast.by.sun) == FACTS
    with moved_to(now() + timedelta(days=1)):
        assert actions.reveal_entry(noted, WHY, by=cast.by.zhao) == FACTS


def test_two_persons_forget_and_the_proof_still_holds(
    cast: Any, noted: Entry, person: Any, client: Any
) -> None:
    with moved_to(now() + LATER):
        with pytest.raises(NotYourPost):
            actions.ask_forgetting(person, ForgettingReason.PURPOSE_OVER, by=cast.by.zhao)
        with pytest.raises(ReasonMissing):
            actions.ask_forgetting(person, "", by=cast.by.qian)
        asked = actions.ask_forgetting(person, ForgettingReason.PURPOSE_OVER, by=cast.by.qian)
        with pytest.raises(ForgettingAsked):
            actions.ask_forgetting(person, ForgettingReason.UNLAWFUL, by=cast.by.wu)
        assert any(item.kind == "forgetting" for item in inbox_of(cast.by.fang).items)
        with pytest.raises(NotYourPost):
            actions.decide_forgetting(asked, True, "同意", by=cast.by.qian)
        with pytest.raises(ReasonMissing):
            actions.decide_forgetting(asked, True, " ", by=cast.by.fang)
        client.force_login(cast.fang)
        address = f"/personal/forgettings/{asked.pk}/decide/"
        assert client.post(address, {"granted": "yes", "opinion": "期限已满"}).status_code == 302
        with pytest.raises(ForgettingDecided):
            actions.decide_forgetting(asked, False, "改了", by=cast.by.fang)
        sealer.seal_pending()
        assert actions.reveal_entry(noted, WHY, by=cast.by.zhao) is None
        person.refresh_from_db()
        assert person.full_name == "" and not SubjectKey.objects.exists()
        client.force_login(cast.zheng)
        assert "个人信息已遗忘" in client.get(f"/audit/subjects/{person.pk}/").content.decode()
        assert not [finding for page in walk(Place(), newest().size, 9) for finding in page]
        assert not list(checks.keys_are_kept())
        told = Entry.objects.get(verb=LedgerVerb.PERSONAL_FORGOTTEN)
        assert told.data["asker"] == "钱卫东" and told.actor == cast.fang.pk
        with pytest.raises(NothingToForget):
            actions.ask_forgetting(person, ForgettingReason.UNLAWFUL, by=cast.by.qian)
        with transaction.atomic():
            again = record(
                ReminderVerb.PHONE_NOTED,
                Line(GRID_1, subject=person.pk, personal={"phone": "3"}),
                by=cast.by.zhao,
            )
        assert actions.reveal_entry(again, WHY, by=cast.by.zhao) == {"phone": "3"}
        assert actions.reveal_entry(noted, WHY, by=cast.by.zhao) is None


def test_nobody_decides_what_they_asked(cast: Any, noted: Entry, person: Any) -> None:
    from grid.territory.queries import actor_of

    Posting.objects.create(person=cast.fang, role=Role.CITY, area_id="1503", valid_from=SINCE)
    both = actor_of(cast.fang)
    with moved_to(now() + LATER):
        asked = actions.ask_forgetting(person, ForgettingReason.UNLAWFUL, by=both)
        with pytest.raises(OwnForgetting):
            actions.decide_forgetting(asked, True, "同意", by=both)
    with pytest.raises(DatabaseError), transaction.atomic():
        Forgetting.objects.filter(pk=asked.pk).update(decided_by=cast.fang, decided_at=now(), granted=True)


def test_the_database_lets_no_key_go_without_a_decision(cast: Any, noted: Entry, person: Any) -> None:
    for act in (
        lambda: SubjectKey.objects.all().delete(),
        lambda: SubjectKey.objects.update(wrapped=b"x"),
        lambda: Forgetting.objects.create(
            subject=person, area=GRID_1, reason="unlawful", asked_by=cast.wu, asked_at=now(), decided_by=cast.fang,
            decided_at=now(), granted=True,
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with moved_to(now() + LATER):
        asked = actions.ask_forgetting(person, ForgettingReason.UNLAWFUL, by=cast.by.qian)
        actions.decide_forgetting(asked, False, "不准", by=cast.by.fang)
    for change in ({"granted": True}, {"opinion": "准"}, {"asked_by": cast.ma}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Forgetting.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM grid_forgetting")


def test_what_is_still_needed_is_named(cast: Any, noted: Entry, person: Any) -> None:
    with pytest.raises(StillNeeded) as refused:
        actions.ask_forgetting(person, ForgettingReason.PURPOSE_OVER, by=cast.by.qian)
    assert "6 个月" in refused.value.detail and "网络安全法" in refused.value.detail


def test_the_command_has_the_same_limits(cast: Any, noted: Entry, person: Any) -> None:
    def run(*line: Any, by: str) -> str:
        out = StringIO()
        call_command("personal_data", person.pk, "--by", by, *line, stdout=out)
        return out.getvalue()

    assert "1 条个人信息" in run(by="zhao")
    assert "15000000012" in run("--reveal", noted.pk, "--reason", "contact", by="zhao")
    for line, who, words in (
        (("--reveal", noted.pk, "--reason", "x"), "zhao", "理由"),
        (("--ask", "--reason", "unlawful"), "zhao", "申请遗忘个人信息"),
        (("--ask", "--reason", "unlawful"), "qian", "网络安全法"),
        (("--decide", "grant"), "fang", "没有等待决定的申请"),
        ((), "chen", "没有找到"),
        ((), "nobody", "nobody"),
    ):
        with pytest.raises(CommandError, match=words):
            run(*line, by=who)
    with moved_to(now() + LATER):
        assert "由另一人决定" in run("--ask", "--reason", "unlawful", by="qian")
        assert "已准予" in run("--decide", "grant", "--opinion", "同意", by="fang")
        assert "已遗忘" in run(by="zheng")


@pytest.mark.django_db
def test_personal_data_of_several_subjects_has_keys_of_its_own(cast: Any) -> None:
    lines = [
        Line(GRID_1, 7, "", {}, {"phone": "1"}),
        Line(GRID_1, 8, "", {}, {"phone": "2"}),
        Line(GRID_1, 7),
    ]
    with transaction.atomic():
        record_many(ReminderVerb.PHONE_NOTED, lines, by=cast.by.zhao)
    one, two, three = Entry.objects.order_by("pk")
    assert [actions.reveal_entry(e, WHY, by=cast.by.zhao) for e in (one, two, three)] == [
        {"phone": "1"},
        {"phone": "2"},
        None,
    ]
    assert SubjectKey.objects.count() == 2
