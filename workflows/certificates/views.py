"""Certificates at the desk: who has one, whose runs out, entering one or many, and ending one."""

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.keeping import on_disk
from grid.outside import is_area, wholes
from grid.requests import DeskRequest
from grid.sheets import KINDS, as_table
from workflows.certificates import actions, queries
from workflows.certificates.forms import CertificateForm, EndForm, FileForm
from workflows.certificates.reading import read_certificates
from workflows.certificates.rules import COLUMNS

FORM = "workflows/certificates/form.html"
STATES = {
    queries.MISSING: gettext_lazy("没有登记"),
    queries.OVER: gettext_lazy("已到期"),
    queries.SOON: gettext_lazy("将到期"),
    queries.VALID: gettext_lazy("有效"),
}
OUTCOMES = {
    actions.TAKEN: gettext_lazy("已登记"),
    actions.SAME: gettext_lazy("没有变化"),
    actions.REFUSED: gettext_lazy("退回"),
}
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def certificates(request: DeskRequest) -> HttpResponse:
    viewer, area = request.actor, request.GET.get("area", "")
    holders = queries.holders_of(viewer, area=area if is_area(area) else "")
    state = request.GET.get("state", "")
    tally = Counter(row.state for row in holders)
    facts = {
        "rows": [(row, STATES[row.state]) for row in holders if state not in STATES or row.state == state],
        "tally": [(name, words, tally[name]) for name, words in STATES.items()],
        "state": state,
        "area": area if is_area(area) else "",
        "history": queries.history_of(viewer),
    }
    return render(request, "workflows/certificates/list.html", facts)


@login_required
@read_or_write
def enter(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    holders = queries.holders_of(viewer)
    people = {
        row.posting.person_id: f"{row.posting.person.full_name}（{row.posting.get_role_display()}·{row.posting.area}）"
        for row in holders
    }
    kinds = {row.posting.person_id: row.kind for row in holders}
    meant = next(iter(wholes([request.GET.get("person", "")])), 0)
    form = CertificateForm(request.POST or None, initial={"person": meant, "kind": kinds.get(meant, "")})
    form.offer(list(people.items()))

    def act() -> HttpResponse:
        person = next(
            row.posting.person for row in holders if row.posting.person_id == form.cleaned_data["person"]
        )
        found = actions.enter_certificate(person, form.card(), by=viewer)
        words = _("已登记{name}的{kind}，有效至 {day}。").format(
            name=person.full_name, kind=found.get_kind_display(), day=found.valid_to
        )
        return done(request, words, "certificates")

    return answer_form(request, form, FORM, {"title": _("登记证件")}, act)


@login_required
@read_or_write
def end(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    certificate = queries.certificate_at(viewer, pk)
    form = EndForm(request.POST or None)

    def act() -> HttpResponse:
        actions.end_certificate(certificate, **form.cleaned_data, by=viewer)
        return done(request, _("已终止，次日起持证人不能再以此办理。"), "certificates")

    return answer_form(request, form, FORM, {"title": _("终止证件"), "shown": certificate}, act)


@login_required
@read_or_write
def import_file(request: DeskRequest) -> HttpResponse:
    """Every line is accounted for on the page that answers."""
    viewer = request.actor
    queries.holders_of(viewer)
    form = FileForm(request.POST or None, request.FILES or None)
    facts: dict[str, object] = {"columns": [names[0] for names in COLUMNS.values()]}

    def act() -> HttpResponse:
        file = form.cleaned_data["file"]
        with on_disk(file.chunks()) as path:
            lines = read_certificates(path, file.name)
        told = actions.import_certificates(lines, file.name, by=viewer)
        tally = Counter(line.outcome for line in told)
        more = {
            "told": [(line, OUTCOMES[line.outcome]) for line in told],
            "tally": [(words, tally[name]) for name, words in OUTCOMES.items() if tally[name]],
        }
        return render(request, "workflows/certificates/import.html", facts | more | {"form": form})

    return answer_form(request, form, "workflows/certificates/import.html", facts, act)


@login_required
@require_safe
def empty_table(request: DeskRequest, kind: str) -> HttpResponseBase:
    """The columns, and one line that shows how they are filled."""
    queries.holders_of(request.actor)
    if kind not in KINDS:
        raise problems.NotHere()
    shown = ("shili", "示例", "行政执法证", "蒙C-0001", "2026-01-01", "2030-12-31", "内蒙古自治区司法厅")
    return as_table(kind, "certificates", [[names[0] for names in COLUMNS.values()], shown])
