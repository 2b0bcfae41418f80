"""Gathering evidence: what one officer records the other signs, and the report with which the investigation ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.scope import Actor, require_person
from workflows.engine.actions.steps import act_on, record_on
from workflows.engine.acts import word_of
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.models.certificates import Certificate
from workflows.inspections.records.models import InspectionRecord, KeptFile, RecordFile, RecordKind
from workflows.inspections.rules import is_valid
from workflows.inspections.verbs import InspectionVerb
from workflows.notices.reading import Given, keep_given


@dataclass(frozen=True)
class Record:
    """What was seen, said or taken. Not `is_signed`: the reason why the party would not. `files`: looked at already."""

    kind: str
    on: date
    place: str
    text: str
    files: tuple[Given, ...] = ()
    said_by: str = ""
    cards_shown: bool = False
    is_signed: bool = True
    refused_why: str = ""


def note_record(inspection: Inspection, given: Record, *, by: Actor) -> InspectionRecord:
    """调查取证记录 of one of the two officers, both certified on its day (行政处罚法 42、54、55条). It proves when the other
    has signed it.

    Raises NotAnOfficer, ReasonMissing, CardsNotShown, RecordFileMissing, WrongRecordDay, CertificateInvalid.
    """
    if not given.text.strip() or not given.place.strip():
        raise problems.ReasonMissing(act=word_of(inspection, "record"))
    if not given.is_signed and not given.refused_why.strip():
        raise problems.ReasonMissing(act=_("当事人未签名"))
    if not given.cards_shown:
        raise inspections_problems.CardsNotShown()
    if not given.files:
        raise inspections_problems.RecordFileMissing()
    with act_on(inspection, "record", by=by) as (fresh, held):
        _require_officers(fresh, given.on, by)
        kept = _keep(fresh, given, by)
        record_on(
            InspectionVerb.RECORD_KEPT, fresh, by, held, record=str(kept.get_kind_display()),
            day=kept.on.isoformat(), files=[file.sha256 for file in given.files], id=kept.pk,
        )  # fmt: skip
    return kept


def _require_officers(inspection: Inspection, on: date, by: Actor) -> None:
    """The day lies in the investigation, and the two who sign were its officers on it, each with a certificate."""
    if by.person_id not in inspection.officers:
        raise inspections_problems.NotAnOfficer(inspection=inspection.code)
    assert inspection.filed_on is not None
    changed = inspection.recusals.order_by("-decided_at").values_list("decided_at", flat=True).first()
    first = max(inspection.filed_on, day_of(changed)) if changed else inspection.filed_on
    if not first <= on <= today():
        raise inspections_problems.WrongRecordDay(first=first, last=today())
    for person, number in _officers(inspection):
        card = Certificate.objects.select_related("person").get(person=person, number=number)
        if not is_valid(card.valid_from, card.valid_to, on):
            raise inspections_problems.CertificateInvalid(name=card.person.full_name, on=on)


def _officers(inspection: Inspection) -> tuple[tuple[int, str], tuple[int, str]]:
    return (
        (inspection.officer_1_id, inspection.certificate_1),
        (inspection.officer_2_id, inspection.certificate_2),
    )


def _keep(inspection: Inspection, given: Record, by: Actor) -> InspectionRecord:
    (first, card_1), (second, card_2) = _officers(inspection)
    record = InspectionRecord.objects.create(
        inspection=inspection, kind=RecordKind(given.kind), on=given.on, place=given.place.strip()[:120],
        text=given.text.strip(), said_by=given.said_by.strip(), officer_1_id=first, officer_2_id=second,
        certificate_1=card_1, certificate_2=card_2, cards_shown=given.cards_shown, is_signed=given.is_signed,
        refused_why=given.refused_why.strip()[:200], author_id=require_person(by), recorded_at=now(),
    )  # fmt: skip
    keep_files(RecordFile, given.files, record=record)
    return record


def keep_files(table: type[KeptFile], files: Iterable[Given], **owner: Model) -> None:
    """Part of filing whatever proves something: its files, each under its hash, as rows of `table` that belong to
    `owner`. The files were looked at when they came (`read_uploads`)."""
    table._default_manager.bulk_create(
        table(
            **owner, name=file.name, kind=file.kind, size=len(file.content), sha256=file.sha256,
            path=keep_given(file, f"records/{file.sha256[:2]}/{file.sha256}"),
        )
        for file in files
    )  # fmt: skip


def report_investigation(inspection: Inspection, text: str, *, by: Actor) -> InspectionRecord:
    """案件调查终结报告 (行政处罚法 57条): what was found, on what evidence, under which clause, what is proposed. The file
    goes to legal review when the other officer has signed it too.

    Raises NotAnOfficer, ReasonMissing.
    """
    if not text.strip():
        raise problems.ReasonMissing(act=word_of(inspection, "report"))
    with act_on(inspection, "report", by=by) as (fresh, held):
        if by.person_id not in fresh.officers:
            raise inspections_problems.NotAnOfficer(inspection=fresh.code)
        kept = _keep(fresh, Record(RecordKind.REPORT, today(), "", text), by)
        record_on(
            InspectionVerb.RECORD_KEPT, fresh, by, held, record=str(kept.get_kind_display()),
            day=kept.on.isoformat(), id=kept.pk,
        )  # fmt: skip
    return kept


def second_record(inspection: Inspection, record: int, *, by: Actor) -> InspectionRecord:
    """The other officer has read it and signs: from now on it counts. Raises NothingToSecond."""
    with act_on(inspection, "second", by=by) as (fresh, held):
        found = fresh.records.select_for_update().filter(pk=record, seconded_at=None).first()
        if found is None or by.person_id != found.second_id or by.person_id not in fresh.officers:
            raise inspections_problems.NothingToSecond()
        found.seconded_at = now()
        found.save(update_fields=["seconded_at"])
        if found.kind == RecordKind.REPORT:
            fresh.reported_on = found.on
        else:
            fresh.evidenced_on = min(fresh.evidenced_on or found.on, found.on)
        record_on(
            InspectionVerb.RECORD_SECONDED, fresh, by, held, record=str(found.get_kind_display()),
            day=found.on.isoformat(), id=found.pk,
        )  # fmt: skip
    return found
