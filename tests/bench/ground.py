"""What the benchmarks share: a fresh migrated database, a city to fill it with, and honest printing."""

import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

PARTS = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")


@contextmanager
def fresh_database() -> Iterator[str]:
    """An empty, migrated database beside the configured one, removed afterwards. Yields its vendor."""
    import django

    django.setup()
    from django.db import connection

    # A file even on SQLite: the in-memory database would flatter every number.
    if connection.vendor == "sqlite":
        from django.conf import settings

        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA / f"bench-{os.getpid()}.sqlite3")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield connection.vendor
    finally:
        _send_others_away(connection)
        connection.creation.destroy_test_db(name, verbosity=0)


def _send_others_away(connection: Any) -> None:
    """Threads of a server that was measured may still hold a session, and PostgreSQL would not drop the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def timed(act: Callable[[], Any], times: int = 5) -> list[float]:
    """Seconds of each of `times` runs, after one that is not counted."""
    act()
    return [seconds(act) for _ in range(times)]


def seconds(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def milliseconds(runs: list[float]) -> str:
    ordered = sorted(runs)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"median {statistics.median(runs) * 1000:.1f} ms, p95 {high * 1000:.1f} ms, n={len(runs)}"


def spread(runs: list[float]) -> str:
    ordered = sorted(runs)
    parts = [(name, ordered[min(len(ordered) - 1, int(len(ordered) * part))]) for name, part in PARTS]
    return ", ".join(f"{name} {value * 1000:.1f} ms" for name, value in parts) + f", n={len(runs)}"


def say(line: str) -> None:
    print(f"   {line}", flush=True)


def memory() -> float:
    """Megabytes this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}"


def fill_subjects(count: int, communities: int = 10) -> None:
    """`count` employers spread over 3 districts, 10 `communities` of each and 20 grids of each of these, each with one
    coverage span.

    Written by the database itself, since a million rows through the ORM would take minutes.
    """
    from django.db import connection

    from grid.territory.models import Area

    fill_areas(Area, communities)
    series = (
        "SELECT generate_series(1, %s) AS n"
        if connection.vendor == "postgresql"
        else "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s) SELECT n FROM s"
    )
    pad = "lpad(({0})::text, {1}, '0')" if connection.vendor == "postgresql" else "printf('%%0{1}d', {0})"
    area = (
        "'15030' || (2 + n %% 3) || '001' || "
        + pad.format(f"1 + (n / 3) %% {communities}", 3)
        + " || "
        + pad.format(f"1 + (n / {3 * communities}) %% 20", 3)
    )
    states = "CASE n %% 5 WHEN 0 THEN 'not_sent' WHEN 1 THEN 'to_check' WHEN 2 THEN 'compliant' WHEN 3 THEN 'found' ELSE 'refused' END"  # noqa: E501
    # Every subject of a grid has the same remainder by 30: kinds and states are mixed within one by what is left.
    kinds = "CASE n / 600 %% 7 WHEN 0 THEN 'enterprise' WHEN 1 THEN 'sole_trader' WHEN 2 THEN 'sole_trader_employing' WHEN 3 THEN 'construction_site' WHEN 4 THEN 'announcement_point' ELSE 'resident' END"  # noqa: E501
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO grid_subject (id, kind, name, match_name, legacy_code, standing, address, industry, area,"
            " placement, placement_why, is_sample, added_at, full_name, initials)"
            f" SELECT n, {kinds}, 'S' || n, 'S' || n, {pad.format('n', 15)}, 'active', '', '', {area}, 'text', '',"
            f" {'true' if connection.vendor == 'postgresql' else 1}, '2026-01-01', '', ''"
            f" FROM ({series}) AS numbers",
            [count],
        )
        cursor.execute(
            "INSERT INTO tasks_span (subject_id, area, kind, state, since, at)"
            f" SELECT n, {area}, {kinds}, {states}, '2026-01-01', '2026-01-01' FROM ({series}) AS numbers",
            [count],
        )
        cursor.execute("ANALYZE")


def fill_areas(area_model: Any, communities: int = 10) -> None:
    since = "2020-01-01"
    rows = [("1503", 1, "乌海市", None)]
    for d in (2, 3, 4):
        district, street = f"15030{d}", f"15030{d}001"
        rows += [(district, 2, f"第{d}区", "1503"), (street, 3, f"第{d}街道", district)]
        for c in range(1, communities + 1):
            community = f"{street}{c:03d}"
            rows.append((community, 4, f"第{c}社区", street))
            rows += [(f"{community}{g:03d}", 5, f"第{g}网格", community) for g in range(1, 21)]
    area_model.objects.bulk_create(
        area_model(
            code=code,
            level=level,
            kind="示例",
            name=name,
            short_name=name,
            parent_id=parent,
            valid_from=since,
        )
        for code, level, name, parent in rows
    )
