"""What was claimed, and what nobody claimed: the lists of those who place, and the answers of those who are asked."""

from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import outside, problems
from grid.calendar.now import CITY_TIME, today
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.sheets import KINDS, as_table
from grid.subjects.models import Subject
from grid.territory.queries import names_of
from tasks.claims import queries
from tasks.claims.actions import answer_asked, place_asked, refuse_claim
from tasks.claims.forms import PLACE, RefuseForm, ReplyForm
from tasks.claims.models import Claim, ClaimState, Reply
from tasks.claims.queries import asking

PAGE = 50


def _placer(request: DeskRequest) -> Actor:
    if not request.actor.has(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    return request.actor


def _day(request: DeskRequest) -> date | None:
    """Today, unless another day or all of them are asked for."""
    text = request.GET.get("day", "")
    if text == "all":
        return None
    try:
        return min(outside.day(text), today())
    except outside.Unreadable:
        return today()


# --- what was claimed ---------------------------------------------------------------------------------


@login_required
@require_safe
def claim_list(request: DeskRequest) -> HttpResponseBase:
    viewer, day, state = _placer(request), _day(request), request.GET.get("state", "")
    rows = queries.claims_for(viewer, day, request.GET.get("area", ""), state)
    if (kind := request.GET.get("export", "")) in KINDS:
        return as_table(kind, "claims", _table(rows))
    return _claims(request, rows, day, state)


def _claims(
    request: DeskRequest,
    rows: QuerySet[Claim],
    day: date | None,
    state: str,
    form: RefuseForm | None = None,
) -> HttpResponse:
    facts = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "day": day,
        "state": state,
        "states": ClaimState.choices,
        "form": form or RefuseForm(),
        "asked": asking.asked_areas(request.actor),
    }
    return render(request, "tasks/claims/list.html", facts, status=422 if form else 200)


def _table(rows: QuerySet[Claim]) -> Iterator[Sequence[object]]:
    yield (
        _("时间"),
        _("名称"),
        _("代码"),
        _("认领人"),
        _("方式"),
        _("网格"),
        _("网格名称"),
        _("状态"),
        _("理由"),
    )
    names = names_of(rows.values_list("area", flat=True))
    for claim in rows.iterator(chunk_size=500):
        yield (
            f"{claim.at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}", claim.subject.name, claim.subject.code,
            claim.visit.person.full_name, claim.get_way_display(), claim.area, names.get(claim.area, ""),
            claim.get_state_display(), claim.why,
        )  # fmt: skip


@login_required
@require_POST
def refuse(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = _placer(request)
    claim, form = queries.claim_of(viewer, pk), RefuseForm(request.POST)
    if not form.is_valid():
        return _claims(request, queries.claims_for(viewer, None).filter(pk=pk), None, "", form)
    refuse_claim(claim, form.cleaned_data["why"], by=viewer)
    words = _("已退回，“{name}”回到待归格，认领人会在手机上看到理由。")
    messages.success(request, words.format(name=claim.subject.name))
    return redirect("claims")


# --- what nobody claimed ------------------------------------------------------------------------------


def _asked_area(request: DeskRequest) -> tuple[Actor, str]:
    """Whose answer it is: the area named in the address, else the first the viewer answers for. Raises NotHere."""
    viewer = _placer(request)
    areas = asking.asked_areas(viewer)
    area = (request.POST or request.GET).get("area", "") or next(iter(areas), "")
    if area not in areas:
        raise problems.NotHere()
    return viewer, area


@login_required
@require_safe
def asked_list(request: DeskRequest) -> HttpResponseBase:
    viewer, area = _asked_area(request)
    rows = asking.asked_of(viewer, area)
    if (kind := request.GET.get("export", "")) in KINDS:
        return as_table(kind, "asked", _asked_table(rows))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "area": area,
        "areas": asking.asked_areas(viewer),
        "waits": asking.waits_of_today(),
    }
    return render(request, "tasks/claims/asked.html", facts)


def _asked_table(rows: QuerySet[Subject]) -> Iterator[Sequence[object]]:
    yield _("名称"), _("代码"), _("地址"), _("所知区划"), _("未能归格的原因")
    for subject in rows.iterator(chunk_size=500):
        yield subject.name, subject.code, subject.address, subject.area, subject.placement_why


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: DeskRequest, pk: int) -> HttpResponse:
    viewer, area = _asked_area(request)
    subject = asking.subject_asked(viewer, area, pk)
    form = ReplyForm(request.POST or None, viewer, max((area, subject.area), key=len))
    if request.method == "POST" and form.is_valid():
        messages.success(request, _answered(subject, area, form, viewer))
        return redirect(f"{reverse('claims-asked')}?{urlencode({'area': area})}")
    facts = {"subject": subject, "area": area, "form": form}
    return render(request, "tasks/claims/reply.html", facts, status=422 if form.errors else 200)


def _answered(subject: Subject, area: str, form: ReplyForm, by: Actor) -> str:
    """Carries the answer out, and says what became of it."""
    given = form.cleaned_data
    if given["reply"] == PLACE:
        place_asked(subject, given["grid"], given["why"], by=by)
        return _("“{name}”已归格。").format(name=subject.name)
    answer_asked(subject, area, Reply(given["reply"]), given["why"], by=by)
    if given["reply"] == Reply.NOT_THERE:
        return _("已记为查无：“{name}”。").format(name=subject.name)
    return _("已答复，改问上一级：“{name}”。").format(name=subject.name)
