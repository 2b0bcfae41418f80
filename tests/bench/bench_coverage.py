"""Coverage of a city of 1,000,000 subjects. Aim: 300 ms."""

import os

from tests.bench import ground

SUBJECTS = int(os.environ.get("SUBJECTS", "1000000"))


def main() -> None:
    with ground.fresh_database() as vendor:
        from grid.calendar.now import today
        from grid.scope import machine
        from grid.territory.models import Area
        from tasks.coverage.queries import coverage

        took = ground.seconds(lambda: ground.fill_subjects(SUBJECTS))
        ground.say(f"{vendor}, {ground.machine()}; {SUBJECTS:,} subjects in 600 grids filled in {took:.0f} s")
        viewer = machine("bench")
        for code, what in (
            ("1503", "the city by district"),
            ("150302", "a district"),
            ("150302001001", "a community"),
        ):
            area = Area.objects.get(pk=code)
            whole, _ = coverage(viewer, area, today())
            runs = ground.timed(lambda area=area: coverage(viewer, area, today()))
            ground.say(f"{what}: {whole.total:,} subjects, {ground.milliseconds(runs)} (aim 300 ms)")


if __name__ == "__main__":
    main()
