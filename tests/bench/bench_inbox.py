"""The inbox in a city with 1,000,000 check tasks. Aim: 20 ms, flat as the tasks grow."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.bench import ground
from tests.bench.bench_dispatch import fill_workers

TASKS = int(os.environ.get("TASKS", "1000000"))
FINDINGS = int(os.environ.get("FINDINGS", "20000"))
CASES = int(os.environ.get("CASES", "10000"))


def main() -> None:
    with ground.fresh_database() as vendor:
        from grid.territory.queries import actor_of
        from project.inbox import inbox_of

        took = ground.seconds(lambda: fill(TASKS))
        ground.say(
            f"{vendor}, {ground.machine()}; {TASKS:,} check tasks, {FINDINGS:,} visits to review, {CASES:,} cases,"
            f" filled in {took:.0f} s"
        )
        for person, what in people():
            viewer = actor_of(person)
            count = len(inbox_of(viewer).items)
            runs = ground.timed(lambda viewer=viewer: inbox_of(viewer), 30)
            ground.say(f"{what}: {count} items, {ground.milliseconds(runs)} (aim 20 ms)")


def people() -> Iterator[tuple[Any, str]]:
    from grid.scope import Role
    from grid.territory.models import Person, Posting

    for role, area, what in (
        (Role.COMMUNITY, "150302001001", "a community's reviewer"),
        (Role.STREET, "150302001", "a street's supervisor"),
        (Role.DISTRICT, "150302", "a district's supervisor"),
        (Role.INSPECTOR, "150302", "an inspector"),
        (Role.CITY, "1503", "the city's office"),
    ):
        person = Person.objects.create(username=f"bench-{role}", full_name=what)
        Posting.objects.create(person=person, role=role, area_id=area, valid_from="2020-01-01")
        yield person, what


def fill(tasks: int) -> None:
    from django.db import connection

    ground.fill_subjects(tasks)
    office = fill_workers()
    round = _round(office)
    at, due = "2026-06-01 00:00:00+00:00", "2026-12-31"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tasks_checktask (round_id, subject_id, area, posting_id, state, why, form, due_on, question,"
            " question_fields, notices, feed, dispatched_at)"
            " SELECT %s, s.id, s.area, p.id, 'open', '全面摸排', 'employer', %s, '', '[]', 0, 1, %s"
            " FROM grid_subject s JOIN grid_posting p ON p.area_id = s.area",
            [round.pk, due, at],
        )
    _fill_cases(_fill_findings(office), office)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _round(office: Any) -> Any:
    from grid.calendar.now import now, today
    from tasks.rounds.models import Round, RoundState

    areas = ("1503", "150302", "150303", "150304", "150302001")
    states = (
        RoundState.WORKED,
        RoundState.DISTRICT_APPROVAL,
        RoundState.STREET_APPROVAL,
        RoundState.APPROVED,
    )
    return Round.objects.bulk_create(
        Round(
            code=f"LC-{n}", title="示例轮次", area=areas[n % 5], due_on=today() + timedelta(n % 90), per_worker=5000,
            state=states[n % 4], planned_by=office, planned_at=now(),
        )
        for n in range(200)
    )[0]  # fmt: skip


def _fill_findings(office: Any) -> list[Any]:
    """FINDINGS to review and one confirmed for each case."""
    from grid.calendar.now import now
    from grid.subjects.models import Subject
    from grid.territory.models import Posting
    from tasks.findings.models import Finding, FindingState
    from tasks.visits.models import Visit

    posting, at = Posting.objects.filter(person=office).get(), now()
    # A prime step, so that the findings spread over all grids.
    step = next(
        prime for prime in (31, 23, 13, 7, 1) if prime * (FINDINGS + CASES) <= max(TASKS, FINDINGS + CASES)
    )
    subjects = Subject.objects.order_by("pk").values_list("pk", "area")[::step][: FINDINGS + CASES]
    visits = Visit.objects.bulk_create(
        (
            Visit(
                client_id=uuid4(), code=f"V{n}", subject_id=pk, area=area, person=office, posting=posting, outcome="done",
                answers={}, form="employer", form_version="1", recorded_at=at, received_at=at, counts_at=at,
                route="normal", hash="",
            )
            for n, (pk, area) in enumerate(subjects)
        ),
        1_000,
    )  # fmt: skip
    return Finding.objects.bulk_create(
        (
            Finding(
                visit=visit, subject_id=visit.subject_id, area=visit.area, measures=[{"measure": "抓参保"}],
                state=FindingState.OPEN if n >= CASES else FindingState.CONFIRMED, recorded_by=office, made_at=at,
            )
            for n, visit in enumerate(visits)
        ),
        1_000,
    )[:CASES]  # fmt: skip


def _fill_cases(findings: list[Any], office: Any) -> None:
    from grid.calendar.now import now, today
    from grid.territory.models import Person
    from grid.territory.queries import actor_of
    from workflows.cases.models import Case
    from workflows.clocks.models import Clock
    from workflows.engine.procedures import open_procedures
    from workflows.flows import CaseFlow

    states = (
        "street_approval",
        "district_approval",
        "urging",
        "term",
        "escalated",
        "order_expired",
        "listing_city",
    )
    second = Person.objects.exclude(pk=office.pk).first()
    processes = open_procedures(CaseFlow, len(findings), by=actor_of(office))
    cases = Case.objects.bulk_create(
        (
            Case(
                code=f"B-{n:06d}", subject_id=finding.subject_id, finding=finding, area=finding.area,
                measures=finding.measures, state=states[n % len(states)], process=process, opened_at=now(),
                street_by=office, district_by=second,
            )
            for n, (finding, process) in enumerate(zip(findings, processes, strict=True))
        ),
        1_000,
    )  # fmt: skip
    Clock.objects.bulk_create(
        (
            Clock(
                case=case, kind="urging.term", started_on=today() - timedelta(60), length=15, unit="d", basis="示例",
                due_on=today() - timedelta(n % 40), fired_at=now(),
            )
            for n, case in enumerate(cases)
            if case.state in ("escalated", "order_expired")
        ),
        1_000,
    )  # fmt: skip


if __name__ == "__main__":
    main()
