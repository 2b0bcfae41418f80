"""A referral from the sender to the department and back: who may what, what is frozen, what the ledger keeps."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.scope import Role
from grid.territory.models import Posting
from grid.territory.queries import actor_of
from tasks.findings.models import FindingState
from tests import papers
from workflows.duties import actions, queries
from workflows.duties import problems as duties_problems
from workflows.duties.actions.loading import load_shipped_duties
from workflows.duties.models import Attachment, Department, Duty, Referral, ReferralState
from workflows.duties.queries.directory import Directory
from workflows.duties.reading import Given, path_of
from workflows.duties.referring import About, Chosen, Question, Reply
from workflows.engine.acts import offers_for

pytestmark = pytest.mark.django_db
PDF = Given("情况说明.pdf", papers.PDF)


def seen_by(viewer: Any, **sought: Any) -> list[str]:
    return [row.code for row in queries.referrals_for(viewer, queries.Sought(**sought), Directory())]


def acts(viewer: Any, referral: Referral) -> list[str]:
    referral.refresh_from_db()
    file = queries.File(referral, Directory())
    return [act.name for act in offers_for("referral", viewer, referral, file)]


def verbs(code: str) -> list[str]:
    return list(Entry.objects.filter(case=code).order_by("nth").values_list("verb", flat=True))


# --- departments as dated data -------------------------------------------------------------------


def test_loading_twice_adds_nothing_and_keeps_what_the_desk_changed(db):
    departments, duties, goals = load_shipped_duties()
    assert (departments, goals) == (21, 6)
    assert duties > 40
    Department.objects.filter(code="tax").update(name="国家税务总局乌海市税务局")
    assert load_shipped_duties() == (0, 0, 0)
    assert Department.objects.get(code="tax").name == "国家税务总局乌海市税务局"


def test_duties_of_a_department_that_ended_are_carried_by_its_successor(duties):
    directory = duties.directory
    poverty, farming = duties.department["poverty"], duties.department["agriculture"]
    assert directory.current(poverty.pk) == farming
    assert [department.code for department in directory.line_of(farming)] == [
        "poverty",
        "revitalisation",
        "agriculture",
    ]
    assert directory.named("市扶贫办") == directory.named("市农业农村局") == farming
    assert directory.named("某某公司") is None
    assert "代缴" in duties.of("poverty")[0].text
    assert [department.code for department in directory.in_force(date(2020, 6, 1))].count("information") == 1
    assert "information" not in [department.code for department in directory.in_force(date(2026, 1, 1))]


def test_every_duty_of_the_mandate_names_its_clause(duties):
    clauses = set(Duty.objects.values_list("clause", flat=True))
    assert clauses == {f"五（二）{n}" for n in range(1, 8)}


@pytest.mark.once
@pytest.mark.parametrize(
    ("industry", "kind", "first"),
    [
        ("0610", "enterprise", "industry"), ("2611", "enterprise", "industry"), ("4710", "enterprise", "housing"),
        ("", "construction_site", "housing"), ("6210", "enterprise", "market"), ("8411", "institution", "health"),
        ("8331", "enterprise", "education"), ("5212", "enterprise", "commerce"), ("6020", "enterprise", "post"),
        ("5430", "enterprise", "transport"), ("7291", "enterprise", "culture"), ("0111", "cooperative", "agriculture"),
    ],
)  # fmt: skip
def test_the_industry_authority_of_a_subject_is_proposed(duties, make_employer, industry, kind, first):
    found = duties.directory.suggestions(make_employer(industry=industry, kind=kind))
    assert found[0][0].code == first
    assert found[0][1]


def test_a_dust_industry_is_also_for_the_health_commission(duties, make_employer):
    found = [
        department.code for department, _why in duties.directory.suggestions(make_employer(industry="0610"))
    ]
    assert found == ["industry", "health"]


# --- sending ------------------------------------------------------------------------------------------


def test_a_referral_has_a_number_a_term_and_an_entry(on_monday, send, law):
    sent = send(files=[PDF])
    assert sent.code == f"ZB-2026-{sent.pk:06d}"
    # Ten working days after Monday 2 March 2026, and two before them the reminder.
    assert (sent.due_on, sent.remind_on) == (date(2026, 3, 16), date(2026, 3, 12))
    assert not sent.reviewed
    entry = Entry.objects.get(case=sent.code)
    assert entry.verb == "referral.sent"
    assert (entry.data["department"], entry.data["files"], entry.role) == ("市税务局", 1, Role.DISTRICT)
    kept = Attachment.objects.get()
    assert (kept.kind, kept.size, path_of(kept.sha256).read_bytes()) == ("pdf", len(PDF.content), PDF.content)


@pytest.mark.parametrize(
    ("who", "area", "refusal"),
    [
        ("sun", "150302001", problems.NotYourPost), ("zhou", "150302", problems.NotYourPost),
        ("zheng", "150302", problems.NotYourPost), ("feng", "150302", problems.NotYourPost),
        ("zhao", "150302001", problems.NotHere), ("wang", "150302001", problems.NotHere),
        ("qian", "1503", problems.NotHere), ("han", "150302", problems.NotHere),
    ],
)  # fmt: skip
def test_only_city_and_district_refer_each_in_its_area(cast, send, who, area, refusal):
    with pytest.raises(refusal):
        send(by=getattr(cast.by, who), area=area)
    assert not Referral.objects.exists()


def test_the_department_must_be_there_the_duty_its_own_and_somebody_to_answer(cast, duties, send):
    def refer(department, duty):
        actions.refer(department, duty, About("150302"), Question("核对", "请核对"), by=cast.by.qian)

    of = duties.department
    with pytest.raises(duties_problems.DepartmentNotInForce) as refused:
        refer(of["poverty"], duties.of("poverty")[0])
    assert "市农业农村局" in refused.value.detail
    with pytest.raises(duties_problems.DutyOfAnother):
        refer(of["tax"], duties.of("housing")[0])
    with pytest.raises(duties_problems.NoLiaison):
        refer(of["education"], duties.of("education")[0])
    with pytest.raises(duties_problems.NoLiaison):  # the housing liaison is of 海勃湾区 only
        send("housing", by=cast.by.wu, area="150304")
    assert send("agriculture").department == of["agriculture"]


def test_a_liaison_who_left_is_nobody_to_send_to(duties, send):
    Posting.objects.filter(person=duties.he).update(valid_to=today() - timedelta(days=1))
    with pytest.raises(duties_problems.NoLiaison):
        send("housing")


def test_about_a_subject_only_what_is_released_goes_along_as_it_stood(cast, duties, send, make_finding):
    finding = make_finding(state=FindingState.CONFIRMED)
    sent = send(finding=finding, release=["name", "employees"])
    assert sent.area == finding.area
    assert sent.facts == [["名称", finding.subject.name], ["在岗人数", "12"]]
    assert sent.subject == finding.subject


def test_of_a_person_nothing_but_the_masked_name_can_be_released(send, make_employer):
    person = make_employer(
        "张某某", kind="hardship", address="新华街道某小区", credit_code=None, local_code="x1"
    )
    sent = send(subject=person, release=["name", "code", "address", "industry"])
    assert sent.facts == [["名称", "张某某"]]


@pytest.mark.parametrize(
    "files",
    [
        [Given("坏.exe", b"MZ")], [Given("空.pdf", b"")], [Given("大.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024))],
        [PDF] * 6, [PDF, Given("假.png", b"<script>")],
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_sends_nothing(send, files):
    with pytest.raises(duties_problems.FileNotTaken):
        send(files=files)
    assert not Referral.objects.exists()
    assert not Entry.objects.filter(verb="referral.sent").exists()


def test_a_case_hears_of_its_referral_in_its_own_story(cast, duties, send, make_case):
    case = make_case()
    sent = send(case=case, by=cast.by.qian)
    actions.answer_referral(sent, Reply("已督促"), by=cast.by.feng)
    assert verbs(case.code)[-2:] == verbs(sent.code) == ["referral.sent", "referral.answered"]


# --- the department's answer --------------------------------------------------------------------------


def test_neither_sending_back_nor_ending_goes_without_words(cast, duties, send):
    sent = send()
    for act in (
        lambda: actions.return_referral(sent, duties.department["housing"], " ", by=cast.by.feng),
        lambda: actions.ask_again(sent, "", by=cast.by.qian),
        lambda: actions.close_referral(sent, " ", by=cast.by.qian),
        lambda: actions.withdraw_referral(sent, "", by=cast.by.qian),
    ):
        with pytest.raises(problems.ReasonMissing):
            act()
    sent.refresh_from_db()
    assert sent.state == ReferralState.SENT


def test_the_whole_way_to_the_end(on_monday, cast, send):
    sent = send()
    actions.receive_referral(sent, by=cast.by.feng, at="sent")
    reply = Reply("已核对 8 户，5 户已参保", checked=8, insured=5, files=[PDF])
    answer = actions.answer_referral(sent, reply, by=cast.by.feng)
    assert (answer.checked, answer.insured, answer.files.get().name) == (8, 5, PDF.name)
    actions.ask_again(sent, "请说明另外 3 户", by=cast.by.qian)
    assert (sent.state, sent.due_on) == (ReferralState.ASKED_AGAIN, date(2026, 3, 9))
    actions.answer_referral(sent, Reply("另外 3 户已停业"), by=cast.by.feng)
    actions.accept_answer(sent, by=cast.by.qian)
    actions.close_referral(sent, "3 户转街道核实停业", by=cast.by.qian)
    assert sent.state == ReferralState.CLOSED
    assert sent.answers.count() == 2
    assert verbs(sent.code) == [
        "referral.sent", "referral.received", "referral.answered", "referral.asked_again", "referral.answered",
        "referral.accepted", "referral.closed",
    ]  # fmt: skip
    assert acts(cast.by.qian, sent) == acts(cast.by.feng, sent) == []


def test_not_our_duty_goes_back_and_on_to_the_right_department(cast, duties, send):
    sent = send()
    with pytest.raises(duties_problems.SameDepartment):
        actions.return_referral(sent, duties.department["tax"], "不属本部门职责", by=cast.by.feng)
    actions.return_referral(sent, duties.department["housing"], "属建筑施工企业", by=cast.by.feng)
    assert acts(cast.by.qian, sent) == ["redirect", "withdraw"]
    sent.reminded_at = sent.sent_at
    sent.save()
    actions.redirect_referral(sent, duties.department["housing"], duties.of("housing")[0], by=cast.by.qian)
    assert (sent.state, sent.department.code, sent.returned_why, sent.reminded_at) == (
        "sent",
        "housing",
        "",
        None,
    )
    assert seen_by(duties.by.he) == [sent.code]
    assert seen_by(cast.by.feng) == []
    with pytest.raises(problems.NotHere):
        queries.referral_at(cast.by.feng, sent.code, Directory())


def test_an_answer_needs_words_and_figures_that_fit(cast, send):
    sent = send()
    with pytest.raises(problems.ReasonMissing):
        actions.answer_referral(sent, Reply("  "), by=cast.by.feng)
    with pytest.raises(duties_problems.FiguresWrong):
        actions.answer_referral(sent, Reply("已核对", checked=3, insured=4), by=cast.by.feng)
    with pytest.raises(duties_problems.FileNotTaken):
        actions.answer_referral(sent, Reply("已核对", files=[Given("坏.exe", b"MZ")]), by=cast.by.feng)
    sent.refresh_from_db()
    assert (sent.state, sent.answers.count()) == ("sent", 0)


def test_a_page_that_was_overtaken_is_refused(cast, send):
    sent = send()
    actions.answer_referral(sent, Reply("已核对"), by=cast.by.feng, at="sent")
    with pytest.raises(problems.OutOfOrder):
        actions.return_referral(
            sent, Department.objects.get(code="housing"), "不属", by=cast.by.feng, at="sent"
        )
    with pytest.raises(problems.OutOfOrder):
        actions.receive_referral(sent, by=cast.by.feng)
    with pytest.raises(problems.OutOfOrder):
        actions.withdraw_referral(sent, "不再需要", by=cast.by.qian, at="received")


EVERY = [
    ("receive", lambda s, d, by: actions.receive_referral(s, by=by)),
    ("answer", lambda s, d, by: actions.answer_referral(s, Reply("答复"), by=by)),
    ("send_back", lambda s, d, by: actions.return_referral(s, d.department["housing"], "不属", by=by)),
    ("redirect", lambda s, d, by: actions.redirect_referral(s, d.department["tax"], d.of("tax")[0], by=by)),
    ("accept", lambda s, d, by: actions.accept_answer(s, by=by)),
    ("ask_again", lambda s, d, by: actions.ask_again(s, "补充", by=by)),
    ("close", lambda s, d, by: actions.close_referral(s, "办结", by=by)),
    ("withdraw", lambda s, d, by: actions.withdraw_referral(s, "撤回", by=by)),
]  # fmt: skip
OF_DEPARTMENT = {"receive", "answer", "send_back"}


@pytest.mark.parametrize(("name", "act"), EVERY)
@pytest.mark.parametrize(
    "who", ["sun", "zhou", "qian", "wu", "zheng", "feng", "he", "han", "chen", "wang", "liu"]
)
def test_every_act_by_everybody(cast, duties, send, name, act, who):
    """The department's acts are its liaison's, the sender's those of the office that sent it and of the city."""
    sent = send()
    by = getattr(duties.by, who, None) or getattr(cast.by, who)
    mine = {"feng"} if name in OF_DEPARTMENT else {"qian", "wu"}
    if who in mine:
        with suppress(problems.OutOfOrder):
            act(sent, duties, by)
        return
    with pytest.raises((problems.NotHere, problems.NotYourPost)):
        act(sent, duties, by)
    sent.refresh_from_db()
    assert sent.state == ReferralState.SENT


