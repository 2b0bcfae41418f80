"""Pages for documents carried to a door whose service a named person has to decide on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.calendar.now import day_of
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from tasks.visits.queries import side_by_side
from workflows.notices import queries
from workflows.notices.actions.doorstep import adopt_service, at_of, dismiss_service, handed_at
from workflows.notices.forms import AdoptForm, DismissForm
from workflows.notices.models import DoorService, Fate

PAGE = 50


def _server(request: DeskRequest) -> Actor:
    viewer: Actor = request.actor
    if not viewer.has(Right.SERVE):
        raise problems.NotYourPost(right=Right.SERVE.value)
    return viewer


@login_required
@require_safe
def door_service_list(request: DeskRequest) -> HttpResponse:
    rows = queries.waiting_services(_server(request), request.GET.get("area", ""))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [(row, _number_of(row), queries.reason_words(row)) for row in page]}
    return render(request, "workflows/notices/door_services.html", context)


def _number_of(taken: DoorService) -> str:
    """The document's number, or what the phone gave for one."""
    return taken.notice.number if taken.notice else handed_at(taken.visit).number


@login_required
@require_safe
def door_service_page(request: DeskRequest, code: str) -> HttpResponse:
    viewer = _server(request)
    return _page(request, queries.door_service_at(viewer, code))


def _page(
    request: HttpRequest,
    taken: DoorService,
    adopt: Form | None = None,
    aside: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    visit = taken.visit
    context = {
        "taken": taken,
        "reason": queries.reason_words(taken),
        "answers": side_by_side(None, visit),
        "evidence": visit.evidence.order_by("pk"),
        "at": at_of(visit),
        "adopt_form": adopt or AdoptForm(initial=_in_words(taken), auto_id="adopt-%s"),
        "aside_form": aside or DismissForm(auto_id="aside-%s"),
        "is_open": taken.fate == Fate.WAITING,
    }
    return render(request, "workflows/notices/door_service.html", context, status=status)


def _in_words(taken: DoorService) -> dict[str, object]:
    handed = handed_at(taken.visit)
    return {
        "number": handed.number,
        "way": handed.way,
        "served_on": day_of(at_of(taken.visit)),
        "receiver": handed.receiver,
        "receiver_role": handed.relation,
        "witness": handed.witness,
        "witness_2": handed.witness_2,
    }


@login_required
@require_POST
def adopt(request: DeskRequest, code: str) -> HttpResponse:
    viewer = _server(request)
    taken = queries.door_service_at(viewer, code)
    form = AdoptForm(request.POST, auto_id="adopt-%s")
    if not form.is_valid():
        return _page(request, taken, adopt=form, status=422)
    given, handed = form.cleaned_data, handed_at(taken.visit)
    adopt_service(taken, given["number"], form.receipt(handed), given["why"], by=viewer)
    messages.success(request, _("已核定为送达。"))
    return redirect("door-services")


@login_required
@require_POST
def dismiss(request: DeskRequest, code: str) -> HttpResponse:
    viewer = _server(request)
    taken = queries.door_service_at(viewer, code)
    form = DismissForm(request.POST, auto_id="aside-%s")
    if not form.is_valid():
        return _page(request, taken, aside=form, status=422)
    dismiss_service(taken, form.cleaned_data["why"], by=viewer)
    messages.success(request, _("已存卷，走访和影像仍然保存。"))
    return redirect("door-services")
