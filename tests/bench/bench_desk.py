"""What the desk's acts on many at once take, in a city of 30,000 subjects, 900 people and 1,020 grids.

Each line is one act as a person orders it: whatever takes more than two seconds of a processor must not run inside a
web request (see docs/decisions/0056). Processor time is told beside wall time, because a busy machine lengthens only the second.
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.bench import ground

SUBJECTS = int(os.environ.get("SUBJECTS", "30000"))
PEOPLE = int(os.environ.get("PEOPLE", "900"))
COMMUNITIES, GRIDS = 17, 20  # of each of three districts, of each community
LIMIT = 2.0


def main() -> None:
    with ground.fresh_database() as vendor, tempfile.TemporaryDirectory() as folder:
        ground.say(f"{vendor}, {ground.machine()}, load {os.getloadavg()[0]:.1f}; {SUBJECTS:,} subjects")
        by = prepare()
        for name, act in (
            *placing(by, Path(folder)),
            *people(by, Path(folder)),
            *areas(by, Path(folder)),
            *year(by),
        ):
            measure(name, act)


def measure(name: str, act: Callable[[], Any]) -> None:
    from django.db import transaction

    wall, cpu = time.perf_counter(), time.process_time()
    with transaction.atomic():
        act()
        transaction.set_rollback(True)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    ground.say(f"{'!!' if cpu > LIMIT else '  '} {name}: {cpu:.2f} s of a processor, {wall:.2f} s")


def prepare() -> Any:
    from django.core.management import call_command

    from grid.scope import Role
    from grid.subjects.models import Placement, Subject
    from grid.territory.models import Person, Posting
    from grid.territory.queries import actor_of

    call_command("load_law", verbosity=0)
    ground.fill_subjects(SUBJECTS, COMMUNITIES)
    # All of them wait, each at one of a thousand addresses that somebody will explain.
    waiting = list(Subject.objects.all())
    for subject in waiting:
        subject.address = f"第{subject.area[5]}区凤凰岭西街北{subject.pk % 1000}街坊{subject.pk % 7}号"
        subject.area, subject.placement = subject.area[:6], Placement.UNPLACED
    Subject.objects.bulk_update(waiting, ["address", "area", "placement"], batch_size=1000)
    person = Person.objects.create(username="desk", full_name="示例", home="1503")
    for role in (Role.CITY, Role.PERSONNEL):
        Posting.objects.create(person=person, role=role, area_id="1503", valid_from=date(2026, 1, 1))
    return actor_of(person)


def placing(by: Any, folder: Path) -> Any:
    from grid.placing import actions
    from grid.placing.bulk import actions as bulk
    from grid.placing.bulk import queries
    from grid.placing.bulk.actions import tables
    from grid.subjects.models import Subject

    grid = "150302001001001"
    inside = list(Subject.objects.filter(area="150302").order_by("pk").values_list("pk", flat=True))

    def chosen(many: int) -> dict[str, str]:
        return {group.key: f"{group.district}001001001" for group in queries.groups_of(by, "")[:many]}

    def table(lines: int) -> Path:
        path = folder / f"table-{lines}.csv"
        rows = "\n".join(f"{pk},{grid}" for pk in inside[:lines])
        path.write_text(f"编号,归入网格\n{rows}\n", encoding="utf-8")
        return path

    def again() -> None:
        from grid.subjects.models import Alias

        at, taught = "2026-01-01T00:00Z", {"taught_by_id": by.person_id, "taught_from_id": inside[0]}
        aliases = [
            Alias(
                district=f"15030{d}", pattern=f"凤凰岭西街北{n}街坊", grid=f"15030{d}001001001",
                community=f"15030{d}001001", taught_at=at, **taught,
            )
            for d in (2, 3, 4)
            for n in range(1000)
        ]  # fmt: skip
        Alias.objects.bulk_create(aliases)
        actions.replace_pool(actions.order_replacing("1503", by=by), by=by)
        print("      placed", Subject.objects.exclude(placement="unplaced").count())

    yield "the whole pool read again by its job, all of it placed", again
    yield "the page of groups", lambda: queries.groups_of(by, "")
    yield "50 groups explained", lambda: bulk.place_groups(chosen(50), "", by=by)
    for many in (50, 1000, 5000):
        yield f"{many} ticked", lambda many=many: bulk.place_many(inside[:many], grid, by=by)
    for lines in (1000, 5000, 10_000):
        path = table(lines)
        yield f"a table of {lines}", lambda path=path: tables.place_table(path, path.name, by=by)
    yield "one by hand", lambda: actions.place_subject(Subject.objects.get(pk=inside[0]), grid, by=by)


def people(by: Any, folder: Path) -> Any:
    from grid.accounts.actions import give_first_codes
    from grid.calendar.now import today
    from grid.people.actions import end_posts, enter_people
    from grid.people.queries.judging import judge
    from grid.people.reading import read_people
    from grid.territory.models import Person, Posting

    def listed(many: int) -> Path:
        path = folder / f"people-{many}.csv"
        lines = [f"示例{n},p{n:05d},网格员,{grid_of(n)},2026-01-01" for n in range(many)]
        path.write_text("姓名,登录名,岗位,区划代码,起始日\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return path

    for many in (PEOPLE, 3000):
        path = listed(many)
        yield f"a list of {many} people shown", lambda path=path: judge(read_people(path, path.name), by)
        yield (
            f"a list of {many} people taken",
            lambda path=path: enter_people(read_people(path, path.name), path.name, by=by),
        )

    def codes() -> None:
        enter_people(read_people(listed(PEOPLE), "people.csv"), "people.csv", by=by)
        pks = list(Person.objects.filter(username__startswith="p0").values_list("pk", flat=True))
        measure_inside("   of which the codes", lambda: give_first_codes(pks, reason="示例", by=by))
        posts = list(Posting.objects.filter(person__in=pks[:200]).select_related("person", "area"))
        measure_inside(
            "   of which 200 posts ended", lambda: end_posts(posts, last_day=today(), reason="示例", by=by)
        )

    yield f"a list of {PEOPLE} taken, codes for all, 200 posts ended", codes


def measure_inside(name: str, act: Callable[[], Any]) -> None:
    cpu = time.process_time()
    act()
    ground.say(f"{name}: {time.process_time() - cpu:.2f} s of a processor")


def grid_of(number: int) -> str:
    return f"15030{2 + number % 3}001{1 + number // 3 % COMMUNITIES:03d}{1 + number // 60 % GRIDS:03d}"


def areas(by: Any, folder: Path) -> Any:
    import json

    from grid.offices.actions import import_bodies
    from grid.recut.actions import Part, recut_grid
    from grid.territory.divisions import actions as divisions
    from grid.territory.grids import actions
    from grid.territory.grids.rules import planning
    from grid.territory.models import Area

    plain, drawn, edition = folder / "grids.csv", folder / "grids.geojson", folder / "divisions.csv"
    codes = [f"15030{2 + n % 3}001{1 + n // 3 % COMMUNITIES:03d}" for n in range(1000)]
    lines = "\n".join(f",{code},新网格{n},300" for n, code in enumerate(codes))
    plain.write_text(f"网格代码,社区代码,网格名称,户数\n{lines}\n", encoding="utf-8")
    features = [
        {
            "type": "Feature",
            "properties": {"社区代码": code, "网格名称": f"新网格{n}"},
            "geometry": {"type": "Polygon", "coordinates": [square(n)]},
        }
        for n, code in enumerate(codes)
    ]
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    more = "\n".join(f"15030{2 + n % 3}001{100 + n // 3:03d},新社区{n},新社区{n},城市" for n in range(1000))
    edition.write_text(f"代码,名称,简称,类型\n{more}\n", encoding="utf-8")

    def taken(path: Path) -> None:
        file = actions.keep_grids_file(path, path.name, "1503", datum="wgs84", by=by)
        measure_inside(
            "   of which the preview", lambda: print("     ", planning.counted(actions.planned(file)))
        )
        measure_inside("   of which taking it", lambda: actions.take_grids_file(file, by=by))

    def edited() -> None:
        file = divisions.keep_divisions_file(edition, edition.name, "1503", by=by)
        divisions.take_divisions_file(file, by=by)
        measure_inside("   of which one grid for each", lambda: actions.start_grids("1503", by=by))

    def recut() -> None:
        from grid.subjects.models import Subject

        grid = "150302001001001"
        Subject.objects.filter(area="150302").update(area=grid, placement="hand")
        old = Area.objects.get(pk=grid)
        recut_grid(old, [Part(name="合并后", kind="基础网格")], reason="示例", by=by)

    yield "1,000 grids by a table", lambda: taken(plain)
    yield "1,000 grids by outlines", lambda: taken(drawn)
    yield "1,000 communities, and a grid for each", edited
    yield "a grid of 10,000 subjects re-cut", recut
    offices = "\n".join(f"15030{2 + n % 3},法院,法院{n},2026-01-01" for n in range(1000))
    head = "区划,种类,全称,起\n"
    yield (
        "1,000 lines of offices",
        lambda: refused(lambda: import_bodies("机关.csv", (head + offices).encode(), by=by)),
    )


def refused(act: Callable[[], Any]) -> None:
    from grid.problems import Problem

    try:
        act()
    except Problem as problem:
        print("     ", problem.code)


def square(number: int) -> list[list[float]]:
    left, low = 106.5 + number % 40 * 0.01, 39.3 + number // 40 * 0.01
    return [[left, low], [left + 0.009, low], [left + 0.009, low + 0.009], [left, low + 0.009], [left, low]]


def year(by: Any) -> Any:
    from grid.calendar.now import today
    from workflows.assessment import actions
    from workflows.assessment.queries import checking

    this = (today() - timedelta(days=365)).year

    def computed() -> None:
        scheme = actions.open_scheme(this, "1503", by=by)
        measure_inside("   of which reckoning", lambda: actions.compute_scheme(scheme, "1503", by=by))
        measure_inside("   of which checking", lambda: checking.check_scheme(by, scheme))

    yield "a year's assessment reckoned and checked", computed


if __name__ == "__main__":
    main()
