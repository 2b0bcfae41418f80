"""The desk's side: take over, enter where it belongs, answer; within the territory and by whose it is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile as Upload

from grid import problems
from grid.calendar.now import moved_to
from grid.ledger.models import Entry
from project.inbox import inbox_of
from tests.workflows.audits.conftest import auditing
from tests.workflows.conftest import noon
from tests.workflows.counter.conftest import Employer
from workflows.cases.models import CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.counter import actions
from workflows.counter import problems as counter_problems
from workflows.counter.models import Submission, SubmissionState
from workflows.inspections.models import InspectionState
from workflows.listing import actions as listings
from workflows.listing.models import Ground, Listing
from workflows.reminders.models import Message, Purpose

__all__ = ["auditing"]


@pytest.fixture
def came(at_window, papers):
    """A statement against a listing, with a file."""
    employer = at_window(CaseState.DEFENCE)
    employer.hands_in("statement", "已经改正，不应列入", [Upload("登记.pdf", papers.pdf)])
    employer.made = Submission.objects.get()
    return employer


@pytest.mark.once
def test_it_waits_in_the_inbox_of_whoever_handles_it(came, cast):
    def waiting(who):
        return [item for item in inbox_of(getattr(cast.by, who)).items if item.kind == "submission"]

    (item,) = waiting("fang")
    assert item.due_on == came.made.answer_due and "待接办" in item.why
    assert waiting("zhao") == waiting("chen") == waiting("zhou") == []
    actions.take_submission(came.made, by=cast.by.fang)
    assert "待答复" in waiting("fang")[0].why
    actions.answer_submission(came.made, "已复核", by=cast.by.fang)
    assert waiting("fang") == []


@pytest.mark.once
def test_law_6_the_list_at_the_window_is_open_to_the_body_that_hears(came, cast, client):
    """Within its territory, and of what is said to it; a district's legal officer finds nothing there."""
    for who, sees in (("fang", True), ("ma", True), ("shi", False)):
        client.force_login(getattr(cast, who))
        answer = client.get("/counter/")
        assert answer.status_code == 200
        assert (came.made.receipt in answer.content.decode()) == sees, who
    client.force_login(cast.feng)
    assert client.get("/counter/").status_code == 403
    with pytest.raises(problems.NotYourPost):
        actions.take_submission(came.made, by=cast.by.shi)


