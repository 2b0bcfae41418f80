"""Asking a map where an address is. Off unless GEOCODER says otherwise (docs/environment.md): whatever is asked of a map
service leaves the house. Asked are addresses of units only, never of persons; each once, with a pause between."""

import csv
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import now
from grid.placing.followers import Position
from grid.placing.models import Geocoded
from grid.placing.rules import clean_address
from grid.texts import Text

log = logging.getLogger(__name__)
TIMEOUT_SECONDS: Final = 10
MOST_A_PASS: Final = 2_000  # addresses asked of a service in one reading of a pool
TIANDITU: Final = "https://api.tianditu.gov.cn/geocoder"


class Unreachable(Exception):
    """The service gave no answer one can rely on: it is asked again another time."""


class Provider(Protocol):
    """A map that may know where an address is. `pause`: seconds between two questions."""

    name: str
    title: Text
    pause: float

    def look_up(self, address: str) -> Position | None: ...


class FromFile:
    """A table of addresses and positions (address, lng, lat), as a survey office hands it out: nothing leaves the house."""

    name = "file"
    title: Text = _("坐标文件")
    pause = 0.0

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8-sig", newline="") as file:
            self._known = {
                clean_address(row["address"]): Position(float(row["lng"]), float(row["lat"]))
                for row in csv.DictReader(file)
            }

    def look_up(self, address: str) -> Position | None:
        return self._known.get(clean_address(address))


class Tianditu:
    """国家地理信息公共服务平台 天地图, with the key of an account of the office; answers in CGCS2000, which is WGS-84 to
    within a hand's breadth."""

    name = "tianditu"
    title: Text = _("天地图")

    def __init__(self, key: str, per_second: int) -> None:
        self._key, self.pause = key, 1 / max(per_second, 1)

    def look_up(self, address: str) -> Position | None:
        asked = {"ds": json.dumps({"keyWord": address}, ensure_ascii=False), "tk": self._key}
        try:
            with urlopen(f"{TIANDITU}?{urlencode(asked)}", timeout=TIMEOUT_SECONDS) as heard:
                return read_answer(heard.read(64_000))
        except (URLError, OSError) as error:
            raise Unreachable(str(error)) from error


def read_answer(body: bytes) -> Position | None:
    """Of 天地图: the position, or None where it knows none. Raises Unreachable.

    >>> read_answer(b'{"status":"0","location":{"lon":"106.82","lat":"39.67"}}')
    Position(lng=106.82, lat=39.67)
    >>> read_answer(b'{"status":"101","msg":"none"}') is None
    True
    """
    try:
        answer = json.loads(body)
        if str(answer["status"]) != "0" or "location" not in answer:
            return None
        place = answer["location"]
        return Position(float(place["lon"]), float(place["lat"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Unreachable("the answer cannot be read") from error


@dataclass
class Geocoder:
    """A provider behind what it answered before: placing only looks up, asking is a step of its own, outside any
    transaction, since a service takes its time."""

    provider: Provider
    sleep: Callable[[float], None] = time.sleep

    @property
    def title(self) -> Text:
        return self.provider.title

    def find(self, address: str) -> Position | None:
        """What it answered of this address; None where it was not asked yet, or knew none. One query."""
        rows = Geocoded.objects.filter(provider=self.provider.name, fingerprint=fingerprint_of(address))
        lng, lat = rows.values_list("lng", "lat").first() or (None, None)
        return None if lng is None or lat is None else Position(lng, lat)

    def ask(self, addresses: Iterable[str]) -> int:
        """Asks what was not asked before and keeps the answers; answers how many. Gives up at the first silence."""
        wanted = {fingerprint_of(address): address for address in addresses}
        known = Geocoded.objects.filter(provider=self.provider.name, fingerprint__in=list(wanted))
        for mark in known.values_list("fingerprint", flat=True):
            wanted.pop(mark)
        asked = 0
        for mark, address in list(wanted.items())[:MOST_A_PASS]:
            try:
                found = self.provider.look_up(address)
            except Unreachable as silence:
                log.warning("the geocoder does not answer: %s", silence)
                break
            lng, lat = found or (None, None)
            Geocoded.objects.get_or_create(
                provider=self.provider.name, fingerprint=mark, defaults={"lng": lng, "lat": lat, "at": now()}
            )
            asked += 1
            self.sleep(self.provider.pause)
        return asked


def fingerprint_of(address: str) -> str:
    return hashlib.sha256(clean_address(address).encode()).hexdigest()


def geocoder() -> Geocoder | None:
    """The one that is switched on; None, as a rule."""
    if FromFile.name == settings.GEOCODER:
        return Geocoder(FromFile(Path(settings.GEOCODER_FILE)))
    if Tianditu.name == settings.GEOCODER:
        return Geocoder(Tianditu(settings.GEOCODER_KEY, settings.GEOCODER_PER_SECOND))
    return None
