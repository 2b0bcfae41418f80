"""The page of an example and its acts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.scope import Right, within
from tests.workflows.example.models import Example
from workflows.engine.acts import acts_on, offers_for

PAGE = """<h1>{{ example.code }}</h1>{% for act, form in acts %}
<form method="post" action="{% url 'example-act' example.code act.name %}">{% csrf_token %}{{ form }}
<button>{{ act.label }}</button> 接下来：{{ act.follows }}</form>{% endfor %}"""


def _at(viewer: Any, code: str) -> Example:
    found = within(Example.objects.all(), viewer, Right.SEE_CASES).filter(code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def _form(name: str, example: Example, data: Any = None) -> Any:
    return acts_on("example")[name].form(data, case=example, auto_id=f"{name}-%s")


@login_required
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    viewer: Any = request.actor
    example = _at(viewer, code)
    acts = [(act, _form(act.name, example)) for act in offers_for("example", viewer, example, example)]
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"example": example, "acts": acts}, request))


@login_required
@require_POST
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    viewer: Any = request.actor
    example = _at(viewer, code)
    if name not in acts_on("example"):
        raise problems.NotHere()
    form = _form(name, example, request.POST)
    if not form.is_valid():
        return HttpResponse(str(form.errors), status=422)
    acts_on("example")[name].do(example, form, viewer)
    return redirect("example", code=code)
