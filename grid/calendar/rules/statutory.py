"""The days everybody is off by regulation, of any year, also of one whose notice has not come. Pure.

全国年节及纪念日放假办法 第二条, in the version in force on the day (holidays.json). The yearly notice only moves days
around them: it makes weekends worked and gives days off for those that fall on a weekend (第六条), and those wait.

Where the moon and the sun decide, the day is read from lunar.csv (正月初一, 清明, 五月初五, 八月十五, by GB/T 33661 for
120° east). Two independent almanacs and a reckoning of the sun's place agree on it; to 2026 so do the notices. One day,
中秋 2089, hangs on a new moon minutes from midnight and follows the almanac that is nearer to GB/T 33661.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

# The holidays of the law as one of its versions has them.
Version = Mapping[str, Any]
DAY: Final = timedelta(days=1)
_HERE: Final = Path(__file__).parent.parent


def holiday_on(day: date) -> str:
    """The name of the statutory holiday a day belongs to, or nothing.

    >>> holiday_on(date(2027, 1, 1)), holiday_on(date(2027, 2, 5)), holiday_on(date(2024, 2, 9)), holiday_on(date(2027, 1, 4))
    ('元旦', '春节', '', '')
    """
    return _holidays(day.year).get(day, "")


def basis_on(day: date) -> str:
    """The regulation in force that day, by its number."""
    return str(_in_force(day)["basis"])


@cache
def _holidays(year: int) -> Mapping[date, str]:
    """Days of a year → name. 除夕 never falls before 20 January, so that no holiday crosses the year's end."""
    return {
        day: name
        for version in _versions()
        for day, name in _days(version, year)
        if _in_force(day) is version
    }


def _days(version: Version, year: int) -> Iterator[tuple[date, str]]:
    for holiday in version["days"]:
        first = _first(holiday["first"], year)
        if first is not None:
            first += holiday.get("after", 0) * DAY
            yield from ((first + n * DAY, holiday["name"]) for n in range(holiday["length"]))


def _first(said: str, year: int) -> date | None:
    """`said` is a month and day, or a column of the almanac; None in a year it does not reach."""
    almanac = _almanac().get(year)
    found = said if "-" in said else almanac and almanac[said]
    return date(year, *map(int, found.split("-"))) if found else None


def _in_force(day: date) -> Version:
    """The version in force that day; for a day before all versions, the first."""
    versions = _versions()
    return next(
        (version for version in reversed(versions) if version["from"] <= day.isoformat()), versions[0]
    )


@cache
def _versions() -> tuple[Version, ...]:
    return tuple(json.loads((_HERE / "holidays.json").read_text()))


@cache
def _almanac() -> Mapping[int, Mapping[str, str]]:
    with (_HERE / "lunar.csv").open(newline="") as file:
        return {int(row["year"]): row for row in csv.DictReader(file)}
