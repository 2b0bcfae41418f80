"""The desk's list of entries and the file of one: what it rests on, what was set against it, its sanctions."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.requests import DeskRequest
from grid.scope import Right
from workflows.engine.acts import Act, acts_on, offers_for
from workflows.listing import actions, queries
from workflows.listing.forms import ReviewForm, SanctionsForm
from workflows.listing.models import Listing
from workflows.listing.models.proofs import LookFile, ProofFile
from workflows.listing.queries import File
from workflows.notices.queries.handing import last_paper, with_papers
from workflows.notices.views.papers import handed
from workflows.sanctions.queries import measures_named, orders_of

PAGE = 50
STATES = (
    ("", _lazy("全部")), ("on", _lazy("公示中")), ("objected", _lazy("异议核查中")),
    ("repair", _lazy("修复审核中")), ("off", _lazy("已移出或不予列入")),
)  # fmt: skip


@login_required
@require_safe
def listing_list(request: DeskRequest) -> HttpResponse:
    asked = request.GET
    sought = {name: asked.get(name, "").strip() for name in ("state", "area", "text")}
    rows = queries.listings_for(request.actor, **sought)
    context = {"page": Paginator(rows, PAGE).get_page(asked.get("page")), "sought": sought, "states": STATES}
    return render(request, "workflows/listing/desk_list.html", context)


@login_required
@require_safe
def listing_file(request: DeskRequest, code: str) -> HttpResponse:
    return _page(request, queries.listing_at(request.actor, code))


@login_required
@require_safe
def look_file(request: DeskRequest, code: str, pk: int) -> FileResponse:
    return _handed(request, LookFile, code, pk)


@login_required
@require_safe
def proof_file(request: DeskRequest, code: str, pk: int) -> FileResponse:
    return _handed(request, ProofFile, code, pk)


def _handed(request: DeskRequest, table: type[LookFile | ProofFile], code: str, pk: int) -> FileResponse:
    """A file of what a listing is proven by, to be downloaded: whatever it is, it runs nothing here."""
    found, path = queries.proof_file_at(request.actor, table, code, pk)
    return handed(found.name, found.kind, path)


@login_required
@require_safe
def grounds(request: DeskRequest) -> HttpResponse:
    """What may bring somebody on the list or into publication, and what of it the legal office has confirmed."""
    return _grounds(request)


def _grounds(request: DeskRequest, pk: int = 0, form: Form | None = None, status: int = 200) -> HttpResponse:
    viewer = request.actor
    found = queries.grounds_to_know(viewer)
    may_review = viewer.can(Right.CONFIRM_LAW, settings.CITY)
    rows = [
        (
            ground,
            form if ground.pk == pk else ReviewForm(auto_id=f"ground-{ground.pk}-%s"),
            queries.conditions_of(ground),
        )
        for ground in found
    ]
    context = {
        "rows": rows,
        "may_review": may_review,
        "left": sum(not ground.reviewed for ground in found),
    }
    return render(request, "workflows/listing/grounds.html", context, status=status)


@login_required
@require_POST
def review_ground(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    ground = queries.ground_at(viewer, pk)
    form = ReviewForm(request.POST, auto_id=f"ground-{pk}-%s")
    if not form.is_valid():
        return _grounds(request, pk, form, 422)
    actions.review_ground(ground, form.cleaned_data["why"], by=viewer)
    messages.success(request, _("“{title}”已法制审核。").format(title=ground.title))
    return redirect("listing-grounds")


def _page(
    request: DeskRequest, listing: Listing, bound: Form | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    file = queries.file_of(listing)
    acts = [
        (offer, bound if offer.name == name else _form_of(offer, file))
        for offer in offers_for("listing", request.actor, file, file)
    ]
    context = {"file": file, "listing": listing, "acts": acts, "tried": name, "orders": orders_of(listing.pk)}
    return render(request, "workflows/listing/file.html", context, status=status)


def _form_of(act: Act, file: File, given: QueryDict | None = None) -> Form:
    form: Form = act.form(given, auto_id=f"{act.name}-%s")
    if isinstance(form, SanctionsForm):
        form.limit_to(measures_named(file.listing.case_id))
    return form


@login_required
@require_POST
def listing_act(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """One act on an entry. A form that lacks something comes back open, with what it had."""
    viewer = request.actor
    listing = queries.listing_at(viewer, code)
    act = acts_on("listing").get(name)
    if act is None:
        raise problems.NotHere()
    file = queries.file_of(listing)
    if not act.fits(file):
        state = listing.case.get_state_display()
        raise problems.OutOfOrder(thing=listing.code, state=state, act=act.label)
    form = _form_of(act, file, request.POST)
    if not form.is_valid():
        return _page(request, listing, form, name, status=422)
    before = last_paper(listing.case_id)
    act.do(file, form, viewer)
    words = _("{act}：已办理。").format(act=act.label)
    messages.success(request, with_papers(words, listing.case_id, before, by=viewer))
    return redirect("listing", code=code)
