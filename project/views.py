"""The desk's home."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from project.inbox import inbox_of


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    return render(request, "project/inbox.html", {"inbox": inbox_of(viewer)})
