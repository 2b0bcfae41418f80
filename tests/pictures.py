"""Pictures as telephones make them, and as nobody should: positions in them, bombs, halves, things that are none."""

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image, PngImagePlugin

MAKER = b"SECRET-MAKER-7G"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>39,40.1N</exif:GPSLatitude>SECRET-XMP</x:xmpmeta>'
)


def noise(wide: int = 640, high: int = 480) -> Image.Image:
    return Image.effect_noise((wide, high), 50).convert("RGB")


def exif_with_position(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = MAKER.decode()
    exif[0x0112] = orientation
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (39.0, 40.0, 1.0), "E", (106.0, 49.0, 1.0)
    return exif


def saved(picture: Image.Image, format: str, **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **more)
    return out.getvalue()


def jpeg_with_position() -> bytes:
    return saved(noise(), "JPEG", exif=exif_with_position(), xmp=XMP, comment=b"SECRET-COMMENT")


def with_position() -> dict[str, bytes]:
    """The same place in every wrapping: name → bytes."""
    pillow_heif.register_heif_opener()
    exif, text = exif_with_position(), PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    text.add_text("Comment", "SECRET-COMMENT")
    return {
        "a.jpg": jpeg_with_position(),
        "a.png": saved(noise(), "PNG", exif=exif, pnginfo=text),
        "a.webp": saved(noise(), "WEBP", exif=exif, xmp=XMP),
        "IMG_1.HEIC": saved(noise(), "HEIF", exif=exif.tobytes(), xmp=XMP),
        "tail.jpg": jpeg_with_position() + b"SECRET-TAIL",
    }


def png_bomb(side: int) -> bytes:
    """A black square of side × side points in a few kB."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    pack, row = zlib.compressobj(9), bytes(1 + side // 8)
    packed = b"".join(pack.compress(row * 100) for _hundred in range(side // 100)) + pack.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def animated(format: str, frames: int = 300) -> bytes:
    first, *rest = [Image.new("RGB", (60, 40), (n % 250, 0, 0)) for n in range(frames)]
    return saved(first, format, save_all=True, append_images=rest)
