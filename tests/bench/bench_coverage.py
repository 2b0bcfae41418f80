"""Coverage of a city of 1,000,000 subjects. Aim: 300 ms."""

import os

from tests.bench import ground

SUBJECTS = int(os.environ.get("SUBJECTS", "1000000"))


def main() -> None:
    with ground.fresh_database() as vendor:
        from grid.calendar.now import today
        from grid.scope import Actor, machine
        from grid.subjects.models import Sort
        from grid.territory.models import Area
        from tasks.coverage.queries import account_of, grid_shades, names_below

        took = ground.seconds(lambda: ground.fill_subjects(SUBJECTS))
        ground.say(f"{vendor}, {ground.machine()}; {SUBJECTS:,} subjects in 600 grids filled in {took:.0f} s")
        viewer = machine("bench")

        def figures(viewer: Actor, area: Area) -> None:
            """Whatever the page of an area shows."""
            account = account_of(viewer, area, today())
            account.whole(), account.sorts(), account.whole(Sort.UNITS)
            account.parts(names_below(area), Sort.UNITS), grid_shades(viewer, account, Sort.UNITS)

        for code, what in (
            ("1503", "the city by district"),
            ("150302", "a district"),
            ("150302001001", "a community"),
        ):
            area = Area.objects.get(pk=code)
            total = account_of(viewer, area, today()).whole().total
            runs = ground.timed(lambda area=area: figures(viewer, area))
            ground.say(f"{what}: {total:,} subjects, {ground.milliseconds(runs)} (aim 300 ms)")


if __name__ == "__main__":
    main()
