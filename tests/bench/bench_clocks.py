"""10,000 terms due at once, each fired exactly once by two clock processes, its case escalated with it.

Aim: a letter campaign that ends in one night is through within a minute.

A broken one among them, whose kind nobody answers for, must hold up none of the others.
"""

import multiprocessing
import os
import time
from datetime import date, timedelta
from typing import Any

from tests.bench import ground
from tests.bench.bench_dispatch import fill_workers

CLOCKS = int(os.environ.get("CLOCKS", "10000"))
PROCESSES, ALONE = 2, 200
AIM_SECONDS = 60  # what ended at midnight is over before anybody could look


def main() -> None:
    with ground.fresh_database() as vendor:
        took = ground.seconds(lambda: fill(CLOCKS))
        ground.say(
            f"{vendor}, {ground.machine()}; {CLOCKS:,} terms over since yesterday, filled in {took:.0f} s"
        )
        one = ground.seconds(lambda: _alone(ALONE))
        ground.say(f"one by one, as kinds without a batch: {ALONE / one:,.0f} terms/s ({ALONE} of them)")
        took, shares = together()
        left = CLOCKS - ALONE
        check(sum(shares), left)
        ground.say(
            f"{PROCESSES} clock processes: {left:,} terms in {took:.1f} s (aim {AIM_SECONDS} s), {left / took:,.0f}/s,"
            f" shared {' + '.join(f'{share:,}' for share in shares)}; each exactly once"
        )


def _alone(count: int) -> None:
    from workflows.clocks.actions import due_clocks, fire_clock

    chosen = due_clocks().order_by("pk").values_list("pk", flat=True)[:count]
    assert all(fire_clock(pk) for pk in list(chosen))


def together() -> tuple[float, list[int]]:
    """Seconds until no term is left, and how many each process fired."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    gate, answers = context.Barrier(PROCESSES + 1), context.Queue()
    processes = [context.Process(target=_sweep, args=(gate, answers)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    gate.wait()
    start = time.perf_counter()
    shares = [answers.get() for _ in processes]
    took = time.perf_counter() - start
    for process in processes:
        process.join()
    return took, sorted(shares, reverse=True)


def _sweep(gate: Any, answers: Any) -> None:
    """A clock process: sweeps until nothing but the broken one is left."""
    import logging

    from workflows.clocks.actions import due_clocks, fire_due_clocks

    logging.disable(logging.CRITICAL)  # the broken one complains in each sweep
    fired = 0
    gate.wait()
    while due_clocks().exclude(kind="nobody.answers").exists():
        fired += fire_due_clocks()
    answers.put(fired)


def check(fired: int, expected: int) -> None:
    from django.db.models import Count

    from grid.ledger.models import Entry
    from workflows.cases.models import Case
    from workflows.clocks.models import Clock

    assert fired == expected, (fired, expected)
    assert list(Clock.objects.filter(fired_at=None).values_list("kind", flat=True)) == ["nobody.answers"]
    assert Case.objects.filter(state="escalated").count() == CLOCKS
    for verb in ("term.expired", "case.escalated"):
        told = Entry.objects.filter(verb=verb)
        assert told.count() == CLOCKS, (verb, told.count())
        assert not told.order_by().values("case").annotate(times=Count("pk")).filter(times__gt=1).exists()


def fill(count: int) -> None:
    """`count` cases in their term with a clock that ended yesterday, and one case with a broken one."""
    from grid.calendar.now import today
    from grid.law.actions.loading import load_shipped_provisions
    from grid.law.calendar.actions import fill_calendar

    load_shipped_provisions()
    fill_calendar()
    ground.fill_subjects(count + 1)
    office = fill_workers()
    cases = _fill_cases(office)
    _fill_clocks(cases, today() - timedelta(days=1))


def _fill_cases(office: Any) -> list[Any]:
    from viewflow.workflow.models import Task

    from grid.calendar.now import now
    from grid.territory.models import Person
    from grid.territory.queries import actor_of
    from workflows.cases.models import Case, CaseState
    from workflows.engine.procedures import open_procedures
    from workflows.flows import CaseFlow

    findings, second = _fill_findings(office), Person.objects.exclude(pk=office.pk).first()
    processes = open_procedures(CaseFlow, len(findings), by=actor_of(office))
    term = CaseFlow.instance.node("term")
    Task.objects.filter(finished=None).update(flow_task=term, flow_task_type=term.task_type)
    return Case.objects.bulk_create(
        (
            Case(
                code=f"B-{n:06d}", subject_id=finding.subject_id, finding=finding, area=finding.area, measures=[],
                state=CaseState.TERM, process=process, opened_at=now(), street_by=office, district_by=second,
            )
            for n, (finding, process) in enumerate(zip(findings, processes, strict=True))
        ),
        1_000,
    )  # fmt: skip


def _fill_findings(office: Any) -> list[Any]:
    from uuid import uuid4

    from grid.calendar.now import now
    from grid.subjects.models import Subject
    from grid.territory.models import Posting
    from tasks.findings.models import Finding, FindingState
    from tasks.visits.models import Visit

    posting, at = Posting.objects.filter(person=office).get(), now()
    visits = Visit.objects.bulk_create(
        (
            Visit(
                client_id=uuid4(), code=f"V{n}", subject_id=pk, area=area, person=office, posting=posting, outcome="done",
                answers={}, form="employer", form_version="1", recorded_at=at, received_at=at, counts_at=at,
                route="normal", hash="",
            )
            for n, (pk, area) in enumerate(Subject.objects.order_by("pk").values_list("pk", "area"))
        ),
        1_000,
    )  # fmt: skip
    return Finding.objects.bulk_create(
        (
            Finding(
                visit=visit, subject_id=visit.subject_id, area=visit.area, measures=[],
                state=FindingState.CONFIRMED, recorded_by=office, made_at=at,
            )
            for visit in visits
        ),
        1_000,
    )  # fmt: skip


def _fill_clocks(cases: list[Any], due: date) -> None:
    from workflows.clocks.models import Clock

    Clock.objects.bulk_create(
        (
            Clock(
                case=case, kind="urging.term" if case is not cases[-1] else "nobody.answers",
                started_on=due - timedelta(days=15), length=15, unit="d", basis="示例", due_on=due,
            )
            for case in cases
        ),
        1_000,
    )  # fmt: skip


if __name__ == "__main__":
    main()
