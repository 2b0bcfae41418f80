"""Pages for visits that wait for a named person: two people at one door, doors nobody knows, and what came after its
phone was revoked or its posting had ended."""

from dataclasses import asdict
from typing import TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.outside import whole
from grid.registers.queries import facts_of
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.subjects.models import Subject
from tasks.arrivals.actions.accepting import accept_candidate
from tasks.arrivals.actions.admitting import accept_word, dismiss_words
from tasks.arrivals.actions.claiming import claim_visit
from tasks.arrivals.actions.dismissing import dismiss_visit
from tasks.arrivals.forms import (
    AcceptForm,
    AcceptWordForm,
    ClaimForm,
    ClashForm,
    DismissForm,
    DismissWordsForm,
)
from tasks.arrivals.queries import candidates
from tasks.facts.actions import decide_fields
from tasks.facts.queries import at_door
from tasks.visits import queries
from tasks.visits.actions import seen_with
from tasks.visits.models import AfterEnd, Outcome, Verdict, Visit
from tasks.visits.states import FindingState

PAGE = 50


def _reviewer(request: DeskRequest) -> Actor:
    viewer: Actor = request.actor
    if not viewer.has(Right.REVIEW):
        raise problems.NotYourPost(right=Right.REVIEW.value)
    return viewer


Row = TypeVar("Row", bound=Model)


def _page(request: HttpRequest, rows: QuerySet[Row]) -> Page[Row]:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


# --- two people at one door --------------------------------------------------------------------------


@login_required
@require_safe
def clash_list(request: DeskRequest) -> HttpResponse:
    viewer = _reviewer(request)
    page = _page(request, queries.clashes(viewer, request.GET.get("area", "")))
    spoken = queries.formers_of([visit.task_id for visit in page if visit.task_id])
    rows = [(visit, spoken.get(visit.task_id or 0)) for visit in page]
    return render(request, "tasks/arrivals/clashes.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clash_page(request: DeskRequest, code: str) -> HttpResponse:
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
        "seen_each": [(visit, seen_with(viewer, visit)) for visit in door.visits],
    }
    return render(request, "tasks/arrivals/clash.html", facts, status=422 if form.errors else 200)


# --- doors nobody knows ------------------------------------------------------------------------------


@login_required
@require_safe
def unclaimed_list(request: DeskRequest) -> HttpResponse:
    page = _page(request, queries.unclaimed(_reviewer(request), request.GET.get("area", "")))
    rows = [(visit, candidates.unlisted_of(visit)) for visit in page]
    return render(request, "tasks/arrivals/unclaimed.html", {"page": page, "rows": rows})


