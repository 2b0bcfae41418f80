"""听证笔录: filed by whoever was in the chair, before the report that rests on it (行政处罚法 65条: 根据听证笔录)."""

from dataclasses import dataclass

from grid import problems
from grid.calendar.now import now, today
from grid.scope import Actor, require_person
from workflows.engine.actions.steps import act_on, record_on
from workflows.engine.acts import require_lawful, word_of
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.records.actions import keep_files
from workflows.inspections.records.models import HearingFile, HearingRecord
from workflows.inspections.verbs import InspectionVerb
from workflows.notices.reading import Given


@dataclass(frozen=True)
class Minutes:
    """What the record of a hearing says beside its file. `refused_why`: why the party would not sign; empty where it did."""

    recorder: str
    files: tuple[Given, ...]
    refused_why: str = ""


def record_hearing(inspection: Inspection, given: Minutes, *, by: Actor) -> HearingRecord:
    """Files the record of the hearing, by its chair; whoever investigated does not keep it.

    Raises ReasonMissing, RecordFileMissing, HearingUnready, NotTheChair, SamePersonTwice.
    """
    recorder = given.recorder.strip()
    if not recorder:
        raise problems.ReasonMissing(act=word_of(inspection, "minutes"))
    if not given.files:
        raise inspections_problems.RecordFileMissing()
    with act_on(inspection, "minutes", by=by) as (fresh, held):
        require_lawful(fresh, "minutes")
        assert fresh.hearing_chair is not None and fresh.hearing_on is not None
        if fresh.hearing_chair_id != by.person_id:
            raise inspections_problems.NotTheChair(name=fresh.hearing_chair.full_name)
        if recorder in (fresh.officer_1.full_name, fresh.officer_2.full_name):
            raise problems.SamePersonTwice(first=recorder)
        why = given.refused_why.strip()
        kept = HearingRecord.objects.create(
            inspection=fresh, on=fresh.hearing_on, place=fresh.hearing_place, chair_id=require_person(by),
            recorder=recorder, is_signed=not why, refused_why=why, recorded_at=now(),
        )  # fmt: skip
        keep_files(HearingFile, given.files, record=kept)
        fresh.hearing_recorded_on = today()
        record_on(
            InspectionVerb.HEARING_RECORDED, fresh, by, held, recorder=recorder,
            files=[file.sha256 for file in given.files], id=kept.pk,
        )  # fmt: skip
    return kept
