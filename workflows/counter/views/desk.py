"""The window seen from the desk: what came in, whose it is now, what was answered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.requests import DeskRequest
from workflows.cases.queries import LISTERS
from workflows.counter import actions, acts, queries
from workflows.counter.forms import AnswerForm, FileForm, TakeForm
from workflows.counter.models import Submission, SubmissionState
from workflows.notices.views.papers import handed

PAGE = 50


@login_required
@require_safe
def submission_list(request: DeskRequest) -> HttpResponse:
    _require_reader(request)
    state = request.GET.get("state", "open")
    context = {
        "page": Paginator(queries.submissions(request.actor, state), PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": [("open", _("待办")), *SubmissionState.choices, ("all", _("全部"))],
    }
    return render(request, "workflows/counter/list.html", context)


def _require_reader(request: DeskRequest) -> None:
    if not any(request.actor.has(right) for right in (*queries.READERS, *LISTERS)):
        raise problems.NotYourPost(right=queries.READERS[1].value)


@login_required
@require_safe
def submission_page(request: DeskRequest, receipt: str) -> HttpResponse:
    return _page(request, queries.submission_at(request.actor, receipt))


def _page(
    request: DeskRequest,
    submission: Submission,
    bound: Form | None = None,
    tried: str = "",
    status: int = 200,
) -> HttpResponse:
    forms: dict[str, Form | None] = {
        "take": TakeForm(auto_id="take-%s"),
        "file": FileForm(auto_id="file-%s"),
        "answer": AnswerForm(auto_id="answer-%s"),
    }
    context = {
        "one": submission,
        "may_handle": acts.may_handle(request.actor, submission),
        "route": acts.route_of(submission) if submission.state == SubmissionState.ARRIVED else None,
        "forms": forms | {tried: bound} if tried else forms,
        "tried": tried,
        "phone": queries.phone_of(submission.subject_id),
    }
    return render(request, "workflows/counter/detail.html", context, status=status)


@login_required
@require_POST
def take(request: DeskRequest, receipt: str) -> HttpResponse:
    """接办; with `way=file` the submission is only kept on file."""
    submission, only_note = queries.submission_at(request.actor, receipt), request.POST.get("way") == "file"
    name = "file" if only_note else "take"
    form: Form = (FileForm if only_note else TakeForm)(request.POST, auto_id=f"{name}-%s")
    if not form.is_valid():
        return _page(request, submission, form, name, status=422)
    given = form.cleaned_data
    actions.take_submission(
        submission, by=request.actor, only_note=only_note, why=given.get("why", ""), answer=given["answer"]
    )
    messages.success(request, _("已接办 {receipt}。").format(receipt=submission.receipt))
    return redirect("counter-submission", receipt=receipt)


@login_required
@require_POST
def answer(request: DeskRequest, receipt: str) -> HttpResponse:
    submission = queries.submission_at(request.actor, receipt)
    form = AnswerForm(request.POST, auto_id="answer-%s")
    if not form.is_valid():
        return _page(request, submission, form, "answer", status=422)
    actions.answer_submission(submission, form.cleaned_data["answer"], by=request.actor)
    messages.success(request, _("已答复，单位在文书的页面上可以看到。"))
    return redirect("counter-submission", receipt=receipt)


@login_required
@require_safe
def material(request: DeskRequest, receipt: str, pk: int) -> FileResponse:
    """A file from outside is downloaded, never opened in place: whatever it is, it runs nothing here."""
    found, file = queries.material_at(request.actor, receipt, pk)
    return handed(found.name, found.kind, file)
