"""Reading the records of an inspection: its page, their files, and what a document says it rests on."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of
from grid.keeping import stored
from grid.registers.queries import facts_of
from grid.scope import Actor, Right, within
from workflows.engine.actions.steps import running_terms
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection, InspectionState
from workflows.inspections.records.models import (
    HearingFile,
    HearingRecord,
    InspectionRecord,
    RecordFile,
    RecordKind,
)
from workflows.notices.letters import kinds_to_persons
from workflows.notices.models import Notice, NoticeKind

# Records on one page of an inspection, and pieces of evidence that a draft lists one by one.
PAGE, LISTED = 50, 30
# Names the register among what shows a correction.
REGISTER = "register"


def page_of(inspection: Inspection, number: str | None) -> Page[InspectionRecord]:
    """A page of its records with their files, the oldest first; three queries, however many there are."""
    rows = inspection.records.select_related("officer_1", "officer_2", "author")
    return Paginator(rows.prefetch_related("files").order_by("on", "pk"), PAGE).get_page(number)


def unsigned_of(inspection: Inspection) -> list[InspectionRecord]:
    """What still waits for its second signature."""
    return list(inspection.records.filter(seconded_at=None).order_by("pk"))


def is_proven(inspection: Inspection) -> bool:
    """Whether a record that proves something lies on file; whoever was told of a penalty was told on one."""
    if inspection.state != InspectionState.ORDER_EXPIRED:
        return inspection.noticed_on is not None
    signed = inspection.records.filter(seconded_at__isnull=False)
    return signed.exclude(kind=RecordKind.REPORT).exists()


def records_of(inspection: Inspection) -> list[InspectionRecord]:
    """Every record with who wrote it and its files, the oldest first; two queries."""
    rows = inspection.records.select_related("officer_1", "officer_2", "author")
    return list(rows.prefetch_related("files").order_by("on", "pk"))


def file_at(viewer: Actor, code: str, pk: int) -> tuple[RecordFile, Path]:
    """A file of a record of the case `code`. Raises NotHere outside the viewer's territory."""
    mine = within(Inspection.objects.all(), viewer, Right.SEE_CASES).filter(case__code=code)
    found = RecordFile.objects.filter(pk=pk, record__inspection__in=mine).first()
    if found is None:
        raise problems.NotHere()
    return found, stored(found.path)


def hearing_records_of(inspection: Inspection) -> list[HearingRecord]:
    """The records of its hearings with their files; two queries, none where no hearing was asked for."""
    if inspection.hearing_asked_on is None:
        return []
    return list(inspection.hearing_records.select_related("chair").prefetch_related("files"))


def hearing_file_at(viewer: Actor, code: str, pk: int) -> tuple[HearingFile, Path]:
    """A file of the record of a hearing in the case `code`. Raises NotHere outside the viewer's territory."""
    mine = within(Inspection.objects.all(), viewer, Right.SEE_CASES).filter(case__code=code)
    found = HearingFile.objects.filter(pk=pk, record__inspection__in=mine).first()
    if found is None:
        raise problems.NotHere()
    return found, stored(found.path)


def clerk_of(inspection: Inspection) -> str:
    """Who was to keep the record, by the notice of the hearing."""
    told = (
        inspection.case.notices.filter(kind=NoticeKind.HEARING_NOTICE, withdrawn_at=None)
        .order_by("-pk")
        .first()
    )
    return str(told.values.get("clerk", "")) if told else ""


def evidence_of(inspection: Inspection) -> tuple[str, ...]:
    """What the facts rest on (行政处罚法 46条): the records that both officers signed, what the registers say, the papers
    that were served. Last, as what it is, the lead: a grid worker's visit proves nothing by itself."""
    records = [record_words(record) for record in records_of(inspection) if record.is_evidence]
    registers = [
        _("{register}登记信息（截至 {on}）").format(register=said.label, on=said.as_of)
        for said in facts_of(inspection.case.subject).values()
    ]
    served = inspection.case.notices.filter(withdrawn_at=None, service__isnull=False)
    served = served.exclude(kind__in=kinds_to_persons())
    papers = [_paper(notice) for notice in served.select_related("service").order_by("pk")]
    return (*records, *registers, *papers, _lead(inspection))


