"""合并对象: find the other one, look at both, choose which is kept."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grid import problems
from grid.outside import whole
from grid.requests import DeskRequest
from grid.scope import Actor
from grid.subjects import problems as subjects_problems
from grid.subjects.actions.merging import merge_subjects
from grid.subjects.models import Subject
from tasks.followups.queries import merge_proposals
from workflows.cases import problems as cases_problems
from workflows.merging import queries
from workflows.merging.forms import MergeForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_page(request: DeskRequest, pk: int) -> HttpResponse:
    viewer: Actor = request.actor
    subject = queries.mergeable(viewer, pk)
    other = whole((request.POST if request.method == "POST" else request.GET).get("other", ""))
    if other is None or other == pk:
        return _search(request, viewer, subject)
    return _pair(request, viewer, subject, queries.mergeable(viewer, other))


def _search(request: HttpRequest, viewer: Actor, subject: Subject) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    found = queries.others(viewer, subject, words) if subject.same_as_id is None else []
    proposals = (
        [
            (follow, follow.other if follow.subject_id == subject.pk else follow.subject)
            for follow in merge_proposals(viewer, subject)
        ]
        if subject.same_as_id is None
        else []
    )
    facts = {"subject": subject, "words": words, "found": found, "proposals": proposals}
    return render(request, "workflows/merging/search.html", facts)


def _pair(request: HttpRequest, viewer: Actor, subject: Subject, other: Subject) -> HttpResponse:
    """A refusal is shown above both, so that what stands in the way can be looked at and put right."""
    form = MergeForm(request.POST or None, pair=(subject, other))
    refused: problems.Problem | None = None
    if request.method == "POST" and form.is_valid():
        kept, dropped = form.chosen()
        try:
            merge_subjects(kept, dropped, form.cleaned_data["why"], by=viewer)
        except (
            subjects_problems.DifferentUnits,
            subjects_problems.AlreadyMerged,
            cases_problems.CaseInTheWay,
        ) as problem:
            refused = problem
        else:
            words = _("“{dropped}”已并入“{kept}”。").format(dropped=dropped.name, kept=kept.name)
            messages.success(request, words)
            return redirect("subject-facts", kept.pk)
    facts: dict[str, object] = {
        "subject": subject,
        "other": other,
        "sides": queries.side_by_side(subject, other),
        "form": form,
        "refused": refused,
    }
    status = refused.status if refused else 422 if form.errors else 200
    return render(request, "workflows/merging/pair.html", facts, status=status)
