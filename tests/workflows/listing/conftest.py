"""Entries on the public list that may be repaired: on a ground whose period is longer than the shortest."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from grid.calendar.now import now
from grid.subjects.models import Subject
from tasks.doors.models import TaskState
from tasks.findings.models import Finding, FindingState
from tasks.visits.models import Outcome, Route, Visit
from tests import forward
from tests.remembered import MEMORY
from tests.workflows.conftest import Walk, case_at, grounds, make_case, make_finding, paper, walk
from workflows.cases.models import Case, CaseState
from workflows.listing import actions as listings
from workflows.listing.actions.proving import Document, file_proof
from workflows.listing.models import Ground, Listing
from workflows.listing.models.appeals import Repair
from workflows.sanctions.actions.loading import load_shipped_sanctions
from workflows.sanctions.models import Sanction

__all__ = ["case_at", "grounds", "make_case", "make_finding", "walk"]


@pytest.fixture
def measures(db: None) -> dict[str, Sanction]:
    with MEMORY.noted("measures"):
        load_shipped_sanctions()
    return {sanction.code: sanction for sanction in Sanction.objects.all()}


@pytest.fixture
def listed(
    make_case: Callable[..., Case], walk: Walk, cast: Any, grounds: dict[str, Ground]
) -> Callable[..., Listing]:
    """A public entry for three years (5-2, on facts the inspector found), decided the whole way."""

    def make(subject: Subject | None = None, state: str = CaseState.PUBLISHED) -> Listing:
        case = walk.to(make_case(subject), CaseState.PENALISED)
        found = {"persons": 25, "gain": "30000"}
        facts = "伪造劳动关系为25人办理参保,经办人身份证11010519491231002X"
        ground, by = grounds["5-2"], cast.by.zhou
        of = Document(
            "judgment", "（2026）内0302刑初1号", case.opened_at.date(), "乌海市海勃湾区人民法院", (paper(),)
        )
        MEMORY.take(lambda: file_proof(case, of, by=by), "proof", case)
        MEMORY.take(
            lambda: listings.propose_listing(case, ground, facts, circumstances=found, by=by), "5-2", case
        )
        walk.to(case, state)
        return Listing.objects.select_related("case", "subject", "ground").get(case=case)

    return make


@pytest.fixture
def go_to(walk: Walk) -> Callable[[date], None]:
    """Moves the clock to noon of a day; it goes back when the test ends."""
    return forward.go_to


@pytest.fixture
def look(cast: Any) -> Callable[..., Finding]:
    """The worker was at the door a repair waits for, and the reviewer confirmed what was seen."""

    def make(repair: Repair, measures: list[dict[str, str]] | None = None) -> Finding:
        task = repair.task
        assert task is not None
        task.state = TaskState.DONE
        task.save(update_fields=["state"])
        visit = Visit.objects.create(
            client_id=(number := uuid4()),
            code=f"V{number.hex[:12]}",
            task=task,
            subject=task.subject,
            area=task.area,
            person=cast.wang,
            posting=cast.post.wang,
            outcome=Outcome.DONE,
            answers={"operating": "yes", "employees": 12, "insured_seen": 12},
            form="employer",
            form_version="1",
            recorded_at=now(),
            received_at=now(),
            route=Route.NORMAL,
            hash="0" * 64,
        )
        return Finding.objects.create(
            visit=visit,
            subject=task.subject,
            area=task.area,
            measures=measures or [],
            recorded_by=cast.wang,
            made_at=now(),
            state=FindingState.CONFIRMED,
            reviewed_by=cast.zhao,
            reviewed_at=now(),
        )

    return make
