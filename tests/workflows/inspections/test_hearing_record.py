"""听证笔录: filed by the chair with its file, before the report that rests on it; it stays as it is (行政处罚法 64、65条)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from tests.forward import go_to
from tests.papers import PDF
from tests.workflows.conftest import HEARD, MINUTES, WEIGHTY, Walk
from workflows.cases.models import Case
from workflows.inspections import actions
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.records.models import HearingFile, HearingRecord
from workflows.notices.models import NoticeKind


@pytest.fixture
def called(make_case: Callable[..., Case], walk: Walk, cast: Any) -> Inspection:
    """The day of the hearing has come; shi is in the chair."""
    walk.arrears = WEIGHTY
    one = walk.inspection_at(make_case(), S.NOTICED)
    actions.request_hearing(one, "要求听证", today(), by=cast.by.zhou)
    held_on = today() + timedelta(days=20)
    session = actions.Session(held_on, "会议室", cast.shi.pk, "书记员")
    walk.serve(actions.call_hearing(one, session, by=cast.by.zhou), cast.by.zhou)
    go_to(held_on)
    one.refresh_from_db()
    return one


def test_law_19_no_hearing_is_reported_without_its_record(called: Inspection, cast: Any, walk: Walk) -> None:
    with pytest.raises(inspections_problems.HearingUnrecorded):
        actions.hold_hearing(called, HEARD, by=cast.by.shi)
    kept = actions.record_hearing(called, MINUTES, by=cast.by.shi)
    (file,) = kept.files.all()
    assert (kept.chair, kept.recorder, kept.on, kept.is_signed) == (cast.shi, "书记员", today(), True)
    assert (Path(settings.FILES) / file.path).read_bytes() == PDF
    told = Entry.objects.get(verb="inspection.hearing_recorded")
    assert told.data["files"] == [file.sha256]
    actions.hold_hearing(called, HEARD, by=cast.by.shi)
    walk.inspection_at(called.case, S.DECIDED)
    heard = "".join(called.case.notices.get(kind=NoticeKind.PENALTY_DECISION).values["heard"])
    assert "听证笔录在卷" in heard


def test_law_19_the_chair_keeps_the_record_and_no_investigator(called: Inspection, cast: Any) -> None:
    for refusal, given, who in (
        (problems.ReasonMissing, {"recorder": " "}, "shi"),
        (inspections_problems.RecordFileMissing, {"files": ()}, "shi"),
        (problems.SamePersonTwice, {"recorder": "何敏"}, "shi"),
        (inspections_problems.NotTheChair, {}, "fang"),
        (problems.NotYourPost, {}, "zhou"),
        (problems.NotHere, {}, "han"),
    ):
        with pytest.raises(refusal):
            actions.record_hearing(called, replace(MINUTES, **given), by=getattr(cast.by, who))
    assert not HearingRecord.objects.exists()


def test_law_19_another_day_asks_for_another_record(called: Inspection, cast: Any) -> None:
    actions.record_hearing(called, MINUTES, by=cast.by.shi)
    session = actions.Session(today() + timedelta(days=30), "会议室", cast.shi.pk, "书记员")
    actions.move_hearing(called, session, by=cast.by.zhou)
    assert called.hearing_recorded_on is None


@pytest.mark.once
def test_law_19_the_database_keeps_the_record_and_asks_for_it(called: Inspection, cast: Any) -> None:
    rows = Inspection.objects.filter(pk=called.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(hearing_held_on=today())
    kept = actions.record_hearing(called, MINUTES, by=cast.by.shi)
    for act in (
        lambda: HearingRecord.objects.filter(pk=kept.pk).update(recorder="另一人"),
        lambda: HearingFile.objects.filter(record=kept).update(sha256="0" * 64),
        lambda: HearingFile.objects.filter(record=kept)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    rows.update(hearing_held_on=today())


@pytest.mark.once
def test_law_19_it_is_filed_and_read_on_the_page_within_the_territory(
    called: Inspection, cast: Any, client: Any
) -> None:
    client.force_login(cast.shi)
    address = reverse("inspection-act", args=[called.case.code, "minutes"])
    given = {"at": called.state, "recorder": "书记员"}
    assert client.post(address, given).status_code == 422
    scan = SimpleUploadedFile("听证笔录.pdf", PDF)
    assert client.post(address, given | {"papers": scan}).status_code == 302
    page = client.get(reverse("inspection", args=[called.case.code])).content.decode()
    file = reverse("hearing-file", args=[called.case.code, HearingFile.objects.get().pk])
    assert "书记员" in page and file in page
    answer = client.get(file)
    assert b"".join(answer.streaming_content) == PDF and "attachment" in answer["Content-Disposition"]
    client.force_login(cast.han)
    assert client.get(file).status_code == 404