def test_a_district_reads_but_does_not_decide_what_the_city_asked(cast, send):
    sent = send(by=cast.by.wu)
    actions.answer_referral(sent, Reply("已核对"), by=cast.by.feng)
    assert acts(cast.by.qian, sent) == []
    assert acts(cast.by.wu, sent) == ["accept", "ask_again", "withdraw"]
    with pytest.raises(problems.NotYourPost):
        actions.accept_answer(sent, by=cast.by.qian)


def test_everybody_reads_their_own_and_nothing_else(cast, duties, send):
    tax, housing, far = send(), send("housing"), send(by=cast.by.wu, area="150304")
    every = sorted([tax.code, housing.code, far.code])
    assert sorted(seen_by(cast.by.wu)) == sorted(seen_by(cast.by.zheng)) == every
    assert sorted(seen_by(cast.by.qian)) == sorted([tax.code, housing.code])
    assert sorted(seen_by(cast.by.feng)) == sorted([tax.code, far.code])
    assert seen_by(duties.by.he) == [housing.code]
    assert seen_by(cast.by.han) == [far.code]
    assert seen_by(duties.by.tian) == seen_by(cast.by.sun) == []
    with pytest.raises(problems.NotHere):
        seen_by(cast.by.wang)


def test_a_liaison_of_an_unknown_department_sees_nothing(cast, send):
    send()
    Posting.objects.filter(person=cast.feng).update(department="某处")
    assert seen_by(actor_of(cast.feng)) == []


