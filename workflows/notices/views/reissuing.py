"""The page of one document: what it is, how it was served, and issuing it anew under a new number."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from grid.requests import DeskRequest
from grid.scope import Actor, Right, require
from workflows.notices import queries
from workflows.notices.actions import record_service, reissue_notice, slips
from workflows.notices.actions.approvals import copies_by, is_returned, signers_of
from workflows.notices.forms import CopiesForm, ReissueForm, ReturnForm, ServiceFields, SlipForm
from workflows.notices.letters import letter_of
from workflows.notices.models import Notice
from workflows.notices.queries.approvals import may_sign
from workflows.notices.queries.handing import named


def _viewer(request: DeskRequest) -> Actor:
    viewer: Actor = request.actor
    return viewer


@login_required
@require_safe
def notice_page(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, queries.notice_page_of(_viewer(request), pk))


def _page(
    request: DeskRequest,
    notice: Notice,
    reissue: Form | None = None,
    service: Form | None = None,
    slip: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    stands, viewer = notice.withdrawn_at is None, _viewer(request)
    is_served = hasattr(notice, "service")
    waits = notice.is_draft
    context = {
        "notice": notice,
        "replaced_by": getattr(notice, "replaced_by", None),
        "service": notice.service if is_served else None,
        "reissue_form": reissue or ReissueForm(auto_id="reissue-%s"),
        "service_form": service or ServiceFields(auto_id="serve-%s"),
        "slip_form": slip or SlipForm(auto_id="slip-%s"),
        "may_file_slip": is_served
        and not notice.service.visit_id
        and not notice.service.slip_sha256
        and viewer.can(Right.SERVE, notice.area),
        "has_blank_slip": stands and notice.is_approved and not notice.stays_on_file and not notice.is_sent,
        "may_reissue": (stands or is_returned(notice))
        and viewer.can(letter_of(notice.kind).right, notice.area),
        "may_sign": waits and may_sign(viewer, notice),
        "is_waiting": waits,
        "signers": signers_of(notice.kind),
        "approval": getattr(notice, "approval", None),
        "seal_use": getattr(notice, "seal_use", None),
        "copies_form": CopiesForm(initial={"copies": copies_by(the_law(today()))}, auto_id="sign-%s"),
        "return_form": ReturnForm(auto_id="return-%s"),
        "may_serve": stands
        and not is_served
        and notice.is_approved
        and notice.corrects_served
        and viewer.can(Right.SERVE, notice.area),
    }
    return render(request, "workflows/notices/notice.html", context, status=status)


@login_required
@require_POST
def reissue(request: DeskRequest, pk: int) -> HttpResponse:
    notice = queries.notice_page_of(_viewer(request), pk)
    require(_viewer(request), letter_of(notice.kind).right, notice.area)
    form = ReissueForm(request.POST, auto_id="reissue-%s")
    if not form.is_valid():
        return _page(request, notice, reissue=form, status=422)
    given = form.cleaned_data
    new = reissue_notice(
        notice,
        given["why"],
        by=_viewer(request),
        clerical=given["clerical"],
        mend=(given["wrong"], given["right"]),
    )
    messages.success(request, format_html("{}{}", _("已换发，请重新送达。"), named(new)))
    return redirect("notice", pk=new.pk)


@login_required
@require_POST
def file_slip(request: DeskRequest, pk: int) -> HttpResponse:
    notice = queries.notice_page_of(_viewer(request), pk)
    require(_viewer(request), Right.SERVE, notice.area)
    form = SlipForm(request.POST, request.FILES, auto_id="slip-%s")
    if not form.is_valid():
        return _page(request, notice, slip=form, status=422)
    slips.file_slip(notice, form.cleaned_data["scan"], by=_viewer(request))
    messages.success(request, _("送达回证已归档。"))
    return redirect("notice", pk=notice.pk)


@login_required
@require_POST
def serve(request: DeskRequest, pk: int) -> HttpResponse:
    """Service of a corrected document: the terms run on from the first one's. Others are served from their case."""
    notice = queries.notice_page_of(_viewer(request), pk)
    require(_viewer(request), Right.SERVE, notice.area)
    if not notice.corrects_served:
        raise problems.NotHere()
    form = ServiceFields(request.POST, auto_id="serve-%s")
    if not form.is_valid():
        return _page(request, notice, service=form, status=422)
    record_service(notice, form.receipt(), by=_viewer(request))
    messages.success(request, _("已登记送达，原有期限照常计算。"))
    return redirect("notice", pk=notice.pk)
