"""Running a comparison: leads once, kept while they last, healed when the registers fit."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import CITY_TIME, moved_to
from grid.ledger.models import Entry
from grid.registers.models import Delivery, Register, Row
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import Standing, Subject
from grid.territory import problems as territory_problems
from tasks.comparison.actions import compare_on, run_comparison
from tasks.comparison.models import Comparison, Lead, LeadState
from tasks.comparison.queries import counts_by_rule, hits_of, lead_of, leads_of
from tests.cast import FAR_GRID, GRID_2

DAY, LATER = date(2026, 1, 31), date(2026, 2, 28)


@pytest.fixture
def say(db: None) -> Callable[..., Row]:
    """`say("tax", subject, heads=12)`: the register now says this of the subject."""
    made: dict[tuple[str, date], Delivery] = {}

    def write(register: str, subject: Subject, as_of: date = DAY, **data: Any) -> Row:
        delivery = made.get((register, as_of)) or Delivery.objects.create(
            register=Register(register), area="1503", file_name=f"{register}.csv", as_of=as_of,
            sha256=f"{register}{as_of}", delivered_at=datetime(2026, 2, 1, tzinfo=CITY_TIME), state="done",
        )  # fmt: skip
        made[register, as_of] = delivery
        Row.objects.filter(register=register, subject=subject, until=None).update(until=as_of)
        line = Row.objects.filter(delivery=delivery).count() + 2
        return Row.objects.create(
            register=register, subject=subject, area=subject.area, delivery=delivery, line=line, data=data,
            hash=str(data), since=as_of,
        )  # fmt: skip

    return write


@pytest.fixture
def short(make_employer: Any, say: Any) -> Subject:
    """Twelve taxed, three insured."""
    subject = make_employer()
    say("market", subject, name=subject.name)
    say("tax", subject, heads=12)
    say("social", subject, pension=3, unemployment=3, injury=3)
    return subject


def compare(cast: Any, area: str = "150302", as_of: date = DAY, by: str = "qian") -> Any:
    return run_comparison(area, by=getattr(cast.by, by), as_of=as_of)


def test_a_lead_shows_its_two_rows_and_its_clause(cast: Any, short: Subject) -> None:
    report = compare(cast)
    assert (report.compared, report.found, report.kept, report.healed) == (1, 1, 0, 0)
    detail = lead_of(cast.by.zhao, Lead.objects.get().pk)
    assert detail.lead.why == "个税扣缴12人，参保3人，相差9人"
    assert "第58条" in detail.lead.clause
    assert (detail.left.register, detail.left.line) == ("tax", 2)
    assert detail.right is not None and detail.right.register == "social"
    assert detail.waiting == ["参保人数少于个税扣缴人数的差额阈值"]
    entry = Entry.objects.get(verb="lead.found")
    assert (entry.subject, entry.area, entry.data["left"]) == (short.pk, short.area, detail.left.row_id)
    assert Entry.objects.get(verb="comparison.run").data["found"] == 1


def test_repeating_makes_none_twice(cast: Any, short: Subject) -> None:
    compare(cast)
    again = compare(cast)
    assert (again.found, again.kept, again.healed, again.healed_subjects) == (0, 1, 0, frozenset())
    assert Lead.objects.count() == 1


def test_an_open_lead_follows_newer_rows_and_a_tasked_one_keeps_what_was_told(
    cast: Any, short: Subject, say: Any
) -> None:
    compare(cast)
    newer = say("tax", short, LATER, heads=15)
    compare(cast, as_of=LATER)
    lead = Lead.objects.get()
    assert (lead.left, lead.why) == (newer, "个税扣缴15人，参保3人，相差12人")
    Lead.objects.update(state=LeadState.TASKED)
    say("tax", short, date(2026, 3, 31), heads=16)
    compare(cast, as_of=date(2026, 3, 31))
    assert Lead.objects.get().why == "个税扣缴15人，参保3人，相差12人"


@pytest.mark.parametrize("state", [LeadState.OPEN, LeadState.TASKED, LeadState.CONFIRMED])
def test_healed_when_the_registers_fit(cast: Any, short: Subject, say: Any, state: str) -> None:
    compare(cast)
    Lead.objects.update(state=state)
    say("social", short, LATER, pension=12, unemployment=12, injury=12)
    with moved_to(datetime(2026, 3, 2, 9, tzinfo=CITY_TIME)):
        report = compare(cast, as_of=LATER)
    assert (report.found, report.kept, report.healed) == (0, 0, 1)
    assert report.healed_subjects == {short.pk}
    lead = Lead.objects.get()
    assert (lead.state, lead.closed_on) == (LeadState.HEALED, date(2026, 3, 2))
    assert Entry.objects.get(verb="lead.healed").data["was"] == state
    assert hits_of([short.pk], LATER) == {}


def test_a_subject_that_still_owes_is_not_healed(cast: Any, short: Subject, say: Any) -> None:
    compare(cast)
    say("social", short, LATER, pension=12, unemployment=12, injury=0)
    report = compare(cast, as_of=LATER)
    assert (report.found, report.healed, report.healed_subjects) == (1, 1, frozenset())
    assert set(Lead.objects.values_list("rule", "state")) == {("R2", "healed"), ("R4", "open")}


def test_the_same_fault_again_is_a_new_lead(cast: Any, short: Subject, say: Any) -> None:
    compare(cast)
    say("social", short, LATER, pension=12, unemployment=12, injury=12)
    compare(cast, as_of=LATER)
    say("social", short, date(2026, 3, 31), pension=4, unemployment=4, injury=4)
    assert compare(cast, as_of=date(2026, 3, 31)).found == 1
    assert Lead.objects.count() == 2


def test_what_somebody_refuted_comes_back_only_with_new_rows(cast: Any, short: Subject, say: Any) -> None:
    compare(cast)
    Lead.objects.update(state=LeadState.DISMISSED)
    assert compare(cast).found == 0
    say("tax", short, LATER, heads=20)
    assert compare(cast, as_of=LATER).found == 1


def test_out_of_business_drops_the_lead_without_calling_it_healed(cast: Any, short: Subject) -> None:
    compare(cast)
    Subject.objects.update(standing=Standing.CANCELLED)
    report = compare(cast)
    assert (report.healed, report.healed_subjects) == (0, frozenset())
    assert Lead.objects.get().state == LeadState.DISMISSED
    assert Entry.objects.filter(verb="lead.dropped").count() == 1


def test_only_inside_the_area(cast: Any, short: Subject, make_employer: Any, say: Any) -> None:
    far = make_employer(area=FAR_GRID)
    say("tax", far, heads=3)
    assert compare(cast).found == 1
    assert compare(cast, area="1503", by="wu").found == 1
    assert set(leads_of(cast.by.sun)) == set(Lead.objects.filter(subject=short))
    assert set(leads_of(cast.by.chen)) == set(Lead.objects.filter(subject=far))
    assert not leads_of(cast.by.wang).exists() and not leads_of(cast.by.feng).exists()
    assert counts_by_rule(cast.by.wu) == {"R1": 1, "R2": 1}
    with pytest.raises(problems.NotHere):
        lead_of(cast.by.chen, Lead.objects.get(subject=short).pk)


def test_who_may_compare(cast: Any, short: Subject) -> None:
    with pytest.raises(problems.NotYourPost):
        compare(cast, by="zheng")
    with pytest.raises(problems.NotHere):
        compare(cast, by="han")
    with pytest.raises(territory_problems.UnknownArea):
        compare(cast, area="150302099")
    assert not Comparison.objects.exists()


def test_live_leads_move_with_their_subject(cast: Any, short: Subject) -> None:
    compare(cast)
    before, short.area = short.area, GRID_2
    save_moves([short], [before], by=cast.by.qian)
    assert Lead.objects.get().area == GRID_2


def test_queries_do_not_grow_with_subjects(
    cast: Any, make_employer: Any, say: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(40):
        say("tax", make_employer(), heads=2)
    with django_assert_max_num_queries(30):
        assert compare(cast).found == 40


def test_a_run_that_is_over_is_not_continued(cast: Any, short: Subject) -> None:
    run_comparison("1503", by=cast.by.wu, as_of=DAY)
    run, entries = Comparison.objects.get(), Entry.objects.count()
    compare_on.call(run.pk)
    assert Comparison.objects.get().finished_at == run.finished_at and Entry.objects.count() == entries
