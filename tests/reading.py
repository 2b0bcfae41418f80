"""How tests read what was printed: text by poppler, codes by zxing."""

import re
import subprocess
import xml.etree.ElementTree as ElementTree

import numpy
import zxingcpp


def words_of(pdf: bytes) -> str:
    """All text in reading order, without blanks and line ends: a wrapped value is still found whole."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


def pages_of(pdf: bytes) -> int:
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    return int(re.search(r"^Pages:\s+(\d+)", done.stdout.decode(), re.M)[1])


def codes_of(pdf: bytes) -> list[str]:
    """What every QR code on every page says, at 150 dots per inch: a common office scanner."""
    done = subprocess.run(["pdftoppm", "-gray", "-r", "150"], input=pdf, capture_output=True, check=True)
    return [found.text for page in _grey_maps(done.stdout) for found in zxingcpp.read_barcodes(page)]


def dots_of(svg: str, scale: int = 4):
    """A QR image drawn by our own SVG, as grey dots; knows only the rectangles such an image has."""
    root = ElementTree.fromstring(svg)
    size = int(root.attrib["viewBox"].split()[2])
    dots = numpy.full((size, size), 255, dtype=numpy.uint8)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", root[1].attrib["d"]):
        dots[int(y), int(x) : int(x) + int(width)] = 0
    return numpy.kron(dots, numpy.ones((scale, scale), dtype=numpy.uint8))


def _grey_maps(stream: bytes):
    """Cuts the PGM images that pdftoppm writes one after another."""
    while stream:
        header = re.match(rb"P5\n(\d+) (\d+)\n255\n", stream)
        width, height = int(header[1]), int(header[2])
        start = header.end()
        yield numpy.frombuffer(stream, numpy.uint8, width * height, start).reshape(height, width)
        stream = stream[start + width * height :]
