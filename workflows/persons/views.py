"""The page of a responsible person and its acts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.requests import DeskRequest
from workflows.engine.acts import acts_on, offers_for
from workflows.notices.queries.handing import last_paper, with_papers
from workflows.persons import queries
from workflows.persons.models import ResponsiblePerson


@login_required
@require_safe
def person_page(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    return _page(request, queries.person_at(request.actor, code, pk))


def _page(
    request: DeskRequest,
    person: ResponsiblePerson,
    bound: Form | None = None,
    name: str = "",
    status: int = 200,
) -> HttpResponse:
    file = queries.file_of(person)
    acts = [
        (offer, bound if offer.name == name else offer.form(auto_id=f"{offer.name}-%s"))
        for offer in offers_for("person", request.actor, person, file)
    ]
    context = {
        "person": person,
        "inspection": person.inspection,
        "case": person.inspection.case,
        "file": file,
        "papers": [paper for paper in (person.notice, person.decision) if paper],
        "surcharge": queries.surcharge_of(person),
        "acts": acts,
        "tried": name,
    }
    return render(request, "workflows/persons/detail.html", context, status=status)


@login_required
@require_POST
def person_act(request: DeskRequest, code: str, pk: int, name: str) -> HttpResponse:
    person = queries.person_at(request.actor, code, pk)
    act = acts_on("person").get(name)
    if act is None:
        raise problems.NotHere()
    form = act.form(request.POST, auto_id=f"{name}-%s")
    if not form.is_valid():
        return _page(request, person, form, name, status=422)
    case = person.inspection.case_id
    before = last_paper(case)
    act.do(person, form, request.actor)
    done = _("{act}：已办理。").format(act=act.label)
    messages.success(request, with_papers(done, case, before, by=request.actor))
    return redirect("person", code=code, pk=pk)
