"""法制审核台: what no lawyer has passed, what rests on it, and the questions, answered by one and confirmed by another."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grid import problems
from grid.calendar.now import today
from grid.law import problems as law_problems
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.law.rules.questions import GROUND, LAW, MEASURE, OFFICE, questions
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of
from grid.offices.models import Part
from tests.workflows.conftest import Walk, case_at, certify, grounds, make_case, make_finding, walk
from workflows.cases.models import Case, CaseState
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.legal import actions, queries
from workflows.legal import problems as legal_problems
from workflows.legal.actions import Given
from workflows.legal.models import LawAnswer
from workflows.legal.rules import PAPERS
from workflows.listing.models import Ground
from workflows.notices.models import NoticeKind
from workflows.sanctions.models import Sanction

__all__ = ["case_at", "grounds", "make_case", "make_finding", "walk"]

DESK, CAP = "/legal/", "inspection.cap_late_fee"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def qualified(cast: Any) -> None:
    """fang, of the city, is qualified in law."""
    certify(cast)
    span = {"valid_from": today() - 2000 * DAY, "valid_to": today() + 2000 * DAY}
    Certificate.objects.create(person=cast.fang, kind=CertificateKind.LAW, number="法-0900", **span)


def at(cast: Any, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


def said(**given: Any) -> Given:
    facts = {
        "text": "适用，滞纳金不超过本金", "basis": "自治区人社厅复函（2026年12月1日）", "valid_from": today() + DAY,
        "values": {CAP: "是"},
    }  # fmt: skip
    return Given(**(facts | given))


def test_every_question_of_the_review_is_there_and_touches_rows_there_are(grounds: dict[str, Ground]) -> None:
    asked = questions(today())
    assert [question.number for question in asked] == list(range(1, 12))
    names = {
        LAW: set(Provision.objects.values_list("key", flat=True)),
        GROUND: set(grounds), MEASURE: set(Sanction.objects.values_list("code", flat=True)), OFFICE: set(Part.values),
    }  # fmt: skip
    for question in asked:
        for place in question.touches:
            of = place.partition(":")[0] + ":"
            alone = type(question)(question.number, "", "", (place,))
            assert alone.touched(of, names[of]), place


def test_every_beginning_of_a_key_and_every_paper_exists(law: None) -> None:
    keys = set(Provision.objects.values_list("key", flat=True))
    assert [start for start in PAPERS if not any(key.startswith(start) for key in keys)] == []
    assert {kind for kinds in PAPERS.values() for kind in kinds} <= set(NoticeKind.values)


def test_a_row_says_which_papers_matters_and_days_rest_on_it(
    case_at: Callable[[CaseState], Case], walk: Walk, cast: Any
) -> None:
    first, second = case_at(CaseState.TERM), case_at(CaseState.URGING)
    rows = {row.place: row for row in queries.waiting_rows(cast.by.fang)}
    urging = rows["law:urging.term"].rests
    assert (urging.papers, urging.matters, urging.days) == (1, 1, 1)
    assert (urging.first, urging.last) == (today(), today())
    assert rows["law:tax.answer"].rests.weight == 0 and rows["law:urging.term"].questions == ()
    assert rows["law:inspection.cap_late_fee"].questions == (9,)
    assert rows["ground:5-1"].questions == (2, 11) and "measure:1" in rows
    page = at(cast, "fang").get(f"/legal/rows/{rows['law:urging.term'].pk}/").content.decode()
    assert first.code in page and second.code not in page
    far = {row.place: row for row in queries.waiting_rows(cast.by.zheng)}
    assert far["law:urging.term"].rests == urging
    listed = case_at(CaseState.LISTING_REVIEW)
    rows = {row.place: row for row in queries.waiting_rows(cast.by.fang)}
    assert rows["ground:5-1"].rests.matters == 1 and rows["law:listing.defence"].rests.papers == 1
    assert Case.objects.filter(pk=listed.pk).exists()


def test_the_page_costs_the_same_whatever_rests_on_it(
    cast: Any, grounds: dict[str, Ground], case_at: Any, django_assert_max_num_queries: Any
) -> None:
    client = at(cast, "fang")
    with django_assert_max_num_queries(20):
        assert client.get(DESK).status_code == 200
    for _n in range(3):
        case_at(CaseState.TERM)
    with django_assert_max_num_queries(20):
        page = client.get(DESK).content.decode()
    assert "待法制审核的各项" in page and "未答复" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("fang", 200), ("wu", 200), ("shi", 200), ("zheng", 200), ("qian", 403), ("zhou", 403), ("wang", 403)],
)
def test_who_reads_it(cast: Any, who: str, status: int) -> None:
    client, pk = at(cast, who), Provision.objects.get(key=CAP).pk
    for page in (DESK, "/legal/unreviewed.csv", "/legal/questions/9/", f"/legal/rows/{pk}/"):
        assert client.get(page).status_code == status, page


def test_it_is_two_clicks_from_the_inbox_of_a_legal_officer(cast: Any) -> None:
    client = at(cast, "fang")
    assert 'href="/law/"' in client.get("/").content.decode()
    assert 'href="/legal/"' in client.get("/law/").content.decode()
    assert client.get("/legal/questions/12/").status_code == 404


def test_it_is_exported(cast: Any, grounds: dict[str, Ground]) -> None:
    answer = at(cast, "fang").get("/legal/unreviewed.csv")
    rows = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0][1] == "代码" and len(rows) == len(queries.waiting_rows(cast.by.fang)) + 1


# --- answering --------------------------------------------------------------------------------------


def test_an_answer_opens_versions_that_count_once_another_confirmed(cast: Any) -> None:
    answer = actions.answer_question(9, said(), by=cast.by.fang)
    version = the_law(today() + DAY)[CAP]
    assert (version.value, version.reviewed, version.basis) == (True, False, answer.basis)
    assert not the_law(today())[CAP].reviewed and answer.certificate
    assert "滞纳金不超过本金" in sentence_of(Entry.objects.get(verb="law.answered"))
    with pytest.raises(problems.SamePersonTwice):
        actions.confirm_answer(answer, "同意", by=cast.by.fang)
    with pytest.raises(problems.ReasonMissing):
        actions.confirm_answer(answer, " ", by=cast.by.wu)
    confirmed = actions.confirm_answer(answer, "与复函一致", by=cast.by.wu)
    assert the_law(today() + DAY)[CAP].reviewed and confirmed.confirmed_by == cast.wu
    assert Entry.objects.filter(verb="law.reviewed").count() == 1
    assert "与复函一致" in sentence_of(Entry.objects.get(verb="law.answer_confirmed"))
    with pytest.raises(legal_problems.AnswerSettled):
        actions.confirm_answer(answer, "再来", by=cast.by.ma)


@pytest.mark.parametrize(
    ("number", "given", "by", "refusal"),
    [
        (9, {}, "wu", problems.NotYourPost),
        (9, {}, "shi", problems.NotHere),
        (12, {}, "fang", problems.NotHere),
        (9, {"values": {"urging.term": "20"}}, "fang", problems.NotHere),
        (9, {"basis": " "}, "fang", law_problems.BasisMissing),
        (9, {"text": " "}, "fang", problems.ReasonMissing),
        (9, {"values": {CAP: "也许"}}, "fang", law_problems.LawValueWrong),
        (9, {"valid_from": date(2026, 1, 1)}, "fang", law_problems.LawInThePast),
    ],
    ids=["city", "district", "no question", "not touched", "no basis", "no text", "no value", "past"],
)
def test_bad_answers_are_refused_and_change_nothing(
    cast: Any, number: int, given: Any, by: str, refusal: Any
) -> None:
    before = Provision.objects.count()
    with pytest.raises(refusal):
        actions.answer_question(number, said(**given), by=getattr(cast.by, by))
    assert not LawAnswer.objects.exists() and Provision.objects.count() == before


def test_only_who_is_qualified_in_law_answers(cast: Any) -> None:
    """A certificate that is over, or of another kind, qualifies nobody."""
    cast.fang.certificates.update(valid_to=today() - DAY)
    with pytest.raises(legal_problems.NotQualified):
        actions.answer_question(9, said(), by=cast.by.fang)


def test_a_question_answered_anew_is_confirmed_in_its_newest_words_only(cast: Any) -> None:
    first = actions.answer_question(4, said(values={}), by=cast.by.fang)
    second = actions.answer_question(4, said(values={}, text="由区局作出"), by=cast.by.fang)
    with pytest.raises(legal_problems.AnswerSettled):
        actions.confirm_answer(first, "同意", by=cast.by.wu)
    assert [answer.pk for answer in queries.answers_to_confirm(cast.by.wu)] == [second.pk]
    assert not queries.answers_to_confirm(cast.by.fang) and not queries.answers_to_confirm(cast.by.qian)


def test_the_database_keeps_the_four_eyes(cast: Any) -> None:
    answer = actions.answer_question(9, said(), by=cast.by.fang)
    with pytest.raises(IntegrityError), transaction.atomic():
        LawAnswer.objects.filter(pk=answer.pk).update(confirmed_by=cast.fang, confirmed_at=answer.answered_at)


def test_it_is_done_at_the_desk(cast: Any) -> None:
    fang, wu = at(cast, "fang"), at(cast, "wu")
    address = "/legal/questions/9/"
    page = fang.get(address).content.decode()
    assert "滞纳金以欠缴本金为限" in page and "答复这个问题" in page
    pk = the_law(today())[CAP].pk
    given = {
        "text": "适用", "basis": "复函", "valid_from": today() + DAY, f"row-{pk}-opens": "on", f"row-{pk}": "否",
    }  # fmt: skip
    assert fang.post(address, given | {"basis": ""}).status_code == 422
    assert wu.post(address, given).status_code == 403
    page = fang.post(address, given, follow=True).content.decode()
    assert "待第二人确认" in page and f"{address}confirm/" not in page
    assert "问题 9 的答复待第二人确认" in wu.get("/").content.decode()
    assert f"{address}confirm/" in wu.get(address).content.decode()
    assert wu.post(f"{address}confirm/", {"why": ""}).status_code == 422
    page = wu.post(f"{address}confirm/", {"why": "属实"}, follow=True).content.decode()
    assert "已确认" in page and the_law(today() + DAY)[CAP].value is False
    assert "吴霞" in fang.get(DESK).content.decode()
    assert wu.post("/legal/questions/8/confirm/", {"why": "属实"}).status_code == 404
