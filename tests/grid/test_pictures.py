"""A stranger's picture becomes one of our making, or is said to be none; whatever it does, it does to a process that
may die."""

from pathlib import Path

import pytest
from PIL import Image

from grid.pictures.queries import shown_of
from tests import pictures

HIDDEN = (b"Exif", b"GPS", b"SECRET", b"http://ns.adobe.com", pictures.MAKER, b"eXIf", b"iTXt")


def look(settings: object, tmp_path: Path, files: dict[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """name → (look, bytes shown), all in one go."""
    settings.FILES = tmp_path / "files"
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = shown_of([tmp_path / name for name in files])
    return {
        name: (shown.look, (settings.FILES / shown.path).read_bytes() if shown.path else b"")
        for name, shown in zip(files, found, strict=True)
    }


def test_positions_go_whatever_wraps_them_and_the_picture_stands_upright(settings, tmp_path):
    given = pictures.with_position()
    assert all(
        b"GPS" in content or b"Exif" in content or b"II*" in content or b"MM" in content
        for content in given.values()
    )
    for name, (how, shown) in look(settings, tmp_path, given).items():
        assert how == "shown", name
        assert [mark for mark in HIDDEN if mark in shown] == [], name
        (tmp_path / "shown").write_bytes(shown)
        with Image.open(tmp_path / "shown") as picture:
            assert not picture.getexif() and not picture.info.get("xmp"), name
            assert picture.size == (480, 640), name


def test_hostile_and_broken_files_are_marked_and_stop_nobody(settings, tmp_path):
    whole = pictures.jpeg_with_position()
    seen = look(settings, tmp_path, {
        "bomb.png": pictures.png_bomb(50_000), "half.jpg": whole[: len(whole) // 2], "page.jpg": b"<html>x</html>",
        "empty.jpg": b"", "head.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40),
        "a.gif": pictures.animated("GIF"), "a.webp": pictures.animated("WEBP"), "a.apng": pictures.animated("PNG"),
        "text.png": b"\x89PNG\r\n\x1a\n" + bytes(30), "good.jpg": whole,
    })  # fmt: skip
    assert {name: how for name, (how, _shown) in seen.items()} == {
        "bomb.png": "too-large", "half.jpg": "broken", "page.jpg": "no-picture", "empty.jpg": "no-picture",
        "head.heic": "no-picture", "a.gif": "shown", "a.webp": "shown", "a.apng": "shown", "text.png": "no-picture",
        "good.jpg": "shown",
    }  # fmt: skip
    assert seen["half.jpg"][1].startswith(b"\xff\xd8")


def test_one_that_ends_its_reader_is_marked_and_the_rest_are_opened(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("grid.pictures.queries.READER", "tests.grid.test_pictures:dies_of_one")
    names = dict.fromkeys(("a", "killer", "b"), b"x")
    seen = look(settings, tmp_path, names)
    assert [how for how, _shown in seen.values()] == ["no-picture", "died", "no-picture"]


def dies_of_one(*paths: str):
    import os

    for path in paths:
        if path.endswith("killer"):
            os.abort()
        yield {"look": "no-picture"}


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "CMYK", "I;16", "YCbCr"])
def test_every_kind_of_points_can_be_shown(mode, settings, tmp_path):
    from grid.pictures.rules import look as opened

    format = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
    (tmp_path / "p").write_bytes(pictures.saved(Image.new(mode, (20, 10)), format))
    (told,) = opened(str(tmp_path / "p"))
    assert told["look"] == "shown"
