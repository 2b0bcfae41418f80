"""Penalty decisions: the open pages, and the desk where they are published and withdrawn."""

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
from grid.calendar.now import today
from grid.offices.queries import office_at
from grid.requests import DeskRequest
from workflows.disclosures import forms, queries
from workflows.engine.acts import acts_on, offers_for
from workflows.listing.rules import masked
from workflows.listing.views.public import PAGES, bounded_page, quiet, require_few_lookups

PAGE = 50
STATES = (
    ("", _lazy("全部")), ("due", _lazy("待公示")), ("published", _lazy("公示中")), ("fallen", _lazy("待撤回")),
)  # fmt: skip


# --- the public ------------------------------------------------------------------------------------


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    require_few_lookups(request)
    text = request.GET.get("q", "")[:60]
    page = bounded_page(queries.public_entries(text), request)
    context = {
        "page": page, "rows": [queries.shown(entry) for entry in page.object_list], "text": text,
        "reached": page.number >= PAGES and page.has_next(),
    }  # fmt: skip
    return quiet(render(request, "workflows/disclosures/public_list.html", context))


@require_safe
def public_entry(request: HttpRequest, code: str) -> HttpResponse:
    require_few_lookups(request)
    entry = queries.public_entry(code)
    context = {
        "entry": entry, "shown": queries.shown(entry), "credit_code": masked(entry.credit_code),
        "why": masked(entry.withdrawn_why), "office": office_at(entry.area, today()),
    }  # fmt: skip
    return quiet(render(request, "workflows/disclosures/public_entry.html", context))


# --- the desk --------------------------------------------------------------------------------------


@login_required
@require_safe
def disclosure_list(request: DeskRequest) -> HttpResponse:
    asked = request.GET
    state = asked.get("state", "")
    rows = queries.decisions_for(request.actor, state, asked.get("area", ""))
    context = {"page": Paginator(rows, PAGE).get_page(asked.get("page")), "states": STATES, "state": state}
    return render(request, "workflows/disclosures/list.html", context)


@login_required
@require_safe
def disclosure(request: DeskRequest, code: str) -> HttpResponse:
    return _page(request, queries.file_of(queries.decided_at(request.actor, code)))


def _page(
    request: DeskRequest, file: queries.File, bound: Form | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    inspection = file.inspection
    acts = [
        (offer, bound if offer.name == name else _form(offer.form, file, offer.name))
        for offer in offers_for("disclosure", request.actor, file, file)
    ]
    context = {"file": file, "inspection": inspection, "case": inspection.case, "acts": acts, "tried": name}
    return render(request, "workflows/disclosures/entry.html", context, status=status)


def _form(made: type[Form], file: queries.File, name: str) -> Form:
    facts = {"facts": file.inspection.facts[:500]} if made is forms.PublishForm else {}
    return made(auto_id=f"{name}-%s", initial=facts)


@login_required
@require_POST
def disclosure_act(request: DeskRequest, code: str, name: str) -> HttpResponse:
    file = queries.file_of(queries.decided_at(request.actor, code))
    act = acts_on("disclosure").get(name)
    if act is None:
        raise problems.NotHere()
    form = act.form(request.POST, auto_id=f"{name}-%s")
    if not form.is_valid():
        return _page(request, file, form, name, status=422)
    act.do(file, form, request.actor)
    messages.success(request, _("{act}：已办理。").format(act=act.label))
    return redirect("disclosure", code=code)
