"""Over random histories of placings, re-cuts and changes of streets the account and the open work balance: nobody's door
is lost, none is held twice, and each lies where its subject lies, with somebody who is posted there or near."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid import problems
from grid.calendar.now import today
from grid.placing.actions import place_subject
from grid.recut.actions import Part, recut_grid
from grid.recut.changes.actions import decide_change, draft_change
from grid.recut.changes.rules import FOUND, MERGE, TRANSFER, Asked
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Placement, Subject
from grid.territory.models import Area, Level, Posting
from grid.territory.queries import valid_on
from grid.territory.succession.queries import ground_now
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask
from tests.cast import GRID_1, GRID_2
from tests.doors import make_round, make_task

HERE, DOORS = "150302001002", 6
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["place", "cut", "merge grids", "merge", "transfer", "found"]),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def current(level: int) -> list[Area]:
    return list(
        Area.objects.filter(valid_on(today()), level=level, code__startswith="150302").order_by("code")
    )


def step(cast: Any, what: str, first: int, second: int) -> None:
    grids, communities, streets = current(Level.GRID), current(Level.COMMUNITY), current(Level.STREET)
    grid, other = grids[first % len(grids)], grids[second % len(grids)]
    community = communities[first % len(communities)]
    if what == "place":
        pool = Subject.objects.filter(placement=Placement.UNPLACED).order_by("pk").first()
        if pool is not None:
            place_subject(pool, grid.code, by=cast.by.qian)
    elif what == "cut":
        inside = list(Subject.objects.filter(area=grid.code).order_by("pk").values_list("pk", flat=True))
        halves = (frozenset(inside[: first % 3]), frozenset(inside[first % 3 :]))
        parts = [
            Part(name=f"{grid.name}{half}", subjects=pks) for half, pks in zip("甲乙", halves, strict=True)
        ]
        recut_grid(grid, parts, reason="调整", by=cast.by.qian)
    elif what == "merge grids":
        recut_grid(grid, [Part(code=other.code)], reason="调整", by=cast.by.qian)
    elif what == "merge":
        change(cast, Asked(MERGE, community.code, into=communities[second % len(communities)].code))
    elif what == "transfer":
        change(cast, Asked(TRANSFER, streets[second % len(streets)].code, areas=(community.code,)))
    else:
        name = f"新设{Area.objects.count()}街道"
        change(cast, Asked(FOUND, "150302", name=name, division="街道", areas=(community.code,)))


def change(cast: Any, asked: Asked) -> None:
    made = draft_change(asked, on=today(), reason="调整", document="海政发〔2026〕12号", by=cast.by.qian)
    assert made.rehearsal == decide_change(made, made.mark, by=cast.by.qian).result


@pytest.mark.once
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_is_lost_and_nothing_is_twice(cast: Any, make_employer: Any, steps: Any) -> None:
    with transaction.atomic():
        _play(cast, make_employer, steps)
        transaction.set_rollback(True)


def _play(cast: Any, make_employer: Any, steps: list[tuple[str, int, int]]) -> None:
    round = make_round(cast.qian)
    subjects = [make_employer(area=(GRID_1, GRID_2)[n % 2]) for n in range(DOORS)]
    pooled = [make_employer(area=HERE), make_employer(area="150302")]
    subjects_moved([Move(s.pk, "", s.area) for s in [*subjects, *pooled]], by=cast.by.qian)
    for subject in subjects:
        make_task(round, subject, cast.post.wang if subject.area == GRID_1 else cast.post.li)
    for what, first, second in steps:
        try:
            step(cast, what, first, second)
        except problems.Problem:
            continue  # refused whole: what follows is asked of the city as it was
    _balances(len(subjects) + len(pooled))


def _balances(many: int) -> None:
    where = dict(Subject.objects.values_list("pk", "area"))
    spans = list(Span.objects.filter(until=None).values_list("subject", "area"))
    assert len(spans) == many and dict(spans) == where
    alive = {area.code for level in Level for area in current(level)} | {"150302"}
    assert set(where.values()) <= alive
    tasks = list(CheckTask.objects.select_related("posting"))
    assert len(tasks) == len({task.subject_id for task in tasks}) == DOORS
    posted = {(p.person_id, p.area_id) for p in Posting.objects.filter(valid_on(today()))}
    for task in tasks:
        assert task.area == where[task.subject_id]
        assert any((task.posting.person_id, code) in posted for code in current_of(task.area))
    for grid in (GRID_1, GRID_2):
        assert set(ground_now(grid)) <= alive


def current_of(area: str) -> list[str]:
    """The grids of the door's community: whoever holds its door is posted to one of them."""
    return [grid.code for grid in current(Level.GRID) if grid.code.startswith(area[:12])]
