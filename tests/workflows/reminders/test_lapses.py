"""Who stopped paying, and reminding them within the contribution year."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from grid import problems
from grid.calendar.now import moved_to, today
from grid.ledger.models import Entry
from grid.registers.models import Row
from tests.cast import FAR_GRID
from tests.reading import words_of
from tests.workflows.conftest import noon
from tests.workflows.reminders.conftest import MOBILE
from workflows.audits import problems as audits_problems
from workflows.reminders import actions, queries
from workflows.reminders.models import Lapse, Message, Reminder
from workflows.reminders.verbs import ReminderVerb

DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def in_november() -> Any:
    with moved_to(noon(DAY)):
        yield


@pytest.fixture
def lapsed(social: Any, make_employer: Any) -> Callable[..., Lapse]:
    def make(name: str = "", **fields: Any) -> Lapse:
        subject = make_employer(name, **fields)
        social(subject, "2026-05")
        actions.find_lapses()
        return Lapse.objects.get(subject=subject)

    return make


def live() -> dict[str, list[str]]:
    return {
        row.subject.name: row.sources
        for row in Lapse.objects.filter(settled_on=None).select_related("subject")
    }


def test_registers_and_doors_say_who_lapsed(make_employer: Any, social: Any, said_lapsed: Any) -> None:
    names = ("缴到五月", "缴到八月", "走访说断缴", "走访说断缴已补", "走访说没断", "已注销")
    old, new, said, paid, fine, gone = (make_employer(name) for name in names)
    social(old, "2026-05")
    social(new, "2026-08")
    said_lapsed(said)
    said_lapsed(paid)
    social(paid, "2026-11")
    said_lapsed(fine)
    said_lapsed(fine, "no")
    social(gone, "2025-01")
    gone.standing = "cancelled"
    gone.save()
    assert actions.find_lapses() == 2
    assert live() == {"缴到五月": ["register"], "走访说断缴": ["visit"]}
    assert actions.find_lapses() == 0
    row = Lapse.objects.get(subject=old)
    assert (row.why, row.paid_to, row.year) == ("社保名册：养老保险缴至2026-05", "2026-05", 2026)
    assert Entry.objects.filter(verb=ReminderVerb.LAPSES_FOUND).count() == 1


def test_who_pays_again_is_settled(lapsed: Any, social: Any) -> None:
    row = lapsed()
    social(row.subject, "2026-11")
    assert actions.find_lapses() == 1
    row.refresh_from_db()
    assert row.settled_on == DAY
    assert Entry.objects.get(verb=ReminderVerb.LAPSE_SETTLED).data["paid_to"] == "2026-11"
    social(row.subject, "2026-05")
    actions.find_lapses()
    assert Lapse.objects.filter(subject=row.subject).count() == 2


def test_whoever_leaves_the_register_does_not_pay_again(lapsed: Any, social: Any) -> None:
    """Absent from a complete file, or its registration ended: nobody says "lapsed" any more, and nothing was paid."""
    absent, ended = lapsed("不在册"), lapsed("已停保")
    Row.objects.filter(subject=absent.subject).update(until=DAY)
    social(ended.subject, "2026-11", status="停保")
    assert actions.find_lapses() == 0
    assert set(live()) == {"不在册", "已停保"}
    social(absent.subject, "2026-11")
    assert actions.find_lapses() == 1 and set(live()) == {"已停保"}


def test_a_registration_that_ended_is_nobodys_to_resume(make_employer: Any, social: Any) -> None:
    social(make_employer("早已注销参保"), "2019-05", status="注销")
    assert actions.find_lapses() == 0


def test_a_person_looks_within_their_area(make_employer: Any, social: Any, cast: Any) -> None:
    near, far = make_employer("近"), make_employer("远", area=FAR_GRID)
    social(near, "2026-05")
    social(far, "2026-05")
    with pytest.raises(problems.NotHere):
        actions.find_lapses_in("150304", by=cast.by.sun)
    actions.find_lapses_in("150302001", by=cast.by.sun)
    assert set(live()) == {"近"}
    actions.find_lapses()
    year = queries.year_of()
    assert [row.subject.name for row in queries.lapses_for(cast.by.han, queries.Sought(), year)] == ["远"]
    assert queries.lapses_for(cast.by.wang, queries.Sought(), year).count() == 0


def test_reminded_by_message(lapsed: Any, cast: Any) -> None:
    row = lapsed("断缴商贸")
    actions.note_phone(row.subject, MOBILE, "", "登记", by=cast.by.zhao)
    done = actions.remind_many([row.pk, row.pk], "sms", by=cast.by.zhao)
    assert len(done.made) == 1 and not done.refused
    assert "2026年12月31日" in Message.objects.get().text
    actions.send_waiting()
    reminder = Reminder.objects.get()
    assert reminder.delivered_on is not None and reminder.message.state == "delivered"
    entry = Entry.objects.get(verb=ReminderVerb.LAPSE_REMINDED)
    assert (entry.data["year"], entry.data["until"], entry.data["way"]) == (2026, "2026-12-31", "短信")


def test_reminded_by_letter(lapsed: Any, cast: Any) -> None:
    first, second = lapsed("断缴一"), lapsed("断缴二")
    done = actions.remind_many([first.pk, second.pk], "letter", by=cast.by.sun)
    numbers = [reminder.number for reminder in done.made]
    assert numbers == ["乌海勃社保参提〔2026〕1号", "乌海勃社保参提〔2026〕2号"]
    assert queries.letter_of(done.made[0]).read_bytes().startswith(b"%PDF")
    with pytest.raises(audits_problems.WrongDay):
        actions.note_delivery(done.made[0], DAY + timedelta(days=1), "当面", by=cast.by.zhao)
    actions.note_delivery(done.made[0], DAY, "当面交负责人", by=cast.by.zhao)
    with pytest.raises(problems.OutOfOrder):
        actions.note_delivery(done.made[0], DAY, "又一次", by=cast.by.zhao)
    progress = queries.progress_of(cast.by.sun)
    assert (progress.open, progress.reminded, progress.reached) == (2, 2, 1)


@pytest.mark.parametrize(
    ("kind", "says", "never"),
    [
        ("enterprise", "《中华人民共和国社会保险法》第六十条第一款", "自愿"),
        ("sole_trader", "《中华人民共和国社会保险法》第十条第二款", "第六十条"),
        ("flexible_worker", "第十条第二款、第二十条第一款和第二十二条第一款", "第六十条"),
    ],
)
def test_law_36_persons_are_reminded_of_what_they_may_do(
    lapsed: Any, cast: Any, kind: str, says: str, never: str
) -> None:
    row = lapsed("断缴")
    type(row.subject).objects.filter(pk=row.subject_id).update(kind=kind)
    actions.note_phone(row.subject, MOBILE, "", "登记", by=cast.by.zhao)
    (letter,) = actions.remind_many([row.pk], "letter", by=cast.by.zhao).made
    words = words_of(queries.letter_of(letter).read_bytes())
    assert says in words and never not in words
    assert ("是否缴费由本人自愿决定" in words) == (kind != "enterprise") and "补缴中断期间" not in words
    with moved_to(noon(DAY + timedelta(days=15))):
        actions.remind_many([row.pk], "sms", by=cast.by.zhao)
    assert ("可以于" in Message.objects.get().text) == (kind != "enterprise")


def test_never_twice_within_the_gap(lapsed: Any, cast: Any) -> None:
    row = lapsed()
    assert actions.remind_many([row.pk], "letter", by=cast.by.zhao).made
    for days, made in ((1, 0), (14, 0), (15, 1)):
        with moved_to(noon(DAY + timedelta(days=days))):
            done = actions.remind_many([row.pk], "letter", by=cast.by.zhao)
            assert len(done.made) == made, days
            if not made:
                assert done.refused[0][1].code == "reminded-recently"


def test_one_that_cannot_leaves_the_others(lapsed: Any, cast: Any, social: Any) -> None:
    good, silent, paid = lapsed("有手机"), lapsed("没手机"), lapsed("已缴")
    far = lapsed("别的区", area=FAR_GRID)
    actions.note_phone(good.subject, MOBILE, "", "登记", by=cast.by.zhao)
    social(paid.subject, "2026-11")
    actions.find_lapses()
    done = actions.remind_many([good.pk, silent.pk, paid.pk, far.pk, 0], "sms", by=cast.by.zhao)
    assert len(done.made) == 1
    assert [(name, refused.code) for name, refused in done.refused] == [
        ("没手机", "no-mobile"), ("已缴", "out-of-order"), ("", "not-here"), ("", "not-here"),
    ]  # fmt: skip
    with pytest.raises(problems.NothingChosen):
        actions.remind_many([], "sms", by=cast.by.zhao)


def test_a_letter_can_be_checked_by_its_code(lapsed: Any, cast: Any, client: Client) -> None:
    (letter,) = actions.remind_many([lapsed("断缴商贸").pk], "letter", by=cast.by.zhao).made
    page = client.get(f"/v/{letter.code}").content.decode()
    assert letter.number in page and "断缴商贸" in page


# --- pages ---------------------------------------------------------------------------------------


def test_the_list_reminds_those_chosen(lapsed: Any, cast: Any, client: Client) -> None:
    row, other = lapsed("断缴一"), lapsed("断缴二")
    client.force_login(cast.zhao)
    page = client.get("/reminders/").content.decode()
    assert "断缴一" in page and "2026-12-31" in page and "还有 38 日" in page and "待法制审核" in page
    answer = client.post("/reminders/remind/", {"lapse": [row.pk, "x"], "way": "letter"}, follow=True)
    assert "已提醒 1 户" in answer.content.decode()
    assert "断缴二" in client.get("/reminders/?state=never").content.decode()
    assert "断缴一" not in client.get("/reminders/?state=never").content.decode()
    assert "断缴一" in client.get("/reminders/?state=waiting").content.decode()
    assert client.post("/reminders/remind/", {"way": "sms"}).status_code == 422
    reminder = Reminder.objects.get()
    detail = client.get(f"/reminders/{row.pk}/").content.decode()
    assert reminder.number in detail and "登记送达" in detail
    given = {"on": today(), "how": "当面交付"}
    assert client.post(f"/reminders/letters/{reminder.pk}/delivered/", given).status_code == 302
    assert "当面交付" in client.get(f"/reminders/{row.pk}/").content.decode()
    assert client.get(f"/reminders/letters/{reminder.pk}/").headers["Content-Type"] == "application/pdf"
    assert (
        client.post(f"/reminders/{other.pk}/phone/", {"number": MOBILE, "source": "登记"}).status_code == 302
    )
    assert "138****0012" in client.get(f"/reminders/{other.pk}/").content.decode()


def test_who_sees_the_list(lapsed: Any, cast: Any, client: Client) -> None:
    row = lapsed("断缴一")
    seen = {
        "zhao": 200,
        "sun": 200,
        "qian": 200,
        "zhou": 200,
        "wu": 200,
        "chen": 404,
        "han": 404,
        "wang": 404,
    }
    for name, status in (seen | {"zheng": 404, "feng": 404}).items():
        client.force_login(getattr(cast, name))
        assert client.get(f"/reminders/{row.pk}/").status_code == status, name
    for name, status in {"zhao": 200, "han": 200, "wang": 403, "zheng": 403, "feng": 403}.items():
        client.force_login(getattr(cast, name))
        answer = client.get("/reminders/")
        assert answer.status_code == status, name
        assert ("断缴一" in answer.content.decode()) is (name == "zhao")


def test_looking_again_by_a_button(make_employer: Any, social: Any, cast: Any, client: Client) -> None:
    social(make_employer("断缴一"), "2026-05")
    client.force_login(cast.zhao)
    answer = client.post("/reminders/refresh/", follow=True)
    assert "变动 1 户" in answer.content.decode() and "断缴一" in answer.content.decode()


def test_queries_of_the_list(
    lapsed: Any, cast: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    rows = [lapsed(f"断缴{number}") for number in range(6)]
    actions.remind_many([row.pk for row in rows[:3]], "letter", by=cast.by.zhao)
    client.force_login(cast.zhao)
    client.get("/reminders/")  # the names of areas are read once for all pages of a process
    with django_assert_max_num_queries(10):
        client.get("/reminders/")
