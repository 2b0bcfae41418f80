"""The desk's side of phones: show a code, list, revoke."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from grid.codes import enrolment_text, grouped, qr_svg
from grid.requests import DeskRequest
from mobile_api.devices import actions, queries
from mobile_api.devices.models import Revoked

PAGE = 50


@login_required
@require_safe
def device_list(request: DeskRequest) -> HttpResponse:
    postings = queries.field_postings(request.actor)
    page = Paginator(postings, PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "rows": queries.with_phones(page),
        "kinds": Revoked.choices,
        "days": settings.HAND_IN_DAYS,
    }
    return render(request, "mobile_api/devices/list.html", facts)


@never_cache
@login_required
@require_POST
def invite(request: DeskRequest, posting_id: int) -> HttpResponse:
    """The page that shows the code is the answer to the click: the code is known this one time."""
    viewer = request.actor
    posting = queries.field_posting(viewer, posting_id)
    invited, code = actions.invite_phone(posting, by=viewer)
    facts = {
        "posting": posting,
        "invited": invited,
        "code": grouped(code),
        "qr": qr_svg(enrolment_text(code), label=_("手机登记码")),
        "minutes": int(actions.CODE_LIVES.total_seconds() // 60),
        "address": f"{settings.ORIGIN}/phone/",
        "app_qr": qr_svg(f"{settings.ORIGIN}/phone/", label=_("走访应用的地址")),
        "others": queries.others_in_use(posting),
    }
    return render(request, "mobile_api/devices/invite.html", facts)


@login_required
@require_POST
def revoke(request: DeskRequest, device_id: int) -> HttpResponse:
    viewer = request.actor
    why, kind = request.POST.get("why", ""), request.POST.get("kind", "")
    device = actions.revoke_phone(queries.device(viewer, device_id), why, kind, by=viewer)
    if device.revoked_as == Revoked.LOST:
        words = _("已停用手机“{label}”。它再送来的一律由社区核定，不自动采用。")
    else:
        words = _("已停用手机“{label}”。停用前所记的仍可交回，停用后所报的由社区核定。")
    messages.success(request, words.format(label=device.label))
    return redirect("devices")