def test_filters(on_monday, cast, duties, send):
    first, second = send(title="核对欠费"), send("housing", title="督促参保")
    assert seen_by(cast.by.qian, department="housing") == [second.code]
    assert seen_by(cast.by.qian, text="欠费") == seen_by(cast.by.qian, text=first.code) == [first.code]
    actions.withdraw_referral(second, "不再需要", by=cast.by.qian)
    assert seen_by(cast.by.qian, state="open") == [first.code]
    assert seen_by(cast.by.qian, state="withdrawn") == [second.code]
    assert seen_by(cast.by.qian, late=True) == []
    Referral.objects.filter(pk=first.pk).update(due_on=today() - timedelta(days=1))
    assert seen_by(cast.by.qian, late=True) == [first.code]
    assert seen_by(cast.by.qian, area="150304") == seen_by(cast.by.qian, area="x") == []


# --- many at once -------------------------------------------------------------------------------------


def test_all_findings_of_an_industry_go_in_one_act_each_its_own_row(
    cast, duties, make_finding, make_employer, django_assert_max_num_queries
):
    confirmed = {"state": FindingState.CONFIRMED, "reviewed_by": cast.zhao}
    building = [make_finding(make_employer(industry="4710"), **confirmed) for _ in range(4)]
    make_finding(make_employer(industry="5212"), **confirmed)
    make_finding(make_employer(industry="4710"))  # not yet confirmed
    make_finding(make_employer(industry="4710"), **confirmed, measures=[])
    given = Chosen("150302"), Question("督促参保", "请督促并回复")
    housing, duty = duties.department["housing"], duties.of("housing")[0]
    with django_assert_max_num_queries(25):
        made = actions.refer_many(housing, duty, *given, by=cast.by.qian)
    assert {referral.finding_id for referral in made} == {referral.pk for referral in building}
    assert len({referral.code for referral in made}) == 4
    assert len({referral.batch for referral in made}) == 1
    assert Entry.objects.filter(verb="referral.sent").count() == 4
    assert all(Entry.objects.filter(case=referral.code).count() == 1 for referral in made)
    with pytest.raises(duties_problems.NothingToRefer):
        actions.refer_many(housing, duty, *given, by=cast.by.qian)
    actions.withdraw_referral(made[0], "重复", by=cast.by.qian)
    assert len(actions.refer_many(housing, duty, *given, by=cast.by.qian)) == 1
    assert len(seen_by(duties.by.he, batch=made[0].batch)) == 4


