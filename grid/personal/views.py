"""The doors to personal data: what is kept of a subject, looking at it, forgetting it, and who looked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.ledger.rules import word
from grid.personal import actions, queries
from grid.personal.forms import AskForm, DecideForm, RevealForm
from grid.requests import DeskRequest
from grid.scope import Right

SHOWN_SECONDS = 60


@login_required
@require_safe
def log(request: DeskRequest) -> HttpResponse:
    return render(request, "grid/personal/log.html", {"log": queries.log_for(request.actor)})


@login_required
@require_safe
def subject(request: DeskRequest, pk: int) -> HttpResponse:
    return _subject_page(request, pk)


def _subject_page(request: DeskRequest, pk: int, status: int = 200, **forms: Form) -> HttpResponse:
    viewer, kept = request.actor, queries.kept_of(request.actor, pk)
    area = kept.subject.area
    context: dict[str, object] = {
        "kept": kept,
        "may_reveal": viewer.can(Right.REVEAL, area),
        "may_ask": viewer.can(Right.ASK_FORGET, area)
        and not kept.waiting
        and queries.has_personal(kept.subject),
        "may_decide": kept.waiting
        and viewer.can(Right.FORGET, area)
        and kept.waiting.asked_by_id != viewer.person_id,
        "ask_form": AskForm(),
        "decide_form": DecideForm(),
    }
    answer = render(request, "grid/personal/subject.html", context | forms, status=status)
    add_never_cache_headers(answer)
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: DeskRequest, pk: int) -> HttpResponse:
    """Asked for a reason; then the data for a minute, after which the page goes back by itself."""
    found = queries.entry_at(request.actor, pk)
    form, facts, status = RevealForm(request.POST or None), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            facts = actions.reveal_entry(found, form.cleaned_data["reason"], by=request.actor)
            status = 200
    shown = [(word(name), value) for name, value in (facts or {}).items()]
    is_gone = form.is_bound and form.is_valid() and facts is None
    is_altered = "personal" in found.differing
    context = {
        "entry": found, "form": form, "shown": shown, "is_gone": is_gone, "is_altered": is_altered,
        "seconds": SHOWN_SECONDS,
    }  # fmt: skip
    answer = render(request, "grid/personal/entry.html", context, status=status)
    add_never_cache_headers(answer)
    if shown:
        answer["Refresh"] = f"{SHOWN_SECONDS}; url={request.path}"
    return answer


@login_required
@require_POST
def ask(request: DeskRequest, pk: int) -> HttpResponse:
    kept = queries.kept_of(request.actor, pk)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _subject_page(request, pk, 422, ask_form=form)
    try:
        actions.ask_forgetting(kept.subject, **form.cleaned_data, by=request.actor)
    except problems.Problem as refused:
        return _refused(request, pk, refused, ask_form=form)
    messages.success(request, _("已提出申请，由法制审核岗位的另一人决定。"))
    return redirect("personal-subject", pk)


@login_required
@require_POST
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    asked = queries.forgetting_at(request.actor, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _subject_page(request, asked.subject_id, 422, decide_form=form)
    try:
        actions.decide_forgetting(asked, **form.cleaned_data, by=request.actor)
    except problems.Problem as refused:
        return _refused(request, asked.subject_id, refused, decide_form=form)
    messages.success(request, _("已记入台账。"))
    return redirect("personal-subject", asked.subject_id)


def _refused(request: DeskRequest, pk: int, refused: problems.Problem, **forms: Form) -> HttpResponse:
    """The refusal beside the form that met it; who may not come here at all is told so by the page of refusals."""
    if refused.status in (403, 404):
        raise refused
    for form in forms.values():
        form.add_error(None, f"{refused.detail}{refused.advice}")
    return _subject_page(request, pk, refused.status, **forms)
