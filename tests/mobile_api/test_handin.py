"""The file of a phone that cannot send: taken at the desk, each visit and photo exactly once."""

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grid.calendar.now import moved_to, now, today
from grid.ledger.models import Entry
from grid.territory.actions import end_posting
from mobile_api.suggestions.actions import take_suggestions
from mobile_api.suggestions.api.schemas import SuggestionIn
from mobile_api.suggestions.models import Suggestion
from tasks.visits.models import Evidence, Visit
from tests.doors import SHORT, held_of, make_round, make_task
from tests.mobile_api.phones import visit_json

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8\xff example"
SHA = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path


@pytest.fixture
def task(cast: Any, make_employer: Any) -> Any:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def photo(visit: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "visit": visit["client_id"], "question": "refusal_photo", "sha256": SHA, "size": len(PHOTO),
        "kind": "refusal_photo", "jpeg": base64.b64encode(PHOTO).decode(), **fields,
    }  # fmt: skip


def file_of(*visits: Any, photos: Any = (), **fields: Any) -> bytes:
    told = {
        "format": "grid-canvass-unsent-1", "written_at": "2026-11-20T08:00:00Z", "app_version": "0.1.0",
        "visits": [{**visit, "state": "waiting", "result": None} for visit in visits], "photos": list(photos),
        "drafts": [], **fields,
    }  # fmt: skip
    return json.dumps(told).encode()


def give(client: Any, cast: Any, content: bytes, who: str = "zhao", posting: Any = None) -> Any:
    client.force_login(getattr(cast, who))
    file = SimpleUploadedFile("unsent.json", content, "application/json")
    return client.post("/devices/handin/", {"posting": (posting or cast.post.wang).pk, "file": file})


def test_visits_and_photos_arrive_once_in_the_worker_s_name(cast: Any, task: Any, client: Any) -> None:
    promised = [{"sha256": SHA, "size": len(PHOTO), "kind": "refusal_photo"}]
    seen = visit_json(task, outcome="refused", answers={}, photos=promised)
    other = visit_json(subject_id=task.subject_id, answers=SHORT)
    content = file_of(seen, other, {"client_id": "无"}, photos=[photo(seen)])
    page = give(client, cast, content).content.decode()
    assert "新收到" in page and "这条走访无法读取" in page
    assert Visit.objects.count() == 2 and {visit.person for visit in Visit.objects.all()} == {cast.wang}
    kept = Evidence.objects.get()
    assert kept.received_at and kept.path == f"evidence/{SHA[:2]}/{SHA}"
    entry = Entry.objects.get(verb="unsent.taken")
    assert entry.actor == cast.zhao.pk
    assert [entry.data[name] for name in ("visits", "refused", "photos")] == [2, 1, 1]
    again = give(client, cast, content).content.decode()
    assert "此前已收到" in again and Visit.objects.count() == 2 and Evidence.objects.count() == 1


def test_what_the_phone_did_send_meanwhile_is_a_repeat(cast: Any, task: Any, client: Any) -> None:
    from mobile_api.schemas import VisitIn
    from tests.doors import push

    seen = visit_json(task)
    push(cast.post.wang, cast.by.wang, VisitIn.model_validate(seen).arrival())
    page = give(client, cast, file_of(seen)).content.decode()
    assert "此前已收到" in page and Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"format": "grid-canvass-unsent-1", "visits": [' + b"{}," * 1_100_000 + b"{}]}", "内容过多"),
        (b"%PDF", "手机文件无法读取"),
        (b"[" * 100_000, "手机文件无法读取"),
        (json.dumps({"format": "other"}).encode(), "手机文件无法读取"),
        (file_of(), "手机文件里没有内容"),
        (file_of(visits={}), "手机文件无法读取"),
    ],
)
def test_a_bad_file_is_told_in_words(cast: Any, client: Any, content: bytes, code: str) -> None:
    answer = give(client, cast, content)
    assert answer.status_code == 422 and code in answer.content.decode()


def test_photos_with_other_bytes_or_without_a_visit_are_left_out(cast: Any, task: Any, client: Any) -> None:
    seen = visit_json(task)
    wrong = photo(seen, jpeg=base64.b64encode(b"other").decode())
    strange = photo(visit_json())
    page = give(client, cast, file_of(seen, photos=[wrong, strange, "x"])).content.decode()
    assert "内容与指纹不符或无法读取" in page and "没有对应的走访" in page
    assert not Evidence.objects.exclude(received_at=None).exists()


def test_only_where_one_looks_after_phones(cast: Any, task: Any, client: Any) -> None:
    content = file_of(visit_json(task))
    assert give(client, cast, content, "chen").status_code == 422
    assert give(client, cast, content, "wang").status_code == 403
    assert give(client, cast, content, "zhao", cast.post.liu).status_code == 422
    assert not Visit.objects.exists()
    assert give(client, cast, content, "sun").status_code == 200


def test_also_after_the_posting_ended(cast: Any, task: Any, client: Any) -> None:
    held = file_of(visit_json(task))
    end_posting(cast.post.wang, last_day=today(), reason="离职", by=cast.by.qian)
    with moved_to(now() + timedelta(days=2)):
        assert "新收到" in give(client, cast, held).content.decode()
    assert Visit.objects.get().route in ("normal", "late", "handed_over")


def test_suggestions_of_the_file_arrive_once_like_those_sent(cast: Any, task: Any, client: Any) -> None:
    words = {
        "client_id": str(uuid4()), "text": "希望多一些门牌", "task_id": task.pk,
        "written_at": "2026-11-20T08:00:00Z",
    }  # fmt: skip
    sent = {**words, "client_id": str(uuid4()), "text": "这条手机已经发过"}
    take_suggestions([SuggestionIn.model_validate(sent).said()], held_of(cast.post.wang), by=cast.by.wang)
    content = file_of(suggestions=[words, sent, {**words, "text": ""}, "x"], drafts=[{}, {}])
    page = give(client, cast, content).content.decode()
    assert all(
        text in page for text in ("新收到", "此前已收到", "这条意见无法读取", "还有 2 份没有填完的草稿")
    )
    kept = {suggestion.text: suggestion for suggestion in Suggestion.objects.all()}
    assert set(kept) == {"希望多一些门牌", "这条手机已经发过"}
    assert (kept["希望多一些门牌"].person, kept["希望多一些门牌"].task) == (cast.wang, task)
    assert Entry.objects.get(verb="unsent.taken").data["suggestions"] == 1
    give(client, cast, content)
    assert Suggestion.objects.count() == 2
    assert Entry.objects.filter(verb="suggestion.made").count() == 2
