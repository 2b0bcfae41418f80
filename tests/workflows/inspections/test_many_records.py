"""A matter with two thousand records, and an upload that breaks off half-way."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grid.calendar.now import now, today
from tests.papers import PDF
from tests.patience import PATIENCE
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.records.models import InspectionRecord, RecordFile, RecordKind

pytestmark = pytest.mark.once
MANY = 2_000


@pytest.fixture
def investigated(inspection_at: Callable[..., Inspection]) -> Inspection:
    return inspection_at(S.INVESTIGATING)


def fill(one: Inspection, count: int) -> None:
    """Signed records, each with a file."""
    InspectionRecord.objects.bulk_create(
        InspectionRecord(
            inspection=one, kind=RecordKind.SCENE, on=today(), place="单位", text=f"第{number}份", officer_1_id=one.officer_1_id,
            officer_2_id=one.officer_2_id, certificate_1=one.certificate_1, certificate_2=one.certificate_2,
            cards_shown=True, author_id=one.officer_1_id, recorded_at=now(), seconded_at=now(),
        )
        for number in range(count)
    )  # fmt: skip
    RecordFile.objects.bulk_create(
        RecordFile(record=record, name="笔录.pdf", kind="application/pdf", size=9, sha256=f"{record.pk:064d}", path="records/x")
        for record in one.records.filter(files=None)
    )  # fmt: skip


def test_two_thousand_records_are_read_by_the_page_in_as_many_queries(
    investigated: Inspection, cast: Any, client: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.zhou)
    address = reverse("inspection", args=[investigated.case.code])
    fill(investigated, 3)
    client.get(address)
    with django_assert_max_num_queries(200) as few:
        client.get(address)
    fill(investigated, MANY)
    with django_assert_max_num_queries(len(few.captured_queries)):
        first = client.get(address)
    text = first.content.decode()
    assert text.count("第") >= 50 and len(first.content) < 300_000
    assert "?page=2" in text and f"/ {(MANY + 3 + 49) // 50} 页" in text
    last = client.get(address, {"page": (MANY + 3 + 49) // 50}).content.decode()
    assert f"第{MANY - 1}份" in last and "第0份" not in last


def stored_files() -> set[Path]:
    return {file for file in Path(settings.FILES).rglob("*") if file.is_file()}


def test_a_scan_cut_off_half_way_leaves_nothing_behind(
    investigated: Inspection, cast: Any, client: Any
) -> None:
    client.force_login(cast.zhou)
    before = stored_files()
    scene = {
        "at": investigated.state, "kind": "scene", "on": today().isoformat(), "place": "单位", "text": "在岗12人",
        "cards_shown": "on", "papers": SimpleUploadedFile("笔录.pdf", PDF[: len(PDF) // 2]),
    }  # fmt: skip
    answer = client.post(reverse("inspection-act", args=[investigated.case.code, "record"]), scene)
    assert answer.status_code == 422
    assert stored_files() == before and not investigated.records.exists()


def test_a_connection_that_breaks_within_an_upload_leaves_nothing_behind(
    investigated: Inspection, cast: Any, client: Any
) -> None:
    """Half of three megabytes, then nobody any more: no act, no row, no file, neither kept nor arriving."""
    from project.asgi import pages

    client.force_login(cast.zhou)
    before = stored_files()
    address = reverse("inspection-act", args=[investigated.case.code, "record"])
    scope = {
        "type": "http", "method": "POST", "path": address, "query_string": b"", "http_version": "1.1", "scheme": "http",
        "headers": [
            (b"host", b"testserver"), (b"content-length", b"6000000"),
            (b"content-type", b"multipart/form-data; boundary=XX"),
            (b"cookie", client.cookies.output(header="", sep=";").strip().encode()),
        ],
        "client": ("127.0.0.1", 1), "server": ("testserver", 80),
    }  # fmt: skip
    head = b'--XX\r\nContent-Disposition: form-data; name="papers"; filename="a.pdf"\r\n\r\n%PDF-'

    async def broken() -> bool:
        talk = ApplicationCommunicator(pages, scope)
        await talk.send_input({"type": "http.request", "body": head + b"0" * 3_000_000, "more_body": True})
        await talk.send_input({"type": "http.disconnect"})
        await talk.wait(timeout=PATIENCE)
        return bool(await talk.receive_nothing())

    assert asyncio.run(broken())
    assert stored_files() == before and not investigated.records.exists()
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []
