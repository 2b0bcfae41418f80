"""What is stuck, for the city's office and the auditor."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid.requests import DeskRequest
from grid.scope import Right, require
from workflows.engine import queries
from workflows.engine.actions.stuck import find_stuck

PAGE = 50


@login_required
@require_safe
def stuck(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    page = Paginator(queries.snags_for(viewer), PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "repaired": queries.repaired_for(viewer),
        "may_check": viewer.can(Right.UNSTICK, settings.CITY),
    }
    return render(request, "workflows/engine/stuck.html", facts)


@login_required
@require_POST
def check(request: DeskRequest) -> HttpResponse:
    """Looks at everything now instead of with the next sweep, and repairs what is safe."""
    require(request.actor, Right.UNSTICK, settings.CITY)
    found = find_stuck()
    mended = sum(snag.repaired_at is not None for snag in found)
    left = len(found) - mended
    messages.success(
        request, _("已检查：自动修复 {n} 处，需要人办理的 {left} 处。").format(n=mended, left=left)
    )
    return redirect("stuck")
