"""Documents at the desk, and the public check of the code printed on one."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grid import problems
from grid.keeping import open_stored
from grid.requests import DeskRequest
from workflows.notices import problems as notices_problems
from workflows.notices import queries


@login_required
@require_safe
def pdf(request: DeskRequest, pk: int) -> FileResponse:
    """The very bytes that were issued."""
    notice = queries.notice_at(request.actor, pk)
    stored = open_stored(queries.file_of(notice))
    answer = FileResponse(stored, content_type="application/pdf", filename=f"{notice.number}.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_safe
def slip(request: DeskRequest, pk: int) -> FileResponse:
    """The 送达回证 of a service at the door, as it was set when the last photo had come."""
    notice = queries.notice_at(request.actor, pk)
    stored = open_stored(queries.slip_of(notice))
    answer = FileResponse(stored, content_type="application/pdf", filename=f"{notice.number}送达回证.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Where a code is typed by hand."""
    if code := request.GET.get("code", "").strip():
        return redirect("verify", code=code)
    return _quiet(render(request, "workflows/notices/ask.html"))


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Says what the document is, or that there is none. A wrong code is an answer, not an error page."""
    try:
        found = queries.check(code)
    except (problems.MistypedCode, problems.ForeignCode, notices_problems.NoSuchDocument) as refused:
        context = {"problem": refused, "code": code, "title": _("未通过核验")}
        return _quiet(render(request, "workflows/notices/unknown.html", context, status=404))
    return _quiet(render(request, "workflows/notices/verify.html", {"found": found}))


def _quiet(answer: HttpResponse) -> HttpResponse:
    """Keeps pages about a named addressee out of search engines."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store"
    return answer
