"""Rows that stand for what happened before a procedure begins."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from grid.calendar.now import now, today
from grid.scope import Actor
from grid.subjects.models import Subject
from tasks.findings.models import Finding, FindingState
from tasks.rounds.models import Round, RoundState
from tasks.visits.models import Outcome, Route, Visit
from workflows.cases.flow import CaseFlow
from workflows.cases.models import Case, CaseState
from workflows.engine.procedures import open_procedure


def make_visit(cast: Any, subject: Subject, *, who: str = "wang") -> Visit:
    return Visit.objects.create(
        client_id=uuid4(),
        code=f"V{uuid4().hex[:10]}",
        subject=subject,
        area=subject.area,
        person=getattr(cast, who),
        posting=getattr(cast.post, who),
        outcome=Outcome.DONE,
        answers={},
        form="employer",
        form_version="1",
        recorded_at=now(),
        received_at=now(),
        route=Route.NORMAL,
        hash="0" * 64,
    )


def make_finding(cast: Any, subject: Subject, **fields: Any) -> Finding:
    visit = make_visit(cast, subject)
    return Finding.objects.create(
        visit=visit,
        subject=subject,
        area=subject.area,
        measures=[],
        recorded_by=cast.wang,
        made_at=now(),
        **{"state": FindingState.CONFIRMED, **fields},
    )


@transaction.atomic
def make_case(cast: Any, subject: Subject, by: Actor, **fields: Any) -> Case:
    """A case as its opening leaves it: at the street's approval, with its procedure."""
    finding = make_finding(cast, subject)
    return Case.objects.create(
        code=f"HBW-2026-{Case.objects.count() + 1:06d}",
        subject=subject,
        finding=finding,
        area=subject.area,
        measures=[],
        process=open_procedure(CaseFlow, by=by),
        opened_at=now(),
        **{"state": CaseState.STREET_APPROVAL, **fields},
    )


def make_round(cast: Any, **fields: Any) -> Round:
    values: dict[str, Any] = {
        "code": f"R-2026-{Round.objects.count() + 1:04d}",
        "title": "示例轮次",
        "area": "150302001",
        "due_on": today(),
        "state": RoundState.STREET_APPROVAL,
        "planned_by": cast.wu,
        "planned_at": now(),
    }
    return Round.objects.create(**{**values, **fields})
