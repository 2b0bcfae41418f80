"""From a file of bytes to the lines of grids in it: a table (CSV, XLSX) or GeoJSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from grid import problems
from grid.confined import ReaderDied, Unreadable, read_confined
from grid.keeping import on_disk
from grid.outside import readable
from grid.sheet_rows import MEGABYTE
from grid.tables import problems as tables_problems
from grid.tables.reading import read_table, unread
from grid.tables.rules import Line as TableLine
from grid.tables.rules import header_key
from grid.territory import problems as territory_problems
from grid.territory.grids.reading.datum import GCJ02, WGS84
from grid.territory.rules import Outline
from grid.workbooks import SMALL

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("网格代码", "网格编码", "网格编号", "code"),
    "community": ("社区代码", "社区编码", "村社区代码", "社区村代码", "community"),
    "community_name": ("社区名称", "社区", "所属社区", "村社区", "社区村", "村社区名称", "community_name"),
    "name": ("网格名称", "名称", "name"),
    "households": ("户数", "居民户数", "家庭户数", "households"),
    "kind": ("类型", "网格类型", "kind"),
}  # fmt: skip
MOST_LINES: Final = 5_000
MOST_POINTS: Final = 20_000  # of one outline
LARGEST: Final = 10 * MEGABYTE
MEMORY: Final = 1024 * MEGABYTE
SECONDS: Final = 60
DATUMS: Final = (WGS84, GCJ02)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was handed in. `fault`: (code, reason) of what could not even be read."""

    number: int
    cells: dict[str, str]
    outline: Outline | None = None
    fault: tuple[str, str] | None = None
    notes: tuple[str, ...] = field(default=())

    def kept(self) -> dict[str, object]:
        return asdict(self)


def kept_line(kept: Mapping[str, Any]) -> Line:
    fault = kept["fault"]
    return Line(
        kept["number"], kept["cells"], kept["outline"], (fault[0], fault[1]) if fault else None,
        tuple(kept["notes"]),
    )  # fmt: skip


def is_geojson(path: Path) -> bool:
    """By its first sign: a table never begins with a brace."""
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_grids(path: Path, name: str, datum: str = "") -> list[Line]:
    """The lines of a file. `datum` of DATUMS: what a GeoJSON file's coordinates are; our own say it themselves.

    Raises EmptyFile, FileOversized, WrongEncoding, OutlinesUnreadable, OutlineWrong, ColumnsMissing; of tables what
    read_table raises.
    """
    found = list(_of_geojson(path, name, datum) if is_geojson(path) else _of_table(path, name))
    if not found:
        raise problems.EmptyFile(name=name)
    return found


# --- tables ---------------------------------------------------------------------------------------------


def key_of(header: str) -> str:
    """
    >>> key_of("社区（村）代码*"), key_of(" 户 数 ")
    ('社区代码', '户数')
    """
    return re.sub(r"[、/／]", "", header_key(header))


