"""The second pair of eyes: what was seen at the door beside what the registers say, and one decision."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.registers.queries import facts_of
from grid.requests import DeskRequest
from tasks.visits.actions import seen_with
from tasks.visits.states import FindingState
from workflows.cases.queries.answers import beside
from workflows.engine.acts import acts_on, offers_for
from workflows.findings import queries
from workflows.findings.acts import form_for

PAGE = 50


@login_required
@require_safe
def finding_list(request: DeskRequest) -> HttpResponse:
    state, area = request.GET.get("state", FindingState.OPEN), request.GET.get("area", "")
    rows = queries.findings_for(request.actor, state=state, area=area)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "state": state,
        "area": area,
        "states": FindingState.choices,
    }
    return render(request, "workflows/findings/list.html", context)


@login_required
@require_safe
def finding_page(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, queries.file_of(queries.finding_at(request.actor, pk)))


def _page(
    request: DeskRequest, file: queries.File, bound: Form | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    viewer, finding = request.actor, file.finding
    facts = facts_of(finding.subject)
    context = {
        "finding": finding,
        "visit": finding.seen,
        "seen": seen_with(viewer, finding.visit),
        "answers": file.answers,
        "outcome": queries.outcome_line(finding),
        "is_form_unknown": queries.is_form_unknown(finding.visit),
        "facts": facts,
        "beside": beside(finding.seen, file.answers, facts),
        "acts": [
            (act, bound if act.name == name else form_for(act.name, file))
            for act in offers_for("finding", viewer, finding, file)
        ],
        "is_mine": viewer.person_id in file.speakers,
        "tried": name,
        "outlook": file.outlook,
        "case": queries.case_of(viewer, finding, file.outlook),
    }
    return render(request, "workflows/findings/detail.html", context, status=status)


@login_required
@require_POST
def decide(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    finding = queries.finding_at(request.actor, pk)
    act = acts_on("finding").get(name)
    if act is None:
        raise problems.NotHere()
    file = queries.file_of(finding)
    form = form_for(name, file, request.POST)
    if not form.is_valid():
        return _page(request, file, form, name, status=422)
    messages.success(request, act.words_after(act.do(finding, form, request.actor)))
    return redirect("findings")
