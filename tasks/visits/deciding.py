"""Pages for visits that wait for a named person: two people at one door, and doors nobody knows."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.registers.queries import facts_of
from grid.scope import Actor, Right
from grid.subjects.models import Subject
from tasks.facts import candidates
from tasks.facts.actions import decide_fields
from tasks.facts.queries import at_door
from tasks.findings.models import FindingState
from tasks.visits import queries
from tasks.visits.aside import lay_aside_visit
from tasks.visits.claiming import claim_visit
from tasks.visits.forms import AcceptForm, AsideForm, ClaimForm, ClashForm
from tasks.visits.models import Visit

PAGE = 50


def _reviewer(request: HttpRequest) -> Actor:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    if not viewer.has(Right.REVIEW):
        raise problems.NotYourPost(right=Right.REVIEW.value)
    return viewer


def _page(request: HttpRequest, rows: QuerySet[Visit]) -> Any:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


# --- two people at one door --------------------------------------------------------------------------


@login_required
@require_safe
def clash_list(request: HttpRequest) -> HttpResponse:
    viewer = _reviewer(request)
    page = _page(request, queries.clashes(viewer, request.GET.get("area", "")))
    spoken = queries.formers_of([visit.task_id for visit in page if visit.task_id])
    rows = [(visit, spoken.get(visit.task_id or 0)) for visit in page]
    return render(request, "tasks/visits/clashes.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clash_page(request: HttpRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    later = queries.clash(viewer, code)
    door = at_door(viewer, later)
    is_open = later.finding.state == FindingState.CLASHING
    form = ClashForm(request.POST or None, rows=door.contested if is_open else [])
    if request.method == "POST" and (not form.fields or form.is_valid()):
        decide_fields(later, form.choices() if form.fields else [], by=viewer)
        messages.success(request, _("已核定，采用的按复核程序办理；没有采用的仍在记录里。"))
        return redirect("clashes")
    facts = {
        "later": later,
        "door": door,
        "facts": facts_of(later.subject) if later.subject else {},
        "form": form,
        "is_open": is_open,
        "was_there": viewer.person_id in {visit.person_id for visit in door.visits},
    }
    return render(request, "tasks/visits/clash.html", facts, status=422 if form.errors else 200)


# --- doors nobody knows ------------------------------------------------------------------------------


@login_required
@require_safe
def unclaimed_list(request: HttpRequest) -> HttpResponse:
    page = _page(request, queries.unclaimed(_reviewer(request), request.GET.get("area", "")))
    rows = [(visit, candidates.unlisted_of(visit)) for visit in page]
    return render(request, "tasks/visits/unclaimed.html", {"page": page, "rows": rows})


@login_required
@require_safe
def unclaimed_page(request: HttpRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    return _unclaimed(request, viewer, queries.nobody_s(viewer, code))


def _unclaimed(
    request: HttpRequest,
    viewer: Actor,
    visit: Visit,
    claim: Any = None,
    aside: Any = None,
    accept: Any = None,
    status: int = 200,
) -> HttpResponse:
    words = request.GET.get("q", "")
    said, likely = candidates.unlisted_of(visit), candidates.alike_to(visit)
    reasons = dict(candidates.linkable(viewer, likely))
    found = queries.subjects_for(viewer, words) if words else _likely(viewer, visit, reasons)
    labels = [(one.pk, _named(one) + (f"（{reasons[one]}）" if one in reasons else "")) for one in found]
    facts = {
        "visit": visit,
        "said": said,
        "others": [one for one in likely if one.visit],
        "aside": getattr(visit, "laid_aside", None),
        "answers": queries.side_by_side(None, visit),
        "photos": queries.evidence_of(viewer, visit.code).count(),
        "words": words,
        "found": found,
        "claim_form": claim or ClaimForm(subjects=labels),
        "aside_form": aside or AsideForm(auto_id="aside-%s"),
        "accept_form": accept or (said and AcceptForm(initial=asdict(said), auto_id="accept-%s")),
        "is_open": visit.subject is None and not hasattr(visit, "laid_aside"),
    }
    return render(request, "tasks/visits/claim.html", facts, status=status)


def _likely(viewer: Actor, visit: Visit, reasons: dict[Subject, str]) -> list[Subject]:
    pointed_at = queries.likely_subjects(viewer, visit)
    return list(dict.fromkeys([*pointed_at, *reasons]))


def _named(subject: Subject) -> str:
    return " · ".join(part for part in (subject.name, subject.code, subject.address) if part)


@login_required
@require_POST
def accept(request: HttpRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    visit = queries.nobody_s(viewer, code)
    said = candidates.unlisted_of(visit)
    if said is None:
        raise problems.NotHere()
    form = AcceptForm(request.POST, auto_id="accept-%s")
    if not form.is_valid():
        return _unclaimed(request, viewer, visit, accept=form, status=422)
    subject = candidates.accept_candidate(visit, form.said(said), form.cleaned_data["why"], by=viewer)
    messages.success(request, _("“{name}”已纳入名册，走访送复核。").format(name=subject.name))
    return redirect("unclaimed")


@login_required
@require_POST
def claim(request: HttpRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    visit = queries.nobody_s(viewer, code)
    given = request.POST.get("subject", "")
    chosen = queries.claimable(viewer, int(given)) if given.isdecimal() and len(given) < 19 else None
    form = ClaimForm(request.POST, subjects=[(chosen.pk, _named(chosen))] if chosen else [])
    if not form.is_valid() or chosen is None:
        return _unclaimed(request, viewer, visit, claim=form, status=422)
    claim_visit(visit, chosen, form.cleaned_data["why"], by=viewer)
    messages.success(request, _("已认领给“{name}”，请复核。").format(name=chosen.name))
    return redirect("unclaimed")


@login_required
@require_POST
def lay_aside(request: HttpRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    visit = queries.nobody_s(viewer, code)
    form = AsideForm(request.POST, auto_id="aside-%s")
    if not form.is_valid():
        return _unclaimed(request, viewer, visit, aside=form, status=422)
    lay_aside_visit(visit, form.cleaned_data["why"], by=viewer)
    messages.success(request, _("已搁置，走访和照片仍然保存。"))
    return redirect("unclaimed")
