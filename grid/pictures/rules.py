"""Opening a stranger's picture: the reader that runs in a process that may die (see grid.confined).

It answers with a picture of our own making: upright, of a bounded size, without anything that is not pixels. Where
it was taken, by which device, when and what hides behind its end stay in the original. No database, no settings.
"""

import io
from base64 import b64encode
from collections.abc import Iterator
from typing import Final

import pillow_heif
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from grid.confined import Unreadable

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF")
SIDE: Final = 2560
QUALITY: Final = 85
# A telephone's largest picture has 200 million points. Only JPEG can be opened at a fraction of its size.
MOST_POINTS: Final = 64_000_000
MOST_POINTS_JPEG: Final = 250_000_000
# Drawings and screens stay as sharp as they came, while they are small.
SHARP: Final = ("PNG", "GIF")
SHARP_POINTS: Final = 1_000_000
SHARP_BYTES: Final = 1_000_000


def look(*paths: str) -> Iterator[dict[str, str]]:
    """For each file `{"look": …, "picture": base64, "kind": …}`; `look` is a word of tasks.visits.models.Look.

    A file that ends this process has no line: those before it have theirs.
    """
    Image.init()
    pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # bounded below, by what each format costs
    for path in paths:
        yield _look(path)


def _look(path: str) -> dict[str, str]:
    try:
        return _shown(path, tolerant=False)
    except Unreadable as refusal:
        return {"look": str(refusal)}
    except (UnidentifiedImageError, FileNotFoundError):
        return {"look": "no-picture"}
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError):
        return _rest_of(path)


def _rest_of(path: str) -> dict[str, str]:
    """What can be seen of a picture that ends too soon or is damaged."""
    try:
        return {**_shown(path, tolerant=True), "look": "broken"}
    except Exception:
        return {"look": "no-picture"}


def _shown(path: str, tolerant: bool) -> dict[str, str]:
    ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
    with Image.open(path, formats=FORMATS) as opened:
        kind, points = opened.format or "", opened.width * opened.height
        if points > (MOST_POINTS_JPEG if kind in ("JPEG", "MPO") else MOST_POINTS):
            raise Unreadable("too-large")
        if kind in ("JPEG", "MPO"):
            opened.draft("RGB", (SIDE, SIDE))
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((SIDE, SIDE))
    plain = _on_white(upright)
    if kind in SHARP and points <= SHARP_POINTS and len(sharp := _saved(plain, "PNG")) <= SHARP_BYTES:
        return {"look": "shown", "kind": "png", "picture": b64encode(sharp).decode()}
    return {"look": "shown", "kind": "jpg", "picture": b64encode(_saved(plain, "JPEG")).decode()}


def _on_white(picture: Image.Image) -> Image.Image:
    """Points alone: whatever else came with the picture is not copied."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        picture = Image.alpha_composite(white, clear)
    elif picture.mode.startswith(("I", "F")):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    points = picture.convert("RGB")
    bare = Image.new("RGB", points.size)
    bare.paste(points)
    return bare


def _saved(picture: Image.Image, format: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **({"quality": QUALITY, "optimize": True} if format == "JPEG" else {}))
    return out.getvalue()
