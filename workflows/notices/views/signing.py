"""Pages of 签发 and 用印: what waits for the viewer's approval, and the register of the seal's use."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from grid.outside import wholes
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.sheets import as_csv
from workflows.notices import queries
from workflows.notices.actions.approvals import copies_by
from workflows.notices.actions.approving import approve_paper, approve_papers, return_paper, seal_paper
from workflows.notices.forms import CopiesForm, DaysForm, ReturnForm
from workflows.notices.queries import approvals

PAGE = 100


def _signer(request: DeskRequest) -> Actor:
    viewer: Actor = request.actor
    if not approvals.signs_papers(viewer):
        raise problems.NotYourPost(right=_("签发文书"))
    return viewer


@login_required
@require_safe
def to_sign(request: DeskRequest) -> HttpResponse:
    return _to_sign(request)


def _to_sign(request: DeskRequest, copies: Form | None = None, status: int = 200) -> HttpResponse:
    viewer, kind, area = _signer(request), request.GET.get("kind", ""), request.GET.get("area", "")
    rows = approvals.unsigned_page(viewer, kind, area)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "heaps": approvals.heaps_of(viewer),
        "kind": kind,
        "form": copies or CopiesForm(initial={"copies": copies_by(the_law(today()))}, auto_id="sign-%s"),
    }
    return render(request, "workflows/notices/to_sign.html", context, status=status)


@login_required
@require_POST
def sign_many(request: DeskRequest) -> HttpResponse:
    """The chosen, or all that wait of one kind."""
    viewer = _signer(request)
    form = CopiesForm(request.POST, auto_id="sign-%s")
    if not form.is_valid():
        return _to_sign(request, copies=form, status=422)
    kind = request.POST.get("all", "")
    chosen = (
        approvals.unsigned(viewer, kind).values_list("pk", flat=True)
        if kind
        else wholes(request.POST.getlist("paper"))
    )
    done = approve_papers(list(chosen), form.cleaned_data["copies"], by=viewer)
    if done.papers:
        messages.success(request, _("已签发 {n} 份，用印逐份登记。").format(n=len(done.papers)))
    else:
        messages.warning(request, _("没有选中待您签发的文书。"))
    if done.left:
        messages.warning(request, _("还有 {n} 份，请再签发一次。").format(n=done.left))
    return redirect("papers-to-sign")


@login_required
@require_POST
def sign(request: DeskRequest, pk: int) -> HttpResponse:
    notice = queries.notice_page_of(request.actor, pk)
    form = CopiesForm(request.POST)
    copies = form.cleaned_data["copies"] if form.is_valid() else copies_by(the_law(today()))
    approve_paper(notice, copies, by=request.actor)
    messages.success(request, _("已签发，可以送达。"))
    return redirect("notice", pk=pk)


@login_required
@require_POST
def send_back(request: DeskRequest, pk: int) -> HttpResponse:
    notice = queries.notice_page_of(request.actor, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        raise problems.ReasonMissing(act=_("退回文书"))
    return_paper(notice, form.cleaned_data["why"], by=request.actor)
    messages.success(request, _("已退回，拟稿人会在收件箱看到理由。"))
    return redirect("notice", pk=pk)


# --- the seal --------------------------------------------------------------------------------------


def _reader(request: DeskRequest) -> Actor:
    viewer: Actor = request.actor
    if not viewer.has(Right.SEE_CASES):
        raise problems.NotYourPost(right=Right.SEE_CASES.value)
    return viewer


@login_required
@require_safe
def seal_register(request: DeskRequest) -> HttpResponse:
    viewer = _reader(request)
    form = DaysForm(request.GET, auto_id="days-%s")
    days = form.days()
    context = {
        "page": Paginator(approvals.seal_uses(viewer, days), PAGE).get_page(request.GET.get("page")),
        "days": days,
        "form": form,
        "offices": approvals.offices_sealing(viewer),
        "unsealed": approvals.unsealed(viewer)[:PAGE] if viewer.has(Right.SEAL) else [],
        "copies": copies_by(the_law(today())),
        "export": f"{reverse('seal-register-csv')}?first={days.first}&last={days.last}",
    }
    return render(request, "workflows/notices/seal_register.html", context)


@login_required
@require_safe
def seal_register_csv(request: DeskRequest) -> HttpResponseBase:
    """The same days, office and territory as a table."""
    viewer, days = _reader(request), DaysForm(request.GET).days()
    head = [
        _("用印日期"), _("用印机关"), _("印章"), _("文号"), _("文种"), _("当事人"), _("份数"),
        _("签发人"), _("签发职务"), _("登记人"),
    ]  # fmt: skip
    uses = approvals.seal_uses(viewer, days)
    return as_csv(f"seal-{days.first}-{days.last}", [head, *approvals.register_lines(uses)])


@login_required
@require_POST
def seal(request: DeskRequest, pk: int) -> HttpResponse:
    notice = queries.notice_at(request.actor, pk)
    form = CopiesForm(request.POST)
    copies = form.cleaned_data["copies"] if form.is_valid() else copies_by(the_law(today()))
    seal_paper(notice, copies, by=request.actor)
    messages.success(request, _("已登记用印。"))
    return redirect("seal-register")
