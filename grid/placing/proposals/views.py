"""Yes or no to many proposals at once; the list they are ticked on is the desk's page of the pool."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grid import problems
from grid.outside import wholes
from grid.placing.proposals.actions import confirm_proposals, refuse_proposals
from grid.requests import DeskRequest
from grid.scope import Right


@login_required
@require_POST
def decide(request: DeskRequest) -> HttpResponse:
    """`chosen`: the proposals; `answer`: yes or no."""
    viewer = request.actor
    if not viewer.has(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    chosen = wholes(request.POST.getlist("chosen"))
    if not chosen:
        raise problems.NothingChosen()
    if request.POST.get("answer") == "no":
        decided = refuse_proposals(chosen, reason=request.POST.get("reason", ""), by=viewer)
        messages.success(request, _("否定了 {n} 条建议。").format(n=decided.refused))
    else:
        decided = confirm_proposals(chosen, by=viewer)
        messages.success(request, _("按建议归了 {n} 户。").format(n=len(decided.subjects)))
    if decided.passed_over:
        messages.warning(
            request, _("另有 {n} 条已由别人处理，或不在您的辖区。").format(n=decided.passed_over)
        )
    return redirect("pool")
