"""Whoever answers in the unit is told, heard and fined by papers and terms of their own (社会保险法 84条)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grid import problems
from grid.calendar.now import today
from grid.law.models import Provision
from grid.ledger.models import Entry
from tests.approving import approved
from tests.forward import go_to
from tests.reading import words_of
from tests.workflows.conftest import SERVERS, Walk, gathered, someone
from workflows.clocks.actions import fire_due_clocks
from workflows.clocks.models import Clock
from workflows.inspections import actions as inspecting
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.notices.actions.previews import draft_of
from workflows.notices.documents.sealing import whole_values
from workflows.notices.models import Notice, NoticeKind
from workflows.notices.queries import file_of
from workflows.persons import actions
from workflows.persons import problems as persons_problems
from workflows.persons.models import ResponsiblePerson
from workflows.persons.queries import STATEMENT

At = Callable[..., Inspection]
NUMBER, NAME = "150302190001010019", "张三丰"


def text_of(notice: Notice) -> str:
    return words_of(file_of(notice).read_bytes())


class Persons:
    """zhou names, tells and serves; qian decides."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.by = walk, walk.by

    def named(self, inspection: Inspection, **facts: Any) -> ResponsiblePerson:
        record = inspection.records.get(kind="scene")
        return actions.name_person(inspection, someone(record.pk, **facts), by=self.by.zhou)

    def told(self, inspection: Inspection, **facts: Any) -> ResponsiblePerson:
        person = self.named(inspection, **facts)
        actions.issue_person_notice(person, by=self.by.zhou)
        assert person.notice is not None
        self.walk.serve(person.notice, self.by.zhou, receiver=NAME, receiver_role="本人")
        person.refresh_from_db()
        return person

    def heard(self, inspection: Inspection, **facts: Any) -> ResponsiblePerson:
        """Their term is over, and the employer's decision served."""
        person = self.told(inspection, **facts)
        self.walk.inspection_at(inspection.case, S.PERFORMING)
        fire_due_clocks()
        person.refresh_from_db()
        return person

    def fined(self, inspection: Inspection) -> ResponsiblePerson:
        person = self.heard(inspection)
        actions.decide_person(person, by=self.by.qian)
        assert person.decision is not None
        self.walk.serve(person.decision, self.by.zhou, receiver=NAME, receiver_role="本人")
        person.refresh_from_db()
        return person


@pytest.fixture
def persons(walk: Walk) -> Persons:
    return Persons(walk)


# --- on evidence ------------------------------------------------------------------------------------


def test_law_22_nobody_answers_without_a_record_that_both_officers_signed(
    inspection_at: At, persons: Persons, cast: Any
) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    unsigned = inspecting.note_record(one, gathered(text="分管人事的副总经理不同意参保"), by=cast.by.zhou)
    with pytest.raises(persons_problems.PersonUnproved):
        actions.name_person(one, someone(unsigned.pk), by=cast.by.zhou)
    with pytest.raises(persons_problems.PersonUnproved):
        actions.name_person(one, someone(0), by=cast.by.zhou)
    row = {
        "inspection": one, "area": one.area, "role": "other", "name": NAME, "number": NUMBER, "post": "经理",
        "record": unsigned, "duty": "经办", "named_by": cast.zhou, "named_at": timezone.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="both officers signed"), transaction.atomic():
        ResponsiblePerson.objects.create(**row)
    inspecting.second_record(one, unsigned.pk, by=cast.by.he)
    assert actions.name_person(one, someone(unsigned.pk), by=cast.by.zhou).record_id == unsigned.pk
    with pytest.raises(persons_problems.PersonNamed):
        actions.name_person(one, someone(unsigned.pk), by=cast.by.zhou)


