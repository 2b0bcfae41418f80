"""What visits found out about one subject, with everything that was said and why it holds or not."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grid.scope import Right
from tasks.doors.queries import newest_task
from tasks.facts import queries


@login_required
@require_safe
def subject_facts(request: HttpRequest, pk: int) -> HttpResponse:
    subject, doors = queries.subject_facts(request.actor, pk)  # type: ignore[attr-defined]
    may_merge = subject.same_as_id is None and request.actor.can(Right.PLACE, subject.area)  # type: ignore[attr-defined]
    beside = queries.beside_registers(subject, doors)
    facts = {"subject": subject, "doors": doors, "may_merge": may_merge, "beside": beside}
    facts["task"] = newest_task(request.actor, subject)  # type: ignore[attr-defined]
    return render(request, "tasks/facts/subject.html", facts)
