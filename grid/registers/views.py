"""Register files: what was delivered, a new one, and the report of what was refused."""

import csv
from itertools import chain

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.calendar.now import today
from grid.personal.forms import RevealForm
from grid.registers import problems as registers_problems
from grid.registers import queries
from grid.registers.actions import SETTLED, Meaning, decide_delivery
from grid.registers.actions.changes import What, changes_of
from grid.registers.actions.foreseeing import Foreseen
from grid.registers.actions.mapping import recalled, sender_of
from grid.registers.actions.preview import SHEETS, Seen, seen_of
from grid.registers.actions.revealing import reveal_line, reveal_row
from grid.registers.actions.rhythm import expected_by
from grid.registers.actions.rolling_back import refuse_undoing, require_undoer, undo_delivery
from grid.registers.forms import DecisionForm, LookForm, UndoForm, UploadForm, chosen_twice, columns_chosen
from grid.registers.models import Delivery, DeliveryState
from grid.registers.queries.owners import may_deliver, require_deliverer
from grid.registers.rules.layouts import LAYOUTS
from grid.registers.uploads.actions import choose_columns, receive_upload, withdraw_upload
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.sheets import as_csv, lasting
from grid.territory.queries import names_of

PAGE = 50
SHOWN_SECONDS = 60


@login_required
@require_safe
def deliveries(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    page = Paginator(queries.deliveries_of(viewer), PAGE).get_page(request.GET.get("page"))
    day = today()
    expected = expected_by(viewer, day)
    names = names_of(line.area for line in expected)
    facts = {
        "page": page,
        "may_import": viewer.has(Right.IMPORT),
        "rhythm": [(line, names.get(line.area, line.area), line.is_late(day)) for line in expected],
    }
    return render(request, "grid/registers/list.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    if not viewer.has(Right.IMPORT):
        raise problems.NotYourPost(right=Right.IMPORT.value)
    form = UploadForm(request.POST or None, request.FILES or None, viewer=viewer)
    if request.method != "POST" or not form.is_valid():
        return render(request, "grid/registers/upload.html", {"form": form})
    given = form.cleaned_data
    try:
        delivery = receive_upload(
            Meaning(given["register"], given["area"], given["as_of"], given["extent"]),
            given["file"].name,
            given["file"].chunks(),
            by=viewer,
            look_first=given["look_first"],
        )
    except (registers_problems.OlderDelivery, registers_problems.FutureDelivery) as problem:
        form.add_error("as_of", problem.detail)
        return render(request, "grid/registers/upload.html", {"form": form}, status=problem.status)
    if delivery.state in SETTLED:
        messages.info(request, _("这份文件以前交来过，这次没有变化。"))
    elif delivery.state == DeliveryState.PREVIEW:
        return redirect("delivery-columns", delivery.pk)
    else:
        messages.success(request, _("文件已收到，正在导入。可以离开本页，稍后再看结果。"))
    return redirect("delivery", delivery.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    found = queries.delivery_of(viewer, pk)
    refused = Paginator(queries.refusals_of(viewer, found), PAGE)
    form = _deciding(request, found)
    if request.method == "POST":
        if form is None:
            # Somebody was faster, or it is one's own: the action says which.
            decide_delivery(found, take=False, reason="", by=viewer)
        elif form.is_valid():
            return _decided(request, decide_delivery(found, **form.cleaned_data, by=viewer))
    own, foreseen = may_deliver(viewer, found.register, found.area, today()), Foreseen.of(found)
    facts = {
        "delivery": found,
        "foreseen": foreseen,
        "first": [
            (str(what.label), foreseen.count(what), foreseen.first.get(what, ()))
            for what in What
            if foreseen.count(what)
        ],
        "form": form,
        "may_place": viewer.has(Right.PLACE),
        "remarks": [queries.remark_words(remark) for remark in found.remarks],
        "page": refused.get_page(request.GET.get("page")),
        "sums": queries.refusal_counts(found),
        "may_read_lines": own,
        "undo": _undoing(found, viewer) if own else None,
    }
    return render(request, "grid/registers/detail.html", facts)


def _deciding(request: DeskRequest, found: Delivery) -> DecisionForm | None:
    """The form for whoever may decide about a delivery that waits."""
    viewer = request.actor
    if found.state == DeliveryState.READY and may_deliver(viewer, found.register, found.area, today()):
        return LookForm(request.POST or None)
    waiting = queries.waiting_for(viewer).filter(pk=found.pk, state=DeliveryState.WAITING).exists()
    return DecisionForm(request.POST or None) if waiting else None


def _decided(request: HttpRequest, decided: Delivery) -> HttpResponse:
    said = {
        DeliveryState.READING: _("已确认，正在导入。"),
        DeliveryState.WAITING: _("连同您近日采用的，已超过一人可以采用的比例，须由第二人确认。"),
    }
    messages.success(request, said.get(DeliveryState(decided.state), _("已决定不采用，文件已删除。")))
    return redirect("delivery", decided.pk)


def _undoing(found: Delivery, viewer: Actor) -> dict[str, object] | None:
    """What the page says of undoing: a form, or why it cannot be. None where nothing was taken."""
    if found.state not in (DeliveryState.DONE, DeliveryState.FAILED):
        return None
    try:
        require_undoer(found, viewer)
        refuse_undoing(found)
    except problems.Problem as problem:
        return {"why": problem.detail, "advice": problem.advice}
    return {"form": UndoForm()}


@login_required
@require_POST
def undo(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    found = queries.delivery_of(viewer, pk)
    undo_delivery(found, request.POST.get("reason", ""), by=viewer)
    messages.success(request, _("已撤回。名册恢复到这批名册采用以前的样子，相关对象正在重新比对。"))
    return redirect("delivery", found.pk)


@login_required
@require_safe
def changes_csv(request: DeskRequest, pk: int) -> StreamingHttpResponse:
    """What a delivery would change, or changed, unit by unit."""
    viewer = request.actor
    found = queries.delivery_of(viewer, pk)
    require_deliverer(viewer, found.register, found.area, today())
    head = (_("变动"), _("代码"), _("名称"))
    lines = ((str(What(change.what).label), change.code, change.name) for change in changes_of(found))
    return as_csv(f"changes-{found.pk}", chain([head], lines))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: DeskRequest, pk: int) -> HttpResponse:
    """Which column of an uploaded file holds which fact, as guessed and as a person says; nothing is taken before."""
    viewer = request.actor
    found = queries.delivery_of(viewer, pk)
    preview = queries.preview_of(viewer, found)
    if found.state != DeliveryState.PREVIEW and request.method != "POST":
        return _to_report(request, found)
    if request.method == "POST" and request.POST.get("act") == "withdraw":
        withdraw_upload(found, by=viewer)
        messages.success(request, _("文件已撤回，没有读取任何一行。"))
        return redirect("delivery", found.pk)
    if preview is None:
        if request.method == "POST":
            choose_columns(found, [], by=viewer)
        return _answer(request, found, None)
    chosen = recalled(found.register, sender_of(viewer, found.register, found.area))
    seen = seen_of(found, preview.sample, chosen, columns_chosen(request.POST.dict(), SHEETS))
    twice = chosen_twice(request.POST.dict(), SHEETS)
    if request.method != "POST" or request.POST.get("act") != "take":
        return _answer(request, found, seen, twice=twice)
    if twice or seen.is_lacking:
        return _answer(request, found, seen, status=422, twice=twice)
    choose_columns(
        found, [(table.header, table.said) for table in seen.tables if not table.is_continued], by=viewer
    )
    what = _("列已核对，正在看会改变什么。") if found.look_first else _("列已核对，正在导入。")
    messages.success(request, what + _("可以离开本页，稍后再看结果。"))
    return redirect("delivery", found.pk)


def _to_report(request: HttpRequest, found: Delivery) -> HttpResponse:
    """A page that waits for its file to be looked at goes there as a whole, not with a piece of it."""
    if "HX-Request" not in request.headers:
        return redirect("delivery", found.pk)
    return HttpResponse(headers={"HX-Redirect": reverse("delivery", args=[found.pk])})


def _answer(
    request: HttpRequest,
    found: Delivery,
    seen: Seen | None,
    status: int = 200,
    twice: list[str] | None = None,
) -> HttpResponse:
    layout = LAYOUTS[found.register]
    facts = {
        "delivery": found,
        "seen": seen,
        "fields": [(field.name, field.label) for field in layout.fields],
        "twice": [
            layout.field(name).label for name in twice or () if name in {f.name for f in layout.fields}
        ],
    }
    answer = render(request, "grid/registers/columns.html", facts, status=status)
    add_never_cache_headers(answer)
    return answer


@login_required
@require_safe
def noted(request: DeskRequest, pk: int, kind: str) -> HttpResponse:
    """The rows of a delivery with facts that could not be read, or with a code in doubt."""
    found = queries.delivery_of(request.actor, pk)
    if kind not in queries.NOTES:
        raise problems.NotHere()
    page = Paginator(queries.noted_rows(found, kind), PAGE).get_page(request.GET.get("page"))
    rows = [queries.remarks_of(row, kind) for row in page]
    facts = {"delivery": found, "page": page, "rows": rows, "kind": kind}
    return render(request, "grid/registers/noted.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refused_line(request: DeskRequest, pk: int, line: int) -> HttpResponse:
    """A refused line as it came: asked for a reason, then for a minute."""
    viewer = request.actor
    found = queries.delivery_of(viewer, pk)
    require_deliverer(viewer, found.register, found.area, today())
    refused = queries.refused_line(viewer, found, line)
    form, shown = RevealForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        shown = [(_("原文"), reveal_line(refused, form.cleaned_data["reason"], by=viewer))]
    title = f"{found} {refused.sheet} {_('第{n}行').format(n=refused.line)}"
    return _revealed(request, form, shown, title, refused.reason)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def row_persons(request: DeskRequest, pk: int) -> HttpResponse:
    """What a register says of the persons of a unit: asked for a reason, then for a minute."""
    viewer = request.actor
    row = queries.row_with_persons(viewer, pk)
    form, shown = RevealForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        shown = reveal_row(row, form.cleaned_data["reason"], by=viewer)
    return _revealed(request, form, shown, row.subject.name, queries.place_of(row))


def _revealed(
    request: HttpRequest, form: RevealForm, shown: list[tuple[str, str]], title: str, about: str
) -> HttpResponse:
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    facts = {"form": form, "shown": shown, "title": title, "about": about, "seconds": SHOWN_SECONDS}
    answer = render(request, "grid/registers/reveal.html", facts, status=status)
    add_never_cache_headers(answer)
    if shown:
        answer["Refresh"] = f"{SHOWN_SECONDS}; url={request.path}"
    return answer


@login_required
@require_safe
def refusals_csv(request: DeskRequest, pk: int) -> HttpResponse:
    """The refused lines as a file to send back to the department that delivered them."""
    viewer = request.actor
    found = queries.delivery_of(viewer, pk)
    require_deliverer(viewer, found.register, found.area, today())
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{found.pk}.csv"'
    writer = csv.writer(answer)
    writer.writerow([_("工作表"), _("行号"), _("原因代码"), _("原因"), _("原文")])
    for line in queries.refusals_of(viewer, found).iterator(chunk_size=2000):
        writer.writerow(map(lasting, (line.sheet, line.line, line.code, line.reason, line.shown)))
    return answer