def test_law_22_only_the_officers_name_somebody_and_a_number_is_checked(
    inspection_at: At, persons: Persons, cast: Any
) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    record = one.records.get(kind="scene").pk
    with pytest.raises(persons_problems.PersonNumberWrong):
        persons.named(one, number="150302199001010013")
    with pytest.raises(problems.ReasonMissing):
        persons.named(one, duty=" ")
    with pytest.raises(problems.NotYourPost):
        actions.name_person(one, someone(record), by=cast.by.qian)


# --- told, heard, fined, paid -----------------------------------------------------------------------


def test_law_34_a_paper_to_a_person_approved_another_day_still_names_whom_it_is_for(
    inspection_at: At, persons: Persons, cast: Any
) -> None:
    one = inspection_at(S.NOTICED)
    person = persons.named(one)
    actions.issue_person_notice(person, by=cast.by.zhou)
    draft = Notice.objects.get(kind=NoticeKind.PERSON_NOTICE)
    assert NAME in words_of(draft_of(draft))
    go_to(today() + timedelta(days=1))
    approved(draft)
    paper = Notice.objects.get(pk=draft.pk)
    assert NAME in text_of(paper) and NAME not in str(paper.values)
    assert whole_values(paper)["name"] == NAME and paper.values["letter"]["issued_on"] == today().isoformat()


def test_law_22_their_papers_are_handed_over_by_two_officers(
    inspection_at: At, persons: Persons, walk: Walk, cast: Any, client: Client
) -> None:
    one = inspection_at(S.NOTICED)
    person = persons.named(one)
    actions.issue_person_notice(person, by=cast.by.zhou)
    assert person.notice is not None
    with pytest.raises(problems.Problem):
        walk.serve(person.notice, cast.by.zhou, receiver=NAME, receiver_role="本人", server_2="")
    client.force_login(cast.zhou)
    given = {"way": "direct", "served_on": today().isoformat(), "receiver": NAME, "receiver_role": "本人"}
    address = reverse("person-act", args=[one.case.code, person.pk, "serve-notice"])
    assert client.post(address, given | {"server_1": "周正"}).status_code == 422
    assert client.post(address, given | SERVERS).status_code == 302


@pytest.mark.once
def test_law_22_a_person_has_papers_and_terms_of_their_own(
    inspection_at: At, persons: Persons, walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.NOTICED)
    person = persons.told(one)
    assert (person.fine, person.noticed_on, person.noticed_fine) == (D(500), today(), D(500))
    told = text_of(Notice.objects.get(pk=person.notice_id))
    assert NAME in told and "副总经理" in told and "直接负责的主管人员" in told and NUMBER not in told
    assert "向" in told and "第八十四条" in told and "500.00元" in told
    actions.record_person_statement(person, "我只负责销售", by=cast.by.zhou)
    actions.answer_person_statement(person, "分工文件显示分管人事，不予采纳", by=cast.by.zhou)
    assert Inspection.objects.get(pk=one.pk).statement == ""
    with pytest.raises(persons_problems.EmployerFirst):
        actions.decide_person(person, by=cast.by.qian)
    walk.inspection_at(one.case, S.PERFORMING)
    fire_due_clocks()
    person.refresh_from_db()
    assert person.statement_closed_on is not None
    actions.decide_person(person, by=cast.by.qian)
    decided = text_of(person.decision)
    assert NAME in decided and NUMBER in decided and "我只负责销售" in decided and "分管人事" in decided
    walk.serve(person.decision, cast.by.zhou, receiver=NAME, receiver_role="本人")
    person.refresh_from_db()
    assert person.due_on == today() + timedelta(days=15) or person.due_on > today()
    actions.record_person_payment(person, D(500), today(), "缴个-1", by=cast.by.zhou)
    one.refresh_from_db()
    assert (person.closed_why, one.state, one.paid) == ("罚款已缴清", S.PERFORMING, 0)
    assert not Clock.objects.filter(about=person.pk, fired_at=None, stopped_at=None).exists()


def test_law_22_the_papers_of_the_employer_name_nobody(
    inspection_at: At, persons: Persons, walk: Walk
) -> None:
    one = inspection_at(S.NOTICED)
    persons.fined(one)
    decision = one.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    assert NAME not in text_of(decision) and "责任人员" not in text_of(decision)


