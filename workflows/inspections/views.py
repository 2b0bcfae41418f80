"""The one page of an inspection and its acts."""

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from grid.ledger.queries import history
from grid.requests import DeskRequest
from workflows.engine.acts import acts_on, offers_for
from workflows.engine.queries.standing import standing_of
from workflows.engine.signing.queries import in_the_way
from workflows.inspections import queries
from workflows.inspections.acts import form_for
from workflows.inspections.documents import still_owed
from workflows.inspections.models import Inspection
from workflows.inspections.queries import weighing
from workflows.inspections.records.queries import file_at, hearing_file_at, hearing_records_of, page_of
from workflows.notices.queries.handing import last_paper, with_papers
from workflows.notices.views.papers import handed


@login_required
@require_safe
def inspection_page(request: DeskRequest, code: str) -> HttpResponse:
    return _page(request, queries.inspection_at(request.actor, code))


def _page(
    request: DeskRequest, inspection: Inspection, bound: Form | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    viewer, file = request.actor, queries.file_of(inspection)
    context = {
        "inspection": inspection,
        "case": inspection.case,
        "file": file,
        "page": page_of(inspection, request.GET.get("page")),
        "hearing_records": hearing_records_of(inspection),
        "path": queries.path_of(inspection, file.clocks),
        "standings": [standing_of(inspection, file.clocks)] if inspection.is_open else [],
        "chosen": weighing.chosen_words(inspection),
        **_owed(inspection),
        "history": [e for e in history(viewer, case=inspection.case.code) if e.at >= inspection.proposed_at],
        "acts": [
            (offer, bound if offer.name == name else form_for(offer.name, inspection))
            for offer in offers_for("inspection", viewer, inspection, file)
        ],
        "blocked": in_the_way(viewer, inspection),
        "tried": name,
    }
    return render(request, "workflows/inspections/detail.html", context, status=status)


def _owed(inspection: Inspection) -> dict[str, object]:
    """What late payment has added until today, by which rows, and what is left to pay."""
    added = queries.surcharge_now(inspection)
    paid, law = inspection.paid, the_law(today())
    return {
        "surcharge": added,
        "surcharge_reviewed": weighing.surcharge_is_reviewed(law, is_partly_paid=bool(paid)),
        "owed": still_owed(inspection.fine or Decimal(0), added.amount, paid),
    }


@login_required
@require_safe
def record_file(request: DeskRequest, code: str, pk: int) -> FileResponse:
    """A file of the evidence, to be downloaded: whatever it is, it runs nothing here."""
    found, path = file_at(request.actor, code, pk)
    return handed(found.name, found.kind, path)


@login_required
@require_safe
def hearing_file(request: DeskRequest, code: str, pk: int) -> FileResponse:
    """A file of the record of a hearing, to be downloaded."""
    found, path = hearing_file_at(request.actor, code, pk)
    return handed(found.name, found.kind, path)


@login_required
@require_POST
def act(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """One act of one inspection. A form that lacks something comes back open, with what it had."""
    inspection = queries.inspection_at(request.actor, code)
    if name not in acts_on("inspection"):
        raise problems.NotHere()
    form = form_for(name, inspection, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, inspection, form, name, status=422)
    before = last_paper(inspection.case_id)
    acts_on("inspection")[name].do(inspection, form, request.actor)
    inspection.refresh_from_db()
    done = _("{one}：已办理，现为“{state}”。").format(
        one=inspection.code, state=inspection.get_state_display()
    )
    messages.success(request, with_papers(done, inspection.case_id, before, by=request.actor))
    return redirect("inspection", code=code)
