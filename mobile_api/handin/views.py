"""导入手机文件: choose whose phone it was, give the file, read what became of each line."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from grid import problems
from grid.scope import Right
from mobile_api.devices import queries
from mobile_api.handin.actions import take_file
from mobile_api.handin.reading import read_unsent


class HandInForm(forms.Form):
    posting = forms.TypedChoiceField(label=_("是谁的手机"), coerce=int)
    file = forms.FileField(
        label=_("手机文件"), help_text=_("手机应用“我的”里“导出未发送内容”得到的文件，照片在文件里面。")
    )

    def __init__(self, *args: Any, postings: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posting: Any = self.fields["posting"]
        posting.choices = postings


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """The report is the answer to the click: sending the same file again changes nothing."""
    viewer = request.actor  # type: ignore[attr-defined]
    if not viewer.has(Right.ENROL):
        raise problems.NotYourPost(right=Right.ENROL.value)
    postings = {one.pk: one for one in queries.handing_in(viewer)}
    choices = [(pk, f"{one.person.full_name} · {one.area.name}") for pk, one in postings.items()]
    form = HandInForm(request.POST or None, request.FILES or None, postings=choices)
    facts: dict[str, Any] = {"form": form, "report": None}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        unsent = read_unsent(given.file, given.size)
        facts["posting"] = posting = postings[form.cleaned_data["posting"]]
        facts["report"] = take_file(unsent, posting, by=viewer)
    return render(request, "mobile_api/handin/page.html", facts, status=422 if form.errors else 200)