@login_required
@require_safe
def unclaimed_page(request: DeskRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    return _unclaimed(request, queries.nobody_s(viewer, code))


def _unclaimed(
    request: DeskRequest,
    visit: Visit,
    claim: Form | None = None,
    aside: Form | None = None,
    accept: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, words = _reviewer(request), request.GET.get("q", "")
    said, likely = candidates.unlisted_of(visit), candidates.alike_to(visit)
    reasons = dict(candidates.linkable(viewer, likely))
    found = queries.subjects_for(viewer, words) if words else _likely(viewer, visit, reasons)
    labels = [
        (subject.pk, _named(subject) + (f"（{reasons[subject]}）" if subject in reasons else ""))
        for subject in found
    ]
    facts = {
        "visit": visit,
        "said": said,
        "others": [candidate for candidate in likely if candidate.visit],
        "aside": getattr(visit, "laid_aside", None),
        "answers": queries.side_by_side(None, visit),
        "seen": seen_with(viewer, visit),
        "words": words,
        "found": found,
        "claim_form": claim or ClaimForm(subjects=labels),
        "aside_form": aside or DismissForm(auto_id="aside-%s"),
        "accept_form": accept or (said and AcceptForm(initial=asdict(said), auto_id="accept-%s")),
        "is_open": visit.subject is None and not hasattr(visit, "laid_aside"),
        "met_nobody": _met_nobody(visit),
    }
    return render(request, "tasks/arrivals/claim.html", facts, status=status)


def _likely(viewer: Actor, visit: Visit, reasons: dict[Subject, str]) -> list[Subject]:
    pointed_at = queries.likely_subjects(viewer, visit)
    return list(dict.fromkeys([*pointed_at, *reasons]))


def _met_nobody(visit: Visit) -> bool:
    """Nobody was met, so there is nothing to review."""
    return visit.outcome == Outcome.NOBODY_IN


def _named(subject: Subject) -> str:
    return " · ".join(part for part in (subject.name, subject.code, subject.address) if part)


@login_required
@require_POST
def accept(request: DeskRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    visit = queries.nobody_s(viewer, code)
    said = candidates.unlisted_of(visit)
    if said is None:
        raise problems.NotHere()
    form = AcceptForm(request.POST, auto_id="accept-%s")
    if not form.is_valid():
        return _unclaimed(request, visit, accept=form, status=422)
    subject = accept_candidate(visit, form.said(said), form.cleaned_data["why"], by=viewer)
    words = _("“{name}”已纳入名册。") if _met_nobody(visit) else _("“{name}”已纳入名册，走访送复核。")
    messages.success(request, words.format(name=subject.name))
    return redirect("unclaimed")


@login_required
@require_POST
def claim(request: DeskRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    visit = queries.nobody_s(viewer, code)
    given = whole(request.POST.get("subject", ""))
    chosen = queries.claimable(viewer, given) if given is not None else None
    form = ClaimForm(request.POST, subjects=[(chosen.pk, _named(chosen))] if chosen else [])
    if not form.is_valid() or chosen is None:
        return _unclaimed(request, visit, claim=form, status=422)
    claim_visit(visit, chosen, form.cleaned_data["why"], by=viewer)
    words = _("已认领给“{name}”。") if _met_nobody(visit) else _("已认领给“{name}”，请复核。")
    messages.success(request, words.format(name=chosen.name))
    return redirect("unclaimed")


@login_required
@require_POST
def dismiss(request: DeskRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    visit = queries.nobody_s(viewer, code)
    form = DismissForm(request.POST, auto_id="aside-%s")
    if not form.is_valid():
        return _unclaimed(request, visit, aside=form, status=422)
    dismiss_visit(visit, form.cleaned_data["why"], by=viewer)
    messages.success(request, _("已搁置，走访和照片仍然保存。"))
    return redirect("unclaimed")


# --- after the end of their authority ----------------------------------------------------------------


@login_required
@require_safe
def held_list(request: DeskRequest) -> HttpResponse:
    area, person = request.GET.get("area", ""), request.GET.get("person", "")
    page = _page(request, queries.held_words(_reviewer(request), area, person))
    return render(request, "tasks/arrivals/held.html", {"page": page, "form": DismissWordsForm()})


@login_required
@require_safe
def held_page(request: DeskRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    return _held(request, viewer, queries.held_word(viewer, code))


def _held(
    request: HttpRequest,
    viewer: Actor,
    late: AfterEnd,
    accept: Form | None = None,
    aside: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    visit = late.visit
    facts = {
        "late": late,
        "visit": visit,
        "subject": visit.subject or queries.claimed_subject(visit),
        "answers": queries.side_by_side(None, visit),
        "photos": queries.evidence_of(viewer, visit.code).count(),
        "accept_form": accept or AcceptWordForm(auto_id="accept-%s"),
        "aside_form": aside or DismissWordsForm(auto_id="aside-%s"),
        "is_open": late.verdict == Verdict.WAITING,
        "is_mine": visit.person_id == viewer.person_id,
    }
    return render(request, "tasks/arrivals/held_visit.html", facts, status=status)


@login_required
@require_POST
def accept_held(request: DeskRequest, code: str) -> HttpResponse:
    viewer = _reviewer(request)
    late = queries.held_word(viewer, code)
    form = AcceptWordForm(request.POST, auto_id="accept-%s")
    if not form.is_valid():
        return _held(request, viewer, late, accept=form, status=422)
    visit = accept_word(late.visit, form.cleaned_data["why"], by=viewer)
    messages.success(request, _("已采用，走访去向：{route}。").format(route=visit.get_route_display()))
    return redirect("held-visits")


@login_required
@require_POST
def dismiss_held(request: DeskRequest) -> HttpResponse:
    """One, or several that are alike: a stolen phone may send many. Each gets its own entry."""
    viewer = _reviewer(request)
    chosen = [queries.held_word(viewer, code) for code in request.POST.getlist("visit")[:PAGE]]
    form = DismissWordsForm(request.POST, auto_id="aside-%s")
    if not form.is_valid() or not chosen:
        if len(chosen) == 1:
            return _held(request, viewer, chosen[0], aside=form, status=422)
        page = _page(request, queries.held_words(viewer))
        return render(request, "tasks/arrivals/held.html", {"page": page, "form": form}, status=422)
    dismiss_words([late.visit for late in chosen], form.cleaned_data["why"], by=viewer)
    messages.success(request, _("{n} 条不采用，走访和照片仍然保存。").format(n=len(chosen)))
    return redirect("held-visits")
