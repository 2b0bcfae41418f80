"""Photos by clients that are not ours: tuspy and tus-js-client, against a live server that may be killed."""

import hashlib
import json
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import requests
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from tests.concurrency.test_kill_push import ground
from tests.patience import PATIENCE
from tests.servers import Served, must_have

pytestmark = [pytest.mark.slow, pytest.mark.once]

ROOT = Path(__file__).resolve().parents[2]
PIECE = 64 * 1024


@pytest.fixture
def live(serve: Callable[..., Served], tmp_path: Path) -> Any:
    """A served city with one phone, a photo of its own, and a foreign client at its door."""
    served = serve()
    token = ground(served, "fill")["token"]
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(random.Random(7).randbytes(5 * PIECE + 123))
    endpoint = f"{served.url}/api/v1/uploads/"
    headers = {"Authorization": f"Bearer {token}"}
    sha256 = hashlib.sha256(photo.read_bytes()).hexdigest()
    return SimpleNamespace(
        served=served, token=token, photo=photo, sha256=sha256, endpoint=endpoint, headers=headers,
        tus={**headers, "Tus-Resumable": "1.0.0"}, client=TusClient(endpoint, headers=headers),
    )  # fmt: skip


def uploader(live: Any, sha256: str = "", **more: Any) -> Any:
    metadata = {"visit": str(uuid4()), "sha256": sha256 or live.sha256, "kind": "refusal_photo"}
    return live.client.uploader(str(live.photo), chunk_size=PIECE, metadata=metadata, **more)


def kept(live: Any) -> bytes:
    return (live.served.folder / "files/evidence" / live.sha256[:2] / live.sha256).read_bytes()


def test_foreign_clients(live: Any, monkeypatch: Any) -> None:
    """Created, broken off, looked at, continued over two deaths of the server, whole; one served city for all, since
    starting it takes most of the time."""
    first = uploader(live)
    first.upload_chunk()
    first.upload_chunk()
    assert first.offset == 2 * PIECE
    live.served.kill()
    live.served.start(60)
    second = uploader(live, url=first.url)
    assert second.offset == 2 * PIECE
    second.upload_chunk()
    live.served.kill()
    with pytest.raises((TusCommunicationError, requests.ConnectionError)):
        second.upload_chunk()
    live.served.start(60)
    third = uploader(live, url=first.url)
    assert third.offset == 3 * PIECE
    third.upload()
    assert kept(live) == live.photo.read_bytes()
    looked = requests.head(first.url, headers=live.tus, timeout=PATIENCE)
    assert looked.headers["Upload-Offset"] == looked.headers["Upload-Length"] == str(5 * PIECE + 123)
    refusals(live)
    javascript(live, monkeypatch)


def refusals(live: Any) -> None:
    wrong = uploader(live, sha256="0" * 64)
    with pytest.raises(TusCommunicationError) as refused:
        wrong.upload()
    assert refused.value.status_code == 460
    assert requests.head(wrong.url, headers=live.tus, timeout=PATIENCE).status_code == 404
    begun = uploader(live)
    begun.upload_chunk()
    piece = {**live.tus, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "7"}
    answer = requests.patch(begun.url, b"x", headers=piece, timeout=PATIENCE)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload-offset")
    assert requests.delete(begun.url, headers=live.tus, timeout=PATIENCE).status_code == 204
    assert requests.head(begun.url, headers=live.tus, timeout=PATIENCE).status_code == 404
    offered = requests.options(live.endpoint, timeout=PATIENCE)
    assert (
        offered.headers["Tus-Extension"] == "creation,termination"
        and offered.headers["Tus-Version"] == "1.0.0"
    )
    assert "Tus-Checksum-Algorithm" not in offered.headers and int(offered.headers["Tus-Max-Size"]) > 10**7
    later = requests.post(live.endpoint, headers={**live.tus, "Upload-Defer-Length": "1"}, timeout=PATIENCE)
    assert (later.status_code, later.json()["code"]) == (422, "malformed-request")
    old = requests.head(begun.url, headers={**live.headers, "Tus-Resumable": "0.2.2"}, timeout=PATIENCE)
    assert (old.status_code, old.headers["Tus-Version"]) == (412, "1.0.0")


def javascript(live: Any, monkeypatch: Any) -> None:
    os.environ["PATH"] = f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"
    command = [
        must_have("node"),
        "tests/mobile_api/foreign_tus.mjs",
        live.endpoint,
        live.token,
        str(live.photo),
    ]
    ran = subprocess.run(
        [*command, str(live.photo.with_name("notes.json"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["broken"]["accepted"] == PIECE and told["broken"]["url"] == told["whole"]["url"]
    assert told["sent"] == live.photo.stat().st_size - PIECE
    assert told["wrong"] == 460
