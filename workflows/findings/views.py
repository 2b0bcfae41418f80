"""The second pair of eyes: what was seen at the door beside what the registers say, and one decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.registers.queries import facts_of
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from tasks.findings.actions import reject_finding, return_finding
from tasks.findings.models import Finding
from tasks.findings.queries import speaker_of
from tasks.visits.actions import seen_with
from tasks.visits.states import FindingState
from workflows.cases.actions import confirm_and_open
from workflows.cases.queries.answers import Answer, answers_of, beside
from workflows.cases.queries.foreseeing import outlook_of, running_case
from workflows.cases.rules import Confirming
from workflows.findings import forms, queries

PAGE = 50


@login_required
@require_safe
def finding_list(request: DeskRequest) -> HttpResponse:
    state, area = request.GET.get("state", FindingState.OPEN), request.GET.get("area", "")
    rows = queries.findings_for(request.actor, state=state, area=area)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "state": state,
        "area": area,
        "states": FindingState.choices,
    }
    return render(request, "workflows/findings/list.html", context)


@login_required
@require_safe
def finding_page(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, queries.finding_at(request.actor, pk))


def _page(
    request: DeskRequest, finding: Finding, bound: Form | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    viewer, answers = request.actor, answers_of(finding.seen)
    may = finding.state == FindingState.OPEN and viewer.can(Right.REVIEW, finding.area)
    is_mine = speaker_of(finding, viewer.person_id) is not None
    facts = facts_of(finding.subject)
    outlook = outlook_of(finding, running_case(finding.subject_id))
    blank = {each: _form(each, answers) for each in DECIDE}
    blank["confirm"].fields["seen"].initial = outlook.key
    context = {
        "finding": finding,
        "visit": finding.seen,
        "seen": seen_with(viewer, finding.visit),
        "answers": answers,
        "is_form_unknown": queries.is_form_unknown(finding.visit),
        "facts": facts,
        "beside": beside(finding.seen, answers, facts),
        "may": may and not is_mine,
        "is_mine": is_mine,
        "forms": blank | ({name: bound} if name else {}),
        "tried": name,
        "outlook": outlook,
        "rejecting": queries.rejecting_words(finding),
        "case": queries.case_of(viewer, finding, outlook),
    }
    return render(request, "workflows/findings/detail.html", context, status=status)


@login_required
@require_POST
def decide(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    finding = queries.finding_at(request.actor, pk)
    if name not in DECIDE:
        raise problems.NotHere()
    form = _form(name, answers_of(finding.seen), request.POST)
    if not form.is_valid():
        return _page(request, finding, form, name, status=422)
    messages.success(request, DECIDE[name][1](finding, form.cleaned_data, request.actor))
    return redirect("findings")


def _form(name: str, answers: list[Answer], data: QueryDict | None = None) -> Form:
    extra = {"questions": answers} if name == "return" else {}
    return DECIDE[name][0](data, auto_id=f"{name}-%s", **extra)


def _confirm(finding: Finding, given: dict[str, Any], by: Actor) -> str:
    """What is said afterwards is what was said before: the act refuses when that is no longer so."""
    outlook = outlook_of(finding, running_case(finding.subject_id))
    case = confirm_and_open(finding, given["remark"], by=by, seen=given["seen"] or outlook.key)
    if outlook.doing == Confirming.OPENS and case:
        return _("已确认：立案 {code}，送街道审批。").format(code=case.code)
    return _("已确认：{follows}。").format(follows=outlook.words)


def _return(finding: Finding, given: dict[str, Any], by: Actor) -> str:
    return_finding(finding, given["question"], given["fields_asked"], by=by)
    return _("已退回，问题会出现在网格员的手机上。")


def _reject(finding: Finding, given: dict[str, Any], by: Actor) -> str:
    follows = queries.rejecting_words(finding)
    reject_finding(finding, given["remark"], by=by)
    return _("已认定不成立：{follows}。").format(follows=follows)


DECIDE: dict[str, tuple[Callable[..., Form], Callable[[Finding, dict[str, Any], Actor], str]]] = {
    "confirm": (forms.ConfirmForm, _confirm),
    "return": (forms.ReturnForm, _return),
    "reject": (forms.RejectForm, _reject),
}
