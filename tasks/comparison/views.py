"""Leads: the list, and one with the two rows it came from."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.outside import is_area
from grid.requests import DeskRequest
from grid.scope import Right, reaches
from grid.territory.queries import names_of
from tasks.comparison import queries
from tasks.comparison.actions import order_comparison
from tasks.comparison.models import LeadState
from tasks.comparison.rules import TITLES
from tasks.doors.queries import newest_task

PAGE = 50
RUNS = 8  # the last ones, with what each changed


@login_required
@require_safe
def leads(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    if not viewer.has(Right.SEE_CASES):
        raise problems.NotYourPost(right=Right.SEE_CASES.value)
    chosen = {name: request.GET.get(name, "") for name in ("area", "rule", "state", "run")}
    if chosen["area"] and not (is_area(chosen["area"]) and reaches(viewer, chosen["area"])):
        raise problems.NotHere()
    page = Paginator(queries.leads_of(viewer, **chosen), PAGE).get_page(request.GET.get("page"))
    runs = list(queries.comparisons_of(viewer)[:RUNS])
    counts, names = queries.counts_by_rule(viewer), names_of(lead.area for lead in page)
    facts = {
        "page": page,
        "chosen": chosen,
        "sums": [(rule, title, counts.get(rule, 0)) for rule, title in TITLES.items()],
        "states": LeadState.choices,
        "rows": [(lead, names.get(lead.area, lead.area)) for lead in page],
        "newest": runs[0] if runs else None,
        "changes": queries.changes_of(viewer, runs),
        "comparable": list(names_of(viewer.areas(Right.COMPARE)).items()),
    }
    return render(request, "tasks/comparison/list.html", facts)


@login_required
@require_POST
def compare(request: DeskRequest) -> HttpResponse:
    order_comparison(request.POST.get("area", ""), by=request.actor)
    messages.success(request, _("已开始比对。可以离开本页，结果稍后显示在这里。"))
    return redirect("leads")


@login_required
@require_safe
def lead(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    detail = queries.lead_of(viewer, pk)
    facts = {
        "lead": detail.lead,
        "sides": [side for side in (detail.left, detail.right) if side],
        "waiting": detail.waiting,
        "beside": detail.beside,
        "title": TITLES[detail.lead.rule],
        "task": newest_task(request.actor, detail.lead.subject),
        "area_name": names_of([detail.lead.area]).get(detail.lead.area, detail.lead.area),
    }
    return render(request, "tasks/comparison/detail.html", facts)