def corrections_of(inspection: Inspection) -> dict[str, str]:
    """What on file may show that the matter was put right: key → words. The register, the records both officers signed,
    what the employer handed in."""
    case, found = inspection.case, dict[str, str]()
    if case.healed_on:
        found[REGISTER] = _("社会保险登记信息显示已于 {on} 改正").format(on=case.healed_on)
    found |= {
        f"record-{record.pk}": record_words(record) for record in records_of(inspection) if record.is_evidence
    }
    for handed in case.submissions.filter(kind="correction").order_by("pk"):
        words = _("单位提交的整改证明（{on} 收到，回执号 {receipt}）")
        found[f"submission-{handed.pk}"] = words.format(on=day_of(handed.given_at), receipt=handed.receipt)
    return found


def correction_shown(inspection: Inspection, proof: str) -> tuple[str, ...]:
    """The piece of evidence that was named, in words; none where a correction is no reason. Raises CorrectionUnproved."""
    known = corrections_of(inspection)
    if proof and proof not in known:
        raise inspections_problems.CorrectionUnproved(inspection=inspection.code)
    shown = known.get(proof or REGISTER)
    return (shown,) if shown else ()


def draft_of(inspection: Inspection) -> str:
    """What the report of the investigation says as far as the file knows it; the officers go over it."""
    told = (
        inspection.case.notices.filter(kind=NoticeKind.PENALTY_NOTICE, withdrawn_at=None)
        .order_by("-pk")
        .first()
    )
    values = told.values if told else {}
    found = evidence_of(inspection)
    proof = "\n".join(f"{n}. {item}" for n, item in enumerate(found[:LISTED], start=1))
    if len(found) > LISTED:
        proof += _("\n等共 {n} 项，详见案卷证据目录").format(n=len(found))
    names = "、".join(officer.full_name for officer in (inspection.officer_1, inspection.officer_2))
    return "\n".join(
        (
            _("一、调查经过：{code} 于 {on} 立案，由执法人员{names}调查。").format(
                code=inspection.code, on=inspection.filed_on, names=names
            ),
            _("二、查明的事实：{facts}").format(facts=inspection.facts.rstrip("。") + "。"),
            _("三、证据：\n{proof}").format(proof=proof),
            _("四、当事人的意见：{said}").format(said=_opinion_of(inspection)),
            _("五、依据和处理建议：违反{broken}；依照{basis}，建议{proposed}。").format(
                broken=_cited(values.get("breached", ())), basis=_cited(values.get("basis", ())),
                proposed="；".join(values.get("proposed", ())),
            ),
        )
    )  # fmt: skip


def _opinion_of(inspection: Inspection) -> str:
    """What the party said; as long as it may still speak, its silence so far is not said to be its answer."""
    if inspection.statement:
        return inspection.statement
    if running_terms(inspection, "inspection.statement"):
        return _("截至本报告制作之日没有提出陈述、申辩，期限尚未届满。")
    return _("在规定期限内没有提出陈述、申辩。")


def _cited(clauses: Iterable[Mapping[str, str]]) -> str:
    return "、".join(f"《{clause['law']}》{clause['article']}" for clause in clauses)


def record_words(record: InspectionRecord) -> str:
    """A record as a paper names it among the evidence."""
    signed = (
        _("当事人已签名") if record.is_signed else _("当事人未签名：{why}").format(why=record.refused_why)
    )
    return _("{kind}（{on}，{place}，执法人员{first}、{second}制作，{signed}，附件 {n} 份）").format(
        kind=record.get_kind_display(), on=record.on, place=record.place, first=record.officer_1.full_name,
        second=record.officer_2.full_name, signed=signed, n=len(record.files.all()),
    )  # fmt: skip


def _paper(notice: Notice) -> str:
    """With the slip only where one lies on file."""
    title = f"《{notice.get_kind_display()}》{notice.number}"
    if notice.service.slip_sha256:
        return _("{paper}及送达回证").format(paper=title)
    return _("{paper}（{on} 送达）").format(paper=title, on=notice.service.served_on)


def _lead(inspection: Inspection) -> str:
    finding = inspection.case.finding
    return _("线索来源：{on} 上门核查记录，{who}登记，{by}复核").format(
        on=day_of(finding.made_at), who=finding.recorded_by, by=finding.reviewed_by
    )
