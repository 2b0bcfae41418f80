"""Which coordinates an outline is written in. All outlines here lie in GCJ-02, the datum of Chinese web maps, so that
they fit each other; a file in WGS-84 (what GPS gives; CGCS2000 differs by centimetres) is shifted into it. Pure.

The shift is the published approximation of GB 20263's obfuscation (Krasovsky 1940, series of sines): some 300 to 600
metres within China, right to a metre, and none outside.
"""

from math import cos, pi, radians, sin, sqrt
from typing import Final

WGS84: Final = "WGS84"
GCJ02: Final = "GCJ02"
# The country as a rectangle: what is outside is no coordinate of a city here, and is not shifted.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
_AXIS: Final = 6378245.0
_ECCENTRICITY: Final = 0.00669342162296594323


def is_in_country(lng: float, lat: float) -> bool:
    return WEST <= lng <= EAST and SOUTH <= lat <= NORTH


def to_gcj02(lng: float, lat: float) -> tuple[float, float]:
    """A WGS-84 point in GCJ-02.

    >>> [round(value, 6) for value in to_gcj02(121.5272106, 31.1774276)]
    [121.531542, 31.175304]
    """
    if not is_in_country(lng, lat):
        return lng, lat
    x, y = lng - 105.0, lat - 35.0
    south, east = _north(x, y), _east(x, y)
    angle = radians(lat)
    magic = 1 - _ECCENTRICITY * sin(angle) ** 2
    root = sqrt(magic)
    north_degrees = south * 180.0 / (_AXIS * (1 - _ECCENTRICITY) / (magic * root) * pi)
    east_degrees = east * 180.0 / (_AXIS / root * cos(angle) * pi)
    return lng + east_degrees, lat + north_degrees


def _north(x: float, y: float) -> float:
    metres = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    metres += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    metres += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return metres + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _east(x: float, y: float) -> float:
    metres = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    metres += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    metres += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return metres + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0


def to_wgs84(lng: float, lat: float) -> tuple[float, float]:
    """The way back, by approaching: the shift changes by centimetres within the distance it shifts.

    >>> [round(value, 6) for value in to_wgs84(*to_gcj02(121.5272106, 31.1774276))]
    [121.527211, 31.177428]
    """
    guess = (lng, lat)
    for _step in range(4):
        there = to_gcj02(*guess)
        guess = (guess[0] + lng - there[0], guess[1] + lat - there[1])
    return guess
