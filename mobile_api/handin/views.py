"""导入手机文件: choose whose phone it was, give the file, read what became of each line."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from grid import problems
from grid.calendar.now import day_of
from grid.fields import choice_in
from grid.requests import DeskRequest
from grid.scope import Right
from grid.territory.models import Posting
from mobile_api.devices import queries
from mobile_api.devices.models import Device
from mobile_api.handin.actions import take_file
from mobile_api.handin.reading import read_unsent

MOST_PHONES = 200


class HandInForm(forms.Form):
    posting = forms.TypedChoiceField(label=_("是谁的手机"), coerce=int)
    phone = forms.TypedChoiceField(
        label=_("是否已停用的手机"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("从已停用的手机导出的，请选是哪一部：停用以后所报的由社区核定。"),
    )
    file = forms.FileField(
        label=_("手机文件"), help_text=_("手机应用“我的”里“导出未发送内容”得到的文件，照片在文件里面。")
    )

    def __init__(
        self, *args: Any, postings: Mapping[int, Posting], phones: Mapping[int, Device], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.postings, self.phones = postings, phones
        posting, phone = (choice_in(self, name) for name in ("posting", "phone"))
        posting.choices = [
            (pk, f"{post.person.full_name} · {post.area.name}") for pk, post in postings.items()
        ]
        phone.choices = [("", _("不是"))] + [(pk, _named(device)) for pk, device in phones.items()]
        if not phones:
            del self.fields["phone"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        posting, phone = self.postings.get(given.get("posting", 0)), self.phones.get(given.get("phone") or 0)
        if posting and phone and phone.posting.person_id != posting.person_id:
            self.add_error("phone", _("这部手机不是这个人的。"))
        return given


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: DeskRequest) -> HttpResponse:
    """The report is the answer to the click: sending the same file again changes nothing."""
    viewer = request.actor
    if not viewer.has(Right.ENROL):
        raise problems.NotYourPost(right=Right.ENROL.value)
    postings = {post.pk: post for post in queries.handing_in(viewer)}
    phones = {phone.pk: phone for phone in queries.revoked_phones(viewer)[:MOST_PHONES]}
    form = HandInForm(request.POST or None, request.FILES or None, postings=postings, phones=phones)
    facts: dict[str, object] = {"form": form, "report": None}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        unsent = read_unsent(given.file, given.size)
        facts["posting"] = posting = postings[form.cleaned_data["posting"]]
        facts["report"] = take_file(
            unsent, posting, phones.get(form.cleaned_data.get("phone") or 0), by=viewer
        )
    return render(request, "mobile_api/handin/page.html", facts, status=422 if form.errors else 200)


def _named(device: Device) -> str:
    """`李红 · 网格员手机 · Chrome 126 · 2026-11-02 09:12 登记 · 2026-11-20 停用（丢失或被盗）`"""
    on, kind = device.revoked_at and day_of(device.revoked_at), device.get_revoked_as_display()
    revoked = gettext("{on} 停用（{kind}）").format(on=on, kind=kind or gettext("未说明"))
    return f"{device.posting.person.full_name} · {queries.named(device)} · {revoked}"
