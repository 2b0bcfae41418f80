from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from grid.accounts.verbs import AccountVerb
from grid.calendar.now import now
from grid.ledger.actions import Line, record, record_many
from grid.ledger.canonical import read
from grid.ledger.models import CaseCounter, Entry
from grid.ledger.triggers import guards
from grid.scope import Actor, Held, Role
from tasks.arrivals.verbs import ArrivalVerb
from tasks.comparison.verbs import ComparisonVerb
from tasks.rounds.verbs import RoundVerb
from tests.grid.ledger.conftest import AREA, CASE, CLERK, OTHER, write
from workflows.cases.verbs import CaseVerb

WORKER = Actor(5, "王建国", (Held(11, Role.DISTRICT, "150302"), Held(12, Role.WORKER, AREA)))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(CaseVerb.CASE_OPENED, Line(AREA), by=CLERK)
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record_many(CaseVerb.CASE_OPENED, [Line(AREA)], by=CLERK)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_one_entry_says_who_what_where_and_when() -> None:
    before = now()
    entry = record(
        ArrivalVerb.VISIT_RECORDED,
        Line(AREA, subject=7, case=CASE, data={"b": 1, "outcome": "完成"}),
        by=WORKER,
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
    assert record(AccountVerb.SIGNED_IN, Line("150302009"), by=WORKER).posting == 11
    assert record(AccountVerb.SIGNED_IN, Line("150304"), by=WORKER).posting is None
    assert record(AccountVerb.SIGNED_IN, Line(AREA), by=WORKER, held=WORKER.held[0]).posting == 11


@pytest.mark.django_db
def test_many_entries_are_like_single_ones() -> None:
    lines = (Line(AREA, subject, CASE if subject % 2 else OTHER, {"n": subject}) for subject in range(1, 8))
    assert record_many(RoundVerb.TASK_DISPATCHED, lines, by=WORKER) == 7
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
        record_many(ComparisonVerb.LEAD_FOUND, [Line(AREA, n, f"C{n}") for n in range(1000)], by=WORKER)
    with django_assert_max_num_queries(2):
        record(CaseVerb.CASE_OPENED, Line(AREA, case=CASE), by=WORKER)


@pytest.mark.django_db
def test_numbers_within_a_case_have_no_gap_when_an_act_is_undone() -> None:
    write()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(CaseVerb.CASE_APPROVED, Line(AREA, case=CASE), by=CLERK)
        raise ZeroDivisionError
    assert write(CaseVerb.CASE_URGED).nth == 2


@pytest.mark.django_db
def test_a_counter_set_back_cannot_give_a_number_twice() -> None:
    write()
    with pytest.raises(IntegrityError, match="never goes back"), transaction.atomic():
        CaseCounter.objects.update(count=0)
    guards.remove(connection)
    CaseCounter.objects.update(count=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


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
