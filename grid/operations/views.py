"""The page on which an operation is followed to its end."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grid.operations.followers import KINDS
from grid.operations.queries import operation_of
from grid.requests import DeskRequest


@login_required
@require_safe
def detail(request: DeskRequest, pk: int) -> HttpResponse:
    found = operation_of(request.actor, pk)
    facts = {"operation": found, "page": KINDS[found.kind].page}
    return render(request, "grid/operations/detail.html", facts)
