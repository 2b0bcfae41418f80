"""Certificates at the desk: who gives a post enters its certificate; one that is over stops its holder."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grid import problems
from grid.calendar.now import moved_to, today
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of
from grid.opening import opening_lines
from grid.scope import Actor, Role
from grid.territory import problems as territory_problems
from grid.territory.models import Person, Posting
from grid.waiting import Row
from tests.cast import SINCE
from tests.workflows.conftest import certify, gathered, noon
from workflows.certificates import actions
from workflows.certificates import problems as certificates_problems
from workflows.certificates.queries import holders_of
from workflows.certificates.rules import Card
from workflows.certificates.waiting import CERTIFICATES
from workflows.inspections import actions as inspecting
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.models.certificates import Certificate, CertificateKind

DAY = timedelta(days=1)
PAGE, NEW, IMPORT = "/certificates/", "/certificates/new/", "/certificates/import/"
HEAD = "登录名,姓名,种类,证件号,有效期自,有效期至,发证机关\n"


def card(number: str = "蒙C-0100", kind: str = CertificateKind.ENFORCEMENT, **given: Any) -> Card:
    said = {"valid_from": SINCE, "valid_to": today() + 365 * DAY, "body": "内蒙古自治区司法厅"} | given
    return Card(kind, number, **said)


def at(cast: Any, who: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    return client


def test_who_gives_the_post_enters_its_certificate(cast: Any) -> None:
    found = actions.enter_certificate(cast.zhou, card(), by=cast.by.qian)
    assert (found.person, found.number, found.body) == (cast.zhou, "蒙C-0100", "内蒙古自治区司法厅")
    entry = Entry.objects.get(verb="inspection.certificate")
    assert entry.area == "150302" and "周正" in sentence_of(entry) and "蒙C-0100" in sentence_of(entry)
    actions.enter_certificate(cast.tang, card("稽-0100", CertificateKind.AUDIT), by=cast.by.wu)
    actions.enter_certificate(cast.shi, card("法-0100", CertificateKind.LAW), by=cast.by.bai)


@pytest.mark.parametrize(
    ("who", "kind", "by", "refusal"),
    [
        ("zhou", CertificateKind.ENFORCEMENT, "han", problems.NotHere),
        ("zhou", CertificateKind.ENFORCEMENT, "zhao", problems.NotHere),
        ("zhou", CertificateKind.ENFORCEMENT, "he", problems.NotYourPost),
        ("zhou", CertificateKind.ENFORCEMENT, "bai", territory_problems.GivenByOthers),
        ("shi", CertificateKind.LAW, "qian", territory_problems.GivenByOthers),
        ("zhou", CertificateKind.AUDIT, "qian", certificates_problems.CertificateUnfit),
        ("wang", CertificateKind.ENFORCEMENT, "qian", certificates_problems.CertificateUnfit),
    ],
)
def test_nobody_else_does_and_nobody_without_the_post_gets_one(
    cast: Any, who: str, kind: str, by: str, refusal: Any
) -> None:
    with pytest.raises(refusal):
        actions.enter_certificate(getattr(cast, who), card(kind=kind), by=getattr(cast.by, by))
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"number": " "}, certificates_problems.CertificateWrong),
        (
            {"valid_from": date(2020, 1, 2), "valid_to": date(2020, 1, 1)},
            certificates_problems.CertificateWrong,
        ),
        ({"valid_to": date(2021, 1, 1)}, certificates_problems.CertificateWrong),
        ({"body": "长" * 61}, certificates_problems.CertificateWrong),
    ],
)
def test_what_no_certificate_says_is_refused(cast: Any, given: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        actions.enter_certificate(cast.zhou, card(**given), by=cast.by.qian)


def test_one_goes_on_under_its_number_and_is_nobody_elses(cast: Any) -> None:
    first = actions.enter_certificate(cast.zhou, card(), by=cast.by.qian)
    with pytest.raises(problems.AlreadyDone):
        actions.enter_certificate(cast.zhou, card(), by=cast.by.qian)
    with pytest.raises(certificates_problems.CertificateTaken):
        actions.enter_certificate(cast.he, card(), by=cast.by.qian)
    later = card(valid_from=first.valid_to + DAY, valid_to=first.valid_to + 300 * DAY)
    renewed = actions.enter_certificate(cast.zhou, later, by=cast.by.qian)
    assert (renewed.pk, renewed.valid_from, renewed.valid_to) == (first.pk, SINCE, later.valid_to)
    gap = card(valid_from=later.valid_to + 2 * DAY, valid_to=later.valid_to + 300 * DAY)
    with pytest.raises(certificates_problems.CertificateGap):
        actions.enter_certificate(cast.zhou, gap, by=cast.by.qian)


def test_one_that_ended_stops_its_holder_from_the_next_day_on(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    held = Certificate.objects.get(person=cast.he)
    with pytest.raises(problems.ReasonMissing):
        actions.end_certificate(held, today(), " ", by=cast.by.qian)
    for who, refusal in (("han", problems.NotHere), ("zhou", problems.NotYourPost)):
        with pytest.raises(refusal):
            actions.end_certificate(held, today(), "调离", by=getattr(cast.by, who))
    ended = actions.end_certificate(held, today(), "调离执法岗位", by=cast.by.qian)
    assert (ended.valid_to, ended.ended_why) == (today(), "调离执法岗位")
    assert "调离执法岗位" in sentence_of(Entry.objects.get(verb="certificate.ended"))
    inspecting.note_record(one, gathered(), by=cast.by.zhou)
    with moved_to(noon(today() + DAY)), pytest.raises(inspections_problems.CertificateInvalid):
        inspecting.note_record(one, gathered(on=today()), by=cast.by.zhou)
    with pytest.raises(certificates_problems.CertificateEnded):
        actions.end_certificate(ended, today(), "再来", by=cast.by.qian)


def test_the_page_shows_what_is_missing_first_and_counts_its_queries(
    cast: Any, django_assert_max_num_queries: Any
) -> None:
    certify(cast)
    Certificate.objects.filter(person=cast.zhou).update(valid_to=today() + 10 * DAY)
    Certificate.objects.filter(person=cast.he).delete()
    rows = holders_of(cast.by.qian)
    assert [(row.posting.person.username, row.state) for row in rows][:2] == [
        ("he", "missing"),
        ("zhou", "soon"),
    ]
    assert {row.posting.person.username for row in rows} == {"he", "zhou", "tang", "jiang"}
    client = at(cast, "qian")
    with django_assert_max_num_queries(14):
        page = client.get(PAGE).content.decode()
    assert "没有登记 1" in page and "将到期 1" in page and "石磊" not in page
    for number in range(40):
        extra = Person.objects.create_user(f"more{number}", password=None, full_name="某某")
        Posting.objects.create(person=extra, role=Role.INSPECTOR, area_id="150302", valid_from=SINCE)
    with django_assert_max_num_queries(14):
        assert client.get(PAGE).content.decode().count("没有登记") > 40
    assert "石磊" in at(cast, "bai").get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("qian", 200), ("wu", 200), ("bai", 200), ("zhou", 403), ("fang", 403), ("zhao", 403), ("wang", 403)],
)
def test_who_sees_the_pages(cast: Any, who: str, status: int) -> None:
    client = at(cast, who)
    for page in (PAGE, NEW, IMPORT, f"{IMPORT}empty.csv"):
        assert client.get(page).status_code == status, page


def test_it_is_done_at_the_desk(cast: Any) -> None:
    client, given = at(cast, "qian"), card()
    form = {
        "person": cast.zhou.pk, "kind": given.kind, "number": given.number, "valid_from": given.valid_from,
        "valid_to": given.valid_to, "body": given.body,
    }  # fmt: skip
    assert client.post(NEW, form | {"person": cast.shi.pk}).status_code == 422, "not theirs to give"
    assert client.post(NEW, form | {"kind": CertificateKind.AUDIT}).status_code == 422
    page = client.post(NEW, form, follow=True).content.decode()
    assert "已登记周正的行政执法证" in page and "登记执法证件" in page
    held = Certificate.objects.get(person=cast.zhou)
    address = f"{PAGE}{held.pk}/end/"
    assert at(cast, "han").get(address).status_code == 404
    assert client.post(address, {"last_day": today(), "why": ""}).status_code == 422
    page = client.post(address, {"last_day": today(), "why": "证件收回"}, follow=True).content.decode()
    assert "证件收回" in page


def test_a_table_is_accounted_for_line_by_line(cast: Any) -> None:
    until = (today() + 400 * DAY).isoformat()
    table = HEAD + "".join(
        f"{line}\n"
        for line in (
            f"zhou,周正,行政执法证,蒙C-0201,2024-01-01,{until},内蒙古自治区司法厅",
            f"he,何敏敏,行政执法证,蒙C-0202,2024-01-01,{until},",
            f"tang,,稽核证,稽-0201,2024年1月1日,{until},",
            f"shi,,法律职业资格,法-0201,2024-01-01,{until},司法部",
            f"jiang,,驾驶证,驾-1,2024-01-01,{until},",
            "jiang,,稽核证,稽-0202,昨天,明天,",
        )
    )

    def send() -> Any:
        file = SimpleUploadedFile("证件.csv", table.encode(), content_type="text/csv")
        return at(cast, "qian").post(IMPORT, {"file": file})

    page = send().content.decode()
    assert "已登记 2" in page and "退回 4" in page
    assert "certificate-holder-unknown" in page and page.count("certificate-wrong") == 2
    assert set(Certificate.objects.values_list("number", flat=True)) == {"蒙C-0201", "稽-0201"}
    entry = Entry.objects.get(verb="certificate.imported")
    assert (entry.data["taken"], entry.data["refused"], entry.area) == (2, 4, "150302")
    again = send().content.decode()
    assert "没有变化 2" in again and Entry.objects.filter(verb="certificate.imported").count() == 1


def test_a_file_that_is_no_table_is_refused_with_what_it_lacks(cast: Any) -> None:
    file = SimpleUploadedFile("空.csv", "姓名,证件号\n".encode(), content_type="text/csv")
    answer = at(cast, "qian").post(IMPORT, {"file": file})
    assert answer.status_code == 422 and "登录名" in answer.content.decode()


def test_one_that_runs_out_waits_for_who_gave_the_post(cast: Any) -> None:
    certify(cast)

    def waits(who: Actor) -> list[str]:
        rows = [Row(*row) for row in CERTIFICATES.rows(who, 50).values_list("key_", "words_", "since_")]
        return [line.title for line in CERTIFICATES.lines(who, rows)]

    one = ["1 个证件将要或者已经到期"]
    Certificate.objects.filter(person=cast.zhou).update(valid_to=today() + 200 * DAY)
    assert waits(cast.by.qian) == []
    Certificate.objects.filter(person__in=[cast.zhou, cast.shi]).update(valid_to=today() + 10 * DAY)
    assert (waits(cast.by.qian), waits(cast.by.bai)) == (one, one)
    assert waits(cast.by.han) == waits(cast.by.zhou) == []
    assert one[0] in at(cast, "qian").get("/").content.decode()
    actions.enter_certificate(cast.zhou, card("蒙C-0900"), by=cast.by.qian)
    assert waits(cast.by.qian) == []
    cast.post.shi.valid_to = today() - DAY
    cast.post.shi.save()
    assert waits(cast.by.bai) == []


def test_the_checklist_asks_for_heads_auditors_inspectors_and_a_lawyer_in_each_district(cast: Any) -> None:
    def lines() -> dict[str, Any]:
        return {line.title: line for line in opening_lines(cast.by.wu, "1503")}

    heads, auditors = "集体讨论的负责人（每区 3 名）", "稽核员，持有效稽核证（每区 2 名）"
    inspectors, lawyers = (
        "劳动监察员，持有效行政执法证（每区 2 名）",
        "法制审核员，持有效法律职业资格证书（每区 1 名）",
    )
    before = lines()
    # Two districts: of one nobody but its head is there, of the other nobody has a certificate.
    assert (before[heads].left, before[auditors].left, before[inspectors].left, before[lawyers].left) == (
        4,
        4,
        4,
        2,
    )
    assert all(before[title].is_blocking for title in (heads, auditors, inspectors, lawyers))
    ways = dict(before[inspectors].parts)
    assert ways == {
        "海勃湾区：2 人没有有效证件": "/certificates/?area=150302",
        "乌达区：差 2 人": "/areas/150304/postings/new/",
    }
    certify(cast)
    after = lines()
    assert (after[auditors].left, after[inspectors].left, after[lawyers].left) == (2, 2, 1)
    Certificate.objects.filter(person=cast.he).update(valid_to=today() - DAY)
    assert lines()[inspectors].left == 3
    Posting.objects.filter(person=cast.zhou).update(area_id="1503")
    assert lines()[inspectors].left == 2, "one of the city inspects in each district"
