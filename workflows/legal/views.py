"""法制审核台: what no lawyer has passed, what rests on it, and the questions that only the city's lawyers can answer."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.law.queries import version_at
from grid.requests import DeskRequest
from grid.scope import Right
from grid.sheets import as_csv
from workflows.legal import actions, queries
from workflows.legal.forms import AnswerForm, ConfirmForm

PAGE = 50
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def desk(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    rows = queries.waiting_rows(viewer)
    facts = {
        "rows": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "asked": queries.asked_of(viewer, rows),
        "left": len(rows),
        "used": sum(1 for row in rows if row.rests.weight),
    }
    return render(request, "workflows/legal/desk.html", facts)


@login_required
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    rows = queries.waiting_rows(request.actor)
    head = (
        _("种类"), _("代码"), _("名称"), _("值"), _("依据"), _("起"), _("文书"), _("事项"), _("最早"), _("最近"), _("问题"),
    )  # fmt: skip

    def lines() -> Iterator[Sequence[object]]:
        yield head
        for row in rows:
            rests = row.rests
            numbers = "、".join(map(str, row.questions))
            yield (
                row.sort, row.key, row.title, row.value, row.basis, row.valid_from, rests.papers, rests.matters,
                rests.first or "", rests.last or "", numbers,
            )  # fmt: skip

    return as_csv("unreviewed-law", lines())


@login_required
@require_safe
def resting(request: DeskRequest, pk: int) -> HttpResponse:
    """The papers and terms that rest on one version."""
    viewer = request.actor
    version = version_at(viewer, pk)
    papers = Paginator(queries.papers_resting(viewer, version), PAGE)
    terms = Paginator(queries.terms_resting(viewer, version), PAGE)
    facts = {
        "version": version,
        "papers": papers.get_page(request.GET.get("page")),
        "terms": terms.get_page(request.GET.get("page")),
    }
    return render(request, "workflows/legal/row.html", facts)


@login_required
@read_or_write
def question(request: DeskRequest, number: int) -> HttpResponse:
    viewer = request.actor
    asked = queries.question_at(viewer, number)
    touched = queries.parameters_of(asked)
    if request.method == "POST" and not viewer.has(Right.EDIT_LAW):
        raise problems.NotYourPost(right=Right.EDIT_LAW.value)
    form = AnswerForm(request.POST or None)
    form.offer(touched)
    waiting = queries.answers_to_confirm(viewer).filter(question=number).first()
    facts = {
        "asked": asked,
        "touched": touched,
        "offices": queries.parts_of(asked),
        "answers": queries.answers_to(number),
        "may_answer": viewer.can(Right.EDIT_LAW, settings.CITY),
        "confirming": ConfirmForm() if waiting else None,
    }

    def act() -> HttpResponse:
        actions.answer_question(number, form.answer(), by=viewer)
        return done(request, _("已答复，由另一人确认之后生效。"), "legal-question", number)

    return answer_form(request, form, "workflows/legal/question.html", facts, act)


@login_required
@require_http_methods(["POST"])
def confirm(request: DeskRequest, number: int) -> HttpResponse:
    viewer = request.actor
    asked = queries.question_at(viewer, number)
    newest = queries.answers_to(number).first()
    if newest is None:
        raise problems.NotHere()
    form = ConfirmForm(request.POST)

    def act() -> HttpResponse:
        actions.confirm_answer(newest, form.cleaned_data["why"], by=viewer)
        return done(request, _("已确认，据此修订的参数已审核。"), "legal-question", number)

    facts = {"asked": asked, "answers": queries.answers_to(number), "confirming": form}
    return answer_form(request, form, "workflows/legal/question.html", facts, act)
