from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grid import problems
from grid.calendar.now import today
from grid.scope import Right
from workflows.assessment import actions, queries


@login_required
def index(request: HttpRequest) -> HttpResponse:
    return redirect("assessment-year", year=today().year)


@login_required
def year(request: HttpRequest, year: int) -> HttpResponse:
    may_assess = request.actor.can(Right.ASSESS, settings.CITY)
    try:
        scheme = queries.scheme_of(year)
    except problems.NotHere:
        if not may_assess and not request.actor.has(Right.SEE_CASES):
            raise
        return render(request, "workflows/assessment/none.html", {"year": year, "may_assess": may_assess})
    context = {
        "scheme": scheme,
        "indicators": scheme.indicators.order_by("pk"),
        "ranking": queries.ranking(request.actor, scheme),
        "may_assess": may_assess,
    }
    return render(request, "workflows/assessment/year.html", context)


@login_required
@require_POST
def compute(request: HttpRequest, year: int) -> HttpResponse:
    scheme = actions.open_scheme(year, settings.CITY, by=request.actor)
    actions.compute_scheme(scheme, settings.CITY, by=request.actor)
    messages.success(request, _("%(year)s 年度考核已按台账与名册重新计算。") % {"year": year})
    return redirect("assessment-year", year=year)


@login_required
@require_POST
def freeze(request: HttpRequest, year: int) -> HttpResponse:
    actions.freeze_scheme(queries.scheme_of(year), settings.CITY, by=request.actor)
    messages.success(request, _("%(year)s 年度考核已冻结，数字不再改变。") % {"year": year})
    return redirect("assessment-year", year=year)


@login_required
@require_POST
def check(request: HttpRequest, year: int) -> HttpResponse:
    scheme = queries.scheme_of(year)
    queries.ranking(request.actor, scheme)
    if queries.is_reproducible(scheme, settings.CITY):
        messages.success(request, _("重新计算的每一位数字与所存一致。"))
    else:
        messages.warning(request, _("重新计算的结果与所存不同：其后有新的名册或案件记入。请打开各数字查看。"))
    return redirect("assessment-year", year=year)


@login_required
def result(request: HttpRequest, pk: int) -> HttpResponse:
    opened = queries.open_result(request.actor, pk)
    return render(request, "workflows/assessment/result.html", {"opened": opened, "result": opened.result})
