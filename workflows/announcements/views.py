"""Announcements: open pages of batches and entries, and the desk where they are proposed, decided and published."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.calendar.now import day_of, today
from grid.offices.models import Part
from grid.offices.queries import office_at
from grid.requests import DeskRequest
from grid.scope import Right
from workflows.announcements import actions, forms, queries
from workflows.announcements.models import Announcement
from workflows.announcements.rules import private_names, quarter_end, shown_address, shown_head, shown_name
from workflows.cases.queries import case_at
from workflows.engine.acts import acts_on, offers_for
from workflows.listing.rules import masked
from workflows.listing.views.public import bounded_page, quiet, require_few_lookups

PAGE = 50
STATES = (
    ("", _lazy("全部")), ("proposed", _lazy("待决定")), ("decided", _lazy("待公布")), ("published", _lazy("公布中")),
    ("objected", _lazy("异议待答复")), ("ended", _lazy("不予公布或已撤下")),
)  # fmt: skip


# --- the public ------------------------------------------------------------------------------------


@require_safe
def public_batches(request: HttpRequest) -> HttpResponse:
    require_few_lookups(request)
    text = request.GET.get("q", "")[:60]
    rows = queries.public_entries(text) if text.strip() else queries.batches()
    page = bounded_page(rows, request)
    context = {"page": _named(page) if text.strip() else page, "text": text.strip()}
    return quiet(render(request, "workflows/announcements/public_batches.html", context))


@require_safe
def public_batch(request: HttpRequest, pk: int) -> HttpResponse:
    require_few_lookups(request)
    batch = queries.batch_at(pk)
    context = {
        "batch": batch, "office": office_at(batch.office, day_of(batch.published_at)),
        "page": _named(bounded_page(queries.entries_of(batch), request)),
    }  # fmt: skip
    return quiet(render(request, "workflows/announcements/public_batch.html", context))


def _named(page: Any) -> Any:
    """A page of entries with the name each may be shown by."""
    for entry in page.object_list:
        entry.shown_name = shown_name(entry.name, entry.head, entry.subject.kind)
    return page


@require_safe
def public_announcement(request: HttpRequest, code: str) -> HttpResponse:
    require_few_lookups(request)
    entry = queries.public_entry(code)
    kind, batch = entry.subject.kind, entry.batch
    assert batch is not None
    names = private_names(entry.head, kind)
    context = {
        "entry": entry, "name": shown_name(entry.name, entry.head, kind), "code": masked(entry.credit_code),
        "head": shown_head(entry.head, kind), "address": shown_address(entry.address, kind),
        "facts": masked(entry.facts, names), "handling": masked(entry.handling, names),
        "correction": masked(entry.correction, names),
        "publisher": office_at(batch.office, day_of(batch.published_at)).name_of(Part.AUTHORITY),
        "office": office_at(batch.office, today()),
    }  # fmt: skip
    return quiet(render(request, "workflows/announcements/public_entry.html", context))


# --- the desk --------------------------------------------------------------------------------------


@login_required
@require_safe
def announcement_list(request: DeskRequest) -> HttpResponse:
    return _list(request)


def _list(request: DeskRequest, bound: Form | None = None, status: int = 200) -> HttpResponse:
    viewer, asked = request.actor, request.GET
    rows = queries.announcements_for(viewer, asked.get("state", ""), asked.get("area", ""))
    offices = [
        (code, office_at(code, today()).name_of(Part.AUTHORITY) or code)
        for code in queries.offices_to_publish(viewer)
    ]
    context = {
        "page": Paginator(rows, PAGE).get_page(asked.get("page")),
        "states": STATES,
        "state": asked.get("state", ""),
        "form": bound or (forms.BatchForm(offices=offices) if offices else None),
        "due_on": quarter_end(today()),
    }
    return render(request, "workflows/announcements/list.html", context, status=status)


@login_required
@require_POST
def publish(request: DeskRequest) -> HttpResponse:
    offices = [(code, code) for code in queries.offices_of(request.actor)]
    form = forms.BatchForm(request.POST, offices=offices)
    if "office" in form.errors:
        raise problems.NotYourPost(right=Right.DECIDE_DISTRICT.value)
    if not form.is_valid():
        return _list(request, form, status=422)
    batch = actions.publish_batch(form.cleaned_data["office"], form.cleaned_data["media"], by=request.actor)
    messages.success(request, _("已公布，批次 {number}。").format(number=batch.number))
    return redirect("announcements")


@login_required
def propose(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    case = case_at(viewer, code)
    if not viewer.can(Right.INSPECT, case.area):
        raise problems.NotYourPost(right=Right.INSPECT.value)
    form = forms.ProposeForm(request.POST or None, initial=queries.penalty_facts(case))
    if request.method == "POST" and form.is_valid():
        actions.propose_announcement(case, **form.cleaned_data, by=viewer)
        messages.success(request, _("已提请公布，待区级或市级决定。"))
        return redirect("announcement", code=code)
    status = 422 if request.method == "POST" else 200
    context = {"case": case, "form": form}
    return render(request, "workflows/announcements/propose.html", context, status=status)


@login_required
@require_safe
def announcement(request: DeskRequest, code: str) -> HttpResponse:
    return _page(request, queries.announcement_at(request.actor, code))


def _page(
    request: DeskRequest, entry: Announcement, bound: Form | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    viewer = request.actor
    file = queries.file_of(entry)
    acts = [
        (offer, bound if offer.name == name else offer.form(auto_id=f"{offer.name}-%s"))
        for offer in offers_for("announcement", viewer, entry, file)
    ]
    context = {"entry": entry, "acts": acts, "tried": name, "stay": file.stay}
    return render(request, "workflows/announcements/entry.html", context, status=status)


@login_required
@require_POST
def announcement_act(request: DeskRequest, code: str, name: str) -> HttpResponse:
    entry = queries.announcement_at(request.actor, code)
    act = acts_on("announcement").get(name)
    if act is None:
        raise problems.NotHere()
    form = act.form(request.POST, auto_id=f"{name}-%s")
    if not form.is_valid():
        return _page(request, entry, form, name, status=422)
    act.do(entry, form, request.actor)
    messages.success(request, _("{act}：已办理。").format(act=act.label))
    return redirect("announcement", code=code)
