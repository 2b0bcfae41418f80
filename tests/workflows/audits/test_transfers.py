"""What the tax office answers, who may answer, and what becomes of the case."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import now, today
from grid.calendar.rules import add_months
from grid.ledger.models import Entry
from grid.scope import Role
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tests.workflows.audits.conftest import TAX, Auditing
from workflows.audits import actions, queries
from workflows.audits import problems as audits_problems
from workflows.audits.actions.transferring import Answer
from workflows.audits.models import TaxTransfer
from workflows.audits.verbs import AuditVerb
from workflows.cases.actions import rectify_cases
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.engine.actions.stuck import find_stuck


@pytest.fixture
def sent(auditing: Auditing, case: Case) -> TaxTransfer:
    return auditing.transferred(case)


def answer(kind: str, **facts: Any) -> Answer:
    return Answer(**({"kind": kind, "on": today()} | facts))


def state_of(case: Case) -> str:
    case.refresh_from_db()
    return case.state


def test_received_then_collected_in_two_parts(sent: TaxTransfer, case: Case, cast: Any) -> None:
    feng = cast.by.feng
    actions.answer_transfer(sent, answer("received"), by=feng)
    with pytest.raises(problems.OutOfOrder):
        actions.answer_transfer(sent, answer("received"), by=feng)
    actions.answer_transfer(sent, answer("collected", amount=Decimal(400)), by=feng)
    assert (sent.state, sent.collected, state_of(case)) == ("received", 400, CaseState.AUDITED)
    with pytest.raises(audits_problems.WrongAmount):
        actions.answer_transfer(sent, answer("collected", amount=Decimal(561)), by=feng)
    actions.answer_transfer(sent, answer("collected", amount=Decimal(560)), by=feng)
    assert (sent.state, state_of(case)) == ("collected", CaseState.TRANSFERRED)
    assert not case.clocks.filter(fired_at=None, stopped_at=None).exists()
    with pytest.raises(audits_problems.TransferAnswered):
        actions.answer_transfer(sent, answer("failed", why="查无财产"), by=feng)
    assert Entry.objects.filter(case=case.code, verb=AuditVerb.TAX_ANSWERED).count() == 3


def test_an_agreement_ends_the_case_as_transferred(sent: TaxTransfer, case: Case, cast: Any) -> None:
    for until in (None, today(), add_months(today(), 12) + timedelta(days=1)):
        with pytest.raises(audits_problems.AgreementTooLong):
            actions.answer_transfer(sent, answer("agreed", until=until), by=cast.by.feng)
    actions.answer_transfer(sent, answer("agreed", until=add_months(today(), 12)), by=cast.by.feng)
    assert (sent.state, state_of(case)) == ("agreed", CaseState.TRANSFERRED)


def test_what_cannot_be_collected_comes_back(sent: TaxTransfer, case: Case, cast: Any) -> None:
    with pytest.raises(problems.ReasonMissing):
        actions.answer_transfer(sent, answer("failed"), by=cast.by.feng)
    actions.answer_transfer(sent, answer("failed", why="账户无余额"), by=cast.by.feng)
    assert (sent.state, state_of(case)) == ("failed", CaseState.ESCALATED)


@pytest.mark.parametrize("ahead", [-1, 1])
def test_an_answer_is_dated_between_the_transfer_and_today(sent: TaxTransfer, cast: Any, ahead: int) -> None:
    with pytest.raises(audits_problems.WrongDay):
        day = today() + timedelta(days=ahead)
        actions.answer_transfer(sent, answer("received", on=day), by=cast.by.feng)


def liaison(cast: Any, department: str, area: str) -> Any:
    person = Person.objects.create_user(f"l{area}{department}", full_name="联络员")
    Posting.objects.create(
        person=person, role=Role.LIAISON, area_id=area, department=department, valid_from=today()
    )
    return actor_of(person)


def test_only_the_liaison_of_that_department_and_area(sent: TaxTransfer, cast: Any) -> None:
    others = [
        liaison(cast, "市住建局", "1503"), liaison(cast, TAX, "150304"), cast.by.qian, cast.by.tang, cast.by.wu,
    ]  # fmt: skip
    for other in others:
        with pytest.raises(problems.NotHere):
            actions.answer_transfer(sent, answer("received"), by=other)
    seen = [bool(queries.transfers_for(viewer).count()) for viewer in [*others, cast.by.feng, cast.by.zheng]]
    assert seen == [False, False, True, True, True, True, True]
    assert not queries.may_answer(cast.by.qian, sent)
    for viewer in others[:2]:
        with pytest.raises(problems.NotHere):
            queries.transfer_at(viewer, sent.pk)


def test_silence_is_reminded_and_told_to_superiors_once(
    sent: TaxTransfer, case: Case, auditing: Auditing, cast: Any
) -> None:
    assert [row.pk for row in queries.transfers_waiting(cast.by.feng)] == [sent.pk]
    assert not queries.transfers_waiting(cast.by.qian).exists()
    auditing.walk.wait(case, "tax.reminder")
    auditing.walk.wait(case, "tax.answer")
    sent.refresh_from_db()
    assert sent.reminded_at and sent.escalated_at and sent.is_open
    fire_due_clocks()
    for verb in (AuditVerb.TAX_REMINDED, AuditVerb.TAX_ESCALATED):
        assert Entry.objects.filter(case=case.code, verb=verb).count() == 1
    assert [row.pk for row in queries.transfers_waiting(cast.by.qian)] == [sent.pk]
    actions.answer_transfer(sent, answer("failed", why="已停业"), by=cast.by.feng)
    assert state_of(case) == CaseState.ESCALATED


def test_an_early_answer_stops_the_reminder(sent: TaxTransfer, case: Case, cast: Any) -> None:
    actions.answer_transfer(sent, answer("received"), by=cast.by.feng)
    assert list(case.clocks.filter(fired_at=None, stopped_at=None).values_list("kind", flat=True)) == [
        "tax.answer"
    ]


def test_the_district_recalls_what_is_not_answered(sent: TaxTransfer, case: Case, cast: Any) -> None:
    with pytest.raises(problems.NotYourPost):
        actions.recall_transfer(sent, "久未答复", by=cast.by.tang)
    with pytest.raises(problems.ReasonMissing):
        actions.recall_transfer(sent, "", by=cast.by.qian)
    actions.recall_transfer(sent, "久未答复,转监察", by=cast.by.qian)
    assert (sent.state, state_of(case)) == ("recalled", CaseState.ESCALATED)
    with pytest.raises(audits_problems.TransferAnswered):
        actions.answer_transfer(sent, answer("received"), by=cast.by.feng)


def test_the_register_ends_case_and_transfer(sent: TaxTransfer, case: Case, cast: Any) -> None:
    rectify_cases([case.subject_id], by=cast.by.wu)
    sent.refresh_from_db()
    assert (sent.is_open, state_of(case)) == (False, CaseState.HEALED)
    told = Entry.objects.filter(case=case.code, verb=AuditVerb.TAX_ANSWERED).get()
    assert told.data["transfer"] == sent.pk and told.data["reason"]


def test_a_case_that_waits_for_the_tax_office_is_not_stuck(
    sent: TaxTransfer, case: Case, auditing: Auditing
) -> None:
    assert find_stuck() == []
    auditing.walk.wait(case, "tax.answer")
    assert find_stuck() == []
    # Without a transfer that is still open nothing would ever come of it.
    TaxTransfer.objects.update(closed_at=now())
    assert [snag.kind for snag in find_stuck()] == ["no-proceeding"]
