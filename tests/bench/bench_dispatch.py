"""Dispatch of 100,000 check tasks, planned and explained, beside the engine starting a process for each.

Aim: 9,000 check tasks a second on PostgreSQL, with plan, ledger, coverage and feed numbers inside.
"""

import os
from datetime import date
from typing import Any

from tests.bench import ground

TASKS = int(os.environ.get("TASKS", "100000"))
STARTS = int(os.environ.get("STARTS", "1000"))


def fill_workers(per_grid: int = 1) -> Any:
    """A worker's posting for every grid, and the city's office; returns the office's person."""
    from grid.scope import Role
    from grid.territory.models import Area, Level, Person, Posting

    grids = list(Area.objects.filter(level=Level.GRID).values_list("code", flat=True))
    people = Person.objects.bulk_create(
        Person(username=f"w{n}", full_name=f"示例员{n}") for n in range(len(grids) * per_grid)
    )
    since = date(2020, 1, 1)
    Posting.objects.bulk_create(
        Posting(person=person, role=Role.WORKER, area_id=grids[n % len(grids)], valid_from=since)
        for n, person in enumerate(people)
    )
    office = Person.objects.create(username="office", full_name="示例市办")
    Posting.objects.create(person=office, role=Role.CITY, area_id="1503", valid_from=since)
    return office


def make_round(office: Any) -> Any:
    from grid.calendar.now import now
    from tasks.rounds.models import Round, RoundState

    return Round.objects.create(
        code="LC-BENCH", title="示例轮次", area="1503", due_on=date(2026, 12, 31), per_worker=TASKS // 500,
        state=RoundState.DISPATCHING, planned_by=office, planned_at=now(),
    )  # fmt: skip


def main() -> None:
    with ground.fresh_database() as vendor:
        from grid.calendar.now import today
        from grid.ledger.models import Entry
        from grid.territory.queries import actor_of
        from tasks.doors.models import CheckTask
        from tasks.rounds.dispatch import send_out
        from tasks.rounds.queries.drafting import draft

        ground.fill_subjects(TASKS)
        office = fill_workers()
        round = make_round(office)
        ground.say(f"{vendor}, {ground.machine()}; {TASKS:,} subjects, 600 grids with a worker each")
        planning = ground.seconds(lambda: draft(round, today()))
        ground.say(f"dry run: {planning:.2f} s ({TASKS / planning:,.0f} explained choices/s)")
        took = ground.seconds(lambda: send_out(round.pk, by=actor_of(office)))
        written, told = CheckTask.objects.count(), Entry.objects.count()
        assert (written, told) == (TASKS, TASKS + 1), (written, told)
        ground.say(
            f"dispatch, planned, explained, entered in the ledger: {took:.2f} s, {TASKS / took:,.0f} tasks/s (aim 9,000)"
        )
        one = engine_starts() / STARTS
        ground.say(
            f"viewflow, one start each ({STARTS:,} extrapolated): {one * TASKS:.0f} s, {1 / one:,.0f}/s"
        )
        ground.say(f"ratio: {one * TASKS / took:.1f}x")


def engine_starts() -> float:
    """Seconds the engine alone takes for STARTS processes, with neither plan nor ledger nor coverage."""
    from workflows.flows import CaseFlow

    start = CaseFlow.instance.node("start")
    start.run()
    return ground.seconds(lambda: [start.run() for _ in range(STARTS)])


if __name__ == "__main__":
    main()
