"""Register files: what was delivered, a new one, and the report of what was refused."""

import csv

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.registers import queries
from grid.registers.actions import receive_upload
from grid.registers.forms import UploadForm
from grid.scope import Right

PAGE = 50


@login_required
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    page = Paginator(queries.deliveries_of(viewer), PAGE).get_page(request.GET.get("page"))
    facts = {"page": page, "may_import": viewer.has(Right.IMPORT)}
    return render(request, "grid/registers/list.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    if not viewer.has(Right.IMPORT):
        raise problems.NotYourPost(right=Right.IMPORT.value)
    form = UploadForm(request.POST or None, request.FILES or None, viewer=viewer)
    if request.method != "POST" or not form.is_valid():
        return render(request, "grid/registers/upload.html", {"form": form})
    given = form.cleaned_data
    try:
        delivery = receive_upload(
            given["register"], given["file"].name, given["file"].chunks(), by=viewer, as_of=given["as_of"],
            area=given["area"],
        )  # fmt: skip
    except (problems.OlderDelivery, problems.FutureDelivery) as problem:
        form.add_error("as_of", problem.detail)
        return render(request, "grid/registers/upload.html", {"form": form}, status=problem.status)
    if delivery.state == "done":
        messages.info(request, _("这份文件以前导入过，内容没有变化。"))
    else:
        messages.success(request, _("文件已收到，正在导入。可以离开本页，稍后再看结果。"))
    return redirect("delivery", delivery.pk)


@login_required
@require_safe
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    found = queries.delivery_of(viewer, pk)
    refused = Paginator(queries.refusals_of(viewer, found), PAGE)
    facts = {
        "delivery": found,
        "page": refused.get_page(request.GET.get("page")),
        "sums": queries.refusal_counts(found),
        "may_read_lines": viewer.can(Right.IMPORT, found.area),
    }
    return render(request, "grid/registers/detail.html", facts)


@login_required
@require_safe
def refusals_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused lines as a file to send back to the department that delivered them."""
    viewer = request.actor  # type: ignore[attr-defined]
    found = queries.delivery_of(viewer, pk)
    if not viewer.can(Right.IMPORT, found.area):
        raise problems.NotYourPost(right=Right.IMPORT.value)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{found.pk}.csv"'
    writer = csv.writer(answer)
    writer.writerow([_("行号"), _("原因代码"), _("原因"), _("原文")])
    for line in queries.refusals_of(viewer, found):
        writer.writerow([line.line, line.code, line.reason, _inert(line.raw)])
    return answer


def _inert(text: str) -> str:
    """A spreadsheet would run a cell that begins like a formula."""
    return "'" + text if text[:1] in "=+-@\t" else text