def test_many_are_limited_to_the_territory_and_to_a_number(
    cast, duties, make_finding, make_employer, monkeypatch
):
    for _ in range(3):
        make_finding(make_employer(industry="4710"), state=FindingState.CONFIRMED, reviewed_by=cast.zhao)
    housing, duty = duties.department["housing"], duties.of("housing")[0]
    asked = Question("督促", "请督促")
    given = Chosen("150302", "47"), asked
    with pytest.raises(problems.NotHere):
        actions.refer_many(housing, duty, *given, by=cast.by.han)
    with pytest.raises(problems.NotYourPost):
        actions.refer_many(housing, duty, Chosen("150302001", "47"), asked, by=cast.by.sun)
    monkeypatch.setattr(actions, "MOST_AT_ONCE", 2)
    with pytest.raises(duties_problems.TooManyToRefer):
        actions.refer_many(housing, duty, *given, by=cast.by.qian)
    assert not Referral.objects.exists()


# --- who owes what --------------------------------------------------------------------------------------


def test_standings_count_within_the_territory_under_whoever_carries_the_duty(
    cast, duties, send, django_assert_max_num_queries
):
    send(), send(by=cast.by.wu, area="150304"), send("agriculture")
    Referral.objects.filter(department__code="tax", area="150302").update(due_on=today() - timedelta(days=3))
    with django_assert_max_num_queries(3):
        found = {
            standing.department.code: standing for standing in queries.standings(cast.by.wu, Directory())
        }
    assert (found["tax"].total, found["tax"].open, found["tax"].late) == (2, 2, 1)
    assert found["agriculture"].total == 1
    assert [department.code for department in found["agriculture"].formerly] == ["poverty", "revitalisation"]
    assert "poverty" not in found
    for sent in Referral.objects.filter(department__code="tax"):
        actions.answer_referral(sent, Reply("已核对"), by=cast.by.feng)
    near = {standing.department.code: standing for standing in queries.standings(cast.by.wu, Directory())}
    assert (near["tax"].answered, near["tax"].on_time, near["tax"].late) == (2, 1, 0)
    near = {standing.department.code: standing for standing in queries.standings(cast.by.qian, Directory())}
    assert near["tax"].total == 1
    with pytest.raises(problems.NotHere):
        queries.standings(cast.by.feng, Directory())
