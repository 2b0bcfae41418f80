"""What a person fills in about a document: how it was served, and why it is issued anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import today
from grid.fields import CountField, DayField, FilesField
from grid.law.queries import the_law
from grid.texts import Text
from workflows.notices.actions import Receipt
from workflows.notices.models import Way
from workflows.notices.queries.approvals import Days, days_of
from workflows.notices.queries.spans import span_of
from workflows.notices.reading import Given, read_uploads
from workflows.notices.rules import PROOFS, Handed, agreed_too_late, lacking

if TYPE_CHECKING:
    from workflows.cases.models import Case

LACKS = _("{way}须填写这一项")


def _line(label: Text, length: int, hint: Text = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, help_text=hint)


class ServiceFields(forms.Form):
    """Every way of serving and what it has to prove; what a way does not ask stays empty. `by_two`: two officers hand
    it over."""

    by_two = False

    way = forms.ChoiceField(label=_("送达方式"), choices=Way.choices)
    served_on = DayField(
        label=_("送达日期"),
        initial=today,
        help_text=_("签收、留置之日；邮寄为回执注明的收件日；电子为到达对方系统之日；公告为发布之日"),
    )
    receiver = _line(_("签收人"), 60, _("直接、委托、邮寄、转交送达必填"))
    receiver_role = _line(_("签收人身份"), 40, _("法定代表人、主要负责人或收发人员"))
    witness = _line(_("见证人"), 60, _("留置送达必填；网格员可以见证"))
    witness_2 = _line(_("第二见证人"), 60)
    refused_why = _line(_("拒收事由"), 200, _("留置送达必填"))
    place = _line(_("送达地点"), 120)
    server_1 = _line(_("送达人"), 40)
    server_2 = _line(_("第二送达人"), 40, _("责令改正、处罚等执法文书由两名执法人员送达"))
    through = _line(_("受托或转交单位"), 100, _("委托、转交送达必填"))
    reference = _line(_("回执号或同意书编号"), 60, _("邮寄送达填回执号，电子送达填送达同意书编号"))
    agreed_on = DayField(
        label=_("同意书签署日期"), required=False, help_text=_("电子送达必填，不晚于送达日期")
    )
    # Django takes fields out of the class, so the form's own `media` stays what it is.
    media: Any = _line(_("公告载体或送达系统"), 200, _("公告送达填刊登处，电子送达填系统和地址"))
    reasons = forms.CharField(
        label=_("公告送达的原因和经过"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("公告送达必填：下落不明或者其他方式无法送达的情况"),
    )
    remark = _line(_("备注"), 200)

    def clean(self) -> dict[str, object]:
        """Says beside each field what the chosen way still asks."""
        given = super().clean() or self.cleaned_data
        way = str(given.get("way", ""))
        if way in PROOFS:
            text = str(LACKS).format(way=Way(way).label)
            for name in lacking(way, given, by_two=self.by_two):
                if name not in self.errors:
                    self.add_error(name, text)
            served_on = given.get("served_on")
            if served_on and agreed_too_late(way, given.get("agreed_on"), served_on):
                self.add_error("agreed_on", _("同意书应当在电子送达之前签署"))
        return given

    def receipt(self) -> Receipt:
        names = (
            "way", "served_on", "receiver", "receiver_role", "witness", "witness_2", "refused_why", "through",
            "reference", "agreed_on", "media", "reasons", "remark", "server_1", "server_2", "place",
        )  # fmt: skip
        return Receipt(**{name: self.cleaned_data[name] for name in names})


class SlipForm(forms.Form):
    scan = FilesField(
        label=_("送达回证扫描件"),
        accept=".pdf,.jpg,.jpeg,.png",
        help_text=_("各页合成一份 PDF 或者图片，10 MB 以内"),
    )

    def clean_scan(self) -> Given:
        """What came, looked at."""
        try:
            scans = read_uploads(self.cleaned_data["scan"])
        except problems.Problem as refused:
            raise forms.ValidationError(refused.detail) from refused
        if len(scans) > 1:
            raise forms.ValidationError(_("请把回证各页合成一份"))
        return scans[0]


class ReissueForm(forms.Form):
    why = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    clerical = forms.BooleanField(
        label=_("补正笔误"), required=False, help_text=_("已经送达的文书只能因补正笔误换发")
    )
    wrong = _line(_("原文"), 100, _("补正笔误时，照抄文书上写错的文字；留空则原样换发"))
    right = _line(_("补正为"), 100)


def days_field(case: Case | None = None, key: str = "") -> CountField:
    """How many days a paper gives; the bounds of this case, where it is known which."""
    if case is None:
        return CountField(label=_("改正期限（日）"), required=False)
    span = span_of(case, key, the_law(today()))
    words = _("从 {least} 到 {most} 日，按涉及人数；不填为 {default} 日")
    return CountField(
        label=_("改正期限（日）"), required=False, min_value=span.least, max_value=span.most,
        help_text=str(words).format(least=span.least, most=span.most, default=span.default),
    )  # fmt: skip


class CopiesForm(forms.Form):
    copies = CountField(label=_("用印份数"), min_value=1, max_value=50)


class ReturnForm(forms.Form):
    why = forms.CharField(label=_("退回理由"), max_length=250, widget=forms.Textarea(attrs={"rows": 2}))


class DaysForm(forms.Form):
    """Which days of the register, and which office; what cannot be read asks for the last thirty days."""

    first = DayField(label=_("自"), required=False)
    last = DayField(label=_("至"), required=False)
    office = forms.CharField(label=_("用印机关"), required=False, max_length=60)

    def days(self) -> Days:
        given = self.cleaned_data if self.is_valid() else {}
        return days_of(given.get("first"), given.get("last"), given.get("office", ""))


class AdoptForm(forms.Form):
    number = forms.CharField(label=_("文号"), max_length=60)
    way = forms.ChoiceField(
        label=_("送达方式"), choices=[(way.value, way.label) for way in (Way.DIRECT, Way.LEFT)]
    )
    served_on = DayField(label=_("送达日期"))
    receiver = forms.CharField(label=_("签收人"), max_length=60, required=False)
    receiver_role = forms.CharField(label=_("签收人身份"), max_length=40, required=False)
    witness = forms.CharField(label=_("见证人"), max_length=60, required=False)
    witness_2 = forms.CharField(label=_("第二见证人"), max_length=60, required=False)
    why = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def receipt(self, handed: Handed) -> Receipt:
        names = ("way", "served_on", "receiver", "receiver_role", "witness", "witness_2")
        given = {name: self.cleaned_data[name] for name in names}
        return Receipt(**given, refused_why=handed.refused_why, remark=handed.remark)


class DismissForm(forms.Form):
    why = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
