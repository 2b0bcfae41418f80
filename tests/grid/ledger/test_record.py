from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from grid.calendar.now import now
from grid.ledger.actions import Line, forget_personal, record, record_many, reveal_personal
from grid.ledger.canonical import read
from grid.ledger.models import CaseCounter, Entry, SubjectKey
from grid.ledger.verbs import Verb
from grid.problems import NotHere, NotYourPost, ReasonMissing
from grid.scope import Actor, Held, Role
from tests.grid.ledger.conftest import AREA, CASE, CLERK, OTHER, write

WORKER = Actor(5, "王建国", (Held(11, Role.DISTRICT, "150302"), Held(12, Role.WORKER, AREA)))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(Verb.CASE_OPENED, by=CLERK, area=AREA)
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record_many(Verb.CASE_OPENED, [Line(AREA)], by=CLERK)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_one_entry_says_who_what_where_and_when() -> None:
    before = now()
    entry = record(
        Verb.VISIT_RECORDED, by=WORKER, area=AREA, subject=7, case=CASE, data={"b": 1, "outcome": "完成"}
    )
    entry.refresh_from_db()
    assert before <= entry.at <= now()
    assert (entry.actor, entry.actor_name, entry.posting, entry.role) == (5, "王建国", 12, "worker")
    assert (entry.area, entry.subject, entry.case, entry.nth) == (AREA, 7, CASE, 1)
    said = read(bytes(entry.canonical))
    assert said.at == entry.at
    for name in ("verb", "actor", "actor_name", "posting", "role", "area", "subject", "case", "nth", "data"):
        assert said.facts[name] == getattr(entry, name), name


@pytest.mark.django_db
def test_the_posting_is_the_narrowest_over_the_area_or_the_one_named() -> None:
    assert record(Verb.SIGNED_IN, by=WORKER, area="150302009").posting == 11
    assert record(Verb.SIGNED_IN, by=WORKER, area="150304").posting is None
    assert record(Verb.SIGNED_IN, by=WORKER, area=AREA, held=WORKER.held[0]).posting == 11


@pytest.mark.django_db
def test_many_entries_are_like_single_ones() -> None:
    lines = (Line(AREA, subject, CASE if subject % 2 else OTHER, {"n": subject}) for subject in range(1, 8))
    assert record_many(Verb.TASK_DISPATCHED, lines, by=WORKER) == 7
    entries = list(Entry.objects.order_by("pk"))
    assert [entry.subject for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry.nth for entry in entries] == [1, 1, 2, 2, 3, 3, 4]
    for entry in entries:
        said = read(bytes(entry.canonical))
        assert (said.at, said.facts["data"], said.nth) == (entry.at, entry.data, entry.nth)
        assert entry.data == {"n": entry.subject} and entry.posting == 12


@pytest.mark.django_db
def test_a_thousand_entries_take_few_statements(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        record_many(Verb.LEAD_FOUND, [Line(AREA, n, f"C{n}") for n in range(1000)], by=WORKER)
    with django_assert_max_num_queries(2):
        record(Verb.CASE_OPENED, by=WORKER, area=AREA, case=CASE)


@pytest.mark.django_db
def test_numbers_within_a_case_have_no_gap_when_an_act_is_undone() -> None:
    write()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(Verb.CASE_APPROVED, by=CLERK, area=AREA, case=CASE)
        raise ZeroDivisionError
    assert write(Verb.CASE_URGED).nth == 2


@pytest.mark.django_db
def test_a_counter_set_back_cannot_give_a_number_twice() -> None:
    write()
    CaseCounter.objects.update(count=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


@pytest.mark.django_db
def test_personal_data_is_readable_until_it_is_forgotten(cast: Any) -> None:
    facts = {"phone": "15000000012", "name": "示例"}
    lines = [Line(AREA, 7, CASE, {}, facts), Line(AREA, 8, CASE, {}, {"phone": "2"}), Line(AREA, 7, CASE)]
    with transaction.atomic():
        record_many(Verb.VISIT_RECORDED, lines, by=CLERK)
    one, two, three = Entry.objects.order_by("pk")
    assert b"15000000012" not in bytes(one.canonical) + bytes(one.personal)
    assert reveal_personal(one, "核对电话", by=cast.by.zhao) == facts
    assert reveal_personal(three, "核对电话", by=cast.by.zhao) is None
    look = Entry.objects.get(verb=Verb.PERSONAL_REVEALED)
    assert (look.actor, look.data["reason"], look.data["fields"]) == (
        cast.zhao.pk,
        "核对电话",
        ["name", "phone"],
    )
    assert "15000000012" not in str(look.data)

    assert forget_personal(7, AREA, "本人申请", by=cast.by.wu)
    assert not forget_personal(7, AREA, "本人申请", by=cast.by.wu)
    assert reveal_personal(one, "再看", by=cast.by.zhao) is None
    assert reveal_personal(two, "再看", by=cast.by.zhao) == {"phone": "2"}
    again = write(subject=7, personal={"phone": "3"})
    assert reveal_personal(one, "再看", by=cast.by.zhao) is None
    assert reveal_personal(again, "再看", by=cast.by.zhao) == {"phone": "3"}


@pytest.mark.django_db
def test_who_may_look_and_forget(cast: Any) -> None:
    entry = write(subject=7, personal={"phone": "1"})
    with pytest.raises(NotHere):
        reveal_personal(entry, "好奇", by=cast.by.chen)
    with pytest.raises(NotYourPost):
        reveal_personal(entry, "好奇", by=cast.by.wang)
    with pytest.raises(ReasonMissing):
        reveal_personal(entry, " ", by=cast.by.zhao)
    with pytest.raises(NotYourPost):
        forget_personal(7, AREA, "申请", by=cast.by.zhao)
    with pytest.raises(ReasonMissing):
        forget_personal(7, AREA, "", by=cast.by.wu)
    assert SubjectKey.objects.count() == 1 and Entry.objects.count() == 1


@pytest.mark.django_db
def test_personal_data_without_a_subject_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a subject"):
        write(personal={"phone": "1"})


@pytest.mark.django_db
def test_time_within_a_case_follows_its_numbers() -> None:
    for _ in range(5):
        write()
    times = list(Entry.objects.filter(case=CASE).order_by("nth").values_list("at", flat=True))
    assert times == sorted(times) and times[-1] - times[0] < timedelta(minutes=1)
