"""The tile source is a setting: served to phones, and the only foreign origin their pages may show pictures from."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

TILES = "https://t0.tiles.example/{z}/{x}/{y}.png?key=1"
WORKER = 'precache([{url:"index.html",revision:"abc"},{url:"icon.svg",revision:"def"}])'


@pytest.fixture
def app(settings: Any, tmp_path: Path) -> Client:
    settings.PHONE_BUILD = tmp_path
    (tmp_path / "index.html").write_text("<p>网格走访</p>")
    (tmp_path / "sw.js").write_text(WORKER)
    return Client()


def policy(answer: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: sources for name, _blank, sources in parts}


def test_without_the_setting_nothing_foreign_is_shown(app: Client, settings: Any) -> None:
    settings.TILE_URL = ""
    assert app.get("/phone/settings.json").json() == {"tile_url": ""}
    assert "http" not in policy(app.get("/phone/"))["img-src"]
    assert app.get("/phone/sw.js").content.decode() == WORKER


def test_with_the_setting_its_origin_alone_is_allowed_and_for_pictures_alone(
    app: Client, settings: Any
) -> None:
    settings.TILE_URL = TILES
    assert app.get("/phone/settings.json").json() == {"tile_url": TILES}
    for address in ("/phone/", "/phone/index.html"):
        given = policy(app.get(address))
        assert given["img-src"].split()[-1] == "https://t0.tiles.example"
        assert "tiles.example" not in "".join(sources for name, sources in given.items() if name != "img-src")


def test_phones_fetch_the_page_anew_when_the_setting_changes(app: Client, settings: Any) -> None:
    settings.TILE_URL = TILES
    first = app.get("/phone/sw.js")
    settings.TILE_URL = TILES + "2"
    later = app.get("/phone/sw.js", headers={"If-Modified-Since": first["Last-Modified"]})
    assert later.status_code == 200
    assert len({first.content, later.content, WORKER.encode()}) == 3
    assert b'{url:"icon.svg",revision:"def"}' in later.content