def test_taking_it_over_enters_it_in_the_file(came, cast, client):
    client.force_login(cast.fang)
    page = client.get(f"/counter/{came.made.receipt}/").content.decode()
    assert "记入列入案卷的陈述申辩" in page and "已经改正，不应列入" in page
    assert client.post(f"/counter/{came.made.receipt}/take/", {"answer": ""}).status_code == 302
    listing = came.case.listing
    listing.refresh_from_db()
    assert "已经改正，不应列入" in listing.defence and came.made.receipt in listing.defence
    came.made.refresh_from_db()
    assert came.made.state == SubmissionState.TAKEN and came.made.taken_by == cast.fang
    assert client.post(f"/counter/{came.made.receipt}/answer/", {"answer": ""}).status_code == 422
    client.post(f"/counter/{came.made.receipt}/answer/", {"answer": "已复核，理由不成立"})
    assert "已复核，理由不成立" in came.sees()
    assert came.case.clocks.filter(kind="counter.statement", stopped_at=None).count() == 0
    verbs = list(
        Entry.objects.filter(verb__startswith="submission.").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["submission.arrived", "submission.taken", "submission.answered"]


def test_the_employer_is_told_by_message_that_there_is_an_answer(came, cast):
    actions.take_submission(came.made, by=cast.by.fang, answer="已复核")
    text = Message.objects.get(purpose=Purpose.ANSWER).text
    assert came.made.receipt in text and "已复核" not in text


def test_one_act_may_take_and_answer(came, cast):
    actions.take_submission(came.made, by=cast.by.fang, answer="收到并记入")
    assert came.made.state == SubmissionState.ANSWERED and came.made.answer == "收到并记入"


def test_two_do_not_take_the_same(came, cast):
    actions.take_submission(came.made, by=cast.by.fang)
    with pytest.raises(counter_problems.SubmissionTaken):
        actions.take_submission(came.made, by=cast.by.fang)
    actions.answer_submission(came.made, "一", by=cast.by.fang)
    with pytest.raises(counter_problems.SubmissionAnswered):
        actions.answer_submission(came.made, "二", by=cast.by.fang)


def test_no_answer_before_somebody_took_it(came, cast):
    with pytest.raises(counter_problems.SubmissionNotTaken):
        actions.answer_submission(came.made, "答复", by=cast.by.fang)


def test_only_kept_on_file_needs_a_reason_and_enters_nothing(came, cast, client):
    client.force_login(cast.fang)
    address = f"/counter/{came.made.receipt}/take/"
    assert client.post(address, {"way": "file", "why": ""}).status_code == 422
    assert client.post(address, {"way": "file", "why": "与本案无关"}).status_code == 302
    came.case.listing.refresh_from_db()
    assert came.case.listing.defence == ""


def test_neither_filing_away_nor_answering_goes_without_words(came, cast):
    with pytest.raises(problems.ReasonMissing):
        actions.take_submission(came.made, by=cast.by.fang, only_note=True, why=" ")
    came.made.refresh_from_db()
    assert came.made.taken_by is None
    actions.take_submission(came.made, by=cast.by.fang)
    with pytest.raises(problems.ReasonMissing):
        actions.answer_submission(came.made, " ", by=cast.by.fang)
    with pytest.raises(counter_problems.SubmissionEmpty):
        actions.hand_in(came.notice, "statement", " ", "张三")
    assert Submission.objects.get().state == SubmissionState.TAKEN


def test_law_18_what_is_added_to_a_statement_enters_the_file_too(came, cast):
    listings.record_defence(came.case, "当面说的", by=cast.by.fang)
    actions.take_submission(came.made, by=cast.by.fang)
    listing = Listing.objects.get(case=came.case)
    assert came.made.entered and listing.defence.startswith("当面说的\n已经改正")
    assert listing.defence_answer == ""


@pytest.mark.once
def test_others_may_read_the_file_or_nothing(came, cast, client):
    """Whoever reviews or decides the case reads what was said in it; taking it over is not theirs."""
    address = f"/counter/{came.made.receipt}/"
    reads, blind = ("zhao", "sun", "qian", "zhou", "zheng"), ("chen", "han", "wang", "liu", "feng")
    for name in (*reads, *blind):
        client.force_login(getattr(cast, name))
        page = client.get(address)
        assert page.status_code == (200 if name in reads else 404), name
        assert "act-take" not in page.content.decode(), name
        assert client.post(address + "take/", {"answer": ""}).status_code == (
            403 if name in reads else 404
        ), name
    client.logout()
    assert client.get(address).status_code == 302
    assert Submission.objects.get().state == SubmissionState.ARRIVED


def test_the_page_of_the_case_names_it(came, cast, client):
    client.force_login(cast.qian)
    assert f"/counter/{came.made.receipt}/" in client.get(f"/cases/{came.case.code}/").content.decode()


def test_the_list_is_for_those_who_keep_files(came, cast, client):
    for name, status in (
        ("zhou", 200),
        ("zhao", 200),
        ("chen", 200),
        ("wang", 403),
        ("zheng", 403),
        ("feng", 403),
    ):
        client.force_login(getattr(cast, name))
        answer = client.get("/counter/")
        assert answer.status_code == status, name
        assert (came.made.receipt in answer.content.decode()) == (name in ("zhou", "zhao"))


def test_a_file_is_downloaded_never_opened(came, cast, client):
    material = came.made.materials.get()
    address = f"/counter/{came.made.receipt}/materials/{material.pk}/"
    client.force_login(cast.fang)
    answer = client.get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert client.get(f"/counter/{came.made.receipt}/materials/{material.pk + 1}/").status_code == 404
    client.force_login(cast.chen)
    assert client.get(address).status_code == 404


def test_proof_of_correction_is_for_the_community_too(at_window, cast, client):
    employer = at_window(CaseState.TERM)
    employer.hands_in("correction", "已办理")
    made = Submission.objects.get()
    client.force_login(cast.zhao)
    assert client.post(f"/counter/{made.receipt}/take/", {"answer": "核对名册后结案"}).status_code == 302
    assert "核对名册后结案" in employer.sees()


def test_the_clock_goes_on_for_the_next_that_waits(at_window, cast):
    employer = at_window(CaseState.TERM)
    employer.hands_in("correction", "第一次")
    first = Submission.objects.get()
    with moved_to(noon(first.answer_due - timedelta(days=1))):
        employer.enters().hands_in("correction", "第二次")
        second = Submission.objects.latest("pk")
        actions.take_submission(first, by=cast.by.zhao, answer="已核")
        running = employer.case.clocks.get(kind="counter.correction", fired_at=None, stopped_at=None)
        assert running.due_on == second.answer_due
    with moved_to(noon(second.answer_due + timedelta(days=1))):
        fire_due_clocks()
    assert Entry.objects.filter(verb="submission.overdue").get().data["receipt"] == second.receipt


def test_each_that_waits_too_long_is_told_once(at_window, cast):
    employer = at_window(CaseState.TERM)
    employer.hands_in("correction", "第一次")
    first = Submission.objects.get()
    with moved_to(noon(first.answer_due - timedelta(days=1))):
        employer.enters().hands_in("correction", "第二次")
    second = Submission.objects.latest("pk")
    with moved_to(noon(second.answer_due + timedelta(days=9))):
        for _sweep in range(4):
            fire_due_clocks()
        told = Entry.objects.filter(verb="submission.overdue").order_by("pk")
        assert [entry.data["receipt"] for entry in told] == [first.receipt, second.receipt]
        (urged,) = [item for item in inbox_of(cast.by.qian).items if item.title.startswith(second.receipt)]
        assert "请督办" in urged.why and urged.late
        actions.take_submission(second, by=cast.by.zhao, answer="迟复致歉")
        assert not [item for item in inbox_of(cast.by.qian).items if item.title.startswith(second.receipt)]
    assert not employer.case.clocks.filter(kind="counter.correction", fired_at=None, stopped_at=None).exists()


def test_an_objection_goes_to_the_list(at_window, cast):
    employer = at_window(CaseState.PUBLISHED)
    employer.hands_in("objection", "名称写错")
    actions.take_submission(Submission.objects.get(), by=cast.by.zhou)
    assert "名称写错" in employer.case.listing.objections.get().text


def test_repair_from_its_first_day_on(at_window, cast):
    from workflows.counter.queries import standing_of

    employer = at_window(CaseState.PUBLISHED)
    Ground.objects.filter(code="5-1").update(months=36)
    with moved_to(noon(standing_of(employer.case).repair_from)):
        employer.enters()
        answer = employer.hands_in("repair", "已补缴", agreed="on")
        assert answer.status_code == 302, answer.content.decode()
        actions.take_submission(Submission.objects.get(), by=cast.by.zhou)
    assert employer.case.listing.repairs.get().evidence.startswith("已补缴")


def test_queries_of_the_list_do_not_grow(at_window, cast, client, django_assert_max_num_queries):
    employer = at_window(CaseState.TERM)
    for number in range(5):
        employer.hands_in("correction", f"第{number}次")
    client.force_login(cast.zhao)
    with django_assert_max_num_queries(10):
        client.get("/counter/")


def test_everything_answers_nothing_in_the_story(came, cast):
    """Entries tell what came and what became of it, and hold none of its words."""
    actions.take_submission(came.made, by=cast.by.fang, answer="不采纳你的理由")
    told = "".join(str(entry) for entry in Entry.objects.filter(verb__startswith="submission."))
    assert came.made.receipt in told and "陈述申辩" in told
    assert "不应列入" not in told and "不采纳" not in told


# --- the inspection ----------------------------------------------------------------------------


@pytest.fixture
def noticed(make_case, walk, with_phone):
    """An employer told of a fine for which a hearing is owed."""
    case = make_case()
    walk.arrears = Decimal(200_000)
    walk.inspection_at(case, InspectionState.NOTICED)
    return Employer(with_phone(case)).enters()


def test_a_statement_before_a_penalty_goes_to_the_inspection(noticed, cast):
    noticed.hands_in("statement", "人数有误")
    made = Submission.objects.get()
    actions.take_submission(made, by=cast.by.zhou)
    assert made.entered == "记入监察案卷的陈述申辩"
    assert "人数有误" in noticed.case.inspections.get().statement


def test_a_hearing_asked_for_in_time_is_held(noticed, cast):
    assert "要求举行听证" in noticed.sees()
    noticed.hands_in("hearing", "数额较大")
    made = Submission.objects.get()
    assert made.is_late is False and made.due_on
    actions.take_submission(made, by=cast.by.zhou, answer="将另行通知听证时间")
    inspection = noticed.case.inspections.get()
    assert inspection.state == InspectionState.HEARING and "数额较大" in inspection.hearing_asked


def test_a_hearing_asked_for_late_is_kept_and_answered(noticed, cast):
    last = noticed.case.clocks.get(kind="inspection.hearing_request").due_on
    with moved_to(noon(last + timedelta(days=1))):
        noticed.enters().hands_in("hearing", "刚刚知道")
        made = Submission.objects.get()
        assert made.is_late and made.due_on == last
        actions.take_submission(made, by=cast.by.zhou, answer="已过期限，由负责人决定是否举行")
    assert made.entered == "" and noticed.case.inspections.get().state == InspectionState.NOTICED


def test_a_small_fine_has_no_hearing(make_case, walk, with_phone):
    case = make_case()
    walk.arrears = Decimal(5_000)
    walk.inspection_at(case, InspectionState.NOTICED)
    employer = Employer(with_phone(case)).enters()
    assert "要求举行听证" not in employer.sees()
    assert employer.hands_in("hearing", "要求听证").status_code == 409


def test_an_answer_to_an_audit_goes_to_the_auditors(make_case, auditing, with_phone, cast):
    case = make_case()
    audit = auditing.to(case, "informed")
    employer = Employer(with_phone(case)).enters()
    assert "正在进行社会保险稽核" in employer.sees()
    employer.hands_in("statement", "两人已退休返聘")
    made = Submission.objects.get()
    assert made.due_on == case.clocks.get(kind="audit.answer").due_on
    auditor = next(by for by in (cast.by.tang, cast.by.jiang, cast.by.qian) if by.person_id in audit.auditors)
    actions.take_submission(made, by=auditor)
    audit.refresh_from_db()
    assert "两人已退休返聘" in audit.answer and made.entered == "记入稽核案卷的答复"
