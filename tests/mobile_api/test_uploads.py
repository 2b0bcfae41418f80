"""Photos arrive in pieces, survive a crash between any two of them, and become evidence by their hash alone."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from mobile_api.uploads.actions import evidence_path, part_file
from mobile_api.uploads.models import Upload
from tasks.visits.models import Evidence
from tests.doors import make_task
from tests.mobile_api.phones import API, Phone, visit_json
from tests.pictures import jpeg_with_position

pytestmark = pytest.mark.django_db

PICTURE = jpeg_with_position()
HASH = hashlib.sha256(PICTURE).hexdigest()
PHOTO = {"sha256": HASH, "size": len(PICTURE), "kind": "refusal_photo"}


@pytest.fixture
def visit(cast: Any, phone: Phone, round: Any, make_employer: Any) -> dict[str, Any]:
    task = make_task(round, make_employer(), cast.post.wang)
    return visit_json(task, outcome="refused", answers={}, photos=[PHOTO])


def send(phone: Phone, where: str, data: bytes = PICTURE, piece: int = 65536) -> Any:
    for at in range(0, len(data), piece):
        answer = phone.patch(where, at, data[at : at + piece])
        if answer.status_code != 204:
            return answer
    return answer


def test_pieces_become_evidence(phone: Phone, visit: dict[str, Any]) -> None:
    (result,) = phone.results(visit)
    assert result["missing_photos"] == [HASH]
    where = phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"]
    assert send(phone, where)["Upload-Offset"] == str(len(PICTURE))
    evidence = Evidence.objects.get()
    assert evidence.received_at and (Path(settings.FILES) / evidence.path).read_bytes() == PICTURE
    assert phone.results(visit)[0]["missing_photos"] == []


def test_a_photo_before_its_visit_is_bound_when_the_visit_comes(phone: Phone, visit: dict[str, Any]) -> None:
    send(phone, phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"])
    assert phone.results(visit)[0]["missing_photos"] == []
    assert Evidence.objects.get().received_at is not None


def test_going_on_after_a_break(phone: Phone, visit: dict[str, Any]) -> None:
    first = phone.begin(visit["client_id"], HASH, len(PICTURE))
    phone.patch(first["Location"], 0, PICTURE[:1000])
    again = phone.begin(visit["client_id"], HASH, len(PICTURE))
    assert again["Location"] == first["Location"]
    head = phone.tus("HEAD", first["Location"])
    assert (head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == (
        "1000", str(len(PICTURE)), "no-store",
    )  # fmt: skip
    stale = phone.patch(first["Location"], 0, PICTURE[:1000])
    assert (stale.status_code, stale.json()["code"]) == (409, "upload-offset")
    assert phone.patch(first["Location"], 1000, PICTURE[1000:]).status_code == 204


def test_bytes_written_and_not_counted_are_cut_off(phone: Phone, visit: dict[str, Any]) -> None:
    """kill -9 between the file and the row."""
    where = phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"]
    phone.patch(where, 0, PICTURE[:1000])
    with open(part_file(Upload.objects.get()), "ab") as file:
        file.write(b"half a piece")
    assert phone.patch(where, 1000, PICTURE[1000:]).status_code == 204
    assert Upload.objects.get().finished_at is not None


def test_whole_but_not_finished(phone: Phone, visit: dict[str, Any]) -> None:
    """kill -9 between the last piece and the check: the next HEAD finishes it."""
    where = phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"]
    file = part_file(Upload.objects.get())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(PICTURE)
    Upload.objects.update(offset=len(PICTURE))
    assert phone.tus("HEAD", where).status_code == 200
    assert Upload.objects.get().finished_at is not None


def test_moved_but_not_noted(phone: Phone, visit: dict[str, Any]) -> None:
    where = phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"]
    kept = Path(settings.FILES) / evidence_path(HASH)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(PICTURE)
    Upload.objects.update(offset=len(PICTURE))
    assert phone.tus("HEAD", where).status_code == 200
    assert Upload.objects.get().finished_at is not None


def test_killed_before_it_became_evidence(phone: Phone, visit: dict[str, Any]) -> None:
    """The phone is never told that a photo is whole which its visit does not have."""
    phone.results(visit)
    where = phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"]

    def dies(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "tasks_evidence"'):
            raise SystemExit("kill -9")
        return execute(sql, *rest)

    with connection.execute_wrapper(dies), pytest.raises(SystemExit):
        send(phone, where)
    assert Evidence.objects.get().received_at is None
    assert phone.tus("HEAD", where)["Upload-Offset"] == str(len(PICTURE))
    assert Evidence.objects.get().received_at is not None


def test_a_wrong_hash_starts_over(phone: Phone, visit: dict[str, Any]) -> None:
    where = phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"]
    spoilt = send(phone, where, b"x" * len(PICTURE))
    assert (spoilt.status_code, spoilt.json()["code"]) == (460, "photo-hash-wrong")
    assert phone.tus("HEAD", where).status_code == 404
    assert send(phone, phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"]).status_code == 204


def test_limits(phone: Phone, visit: dict[str, Any]) -> None:
    number = visit["client_id"]
    assert phone.begin(number, HASH, 10**9).json()["code"] == "upload-too-large"
    assert phone.begin("7", HASH, 10).json()["code"] == "malformed-request"
    assert phone.begin(number, "zz", 10).json()["code"] == "malformed-request"
    where = phone.begin(number, HASH, 10)["Location"]
    assert phone.patch(where, 0, b"x" * 11).json()["code"] == "upload-overrun"
    assert phone.tus("PATCH", where, b"x", Upload_Offset="0").json()["code"] == "upload-type"
    old = phone.client.post(API + "uploads/", headers={"Authorization": f"Bearer {phone.token}"})
    assert (old.status_code, old["Tus-Version"]) == (412, "1.0.0")


def test_options_and_termination(phone: Phone, visit: dict[str, Any]) -> None:
    told = phone.client.options(API + "uploads/")
    assert (told.status_code, told["Tus-Extension"]) == (204, "creation,termination")
    where = phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"]
    phone.patch(where, 0, PICTURE[:100])
    file = part_file(Upload.objects.get())
    assert phone.tus("DELETE", where).status_code == 204
    assert not file.exists() and phone.tus("HEAD", where).status_code == 404


def test_photos_stay_in_their_territory(cast: Any, phone: Phone, visit: dict[str, Any]) -> None:
    (result,) = phone.results(visit)
    send(phone, phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"])
    page, photo = f"/visits/{result['visit']}/", f"/visits/{result['visit']}/photos/{HASH}/"
    phone.client.force_login(cast.zhao)
    assert "拒访" in phone.client.get(page).content.decode()
    shown = phone.client.get(photo)
    seen = b"".join(shown.streaming_content)
    assert shown["Content-Type"] == "image/jpeg" and seen.startswith(b"\xff\xd8\xff")
    assert b"Exif" in PICTURE and b"Exif" not in seen
    phone.client.force_login(cast.chen)
    assert phone.client.get(page).status_code == phone.client.get(photo).status_code == 404


def test_what_is_whole_is_told_as_whole_and_another_size_begins_anew(
    phone: Phone, visit: dict[str, Any]
) -> None:
    where = phone.begin(visit["client_id"], HASH, len(PICTURE) - 1)["Location"]
    phone.patch(where, 0, PICTURE[:1000])
    assert phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"] == where
    told = phone.tus("HEAD", where)
    assert (told["Upload-Offset"], told["Upload-Length"]) == ("0", str(len(PICTURE)))
    send(phone, where)
    assert phone.tus("HEAD", where)["Upload-Offset"] == str(len(PICTURE))
    assert phone.results(visit)[0]["missing_photos"] == []


def test_a_photo_whose_bytes_are_gone_is_asked_for_again(phone: Phone, visit: dict[str, Any]) -> None:
    send(phone, phone.begin(visit["client_id"], HASH, len(PICTURE))["Location"])
    (Path(settings.FILES) / evidence_path(HASH)).unlink()
    assert phone.results(visit)[0]["missing_photos"] == [HASH]
