"""What visits found out about one subject, with everything that was said and why it holds or not."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grid.requests import DeskRequest
from grid.scope import Right
from tasks.doors.queries import newest_task
from tasks.facts import queries


@login_required
@require_safe
def subject_facts(request: DeskRequest, pk: int) -> HttpResponse:
    subject, doors = queries.subject_facts(request.actor, pk)
    may_merge = subject.same_as_id is None and request.actor.can(Right.PLACE, subject.area)
    beside = queries.beside_registers(subject, doors)
    facts = {"subject": subject, "doors": doors, "may_merge": may_merge, "beside": beside}
    facts["task"] = newest_task(request.actor, subject)
    return render(request, "tasks/facts/subject.html", facts)
