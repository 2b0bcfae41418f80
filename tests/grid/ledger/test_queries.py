from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from grid.calendar.now import now
from grid.ledger import queries
from grid.ledger.actions import Line, export_case, record_many, sealer
from grid.ledger.models import Entry
from grid.ledger.problems import NotSealedYet
from grid.ledger.queries import Sought, history, search
from grid.ledger.verbs import LedgerVerb
from grid.ledger.verify import check
from grid.problems import NotHere
from tasks.arrivals.verbs import ArrivalVerb
from tests.cast import FAR_GRID, GRID_1, GRID_2
from tests.grid.ledger.conftest import CASE, CLERK, OTHER
from workflows.cases.verbs import CaseVerb


@pytest.fixture
def written(cast: Any) -> None:
    with transaction.atomic():
        record_many(CaseVerb.CASE_URGED, [Line(GRID_1, 7, CASE) for _ in range(3)], by=cast.by.wang)
        record_many(ArrivalVerb.VISIT_RECORDED, [Line(GRID_2, 8) for _ in range(4)], by=cast.by.li)
        record_many(CaseVerb.CASE_URGED, [Line(FAR_GRID, 9, OTHER) for _ in range(2)], by=cast.by.liu)


def test_history_is_limited_to_the_territory(written: None, cast: Any) -> None:
    assert [entry.nth for entry in history(cast.by.zhao, case=CASE)] == [1, 2, 3]
    assert len(history(cast.by.zhao, subject=8)) == 4
    assert not history(cast.by.zhao, case=OTHER) and not history(cast.by.chen, case=CASE)
    assert not history(cast.by.li, case=CASE)
    assert len(history(cast.by.wang, case=CASE, subject=7, limit=2)) == 2
    assert not history(cast.by.wang, case=CASE, subject=8)
    with pytest.raises(ValueError, match="history of what"):
        history(cast.by.wang)


def test_history_takes_one_statement(written: None, cast: Any, django_assert_num_queries: Any) -> None:
    sealer.seal_pending()
    with django_assert_num_queries(1):
        assert [entry.leaf.index for entry in history(cast.by.zhao, case=CASE)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("sought", "count"),
    [
        (Sought(), 9),
        (Sought(case=CASE), 3),
        (Sought(subject=8), 4),
        (Sought(verbs=(CaseVerb.CASE_URGED,)), 5),
        (Sought(verbs=(CaseVerb.CASE_URGED, ArrivalVerb.VISIT_RECORDED)), 9),
        (Sought(area="150304"), 2),
        (Sought(case=OTHER, area="150302"), 0),
    ],
)
def test_the_auditor_finds(written: None, cast: Any, sought: Sought, count: int) -> None:
    assert len(search(cast.by.zheng, sought).entries) == count


def test_the_auditor_finds_by_person_and_time(written: None, cast: Any) -> None:
    assert len(search(cast.by.zheng, Sought(person=cast.li.pk)).entries) == 4
    later = now() + timedelta(seconds=1)
    assert len(search(cast.by.zheng, Sought(since=later)).entries) == 0
    assert len(search(cast.by.zheng, Sought(until=later)).entries) == 9


def test_only_the_auditor_searches(written: None, cast: Any) -> None:
    for name in ("wang", "zhao", "qian", "wu"):
        assert not search(getattr(cast.by, name), Sought()).entries


def test_pages_follow_without_gap_or_repetition(
    written: None, cast: Any, django_assert_num_queries: Any
) -> None:
    seen: list[int] = []
    before = None
    for _ in range(5):
        with django_assert_num_queries(1):
            page = search(cast.by.zheng, Sought(), before=before, size=2)
        seen += [entry.pk for entry in page.entries]
        before = page.following
    assert before is None
    assert seen == list(Entry.objects.order_by("-pk").values_list("pk", flat=True))


def test_an_export_needs_the_whole_case_in_reach(written: None, cast: Any) -> None:
    with pytest.raises(NotSealedYet):
        queries.export(cast.by.zheng, CASE)
    sealer.seal_pending()
    with transaction.atomic():
        record_many(CaseVerb.CASE_OPENED, [Line(GRID_1, 7, "HBW-2026-000003")], by=cast.by.wang)
    with pytest.raises(NotSealedYet):
        queries.export(cast.by.zheng, "HBW-2026-000003")
    assert not check(queries.export(cast.by.zheng, CASE)).findings
    assert not check(queries.export(cast.by.qian, CASE)).findings
    for name in ("wang", "li", "chen"):
        with pytest.raises(NotHere):
            queries.export(getattr(cast.by, name), CASE)
    with pytest.raises(NotHere):
        queries.export(cast.by.zheng, "HBW-2026-999999")
    with transaction.atomic():
        record_many(CaseVerb.CASE_URGED, [Line("150304", 7, CASE)], by=CLERK)
    with pytest.raises(NotHere):
        queries.export(cast.by.qian, CASE)


def test_taking_an_export_is_recorded_but_not_in_the_case(written: None, cast: Any) -> None:
    sealer.seal_pending()
    assert not check(export_case(CASE, by=cast.by.zheng)).findings
    entry = Entry.objects.get(verb=LedgerVerb.EXPORT_MADE)
    assert (entry.actor, entry.case, entry.nth, entry.data) == (cast.zheng.pk, "", None, {"what": CASE})


def test_an_export_takes_the_same_few_statements_for_any_case(
    written: None, cast: Any, django_assert_max_num_queries: Any
) -> None:
    with transaction.atomic():
        record_many(CaseVerb.CASE_URGED, [Line(GRID_1, 7, CASE) for _ in range(500)], by=cast.by.wang)
    sealer.seal_pending()
    with django_assert_max_num_queries(14):
        assert check(queries.export(cast.by.zheng, CASE)).checked == 503


def test_the_command_writes_what_the_program_reads(written: None, tmp_path: Any) -> None:
    case, full, key = tmp_path / "case", tmp_path / "full", tmp_path / "key"
    call_command("export_ledger", case, case=CASE, key=key, stdout=StringIO())
    call_command("export_ledger", full, all=True, stdout=StringIO())
    assert check(case.read_bytes(), key.read_text()).checked == 3
    # The nine, and that the case was exported; both exports are told of.
    assert check(full.read_bytes(), key.read_text()).checked == 10
    assert Entry.objects.filter(verb=LedgerVerb.EXPORT_MADE).count() == 2
    with pytest.raises(CommandError, match="--all"):
        call_command("export_ledger", full)
    with pytest.raises(CommandError, match="没有您"):
        call_command("export_ledger", case, case="HBW-2026-999999")
