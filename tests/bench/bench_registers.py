"""A register of 200,000 lines: imported the first time, again with one line in fifty changed, and looked at beside a
bare insert of the same rows.

The bare insert writes what became rows, as text and numbers into a table of its own without any index but its key, in
batches of the same size. Both run on one database within one run; the ratio is of their rates.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench import ground

LINES = int(os.environ.get("LINES", "200000"))
BATCH = 2000
CITY, FIRST, SECOND = "1503", date(2026, 1, 31), date(2026, 2, 28)
HEADER = "统一社会信用代码,企业名称,住所,登记状态,成立日期,注册资本（万元）,营业期限至,法定代表人,联系电话"


def main() -> None:
    with ground.fresh_database() as vendor, tempfile.TemporaryDirectory() as folder:
        ground.say(
            f"{vendor}, {ground.machine()}, load {os.getloadavg()[0]:.1f}; {LINES:,} lines of 9 columns"
        )
        prepare()
        make_bare(vendor)
        first, second = Path(folder, "first.csv"), Path(folder, "second.csv")
        write(first, changed=0)
        write(second, changed=50)
        before = ground.memory()
        new = LINES / ground.seconds(lambda: take(first, FIRST))
        ground.say(
            f"import, all new: {new:,.0f} lines/s; memory {before:,.0f} MB before, {ground.memory():,.0f} MB at most"
        )
        again = LINES / ground.seconds(lambda: take(second, SECOND))
        ground.say(
            f"import, one line in fifty changed: {again:,.0f} lines/s; {ground.memory():,.0f} MB at most"
        )
        bare = LINES / ground.seconds(insert_bare)
        ground.say(
            f"bare insert of the same rows: {bare:,.0f} rows/s; ratio {new / bare:.3f} new, {again / bare:.3f} again"
        )


def prepare() -> None:
    from django.core.management import call_command

    from grid.territory.models import Area

    call_command("load_law", verbosity=0)
    ground.fill_areas(Area)


def write(path: Path, changed: int) -> None:
    """`changed`: every how manyth line has another capital; 0 for none."""
    from tests.cast import credit_code

    with path.open("w", encoding="utf8") as file:
        file.write(HEADER + "\n")
        for number in range(1, LINES + 1):
            capital = 200 if changed and number % changed == 0 else 100
            address = f"第{2 + number % 3}区第{1 + number % 10}社区{number}号"
            day, phone = f"2015-{1 + number % 12:02d}-01", f"1380000{number % 10000:04d}"
            name = f"乌海市示例{number}号商贸有限公司"
            told = (credit_code(number), name, address, "存续", day, capital, "长期", "张某", phone)
            file.write(",".join(map(str, told)) + "\n")


def take(path: Path, as_of: date) -> None:
    from grid.registers.actions import Meaning, import_delivery
    from grid.scope import machine

    taken = import_delivery(Meaning("market", CITY, as_of), path, by=machine("测量"))
    taken.refresh_from_db()
    assert (taken.lines, taken.refused) == (LINES, 0)


def make_bare(vendor: str) -> None:
    from django.db import connection

    key = "bigserial PRIMARY KEY" if vendor == "postgresql" else "integer PRIMARY KEY AUTOINCREMENT"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bench_bare (id {key}, register varchar(8), subject bigint, area varchar(15),"
            " line integer, data text, hash varchar(64), since date)"
        )


def insert_bare() -> None:
    from django.db import connection, transaction

    from grid.ledger.bulk import insert_rows

    columns = ("register", "subject", "area", "line", "data", "hash", "since")
    for start in range(0, LINES, BATCH):
        with transaction.atomic(), connection.cursor():
            insert_rows("bench_bare", columns, rows(start))


def rows(start: int) -> Iterator[tuple[Any, ...]]:
    for number in range(start + 1, min(start + BATCH, LINES) + 1):
        data = {
            "name": f"乌海市示例{number}号商贸有限公司", "credit_code": f"91150302{number:09d}X", "capital": "1000000",
            "address": f"第{2 + number % 3}区第{1 + number % 10}社区{number}号", "standing": "存续",
            "established_on": "2015-01-01",
        }  # fmt: skip
        told = json.dumps(data, ensure_ascii=False)
        yield "market", number, CITY, number, told, "0" * 64, FIRST.isoformat()


if __name__ == "__main__":
    main()
