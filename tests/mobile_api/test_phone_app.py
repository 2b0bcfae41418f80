"""The built app is served with the right types and the right patience of caches."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> Path:
    files = {"index.html": "<html>", "sw.js": "1", "assets/a-1f.js": "1", "assets/z.wasm": "1",
             "manifest.webmanifest": "{}"}  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    settings.PHONE_BUILD = tmp_path
    return tmp_path


TYPES = [
    ("", "text/html; charset=utf-8", "no-cache"),
    ("today", "text/html; charset=utf-8", "no-cache"),
    ("sw.js", "text/javascript; charset=utf-8", "no-cache"),
    ("assets/a-1f.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
    ("assets/z.wasm", "application/wasm", "public, max-age=31536000, immutable"),
    ("manifest.webmanifest", "application/manifest+json", "no-cache"),
]


@pytest.mark.parametrize(("path", "kind", "cache"), TYPES)
def test_types_and_caching(built: Path, client: Any, path: str, kind: str, cache: str) -> None:
    answer = client.get("/phone/" + path)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, kind, cache)
    again = client.get("/phone/" + path, headers={"If-Modified-Since": answer["Last-Modified"]})
    # The worker's text moves with the setting of the tiles, which the date of its file does not tell.
    assert again.status_code == (200 if path == "sw.js" else 304)


def test_the_worker_may_rule_the_app(built: Path, client: Any) -> None:
    assert client.get("/phone/sw.js")["Service-Worker-Allowed"] == "/phone/"


@pytest.mark.parametrize("path", ["assets/gone.js", "../settings.py", "%2e%2e/%2e%2e/etc/passwd.txt"])
def test_nothing_else(built: Path, client: Any, path: str) -> None:
    assert client.get("/phone/" + path).status_code == 404


def test_not_built(tmp_path: Path, settings: Any, client: Any) -> None:
    settings.PHONE_BUILD = tmp_path / "none"
    answer = client.get("/phone/")
    assert answer.status_code == 503 and "尚未构建" in answer.content.decode()
