"""How a page answers its form: what was asked for is done, or the refusal stands above what was typed."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grid import problems


def answer_form(
    request: HttpRequest, form: Form, page: str, facts: Mapping[str, object], act: Callable[[], HttpResponse]
) -> HttpResponse:
    """Acts and goes on, or shows `page` with the form and `facts`. What is not there, or not the viewer's to do, is
    refused as a whole page: raises NotHere, NotYourPost."""
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except problems.Problem as problem:
            if isinstance(problem, problems.NotHere | problems.NotYourPost):
                raise
            form.add_error(None, f"{problem.detail}{problem.advice}")
            status = problem.status
    return render(request, page, {**facts, "form": form}, status=status)


def done(request: HttpRequest, words: str, page: str, *of: object) -> HttpResponse:
    """Says what was done, on the page (its name in the addresses, and what it is of) one comes to."""
    messages.success(request, words)
    return redirect(page, *of)
