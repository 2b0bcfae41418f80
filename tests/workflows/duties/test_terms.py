"""The watch over terms: one reminder before, one report after, and nothing for what was answered."""

from datetime import date, datetime, timedelta

import pytest

from grid.calendar.now import CITY_TIME, moved_to
from grid.law.calendar.actions import change_day
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of
from project.inbox import inbox_of
from project.periodic import PERIODIC
from workflows.duties import actions, terms
from workflows.duties.models import Referral
from workflows.duties.referring import Reply

pytestmark = pytest.mark.django_db


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=CITY_TIME)


def told(verb):
    return Entry.objects.filter(verb=f"referral.{verb}").count()


def test_reminded_once_before_and_reported_once_after(on_monday, send):
    sent = send()
    with moved_to(noon(sent.remind_on - timedelta(days=1))):
        assert terms.watch_terms() == 0
    with moved_to(noon(sent.remind_on)):
        assert terms.watch_terms() == 1
        assert terms.watch_terms() == 0
    with moved_to(noon(sent.due_on)):
        assert terms.watch_terms() == 0
    with moved_to(noon(sent.due_on + timedelta(days=1))):
        assert terms.watch_terms() == 1
        assert terms.watch_terms() == 0
    assert (told("reminded"), told("escalated")) == (1, 1)
    sent.refresh_from_db()
    assert sent.reminded_at
    assert sent.escalated_at


def test_a_watch_that_slept_through_the_term_reports_and_does_not_remind(on_monday, send):
    sent = send()
    with moved_to(noon(sent.due_on + timedelta(days=9))):
        assert terms.watch_terms() == 1
    assert (told("reminded"), told("escalated")) == (0, 1)


def test_what_was_answered_or_given_back_is_left_alone(on_monday, cast, duties, send):
    answered, returned, withdrawn = send(), send(), send()
    actions.answer_referral(answered, Reply("已核对"), by=cast.by.feng)
    actions.return_referral(returned, duties.department["housing"], "不属", by=cast.by.feng)
    actions.withdraw_referral(withdrawn, "重复", by=cast.by.qian)
    with moved_to(noon(answered.due_on + timedelta(days=30))):
        assert terms.watch_terms() == 0


def test_asking_again_starts_the_watch_anew(on_monday, cast, send):
    sent = send()
    with moved_to(noon(sent.due_on + timedelta(days=1))):
        terms.watch_terms()
        actions.answer_referral(sent, Reply("已核对"), by=cast.by.feng)
        actions.ask_again(sent, "请补充", by=cast.by.qian)
    with moved_to(noon(sent.due_on + timedelta(days=1))):
        assert terms.watch_terms() == 1
    assert told("escalated") == 2


def test_one_that_fails_does_not_stop_the_others(on_monday, send, monkeypatch):
    broken, sound = send(), send()
    before = terms.record_referral

    def tell(referral, *given, **facts):
        if referral.pk == broken.pk:
            raise RuntimeError
        before(referral, *given, **facts)

    with moved_to(noon(sound.due_on + timedelta(days=1))):
        with monkeypatch.context() as patched:
            patched.setattr(terms, "record_referral", tell)
            assert terms.watch_terms() == 1
        assert Referral.objects.get(pk=broken.pk).escalated_at is None
        assert terms.watch_terms() == 1


def test_the_watch_is_in_the_clocks_list():
    assert "workflows.duties.terms.watch_terms" in {job.path for job in PERIODIC}


def test_a_changed_calendar_moves_running_terms_and_says_so(on_monday, cast, send):
    running, answered = send(), send()
    actions.answer_referral(answered, Reply("已核对"), by=cast.by.feng)
    change_day(date(2026, 3, 5), False, "示例节日", "国办发明电〔2026〕0号", "补充放假", by=cast.by.fang)
    running.refresh_from_db()
    answered.refresh_from_db()
    assert (running.due_on, running.remind_on) == (date(2026, 3, 17), date(2026, 3, 13))
    assert answered.due_on == date(2026, 3, 16)
    (entry,) = Entry.objects.filter(verb="term.moved")
    assert (entry.case, entry.data["old"], entry.data["new"]) == (running.code, "2026-03-16", "2026-03-17")
    assert "由 2026-03-16" in sentence_of(entry)


def test_a_term_that_moves_past_today_is_no_longer_late(on_monday, cast, send):
    sent = send()
    with moved_to(noon(sent.due_on + timedelta(days=1))):
        terms.watch_terms()
        change_day(date(2026, 3, 5), False, "示例节日", "国办发明电〔2026〕0号", "补充放假", by=cast.by.fang)
        sent.refresh_from_db()
        assert sent.escalated_at is None
        assert terms.watch_terms() == 1  # its last day is today: the reminder that never went
    assert told("reminded") == 1


# --- the inbox ------------------------------------------------------------------------------------------


def lines(viewer):
    return [(item.kind, item.state) for item in inbox_of(viewer).items if item.kind == "referral"]


@pytest.mark.once
def test_it_waits_for_whoever_has_the_word(on_monday, cast, duties, send):
    sent = send()
    assert lines(cast.by.feng) == [("referral", "sent")]
    assert lines(duties.by.he) == lines(cast.by.qian) == lines(cast.by.wu) == lines(cast.by.sun) == []
    actions.answer_referral(sent, Reply("已核对"), by=cast.by.feng)
    assert lines(cast.by.qian) == [("referral", "answered")]
    assert lines(cast.by.feng) == lines(cast.by.wu) == []
    actions.accept_answer(sent, by=cast.by.qian)
    assert lines(cast.by.qian) == [("referral", "accepted")]
    actions.close_referral(sent, "已办", by=cast.by.qian)
    assert lines(cast.by.qian) == []


def test_what_is_late_reaches_the_city_office(on_monday, cast, send):
    sent = send()
    with moved_to(noon(sent.due_on + timedelta(days=2))):
        assert lines(cast.by.wu) == []
        terms.watch_terms()
        assert lines(cast.by.wu) == lines(cast.by.feng) == [("referral", "sent")]
        (item,) = [item for item in inbox_of(cast.by.wu).items if item.kind == "referral"]
        assert item.late
        assert "已上报" in item.why


def test_the_inbox_costs_the_same_however_many_are_referred(cast, send, django_assert_max_num_queries):
    for _ in range(6):
        send(by=cast.by.wu)
    # Two of them ask for registers: above the brake, delivered by somebody else; and late.
    with django_assert_max_num_queries(8):
        inbox_of(cast.by.feng)
