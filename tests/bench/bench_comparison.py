"""Registers of 200,000 units compared, and compared again with nothing changed; beside one join that finds as many.

The join asks the database for the pairs of lines with more heads taxed than insured, and nothing else: no law, no
reasons, no leads. Both run on one database within one run; the ratio is of their seconds.
"""

import os
from datetime import date
from typing import Any

from tests.bench import ground

UNITS = int(os.environ.get("UNITS", "200000"))
BATCH = 2000
CITY, DAY = "1503", date(2026, 1, 31)
EVERY = 20  # of so many units one is not insured at all, and one for fewer heads than are taxed


def main() -> None:
    with ground.fresh_database() as vendor:
        from grid.calendar.now import today
        from grid.scope import machine
        from tasks.comparison.actions import run_comparison

        took = ground.seconds(fill)
        ground.say(
            f"{vendor}, {ground.machine()}; {UNITS:,} units with two lines each, filled in {took:.0f} s"
        )
        before = ground.memory()
        runs = []
        for what in ("all new", "nothing changed"):
            reports: list[Any] = []
            seconds = ground.seconds(
                lambda reports=reports: reports.append(
                    run_comparison(CITY, by=machine("bench"), as_of=today())
                )
            )
            (report,) = reports
            runs.append(seconds)
            ground.say(
                f"{what}: {report.compared / seconds:,.0f} units/s, {report.found:,} found, {report.kept:,} kept;"
                f" memory {before:,.0f} MB before, {ground.memory():,.0f} MB at most"
            )
        joined = ground.timed(join)
        one = sorted(joined)[len(joined) // 2]
        ground.say(
            f"one join: {ground.milliseconds(joined)}; all new takes {runs[0] / one:,.0f}x, again {runs[1] / one:,.0f}x"
        )


def fill() -> None:
    from django.core.management import call_command

    from grid.calendar.now import now
    from grid.ledger.bulk import insert_models
    from grid.registers.models import Delivery, DeliveryState, Row
    from grid.subjects.models import Subject

    call_command("load_law", verbosity=0)
    ground.fill_subjects(UNITS)
    deliveries = {
        register: Delivery.objects.create(
            register=register, area=CITY, file_name=f"{register}.csv", sha256="0" * 64, as_of=DAY,
            delivered_at=now(), state=DeliveryState.DONE,
        )
        for register in ("social", "tax")
    }  # fmt: skip
    areas = Subject.objects.order_by("pk").values_list("pk", "area").iterator(BATCH)
    rows: list[Row] = []
    for pk, area in areas:
        for register, data in lines_of(pk).items():
            rows.append(
                Row(
                    register=register, subject_id=pk, area=area, delivery=deliveries[register], line=pk, data=data,
                    hash=f"{register}{pk}", since=DAY,
                )
            )  # fmt: skip
        if len(rows) >= BATCH:
            insert_models(rows)
            rows = []
    insert_models(rows)


def lines_of(number: int) -> dict[str, dict[str, Any]]:
    taxed = {"tax": {"period": "2026-01", "heads": 12}}
    if number % EVERY == 0:
        return taxed
    heads = 6 if number % EVERY == 1 else 12
    return taxed | {"social": {"period": "2026-01", "status": "参保缴费", "insured": heads}}


def join() -> int:
    from django.db import connection

    number = (
        "(t.data->>'heads')::int" if connection.vendor == "postgresql" else "json_extract(t.data, '$.heads')"
    )
    held = number.replace("t.data", "s.data").replace("heads", "insured")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM grid_row t LEFT JOIN grid_row s"
            " ON s.subject_id = t.subject_id AND s.register = 'social' AND s.until IS NULL"
            f" WHERE t.register = 'tax' AND t.until IS NULL AND {number} > COALESCE({held}, 0)"
        )
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
