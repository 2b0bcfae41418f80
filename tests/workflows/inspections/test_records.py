"""Evidence: who gathers it, that it stays as it is, and that nothing is told, reviewed or ended without it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.scope import Role
from grid.territory.models import Person, Posting
from tests.cast import SINCE
from tests.forward import go_to
from tests.papers import PDF, PNG
from tests.reading import words_of
from tests.workflows.conftest import Walk, found, gathered, paper
from workflows.cases.actions import rectify_cases
from workflows.clocks.actions import fire_due_clocks
from workflows.counter.actions import hand_in
from workflows.inspections import actions
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.models.certificates import Certificate
from workflows.inspections.records.models import InspectionRecord, RecordFile, RecordKind
from workflows.inspections.records.queries import draft_of
from workflows.notices.actions import slips
from workflows.notices.models import NoticeKind


def refused_by_sql(act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


# --- what is recorded ----------------------------------------------------------------------------


def test_law_1_one_officer_records_and_the_other_signs(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    record = actions.note_record(one, gathered(), by=cast.by.zhou)
    assert (record.officer_1, record.officer_2, record.author) == (cast.zhou, cast.he, cast.zhou)
    assert (one.evidenced_on, record.seconded_at) == (None, None)
    for who in ("zhou", "qian"):
        with pytest.raises((inspections_problems.NothingToSecond, problems.NotYourPost)):
            actions.second_record(one, record.pk, by=getattr(cast.by, who))
    actions.second_record(one, record.pk, by=cast.by.he)
    assert one.evidenced_on == today()
    with pytest.raises(inspections_problems.NothingToSecond):
        actions.second_record(one, record.pk, by=cast.by.he)
    told = list(Entry.objects.filter(case=one.case.code).order_by("nth").values_list("verb", flat=True))
    assert told[-2:] == ["inspection.record", "inspection.record_seconded"]
    assert "张三" not in str(Entry.objects.filter(verb="inspection.record").latest("pk").data)


def test_law_1_a_record_is_whole_or_it_is_none(inspection_at: Callable[..., Inspection], cast: Any) -> None:
    one = inspection_at(S.INVESTIGATING)
    before, after = one.filed_on - timedelta(days=1), today() + timedelta(days=1)
    for refusal, facts in (
        (problems.ReasonMissing, {"text": " "}),
        (problems.ReasonMissing, {"place": ""}),
        (problems.ReasonMissing, {"is_signed": False}),
        (inspections_problems.CardsNotShown, {"cards_shown": False}),
        (inspections_problems.RecordFileMissing, {"files": ()}),
        (inspections_problems.WrongRecordDay, {"on": before}),
        (inspections_problems.WrongRecordDay, {"on": after}),
    ):
        with pytest.raises(refusal):
            actions.note_record(one, gathered(**facts), by=cast.by.zhou)
    with pytest.raises(problems.NotYourPost):
        actions.note_record(one, gathered(), by=cast.by.qian)
    Certificate.objects.filter(person=cast.he).update(valid_to=today() - timedelta(days=1))
    with pytest.raises(inspections_problems.CertificateInvalid):
        actions.note_record(one, gathered(), by=cast.by.zhou)
    assert not InspectionRecord.objects.exists()


def test_law_1_a_record_is_of_the_officers_of_its_day(
    inspection_at: Callable[..., Inspection], cast: Any, city: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    record = actions.note_record(one, gathered(), by=cast.by.zhou)
    third = Certificate.objects.create(
        person=_third(city), number="蒙C-9",
        valid_from=today() - timedelta(days=9), valid_to=today() + timedelta(days=900),
    )  # fmt: skip
    go_to(today() + timedelta(days=1))
    actions.recuse_officer(one, cast.he.pk, third.person_id, "是当事人亲属", by=cast.by.qian)
    with pytest.raises(inspections_problems.NothingToSecond):
        actions.second_record(one, record.pk, by=cast.by.he)
    with pytest.raises(inspections_problems.WrongRecordDay):
        actions.note_record(one, gathered(on=today() - timedelta(days=1)), by=cast.by.zhou)
    again = actions.note_record(one, gathered(), by=cast.by.zhou)
    assert again.officer_2 == third.person and again.certificate_2 == "蒙C-9"
    with pytest.raises(inspections_problems.NotAnOfficer):
        actions.note_record(one, gathered(), by=cast.by.he)


def _third(city: Any) -> Any:
    xu = Person.objects.create_user("xu", password="x", full_name="徐刚")
    Posting.objects.create(person=xu, role=Role.INSPECTOR, area=city["150302"], valid_from=SINCE)
    return xu


@pytest.mark.once
def test_law_1_what_was_recorded_stays_as_it_is(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    open_one = actions.note_record(one, gathered(), by=cast.by.zhou)
    signed = walk.gather(one)
    rows = InspectionRecord.objects.filter(pk__in=(open_one.pk, signed.pk))
    for change in ({"text": "别的"}, {"on": today() - timedelta(days=1)}, {"refused_why": "不识字"}):
        for row in (open_one, signed):
            refused_by_sql(lambda row=row, change=change: rows.filter(pk=row.pk).update(**change))
    refused_by_sql(lambda: rows.filter(pk=signed.pk).update(seconded_at=None))
    refused_by_sql(lambda: rows.filter(pk=signed.pk).update(seconded_at=now()))
    # A change of keys writes anew what is encrypted.
    for row in (open_one, signed):
        assert rows.filter(pk=row.pk).update(said_by="张三") == 1
    refused_by_sql(lambda: rows.filter(pk=open_one.pk)._raw_delete("default"))
    refused_by_sql(lambda: RecordFile.objects.filter(record=signed).update(sha256="0" * 64))
    refused_by_sql(lambda: RecordFile.objects.filter(record=signed)._raw_delete("default"))


def test_law_1_its_files_are_kept_and_handed_out_within_the_territory(
    inspection_at: Callable[..., Inspection], walk: Walk, client: Any, cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    file = walk.gather(one).files.get()
    assert (Path(settings.FILES) / file.path).read_bytes() == PDF
    address = reverse("inspection-file", args=[one.case.code, file.pk])
    client.force_login(cast.qian)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF and "attachment" in answer["Content-Disposition"]
    client.force_login(cast.han)
    assert client.get(address).status_code == 404


def test_law_1_evidence_is_entered_and_signed_on_the_page(
    inspection_at: Callable[..., Inspection], client: Any, cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    address = reverse("inspection", args=[one.case.code])
    given = {
        "at": one.state, "kind": "interview", "on": today().isoformat(), "place": "单位办公室", "said_by": "张三，人事",
        "text": "未为12名职工办理登记", "cards_shown": "on",
    }  # fmt: skip
    client.force_login(cast.zhou)
    record = reverse("inspection-act", args=[one.case.code, "record"])
    odd = client.post(record, given | {"papers": SimpleUploadedFile("笔录.pdf", b"no paper")})
    assert odd.status_code == 422 and "不能接收" in odd.content.decode()
    assert client.post(record, given).status_code == 422
    assert client.post(record, given | {"papers": SimpleUploadedFile("现场.png", PNG)}).status_code == 302
    assert "待另一名执法人员签认" in client.get(address).content.decode()
    kept = InspectionRecord.objects.get()
    assert (kept.kind, kept.said_by, kept.files.get().name) == (
        RecordKind.INTERVIEW,
        "张三，人事",
        "现场.png",
    )
    client.force_login(cast.he)
    second = reverse("inspection-act", args=[one.case.code, "second"])
    assert client.post(second, {"at": one.state, "record": kept.pk, "read": "on"}).status_code == 302
    page = client.get(address).content.decode()
    assert "另一名执法人员签认" in page and "未为12名职工办理登记" in page and "现场.png" in page


# --- no penalty without it -----------------------------------------------------------------------


def test_law_1_no_penalty_is_told_without_evidence(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.FILING)
    walk.inspection_filing(one.case, one)
    walk.serve(actions.issue_order(one, by=cast.by.zhou), cast.by.zhou)
    walk.wait(one.case, "order.term")
    one.refresh_from_db()
    with pytest.raises(inspections_problems.EvidenceMissing) as refused:
        actions.issue_penalty_notice(one, found(), by=cast.by.zhou)
    assert "签认" in refused.value.advice
    record = actions.note_record(one, gathered(), by=cast.by.zhou)
    with pytest.raises(inspections_problems.EvidenceMissing):
        actions.issue_penalty_notice(one, found(), by=cast.by.zhou)
    actions.second_record(one, record.pk, by=cast.by.he)
    actions.issue_penalty_notice(one, found(), by=cast.by.zhou)


@pytest.mark.once
def test_law_1_sql_tells_and_reviews_nothing_without_evidence(
    inspection_at: Callable[..., Inspection], walk: Walk
) -> None:
    one = inspection_at(S.FILING)
    walk.inspection_filing(one.case, one)
    rows = Inspection.objects.filter(pk=one.pk)
    rows.update(order_expired_on=today(), noticed_fine=0, evidenced_on=today())
    refused_by_sql(lambda: rows.update(noticed_on=today()))
    walk.gather(one)
    rows.update(noticed_on=today(), statement_closed_on=today(), reported_on=today())
    refused_by_sql(lambda: rows.update(reviewed_at="2026-12-01T00:00:00Z", reviewed_by=walk.cast.wu))


def test_law_1_the_records_come_first_and_the_visit_last_as_a_lead(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.NOTICED)
    proofs = one.case.notices.get(kind=NoticeKind.PENALTY_NOTICE).values["evidence"]
    assert proofs[0].startswith("现场检查笔录（") and "执法人员周正、何敏制作" in proofs[0]
    assert "附件 1 份" in proofs[0] and "张三" not in proofs[0]
    assert proofs[-1].startswith("线索来源：") and "上门核查记录" in proofs[-1]
    assert not any("送达回证" in proof for proof in proofs)
    assert not any("税务登记信息" in proof for proof in proofs), "no register says anything of it"


def test_law_24_a_slip_is_cited_where_one_lies(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    order = one.case.notices.get(kind=NoticeKind.ORDER)
    slips.file_slip(order, paper("回证.pdf"), by=cast.by.zhou)
    walk.inspection_order_expired(one.case, one)
    proofs = one.case.notices.get(kind=NoticeKind.PENALTY_NOTICE).values["evidence"]
    assert f"《{order.get_kind_display()}》{order.number}及送达回证" in proofs
    assert len([proof for proof in proofs if "送达回证" in proof]) == 1


# --- the report ----------------------------------------------------------------------------------


def test_law_1_no_file_goes_to_review_without_the_report(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any, client: Any
) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    walk.serve(actions.issue_penalty_notice(one, found(), by=cast.by.zhou), cast.by.zhou)
    assert "截至本报告制作之日没有提出陈述、申辩，期限尚未届满" in draft_of(one), (
        "who may still speak was not silent"
    )
    walk.wait(one.case, "inspection.statement")
    one.refresh_from_db()
    assert "在规定期限内没有提出陈述、申辩" in draft_of(one)
    assert one.state == S.NOTICED, "the term is over, the officers have not reported"
    with pytest.raises(inspections_problems.ReportMissing):
        actions.close_statement(one, by=cast.by.zhou)
    client.force_login(cast.zhou)
    page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
    assert "一、调查经过" in page and "现场检查笔录（" in page and "建议罚款人民币" in page
    with pytest.raises(problems.ReasonMissing):
        actions.report_investigation(one, " ", by=cast.by.zhou)
    report = actions.report_investigation(one, "建议依法处罚", by=cast.by.zhou)
    with pytest.raises(inspections_problems.ReportMissing):
        actions.close_statement(one, by=cast.by.zhou)
    actions.second_record(one, report.pk, by=cast.by.he)
    actions.close_statement(one, by=cast.by.zhou)
    assert one.state == S.LEGAL_REVIEW
    for reader in (cast.wu, cast.qian):
        client.force_login(reader)
        page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
        assert "案件调查终结报告" in page and "建议依法处罚" in page


def test_law_1_a_file_told_again_is_reported_again(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.LEGAL_REVIEW)
    actions.return_inspection(one, "证据不足", by=cast.by.shi)
    go_to(today() + timedelta(days=1))
    notice = actions.issue_penalty_notice(one, found(), by=cast.by.zhou)
    walk.serve(notice, cast.by.zhou)
    one.refresh_from_db()
    assert one.reported_on is None
    walk.wait(one.case, "inspection.statement")
    fire_due_clocks()
    one.refresh_from_db()
    assert one.state == S.NOTICED
    walk.report(one)
    actions.close_statement(one, by=cast.by.zhou)
    actions.review_inspection(one, "补证后事实清楚", by=cast.by.shi)
    assert one.state == S.DECIDING


# --- what was put right --------------------------------------------------------------------------


def test_law_37_no_penalty_is_spared_without_evidence_of_the_correction(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    with pytest.raises(inspections_problems.CorrectionUnproved):
        actions.impose_no_penalty(one, "轻微并已改正", by=cast.by.qian)
    record = actions.note_record(one, gathered(text="复查：已全部办理登记"), by=cast.by.zhou)
    with pytest.raises(inspections_problems.CorrectionUnproved):
        actions.impose_no_penalty(one, "轻微并已改正", by=cast.by.qian, proof=f"record-{record.pk}")
    actions.second_record(one, record.pk, by=cast.by.he)
    with pytest.raises(inspections_problems.CorrectionUnproved):
        actions.impose_no_penalty(one, "轻微并已改正", by=cast.by.qian)
    actions.impose_no_penalty(one, "轻微并已改正", by=cast.by.qian, proof=f"record-{record.pk}")
    proofs = one.case.notices.get(kind=NoticeKind.NO_PENALTY).values["evidence"]
    assert proofs[0].startswith("现场检查笔录（") and proofs[-1].startswith("线索来源")


def test_law_37_a_filing_withdrawn_for_a_correction_names_what_shows_it(
    inspection_at: Callable[..., Inspection], walk: Walk, client: Any, cast: Any
) -> None:
    one = inspection_at(S.ORDERED)
    rectify_cases([one.case.subject_id], by=cast.by.wu)
    handed, _new = hand_in(
        one.case.notices.get(kind=NoticeKind.ORDER), "correction", "已全部办理", "张三", [paper("凭证.pdf")]
    )
    client.force_login(cast.qian)
    page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
    assert handed.receipt in page and "社会保险登记信息显示已于" in page
    with pytest.raises(inspections_problems.CorrectionUnproved):
        actions.withdraw_inspection(one, "轻微且已改正", by=cast.by.qian, proof="record-0")
    given = {"at": one.state, "why": "轻微且已改正", "proof": f"submission-{handed.pk}"}
    act = reverse("inspection-act", args=[one.case.code, "withdraw"])
    assert client.post(act, given | {"proof": "submission-0"}).status_code == 422
    assert client.post(act, given).status_code == 302
    paper_out = one.case.notices.get(kind=NoticeKind.CASE_WITHDRAWN)
    assert paper_out.values["evidence"] == [f"单位提交的整改证明（{today()} 收到，回执号 {handed.receipt}）"]
    content = (Path(settings.FILES) / paper_out.path).read_bytes()
    assert "改正的证据" in words_of(content)


def test_law_37_withdrawn_for_another_reason_cites_no_correction(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    actions.withdraw_inspection(one, "违法事实不能成立", by=cast.by.qian)
    assert one.case.notices.get(kind=NoticeKind.CASE_WITHDRAWN).values["evidence"] == []
