"""A term is made longer once, by whoever the law names, and says on what basis."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from grid import problems
from grid.calendar.now import moved_to, today
from grid.calendar.queries import workdays
from grid.calendar.rules import due_on
from grid.law.queries import the_law
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of
from grid.scope import machine
from tests.workflows.conftest import noon
from workflows.cases.models import Case
from workflows.clocks import actions
from workflows.clocks import problems as clocks_problems
from workflows.clocks.models import Clock, Extension
from workflows.clocks.rules import unit_of
from workflows.clocks.terms import terms

BY = machine("测试")
KIND = "inspection.investigation"


@pytest.fixture
def term(make_case: Callable[..., Case]) -> Clock:
    law = the_law(today())
    return actions.start_clock(KIND, by=BY, case=make_case(), provision=law[KIND], from_day=today())


def test_the_approved_extension_moves_the_end_and_is_told(cast: Any, term: Clock) -> None:
    actions.extend_clock(term, 30, "案情复杂，须异地取证", by=cast.by.qian)
    term.refresh_from_db()
    assert term.due_on == due_on(today(), 90, "wd", workdays())
    assert (term.extension.approved_by, term.extension.length) == (cast.qian, 30)
    told = sentence_of(Entry.objects.get(verb="term.extended"))
    assert "30 个工作日" in told and "监察条例" in told and "异地取证" in told


def test_a_second_extension_is_refused_by_code_and_by_the_database(cast: Any, term: Clock) -> None:
    actions.extend_clock(term, 10, "案情复杂", by=cast.by.qian)
    with pytest.raises(clocks_problems.ClockExtended) as refused:
        actions.extend_clock(term, 10, "还是复杂", by=cast.by.qian)
    assert "钱卫东" in refused.value.detail
    row = Extension.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("zhou", problems.NotYourPost),
        ("wu", problems.NotYourPost),
        ("fang", problems.NotYourPost),
        ("han", problems.NotHere),
        ("feng", problems.NotYourPost),
    ],
)
def test_only_the_named_approver_extends(cast: Any, term: Clock, who: str, refusal: Any) -> None:
    with pytest.raises(refusal):
        actions.extend_clock(term, 30, "案情复杂", by=getattr(cast.by, who))
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("length", "why", "refusal"),
    [
        (31, "案情复杂", clocks_problems.ExtensionTooLong),
        (0, "案情复杂", clocks_problems.ExtensionTooLong),
        (-5, "案情复杂", clocks_problems.ExtensionTooLong),
        (30, "  ", problems.ReasonMissing),
    ],
)
def test_bad_extensions_are_refused(cast: Any, term: Clock, length: int, why: str, refusal: Any) -> None:
    with pytest.raises(refusal):
        actions.extend_clock(term, length, why, by=cast.by.qian)


def test_a_machine_approves_nothing(term: Clock) -> None:
    with pytest.raises(problems.NotYourPost):
        actions.extend_clock(term, 30, "案情复杂", by=BY)


def test_what_the_law_does_not_extend_is_not_extended(cast: Any, make_case: Callable[..., Case]) -> None:
    law = the_law(today())
    term = actions.start_clock(
        "urging.term", by=BY, case=make_case(), provision=law["urging.term"], from_day=today()
    )
    with pytest.raises(clocks_problems.ClockNotExtendable):
        actions.extend_clock(term, 5, "对方申请", by=cast.by.qian)


def test_a_term_that_is_over_is_not_extended(cast: Any, term: Clock) -> None:
    actions.stop_clock(term, "已办结", by=BY)
    with pytest.raises(problems.OutOfOrder):
        actions.extend_clock(term, 30, "案情复杂", by=cast.by.qian)


def test_a_pause_and_an_extension_add_up(cast: Any, term: Clock) -> None:
    actions.pause_clock(term, "鉴定（行政强制法第25条）", by=BY, first_day=today() + timedelta(days=1))
    before = Clock.objects.get(pk=term.pk).due_on
    actions.extend_clock(term, 30, "案情复杂", by=cast.by.qian)
    assert Clock.objects.get(pk=term.pk).due_on == before  # standing still, its end is not known
    with moved_to(noon(today() + timedelta(days=11))):
        resumed = actions.resume_clock(term, by=BY, last_day=today() - timedelta(days=1))
    assert resumed.due_on > due_on(resumed.started_on, 90, "wd", workdays())


def test_every_extension_names_a_term_a_parameter_and_its_unit(law: None) -> None:
    rules = [term.extension for term in terms().values() if term.extension]
    assert rules
    for rule in rules:
        assert unit_of(the_law(today())[rule.parameter].unit)


def test_the_line_of_a_clock_shows_its_basis_start_pause_and_extension(cast: Any, term: Clock) -> None:
    actions.extend_clock(term, 30, "案情复杂", by=cast.by.qian)
    actions.pause_clock(term, "鉴定期间", by=BY)
    text = render_to_string("workflows/clocks/line.html", {"clock": Clock.objects.get(pk=term.pk)})
    for shown in (
        "监察调查期限",
        "劳动保障监察条例",
        "次日起算",
        "60 个工作日",
        "钱卫东",
        "案情复杂",
        "鉴定期间",
        "尚未恢复",
    ):
        assert shown in text
