"""The employer's pages, opened from the code on a document. No account: a code to the registered phone lets in.

Every address here begins with a document's code. A code that is unknown, wrong, or about somebody else is the
same 404.
"""

from time import monotonic, sleep

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.keeping import open_stored
from grid.limits import address_of
from grid.outside import whole
from grid.requests import refuse_unreadable
from workflows.counter import actions, queries, rules
from workflows.counter import problems as counter_problems
from workflows.counter.actions import entering
from workflows.counter.forms import CodeForm, SubmissionForm
from workflows.counter.models import Kind
from workflows.counter.views import session
from workflows.notices import problems as notices_problems
from workflows.notices.models import Notice
from workflows.notices.queries import contact_at
from workflows.notices.reading import LARGEST, LARGEST_REQUEST, MEGABYTE, MOST


def quiet(answer: HttpResponse) -> HttpResponse:
    """Keeps the page out of search engines, and out of the cache of a borrowed phone."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Cache-Control"] = "no-store"
    return answer


# --- outside -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Where a code is asked for and typed in."""
    notice = queries.notice_of(code)
    if request.method != "POST":
        return redirect("employer", code=code) if session.is_open(request, notice) else _door(request, notice)
    form = CodeForm(request.POST)
    if not form.is_valid() or not entering.enter(
        notice, form.cleaned_data["code"], session.browser_of(request)
    ):
        if form.is_valid():
            form.add_error("code", counter_problems.EntryCodeWrong().detail)
        return _door(request, notice, form, status=422)
    session.open_session(request, notice)
    return redirect("employer", code=code)


def _door(
    request: HttpRequest, notice: Notice, form: CodeForm | None = None, kept: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "notice": notice,
        "form": form or CodeForm(),
        "asked": "asked" in request.GET,
        "contact": contact_at(notice),
        "minutes": rules.CODE_MINUTES,
        "kept": kept,
    }
    return quiet(render(request, "workflows/counter/enter.html", context, status=status))


@require_POST
def ask_code(request: HttpRequest, code: str) -> HttpResponse:
    """Sends a code, if there is where to; the answer is the same if there is not, and takes as long."""
    notice, until = queries.notice_of(code), monotonic() + rules.ASKING_SECONDS
    sent = entering.send_code(notice, address_of(request), session.known_browser(request))
    sleep(max(0.0, until - monotonic()))
    if settings.DEMO and sent:
        messages.info(request, _("示例：短信没有真的发出，验证码是 {code}").format(code=sent))
    return quiet(redirect(f"{request.path.removesuffix('code/')}?asked=1"))


@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    session.close_session(request)
    return redirect("verify", code=code)


# --- inside ------------------------------------------------------------------------------------


@require_safe
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """What is asked, what was served, what may be handed in, and what was."""
    notice = queries.notice_of(code)
    if not session.is_open(request, notice):
        return redirect("employer-enter", code=code)
    context = {
        "notice": notice,
        "demand": queries.demand_of(notice),
        "documents": queries.documents_of(notice),
        "handed_in": queries.handed_in(notice),
        "minutes": rules.SESSION_MINUTES,
    }
    return quiet(render(request, "workflows/counter/matter.html", context))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Looks at who sends and how much before the body is read; `_hand_in` then asks for the token."""
    notice = queries.notice_of(code)
    if whole(request.META.get("CONTENT_LENGTH") or "0", most=LARGEST_REQUEST) is None:
        raise notices_problems.MaterialTooLarge(name=_("全部材料"), limit=LARGEST_REQUEST // MEGABYTE)
    answer: HttpResponse = (_hand_in if session.is_open(request, notice) else _expired)(request, notice, kind)
    return answer


@csrf_protect
def _expired(request: HttpRequest, notice: Notice, kind: str) -> HttpResponse:
    """The half hour was over before the button was pressed: what was written is given back, to be sent again."""
    if request.method != "POST":
        return redirect("employer-enter", code=notice.code)
    refuse_unreadable(request)
    return _door(request, notice, kept=request.POST.get("text", ""), status=403)


@csrf_protect
def _hand_in(request: HttpRequest, notice: Notice, kind: str) -> HttpResponse:
    if kind not in Kind.values:
        raise problems.NotHere()
    if request.method != "POST":
        return _form_page(request, notice, kind, SubmissionForm(kind))
    refuse_unreadable(request)
    form = SubmissionForm(kind, request.POST, files=request.FILES.getlist("files"))
    if not form.is_valid():
        return _form_page(request, notice, kind, form, status=422)
    given = form.cleaned_data
    made, is_new = actions.hand_in(notice, kind, given["text"], given["signer"], form.given)
    if is_new:
        messages.success(request, _("已收到，请记下或打印回执。"))
    else:
        messages.info(request, _("同样的内容此前已经收到，回执不变，不必重复提交。"))
    return redirect("employer-receipt", code=notice.code, receipt=made.receipt)


def _form_page(
    request: HttpRequest, notice: Notice, kind: str, form: SubmissionForm, status: int = 200
) -> HttpResponse:
    context = {
        "notice": notice,
        "choice": queries.choice_of(notice, kind),
        "form": form,
        "most": MOST,
        "limit": LARGEST // MEGABYTE,
    }
    return quiet(render(request, "workflows/counter/hand_in.html", context, status=status))


@require_safe
def receipt(request: HttpRequest, code: str, receipt: str) -> HttpResponse:
    notice = queries.notice_of(code)
    if not session.is_open(request, notice):
        return redirect("employer-enter", code=code)
    submission = queries.own_submission(notice, receipt)
    context: dict[str, object] = {
        "notice": notice,
        "one": submission,
        "follows": queries.follows_of(submission),
        "contact": contact_at(notice),
    }
    return quiet(render(request, "workflows/counter/receipt.html", context))


@require_safe
def document(request: HttpRequest, code: str, pk: int) -> HttpResponse | FileResponse:
    """The bytes of a document the employer was served with."""
    notice = queries.notice_of(code)
    if not session.is_open(request, notice):
        return redirect("employer-enter", code=code)
    found, file = queries.document_file(notice, pk)
    answer = FileResponse(
        open_stored(file), as_attachment=True, content_type="application/pdf", filename=f"{found.number}.pdf"
    )
    return quiet(answer)  # type: ignore[arg-type]
