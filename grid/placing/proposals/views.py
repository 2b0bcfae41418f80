"""Proposals read line by line, ten at a time, and confirmed or refused at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grid import problems
from grid.outside import whole, wholes
from grid.placing.bulk.views.placing import asked_area
from grid.placing.proposals.actions import Decided, confirm_proposals, refuse_proposals
from grid.placing.proposals.queries import next_proposals
from grid.requests import DeskRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: DeskRequest) -> HttpResponse:
    """`chosen`: the proposals ticked; `answer`: yes or no. Who was left out is not shown again before the next ones."""
    viewer, area = asked_area(request)
    after = whole((request.POST or request.GET).get("after", "")) or 0
    if request.method == "POST":
        try:
            _show(request, _decided(request))
        except problems.Problem as problem:
            if problem.status in (403, 404):
                raise
            messages.error(request, f"{problem.detail}{problem.advice}")
        else:
            after = max(wholes(request.POST.getlist("shown")), default=after)
        return redirect(f"{reverse('pool-proposals')}?{urlencode({'area': area, 'after': str(after)})}")
    facts = {"proposals": next_proposals(viewer, area, after), "area": area, "after": after}
    return render(request, "grid/placing/proposals.html", facts)


def _decided(request: DeskRequest) -> Decided:
    if not (chosen := wholes(request.POST.getlist("chosen"))):
        raise problems.NothingChosen()
    if request.POST.get("answer") == "no":
        return refuse_proposals(chosen, by=request.actor)
    return confirm_proposals(chosen, by=request.actor)


def _show(request: DeskRequest, decided: Decided) -> None:
    if decided.refused:
        messages.success(request, _("否定了 {n} 条建议。").format(n=decided.refused))
    if decided.subjects:
        messages.success(request, _("按建议归了 {n} 户。").format(n=len(decided.subjects)))
    if decided.passed_over:
        words = _("另有 {n} 条已由别人处理，或不在您的辖区。")
        messages.warning(request, words.format(n=decided.passed_over))
