"""The audits of a case on one page, and what was sent to the tax office."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.keeping import open_stored
from grid.ledger.queries import history
from grid.requests import DeskRequest
from workflows.audits import actions, queries
from workflows.audits.acts import form_for, offers
from workflows.audits.forms import TaxAnswerForm
from workflows.audits.rules import LETTER_TERM
from workflows.cases.models import Case
from workflows.cases.queries import case_at
from workflows.engine.acts import acts_on
from workflows.engine.queries.standing import standing_of
from workflows.engine.signing.queries import in_the_way
from workflows.notices.models import NoticeKind
from workflows.notices.queries.handing import last_paper, with_papers

PAGE = 50


@login_required
@require_safe
def audit_page(request: DeskRequest, code: str) -> HttpResponse:
    return _page(request, case_at(request.actor, code))


def _page(
    request: DeskRequest, case: Case, bound: Form | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    audits = queries.audits_of(case)
    newest = audits[0] if audits else None
    if newest is not None:
        newest.case = case
    file = queries.file_of(newest) if newest else None
    context = {
        "case": case,
        "audit": newest,
        "earlier": audits[1:],
        "file": file,
        "transfer": file.transfer if file else None,
        "path": queries.path_of(file) if file else [],
        "standings": [standing_of(newest, file.clocks)] if newest and file and newest.is_open else [],
        "acts": [
            (offer, bound if offer.name == name else form_for(offer.name, case, newest))
            for offer in offers(request.actor, case, file)
        ],
        "history": [e for e in history(request.actor, case=case.code) if newest and e.at >= newest.opened_at],
        "untold": file.unserved(NoticeKind.AUDIT_CLEAR) if file else None,
        "left": [clock for clock in file.clocks if clock.kind == LETTER_TERM] if file else [],
        "blocked": in_the_way(request.actor, newest) if newest else [],
        "tried": name,
    }
    return render(request, "workflows/audits/detail.html", context, status=status)


@login_required
@require_POST
def audit_act(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """One act of the newest audit, or opening one. A form that lacks something comes back open, with what it had."""
    case = case_at(request.actor, code)
    if name not in acts_on("audit"):
        raise problems.NotHere()
    audits = queries.audits_of(case)
    newest = audits[0] if audits else None
    form = form_for(name, case, newest, request.POST)
    if newest is None and name != "open":
        raise problems.NotHere()
    if not form.is_valid():
        return _page(request, case, form, name, status=422)
    before = last_paper(case.pk)
    if newest is not None:
        newest.case = case
    act = acts_on("audit")[name]
    act.do(case if act.on else newest, form, request.actor)
    newest = queries.audits_of(case)[0]
    done = _("{audit}：已办理，现为“{state}”。")
    words = done.format(audit=newest.code, state=newest.get_state_display())
    messages.success(request, with_papers(words, newest.case_id, before, by=request.actor))
    return redirect("case-audit", code=code)


# --- transfers to the tax office ---------------------------------------------------------------------


@login_required
@require_safe
def transfers(request: DeskRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = queries.transfers_for(request.actor, state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    states = (("", _("全部")), ("open", _("待答复")), ("closed", _("已办结")))
    return render(
        request, "workflows/audits/transfers.html", {"page": page, "state": state, "states": states}
    )


@login_required
@require_safe
def transfer(request: DeskRequest, pk: int) -> HttpResponse:
    return _transfer(request, pk)


def _transfer(request: DeskRequest, pk: int, form: Form | None = None, status: int = 200) -> HttpResponse:
    row = queries.transfer_at(request.actor, pk)
    context = {
        "transfer": row,
        "may_answer": queries.may_answer(request.actor, row),
        "form": form or TaxAnswerForm(auto_id="answer-%s"),
    }
    return render(request, "workflows/audits/transfer.html", context, status=status)


@login_required
@require_POST
def transfer_answer(request: DeskRequest, pk: int) -> HttpResponse:
    row, form = queries.transfer_at(request.actor, pk), TaxAnswerForm(request.POST, auto_id="answer-%s")
    if not form.is_valid():
        return _transfer(request, pk, form, status=422)
    actions.answer_transfer(row, form.answer(), by=request.actor)
    messages.success(request, _("已答复，移送单位已收到。"))
    return redirect("transfer", pk=pk)


@login_required
@require_safe
def transfer_letter(request: DeskRequest, pk: int) -> HttpResponseBase:
    path = queries.letter_of(queries.transfer_at(request.actor, pk))
    return FileResponse(open_stored(path), content_type="application/pdf", filename=f"transfer-{pk}.pdf")
