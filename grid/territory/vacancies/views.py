"""Which areas have nobody, and who will be away."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grid import problems
from grid.requests import DeskRequest
from grid.sheets import KINDS, as_table
from grid.territory.queries import area_of
from grid.territory.vacancies import queries

PAGE = 100


@login_required
@require_safe
def vacancies(request: DeskRequest, code: str) -> HttpResponse:
    viewer = request.actor
    page = Paginator(queries.vacant(viewer, code), PAGE).get_page(request.GET.get("page"))
    facts = {
        "area": area_of(viewer, code),
        "rows": [(area, queries.role_words(area)) for area in page],
        "page": page,
        "absences": list(queries.absences_ahead(viewer, code)[:PAGE]),
        "kinds": KINDS,
    }
    return render(request, "grid/territory/vacancies.html", facts)


@login_required
@require_safe
def vacancies_table(request: DeskRequest, code: str, kind: str) -> HttpResponseBase:
    area_of(request.actor, code)
    if kind not in KINDS:
        raise problems.NotHere()
    head = [_("区划代码"), _("区划名称"), _("上级"), _("空缺岗位"), _("户数")]
    return as_table(kind, f"vacancies-{code}", [head, *queries.vacancy_lines(request.actor, code)])


@login_required
@require_safe
def absences_table(request: DeskRequest, code: str, kind: str) -> HttpResponseBase:
    area_of(request.actor, code)
    if kind not in KINDS:
        raise problems.NotHere()
    head = [_("姓名"), _("岗位"), _("区划名称"), _("起"), _("止"), _("代班")]
    return as_table(kind, f"absences-{code}", [head, *queries.absence_lines(request.actor, code)])
