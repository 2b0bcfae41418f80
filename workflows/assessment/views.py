"""The assessment page: the ranking and its way to the end; one number with its members; the check of a year."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.calendar.now import today
from grid.requests import DeskRequest
from grid.sheets import KINDS, as_table
from grid.subjects.models import Sort
from grid.texts import Text
from workflows.assessment import actions, forms, queries
from workflows.assessment import problems as assessment_problems
from workflows.assessment.models import Response, Scheme, Stand
from workflows.assessment.queries import checking, gates

PAGE = 50
WHICH = ("missed", "counted")


@login_required
def index(request: HttpRequest) -> HttpResponse:
    return redirect("assessment-year", year=today().year)


@login_required
@require_safe
def year(request: DeskRequest, year: int) -> HttpResponse:
    try:
        scheme = queries.scheme_of(request.actor, year)
    except problems.NotHere:
        queries.require_reader(request.actor)
        context = {"year": year, "may_assess": queries.is_ours(request.actor), "years": queries.years()}
        return render(request, "workflows/assessment/none.html", context)
    return _page(request, scheme)


def _page(request: DeskRequest, scheme: Scheme, tried: str = "", form: Form | None = None) -> HttpResponse:
    """`tried`: the act whose form was not filled in well."""
    viewer = request.actor
    ranking = queries.ranking(viewer, scheme)
    responses = queries.responses_of(viewer, scheme)
    now = [
        response.response
        for response in responses
        if response.response.showing == scheme.showing and scheme.shown_at
    ]
    may_assess = queries.is_ours(viewer)
    context = {
        "scheme": scheme,
        "indicators": scheme.indicators.order_by("pk"),
        "ranking": ranking,
        "stages": queries.stages_of(scheme, now),
        "heard": responses,
        "history": queries.history_of(scheme),
        "may_assess": may_assess,
        "first": gates.first_day_to_show(scheme.year),
        "term": gates.objection_days(),
        "may_show": gates.may_show(scheme),
        "may_propose": gates.is_settled(scheme),
        "is_second": may_assess and scheme.proposed_by_id not in (None, viewer.person_id),
        "reason": forms.ReasonForm(),
        "objection": forms.ObjectionForm(scheme=scheme),
        "answer": forms.AnswerForm(),
        "tried": tried,
        "failed": form,
        "years": queries.years(),
    }
    return render(request, "workflows/assessment/year.html", context, status=422 if form else 200)


@login_required
@require_POST
def act(request: DeskRequest, year: int, name: str) -> HttpResponse:
    if name == "compute":
        queries.require_reader(request.actor)
        scheme = actions.open_scheme(year, settings.CITY, by=request.actor)
        actions.compute_scheme(scheme, settings.CITY, by=request.actor)
        messages.success(request, _("%(year)s 年度考核已按台账与名册重新计算。") % {"year": year})
        return redirect("assessment-year", year=year)
    scheme = queries.scheme_of(request.actor, year)
    if name in PLAIN:
        plain, said = PLAIN[name]
        plain(scheme, settings.CITY, by=request.actor)
    elif name in REASONED:
        form = forms.ReasonForm(request.POST)
        if not form.is_valid():
            return _page(request, scheme, name, form)
        reasoned, said = REASONED[name]
        reasoned(scheme, settings.CITY, form.cleaned_data["why"], by=request.actor)
    else:
        raise problems.NotHere()
    messages.success(request, said)
    return redirect("assessment-year", year=year)


PLAIN: dict[str, tuple[Callable[..., object], Text]] = {
    "show": (actions.show_scheme, gettext_lazy("已向各区公示。异议期内各区可以确认或者提出异议。")),
    "propose": (actions.propose_freeze, gettext_lazy("已提请封定，请市扩面办另一位同事决定。")),
    "freeze": (actions.freeze_scheme, gettext_lazy("已封定：数字、名单和指纹记入台账，不再改变。")),
}
REASONED: dict[str, tuple[Callable[..., object], Text]] = {
    "take-back": (actions.take_back_scheme, gettext_lazy("公示已收回，可以重新计算后再次公示。")),
    "refuse": (actions.refuse_freeze, gettext_lazy("已退回提请，仍在公示。")),
}


@login_required
@require_POST
def respond(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    response = queries.response_of(request.actor, pk)
    if name == "agree":
        actions.agree_result(response, by=request.actor)
        messages.success(request, _("已确认无异议。异议期内仍可提出异议。"))
    elif name == "object":
        form = forms.ObjectionForm(request.POST, scheme=response.scheme)
        if not form.is_valid():
            return _page(request, response.scheme, f"object-{pk}", form)
        given = form.cleaned_data
        actions.object_to_result(response, given["why"], given["indicator"], by=request.actor)
        messages.success(request, _("异议已提交，由市扩面办答复。"))
    elif name in ("uphold", "reject"):
        return _answer(request, response, name)
    else:
        raise problems.NotHere()
    return redirect("assessment-year", year=response.scheme.year)


def _answer(request: DeskRequest, response: Response, name: str) -> HttpResponse:
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, response.scheme, f"{name}-{response.pk}", form)
    text = form.cleaned_data["answer"]
    done = actions.answer_objection(response, settings.CITY, text, uphold=name == "uphold", by=request.actor)
    messages.success(request, Stand(done.state).label)
    return redirect("assessment-year", year=response.scheme.year)


@login_required
@require_POST
def check(request: DeskRequest, year: int) -> HttpResponse:
    scheme = queries.scheme_of(request.actor, year)
    if scheme.computed_at is None:
        raise assessment_problems.NotComputed(year=year)
    found = checking.check_scheme(request.actor, scheme) if scheme.has_members else None
    return render(request, "workflows/assessment/check.html", {"scheme": scheme, "found": found})


@login_required
@require_safe
def result(request: DeskRequest, pk: int) -> HttpResponseBase:
    found = queries.result_of(request.actor, pk)
    which, sort = request.GET.get("which", ""), request.GET.get("sort", "")
    which, sort = which if which in WHICH else "", sort if sort in Sort.values else ""
    members = queries.members_of(found, which, sort)
    if (kind := request.GET.get("export", "")) in KINDS:
        name = f"assessment-{found.indicator.scheme.year}-{found.indicator.formula}-{found.area}"
        return as_table(kind, name, queries.exported(found, members))
    page = Paginator(members, PAGE).get_page(request.GET.get("page"))
    context = {
        "result": found,
        "figures": queries.figures_of(found),
        "page": page,
        "members": queries.named(list(page.object_list)),
        "which": which,
        "sort": sort,
        "has_heads": found.indicator.formula in ("enrolment", "retention"),
    }
    return render(request, "workflows/assessment/result.html", context)
