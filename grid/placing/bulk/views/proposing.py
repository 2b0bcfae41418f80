"""Proposals read line by line, ten at a time, and confirmed at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from grid import problems
from grid.outside import is_area, whole, wholes
from grid.placing.bulk.proposed import confirm_proposals, proposals_of
from grid.placing.bulk.views.placing import asked_area, outcome_page
from grid.requests import DeskRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: DeskRequest) -> HttpResponse:
    viewer, area = asked_area(request)
    after = whole((request.POST or request.GET).get("after", "")) or 0
    if request.method == "POST":
        ticked = wholes(request.POST.getlist("chosen"))
        chosen = {pk: to for pk in ticked if is_area(to := request.POST.get(f"to-{pk}", ""))}
        try:
            if not chosen:
                raise problems.NothingChosen()
            outcome = confirm_proposals(chosen, by=viewer)
        except problems.Problem as problem:
            if problem.status in (403, 404):
                raise
            messages.error(request, f"{problem.detail}{problem.advice}")
        else:
            # Who was left out is not shown again before the next ones.
            passed = [pk for pk in wholes(request.POST.getlist("shown")) if pk not in chosen]
            after = max(passed, default=after)
            if page := outcome_page(request, outcome, None, area):
                return page
        return redirect(f"{reverse('pool-proposals')}?{urlencode({'area': area, 'after': str(after)})}")
    found = proposals_of(viewer, area, after)
    facts = {"proposals": found, "area": area, "after": after}
    return render(request, "grid/placing/proposals.html", facts)