def fields_of(header: Sequence[str], columns: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Field → position, the first that bears one of its names."""
    names = {key_of(name): found for found, names in columns.items() for name in names}
    places: dict[str, int] = {}
    for at, cell in enumerate(header):
        if (found := names.get(key_of(cell))) is not None:
            places.setdefault(found, at)
    return places


def _of_table(path: Path, name: str) -> Iterator[Line]:
    header, lines = read_table(path, name, lambda cells: "name" in fields_of(cells, COLUMNS), SMALL)
    places = fields_of(header, COLUMNS)
    if lacking := missing(places):
        raise problems.ColumnsMissing(name=name, columns="、".join(lacking))
    for count, line in enumerate(lines):
        if count >= MOST_LINES:
            raise too_many(name)
        yield line_of(line, places)


def line_of(line: TableLine, places: Mapping[str, int]) -> Line:
    """A line of a table, or why it could not be read."""
    if wrong := unread(line):
        return Line(line.number, {}, fault=(wrong.code, wrong.detail))
    return Line(line.number, cells_at(line.cells, places))


def missing(places: Mapping[str, int]) -> list[str]:
    lacking = [] if "name" in places else ["网格名称"]
    return lacking if {"code", "community", "community_name"} & set(places) else [*lacking, "社区代码"]


def cells_at(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    return {
        found: readable(cells[at]).strip()[:200] for found, at in places.items() if at < len(cells) and cells[at].strip()
    }  # fmt: skip


def too_many(name: str) -> problems.FileOversized:
    return problems.FileOversized(name=name, why=_("超过 {most} 行").format(most=MOST_LINES))


# --- GeoJSON --------------------------------------------------------------------------------------------


def _of_geojson(path: Path, name: str, datum: str) -> Iterator[Line]:
    return map(_line, _features_of(path, name, datum))


def _features_of(path: Path, name: str, datum: str) -> Iterator[Mapping[str, Any]]:
    if path.stat().st_size > LARGEST:
        why = _("文件超过 {most} MB").format(most=LARGEST // MEGABYTE)
        raise problems.FileOversized(name=name, why=why)
    found = read_confined(
        "grid.territory.grids.reading.shapes:features", str(path), datum, str(MOST_LINES), str(MOST_POINTS),
        memory=MEMORY, seconds=SECONDS,
    )  # fmt: skip
    try:
        yield from found
    except ReaderDied as died:
        why = _("读取所需的内存或时间超出限度")
        raise problems.FileOversized(name=name, why=why) from died
    except Unreadable as refusal:
        raise _refusal(name, str(refusal)) from refusal


def read_outline(content: bytes, name: str, datum: str) -> Outline:
    """The one outline a person drew or pasted. Raises OutlineWrong, OutlinesUnreadable, FileOversized, WrongEncoding."""
    with on_disk([content]) as path:
        found = list(_features_of(path, name, datum))
    if len(found) != 1:
        raise territory_problems.OutlineWrong(why=_("应只有一个，这里有 {n} 个").format(n=len(found)))
    if fault := found[0].get("fault"):
        raise territory_problems.OutlineWrong(why=fault_words(*fault))
    outline: Outline = found[0]["outline"]
    return outline


def _line(feature: Mapping[str, Any]) -> Line:
    properties = feature["properties"]
    places = fields_of(list(properties), COLUMNS)
    cells = cells_at(list(properties.values()), places)
    fault = feature.get("fault")
    if fault and fault[0] == "none":
        return Line(feature["number"], cells, notes=(_("没有边界"),))
    if not fault:
        return Line(feature["number"], cells, feature["outline"])
    wrong = territory_problems.OutlineWrong(why=fault_words(*fault))
    return Line(feature["number"], cells, fault=(wrong.code, wrong.detail))


def _refusal(name: str, code: str) -> problems.Problem:
    if code == "encoding":
        return tables_problems.WrongEncoding(name=name)
    if code == "empty":
        return problems.EmptyFile(name=name)
    if code == "many":
        return too_many(name)
    if code == "projected":
        return territory_problems.OutlineWrong(
            why=_("用的是投影坐标，请在地图软件里导出为经纬度（EPSG:4326 或 4490）")
        )
    return territory_problems.OutlinesUnreadable(name=name)


def fault_words(code: str, where: str = "") -> str:
    """What an outline's fault means, for the person who drew it."""
    if code == "crossing":
        place = re.search(r"\[(-?[0-9.]+) (-?[0-9.]+)", where)
        at = _("（在经度 {lng}、纬度 {lat} 附近）").format(lng=place[1], lat=place[2]) if place else ""
        return _("自相交或自相重叠{at}").format(at=at)
    words = {
        "none": _("是空的"),
        "kind": _("不是多边形（{kind}）").format(kind=where),
        "empty": _("没有坐标，或坐标不是数字"),
        "points": _("的点超过 {most} 个，请先简化").format(most=MOST_POINTS),
        "corners": _("不足三个角，或面积为零"),
        "swapped": _("的经纬度颠倒，应先写经度"),
        "projected": _("不是经纬度（像是投影坐标）"),
        "abroad": _("不在我国范围内"),
        "datum": _("没有说明坐标系，须是 WGS84 或 GCJ02"),
    }
    return words.get(code, _("无法读出"))
