"""Open work follows the ground: doors, findings, rounds, cases, terms, targets. What the rehearsal says is what comes."""

from typing import Any

import pytest

from grid import problems
from grid.calendar.now import today
from grid.recut.actions import Part, recut_grid
from grid.recut.changes.actions import decide_change, draft_change
from grid.recut.changes.models import AreaChange
from grid.recut.changes.rules import MERGE, TRANSFER, Asked
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from grid.territory.models import Area, Level
from tasks.coverage.queries import account_of
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.rounds.models import RoundState
from tasks.rounds.queries.drafting import draft as drafted
from tests.cast import GRID_1, SINCE
from tests.doors import make_round, make_task
from workflows.cases.models import Case
from workflows.cases.queries import case_at
from workflows.clocks.models import Clock

HERE, PARK, NORTH = "150302001002", "150302001003", "150302002"
NEW_GRID = "150302002002001"


@pytest.fixture
def north(cast: Any) -> Area:
    return Area.objects.create(
        code=NORTH, level=Level.STREET, kind="街道", name="海北街道", short_name="海北", parent_id="150302",
        valid_from=SINCE,
    )  # fmt: skip


def change(cast: Any, asked: Asked) -> AreaChange:
    made = draft_change(asked, on=today(), reason="调整", document="海政发〔2026〕12号", by=cast.by.qian)
    return decide_change(made, made.mark, by=cast.by.qian)


@pytest.mark.once
def test_everything_open_goes_with_a_community(
    cast: Any, north: Area, make_employer: Any, make_finding: Any, make_case: Any
) -> None:
    found, case = make_finding(), make_case()
    round = make_round(cast.qian, area=HERE)
    door = make_task(round, make_employer(), cast.post.wang)
    make_employer(area=HERE)
    subjects_moved([Move(subject.pk, "", subject.area) for subject in Subject.objects.all()], by=cast.by.qian)
    district = Area.objects.get(pk="150302")
    before = account_of(cast.by.qian, district).whole().counts
    done = change(cast, Asked(TRANSFER, NORTH, areas=(HERE,)))
    touched = done.result["touched"]
    assert done.rehearsal == done.result and touched["subjects"] == touched["account"] == 4
    assert (touched["doors"], touched["doors_of_neighbours"], touched["rounds"]) == (1, 0, 1)
    assert (touched["findings"], touched["cases"]) == (1, 1)
    assert touched["terms"] == Clock.objects.filter(case=case, fired_at=None, stopped_at=None).count()
    assert account_of(cast.by.qian, district).whole().counts == before and sum(before.values()) == 4
    door.refresh_from_db()
    assert (door.area, door.posting.person, door.posting.area_id) == (NEW_GRID, cast.wang, NEW_GRID)
    round.refresh_from_db()
    assert round.area == "150302002002"
    assert Finding.objects.get(pk=found.pk).area == Case.objects.get(pk=case.pk).area == NEW_GRID
    assert case_at(cast.by.qian, case.code).area == NEW_GRID
    with pytest.raises(problems.NotHere):
        case_at(cast.by.sun, case.code)


@pytest.mark.once
def test_a_round_over_a_community_that_joined_another_stays_what_was_approved(
    cast: Any, make_employer: Any
) -> None:
    mine, pooled, theirs = make_employer(), make_employer(area=HERE), make_employer(area=f"{PARK}001")
    round = make_round(cast.qian, area=HERE, state=RoundState.APPROVED)
    open_door = make_task(make_round(cast.qian), make_employer(), cast.post.li)
    change(cast, Asked(MERGE, HERE, into=PARK))
    round.refresh_from_db()
    assert round.area == HERE
    plan = drafted(round, today())
    assert [door.candidate.subject for door in plan.assigned] == [mine.pk]
    assert open_door.subject_id in [door.candidate.subject for door in plan.left_over]
    assert Subject.objects.get(pk=pooled.pk).area == PARK and theirs.area == f"{PARK}001"
    # It was handed to li on purpose, and stays with her.
    assert CheckTask.objects.get().posting.person == cast.li


@pytest.mark.once
def test_a_grid_of_another_community_takes_a_grid_over(cast: Any, make_employer: Any) -> None:
    door = make_task(make_round(cast.qian), make_employer(), cast.post.wang)
    done = recut_grid(Area.objects.get(pk=GRID_1), [Part(code=f"{PARK}001")], reason="跨社区", by=cast.by.sun)
    door.refresh_from_db()
    assert (door.area, door.posting.person) == (f"{PARK}001", cast.wang)
    assert done.touched["doors"] == 1 and done.postings[0].area_id == f"{PARK}001"
