"""Forms at the desk: the list, an upload with its errors by line, a version as the phone shows it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.requests import DeskRequest
from grid.scope import Right
from tasks.forms import actions, catalogue, forms, tables
from tasks.forms import problems as forms_problems
from tasks.forms.models import FormState, FormVersion
from tasks.forms.rules import Form


@login_required
@require_safe
def form_list(request: DeskRequest) -> HttpResponse:
    listed = catalogue.catalogue(request.actor)
    return render(request, "tasks/forms/list.html", {"listed": listed, "states": FormState})


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: DeskRequest) -> HttpResponse:
    """A table that is wrong answers 422 with every wrong line; nothing is kept of it."""
    viewer = request.actor
    if not viewer.has(Right.EDIT_FORMS):
        raise problems.NotYourPost(right=Right.EDIT_FORMS.value)
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    wrongs: list[object] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = actions.upload_form(file.name or "", _content(file), by=viewer)
        except forms_problems.FormTableWrong as found:
            wrongs = found.facts["lines"]
            form.add_error("file", found.detail)
        except problems.Problem as problem:
            if problem.status not in (409, 422):
                raise
            form.add_error("file", " ".join(filter(None, (str(problem.detail), str(problem.advice)))))
        else:
            messages.success(request, _("已保存为草稿，请核对预览后发布。"))
            return redirect("form-version", row.code, row.version)
    refused = request.method == "POST"
    context = {"form": form, "wrongs": wrongs}
    return render(request, "tasks/forms/upload.html", context, status=422 if refused else 200)


def _content(file: "UploadedFile[bytes]") -> bytes:
    """No more of it than is read: one byte too many is enough to refuse it."""
    return bytes(file.read(1_000_001))


@login_required
@require_safe
def form_page(request: DeskRequest, code: str, version: str) -> HttpResponse:
    form, row = catalogue.version_of(request.actor, code, version)
    return _page(request, form, row)


def _page(request: HttpRequest, form: Form, row: FormVersion | None, **bound: object) -> HttpResponse:
    newest = tables.current(form.code)
    is_other = newest.version != form.version
    context = {
        "form": form,
        "row": row,
        "newest": newest,
        "is_current": not is_other,
        "differences": list(catalogue.differences(newest, form)) if is_other else [],
        "publish_form": bound.get("publish") or forms.PublishForm(),
        "withdraw_form": bound.get("withdraw") or forms.WithdrawForm(),
    }
    return render(request, "tasks/forms/version.html", context, status=422 if bound else 200)


@login_required
@require_safe
def table(request: DeskRequest, code: str, version: str) -> HttpResponse:
    """The table to go on from, as a file."""
    source = catalogue.source_of(request.actor, code, version)
    response = HttpResponse(source, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-{version}.md"'
    return response


@login_required
@require_POST
def publish(request: DeskRequest, code: str, version: str) -> HttpResponse:
    viewer = request.actor
    form, row = catalogue.version_of(viewer, code, version)
    bound = forms.PublishForm(request.POST)
    if row is None:
        raise problems.NotHere()
    if not bound.is_valid():
        return _page(request, form, row, publish=bound)
    first_day = bound.cleaned_data["valid_from"]
    actions.publish_form(row, first_day, by=viewer)
    messages.success(request, _("已发布，手机自 {day} 起联网即换用。").format(day=first_day))
    return redirect("form-version", code, version)


@login_required
@require_POST
def withdraw(request: DeskRequest, code: str, version: str) -> HttpResponse:
    viewer = request.actor
    form, row = catalogue.version_of(viewer, code, version)
    bound = forms.WithdrawForm(request.POST)
    if row is None:
        raise problems.NotHere()
    if not bound.is_valid():
        return _page(request, form, row, withdraw=bound)
    was_in_use = tables.current(code).version == version
    actions.withdraw_form(row, bound.cleaned_data["why"], by=viewer)
    words = _("已撤回，手机下次联网换回前一版本。") if was_in_use else _("已撤回，手机照用现用版本。")
    messages.success(request, words)
    return redirect("form-version", code, version)
