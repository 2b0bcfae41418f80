"""Cases at the desk: the list, the one page of a case, its acts, and many approvals at once."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.ledger.queries import history
from grid.requests import DeskRequest
from grid.sheets import KINDS, as_table
from workflows.cases import actions, queries
from workflows.cases.acts import form_for
from workflows.cases.forms import PageSeen
from workflows.cases.models import Case, CaseState
from workflows.cases.queries.answers import answers_of, beside
from workflows.engine.acts import acts_on, offers_for
from workflows.engine.queries.standing import standings_of
from workflows.engine.signing.queries import desk_of
from workflows.engine.signing.queries.matters import proceedings_of
from workflows.notices.actions.previews import preview_document
from workflows.notices.queries.handing import last_paper, with_papers

PAGE = 50
BATCH: tuple[str, ...] = (CaseState.STREET_APPROVAL, CaseState.DISTRICT_APPROVAL)


@login_required
@require_safe
def case_list(request: DeskRequest) -> HttpResponseBase:
    asked = request.GET
    sought = queries.Sought(
        state=asked.get("state", ""),
        area=asked.get("area", ""),
        overdue=bool(asked.get("overdue")),
        text=asked.get("q", "").strip(),
    )
    rows = queries.cases_for(request.actor, sought)
    if (kind := asked.get("export", "")) in KINDS:
        return _as_table(kind, rows)
    context = {
        "page": Paginator(rows, PAGE).get_page(asked.get("page")),
        "sought": sought,
        "states": CaseState.choices,
        "may_approve": any(request.actor.has(queries.deciding_right(state)) for state in BATCH),
    }
    return render(request, "workflows/cases/list.html", context)


def _as_table(kind: str, rows: QuerySet[Any]) -> HttpResponseBase:
    """What the list shows, all pages of it."""

    def lines() -> Iterator[list[object]]:
        yield [_("案号"), _("对象"), _("代码"), _("网格"), _("状态"), _("立项"), _("期限")]
        for case in rows.iterator(1000):
            opened_on, due_on = case.opened_at.date(), case.due_on or ""
            yield [
                case.code, case.subject.name, case.subject.code, case.area, case.get_state_display(), opened_on, due_on
            ]  # fmt: skip

    return as_table(kind, "cases", lines())


@login_required
@require_safe
def case_page(request: DeskRequest, code: str) -> HttpResponse:
    return _page(request, queries.case_at(request.actor, code))


def _page(
    request: DeskRequest, case: Case, bound: Form | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    viewer, file, clocks = request.actor, queries.file_of(case), queries.clocks_of(case)
    proceedings = proceedings_of(case)
    answers, facts = answers_of(case.finding.seen), queries.facts_beside(case)
    context = {
        "case": case,
        "file": file,
        "listing": file.listing,
        "standings": standings_of(case, proceedings, clocks),
        "facts": facts,
        "beside": beside(case.finding.seen, answers, facts),
        "answers": answers,
        "path": queries.path_of(case, clocks),
        "clocks": clocks,
        "areas": queries.area_names(case.area),
        "history": history(viewer, case=case.code),
        "acts": [
            (offer, bound if offer.name == name else form_for(offer.name, case, answers))
            for offer in offers_for("case", viewer, case, file)
        ],
        "signing": desk_of(viewer, case, proceedings),
        "tried": name,
    }
    context |= queries.shown_by_others(case)
    return render(request, "workflows/cases/detail.html", context, status=status)


@login_required
@require_POST
def act(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """One act of one case. A form that lacks something comes back open, with what it had."""
    case = queries.case_at(request.actor, code)
    if name not in acts_on("case"):
        raise problems.NotHere()
    form = form_for(name, case, answers_of(case.finding.seen), request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, case, form, name, status=422)
    before = last_paper(case.pk)
    acts_on("case")[name].do(case, form, request.actor)
    case.refresh_from_db()
    done = _("{case}：已办理，现为“{state}”。").format(case=case.code, state=case.get_state_display())
    messages.success(request, with_papers(done, case.pk, before, by=request.actor))
    return redirect("case", code=case.code)


# --- many at once ----------------------------------------------------------------------------------


@login_required
@require_safe
def approval_list(request: DeskRequest) -> HttpResponse:
    """Cases of one approval state, to be read line by line and decided together."""
    waiting = {state: queries.to_approve(request.actor, state) for state in BATCH}
    state = request.GET.get("state") or next((s for s in BATCH if waiting[s].exists()), BATCH[0])
    if state not in BATCH:
        raise problems.NotHere()
    page = Paginator(waiting[CaseState(state)], PAGE).get_page(request.GET.get("page"))
    seen = PageSeen(initial={"at": state})
    context = {"page": page, "state": CaseState(state), "states": BATCH, "seen": seen}
    return render(request, "workflows/cases/approvals.html", context)


@login_required
@require_POST
def approve_many(request: DeskRequest) -> HttpResponse:
    """Each chosen case is decided and entered by itself: one refused leaves the others approved."""
    seen, remark = PageSeen(request.POST), request.POST.get("remark", "")[:300]
    if not seen.is_valid() or seen.at_state not in BATCH:
        raise problems.NotHere()
    state = seen.at_state
    codes, approved = list(dict.fromkeys(request.POST.getlist("case")))[:PAGE], 0
    for code in codes:
        try:
            actions.approve_case(
                queries.case_at(request.actor, code), by=request.actor, remark=remark, at=state
            )
            approved += 1
        except problems.Problem as refused:
            messages.error(request, f"{code}：{refused.detail}")
    if approved:
        messages.success(request, _("已同意 {n} 件，逐件记入台账。").format(n=approved))
    elif not codes:
        messages.error(request, _("没有选择案件。"))
    return redirect(f"{request.path.rsplit('/', 2)[0]}/?state={state}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: DeskRequest, code: str, kind: str) -> HttpResponse:
    """The document as it would be issued now, to whoever may issue it. POST brings what the act's form holds;
    neither keeps anything."""
    case = queries.case_at(request.actor, code)
    content = preview_document(case, kind, request.POST, by=request.actor)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="preview.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
