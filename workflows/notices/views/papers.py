"""Documents at the desk, and the public check of the code printed on one."""

from pathlib import Path
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grid import problems
from grid.keeping import open_stored
from grid.pictures.queries import handed_out, kind_of
from grid.requests import DeskRequest
from workflows.notices import problems as notices_problems
from workflows.notices import queries
from workflows.notices.actions.previews import draft_of
from workflows.notices.actions.slips import set_blank_slip
from workflows.notices.reading import ENDINGS

PDF = "application/pdf"
KINDS = {f".{ending}": kind for kind, ending in ENDINGS.items()}


@login_required
@require_safe
def pdf(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The very bytes that were issued; of a paper that is not approved a draft, set for this look."""
    notice = queries.notice_at(request.actor, pk)
    if not queries.is_final(notice):
        return _shown(draft_of(notice), f"{notice.number}草稿.pdf")
    stored = open_stored(queries.file_of(notice))
    answer = FileResponse(stored, content_type="application/pdf", filename=f"{notice.number}.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_safe
def slip(request: DeskRequest, pk: int) -> FileResponse:
    """The 送达回证: of a service at the door as it was set when the last photo had come, else the scan that came back."""
    notice = queries.notice_at(request.actor, pk)
    file = queries.slip_of(notice)
    if (kind := KINDS[file.suffix]) != PDF:
        return handed(f"{notice.number}送达回证", kind, file)
    stored = open_stored(file)
    answer = FileResponse(stored, content_type="application/pdf", filename=f"{notice.number}送达回证.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_safe
def blank_slip(request: DeskRequest, pk: int) -> HttpResponse:
    """The 送达回证 to be taken along and signed."""
    notice = queries.notice_at(request.actor, pk)
    return _shown(set_blank_slip(notice), f"{notice.number}送达回证.pdf")


def _shown(content: bytes, name: str) -> HttpResponse:
    """A PDF that is set for one look and not kept."""
    answer = HttpResponse(content, content_type=PDF)
    answer["Content-Disposition"] = f"inline; filename*=utf-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def handed(name: str, kind: str, file: Path) -> FileResponse:
    """A file from outside is downloaded, never opened in place: whatever it is, it runs nothing here."""
    ending = ENDINGS[kind]
    if kind.startswith("image/"):
        # Where and by which device a photo was taken nobody needs to answer what it shows (docs/decisions/0025).
        file = handed_out(file)
        kind, ending = kind_of(file), file.suffix[1:]
    name = f"{name.rsplit('.', 1)[0]}.{ending}"
    answer = FileResponse(open_stored(file), as_attachment=True, content_type=kind, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
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
