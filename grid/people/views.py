"""People one looks after: the list, somebody new, one of them, and who is meant while somebody types."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.accounts.actions.tries import keys_of, wait_of
from grid.accounts.forms import ReasonForm
from grid.accounts.queries import account_history, has_second_factor
from grid.answers import answer_form, done
from grid.calendar.now import today
from grid.people import actions, queries
from grid.people.forms import CorrectionForm, PersonForm, SoughtForm
from grid.people.queries.judging import REFUSED
from grid.people.rules import masked_phone
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.territory.actions import correct_person, deactivate_person, reactivate_person
from grid.territory.followers import phones_of
from grid.territory.models import Person
from grid.territory.queries import GIVING, absences_of, history_of, may_manage, person_of_area

PAGE = 50
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def giver(request: DeskRequest) -> Actor:
    """Who asks, if they give posts of any kind. Raises NotYourPost, NotHere."""
    viewer = request.actor
    if any(map(viewer.has, GIVING)):
        return viewer
    raise problems.NotYourPost(right=Right.POST.value) if viewer.held else problems.NotHere()


@login_required
@require_safe
def people(request: DeskRequest) -> HttpResponse:
    viewer = giver(request)
    form = SoughtForm(request.GET, areas=queries.tops_to_give(viewer))
    sought = form.sought()
    page = Paginator(queries.found(viewer, sought), PAGE).get_page(request.GET.get("page"))
    facts = {
        "form": form,
        "sought": sought,
        "page": page,
        "rows": [(row, masked_phone(row.person.phone)) for row in queries.rows_of(viewer, page.object_list)],
        "counts": queries.counts(viewer),
        "states": queries.STATES,
        "today": today(),
    }
    return render(request, "grid/people/list.html", facts)


@login_required
@require_safe
def names(request: DeskRequest) -> HttpResponse:
    """A part of the page that posts somebody: who is meant by what was typed so far."""
    viewer = giver(request)
    q = request.GET.get("username", "")[:40]
    found = queries.named(viewer, q)
    facts = {
        "found": [(candidate, candidate.phone[-4:]) for candidate in found],
        "q": q.strip(),
        "area": request.GET.get("area", "")[:15],
    }
    return render(request, "grid/people/names.html", facts)


@login_required
@read_or_write
def new_person(request: DeskRequest) -> HttpResponse:
    viewer = giver(request)
    given = {name: request.GET.get(name, "")[:40] for name in ("area", "full_name", "role")}
    form = PersonForm(request.POST or None, roles=queries.roles_given(viewer), initial=given)

    def add() -> HttpResponse:
        (judged,) = actions.enter_people([form.line()], "", by=viewer)
        if judged.outcome == REFUSED or judged.standing is None:
            raise judged.problem or problems.NotHere()
        person = judged.standing.person
        if judged.posting:
            messages.success(
                request, _("已新增%(name)s，任%(post)s。") % {"name": person, "post": judged.told["post"]}
            )
        else:
            messages.success(request, _("已新增%s。") % person)
        return redirect("sign-in-help", person.pk)

    return answer_form(request, form, "grid/people/new.html", {}, add)


@login_required
@read_or_write
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """An account with its posts, what waits for it, and whether it may be used."""
    viewer = request.actor
    found = person_of_area(viewer, pk)
    form = ReasonForm(request.POST or None)

    def switch() -> HttpResponse:
        act = deactivate_person if found.is_active else reactivate_person
        act(found, reason=form.cleaned_data["reason"], by=viewer)
        done = _("已停用%s的账号。") if found.is_active else _("已恢复%s的账号。")
        messages.success(request, done % found)
        return redirect("person", found.pk)

    return answer_form(request, form, "grid/people/detail.html", _facts_of(viewer, found), switch)


def _facts_of(viewer: Actor, person: Person) -> dict[str, object]:
    posts = list(history_of(viewer, person))
    manages = may_manage(viewer, person)
    facts: dict[str, object] = {
        "person": person,
        "manages": manages,
        "rows": queries.gives(viewer, posts),
        "absences": absences_of(posts),
        "phones": phones_of([person.pk]).get(person.pk, []),
        "today": today(),
    }
    if manages:
        facts |= {
            "history": account_history(viewer, person),
            "left": queries.left_by(viewer, person) if person.is_active else [],
            "has_factor": has_second_factor(person),
            "wait": wait_of(keys_of(person)),
        }
    return facts


@login_required
@read_or_write
def correct(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = giver(request)
    found = person_of_area(viewer, pk)
    if not may_manage(viewer, found):
        raise problems.NotYourPost(right=Right.POST.value)
    form = CorrectionForm(request.POST or None, initial={"full_name": found.full_name, "phone": found.phone})

    def change() -> HttpResponse:
        corrected = correct_person(found, **form.cleaned_data, by=viewer)
        return done(request, _("已更正%s的信息。") % corrected, "person", found.pk)

    return answer_form(request, form, "grid/people/correct.html", {"person": found}, change)