def test_law_22_names_and_numbers_stand_nowhere_in_the_open(
    inspection_at: At, persons: Persons, cast: Any
) -> None:
    person = persons.fined(inspection_at(S.NOTICED))
    kept = f"{person.notice.values}{person.decision.values}"
    assert NUMBER not in kept and NAME not in kept
    told = "".join(str(entry.data) for entry in Entry.objects.all())
    assert NUMBER not in told and NAME not in told


def test_law_22_a_paper_issued_anew_is_still_theirs(inspection_at: At, persons: Persons, cast: Any) -> None:
    from workflows.notices.actions import reissue_notice

    person = persons.named(inspection_at(S.NOTICED))
    actions.issue_person_notice(person, by=cast.by.zhou)
    anew = reissue_notice(person.notice, "污损", by=cast.by.zhou)
    assert NAME in text_of(anew) and NAME not in str(anew.values)
    persons.walk.serve(anew, cast.by.zhou, receiver=NAME)
    person.refresh_from_db()
    assert (person.notice_id, person.noticed_on) == (anew.pk, today())


def test_law_22_two_persons_have_a_term_each(inspection_at: At, persons: Persons, cast: Any) -> None:
    one = inspection_at(S.NOTICED)
    first = persons.told(one)
    go_to(today() + timedelta(days=1))
    second = persons.told(one, number="150302190006070029", name="李四", role="other")
    running = Clock.objects.filter(kind=STATEMENT, fired_at=None, stopped_at=None)
    assert set(running.values_list("about", flat=True)) == {first.pk, second.pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.create(
            case=one.case,
            kind=STATEMENT,
            about=first.pk,
            started_on=today(),
            length=1,
            unit="d",
            due_on=today(),
        )


def test_law_22_who_investigates_or_reviewed_fines_nobody(
    inspection_at: At, persons: Persons, cast: Any
) -> None:
    person = persons.heard(inspection_at(S.NOTICED))
    for name in ("zhou", "he", "shi", "ma"):
        with pytest.raises((problems.NotYourPost, problems.SamePersonTwice)):
            actions.decide_person(person, by=getattr(cast.by, name))
    with pytest.raises(IntegrityError, match="did not investigate"), transaction.atomic():
        ResponsiblePerson.objects.filter(pk=person.pk).update(
            decided_on=today(), decided_by=cast.zhou, decision=person.notice_id
        )


def test_law_22_a_fine_lies_within_its_tier_and_is_never_heavier_than_told(
    inspection_at: At, persons: Persons, cast: Any
) -> None:
    one = inspection_at(S.NOTICED)
    person = persons.named(one)
    for sum_ in (D(499), D(3001)):
        with pytest.raises(inspections_problems.OutsideTier):
            actions.issue_person_notice(person, sum_, by=cast.by.zhou)
    person = persons.heard(one, number="150302190006070029")
    with pytest.raises(inspections_problems.HeavierAfterStatement):
        actions.decide_person(person, D(800), by=cast.by.qian)


def test_law_22_the_threshold_of_a_hearing_is_a_row_of_the_law(
    inspection_at: At, persons: Persons, cast: Any
) -> None:
    person = persons.named(inspection_at(S.NOTICED))
    row = Provision.objects.filter(key="inspection.hearing_threshold")
    row.update(value={"person": 500, "unit": 100000})
    with pytest.raises(persons_problems.PersonHearingOwed):
        actions.issue_person_notice(person, by=cast.by.zhou)


# --- and not where there is nothing to fine -----------------------------------------------------------


def test_law_22_corrected_in_time_fines_nobody(inspection_at: At, persons: Persons, cast: Any) -> None:
    one = inspection_at(S.NOTICED)
    person = persons.named(one)
    one.case.healed_on = one.order_expired_on
    one.case.save(update_fields=["healed_on"])
    with pytest.raises((inspections_problems.NothingToPunish, inspections_problems.CorrectedOnRecord)):
        actions.issue_person_notice(person, by=cast.by.zhou)


def test_law_22_the_employer_is_told_first(inspection_at: At, persons: Persons, cast: Any) -> None:
    person = persons.named(inspection_at(S.ORDER_EXPIRED))
    with pytest.raises(persons_problems.EmployerFirst):
        actions.issue_person_notice(person, by=cast.by.zhou)


def test_law_22_a_violation_that_names_nobody_but_the_unit_fines_nobody_else(
    inspection_at: At, persons: Persons, cast: Any
) -> None:
    one = inspection_at(S.NOTICED)
    person = persons.named(one)
    Inspection.objects.filter(pk=one.pk).update(violation="obstruction")
    with pytest.raises(persons_problems.PersonsNotLiable):
        actions.issue_person_notice(person, by=cast.by.zhou)


def test_law_22_what_comes_to_nothing_for_the_unit_comes_to_nothing_for_its_people(
    inspection_at: At, persons: Persons, walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.NOTICED)
    person = persons.told(one)
    inspecting.withdraw_inspection(one, "违法事实不能成立", by=cast.by.qian)
    person.refresh_from_db()
    assert not person.is_open and Notice.objects.get(pk=person.notice_id).withdrawn_at
    with pytest.raises(persons_problems.PersonNotReady):
        actions.record_person_statement(person, "申辩", by=cast.by.zhou)


def test_law_22_the_head_may_let_it_be(inspection_at: At, persons: Persons, cast: Any) -> None:
    person = persons.told(inspection_at(S.NOTICED))
    with pytest.raises(problems.ReasonMissing):
        actions.release_person(person, " ", by=cast.by.qian)
    actions.release_person(person, "初到岗位，责任不在本人", by=cast.by.qian)
    assert person.closed_why == "初到岗位，责任不在本人"
    assert Notice.objects.get(pk=person.notice_id).withdrawn_at


def test_law_22_a_fine_paid_late_bears_a_surcharge_of_its_own(
    inspection_at: At, persons: Persons, cast: Any
) -> None:
    person = persons.fined(inspection_at(S.NOTICED))
    go_to(person.due_on + timedelta(days=2))
    fire_due_clocks()
    actions.record_person_payment(person, D(500), today(), "缴个-1", by=cast.by.zhou)
    assert person.is_open
    actions.record_person_payment(person, D(30), today(), "缴个-2", by=cast.by.zhou)
    assert person.closed_why == "罚款已缴清"


# --- on its page ------------------------------------------------------------------------------------


def test_law_22_the_page_shows_who_with_the_number_masked(
    inspection_at: At, persons: Persons, cast: Any, client: Client
) -> None:
    one = inspection_at(S.NOTICED)
    person = persons.named(one)
    address = reverse("person", args=[one.case.code, person.pk])
    client.force_login(cast.zhou)
    page = client.get(address).content.decode()
    assert NAME in page and NUMBER not in page and "150302********0019" in page
    assert address in client.get(reverse("inspection", args=[one.case.code])).content.decode()
    answer = client.post(reverse("person-act", args=[one.case.code, person.pk, "notice"]), {})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.notice_id
    assert "责任人员处罚" in client.get(reverse("inbox")).content.decode()
    client.force_login(cast.han)
    assert client.get(address).status_code == 404


def test_law_22_whoever_holds_a_persons_paper_does_not_come_to_the_units_window(
    inspection_at: At, persons: Persons, client: Client
) -> None:
    from workflows.counter.queries import documents_of, notice_of

    one = inspection_at(S.NOTICED)
    person = persons.told(one)
    with pytest.raises(problems.NotHere):
        notice_of(person.notice.code)
    own = one.case.notices.get(kind=NoticeKind.PENALTY_NOTICE)
    assert person.notice_id not in {document.pk for document in documents_of(own)}
