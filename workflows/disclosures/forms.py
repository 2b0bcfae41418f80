"""What a person fills in to publish a penalty, to withdraw it, or to end it by repair."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.fields import long_text

PRIVATE = _("向社会公示：不写职工等个人的姓名、证件号码、住址和电话，不写国家秘密和商业秘密")


class PublishForm(forms.Form):
    facts = long_text(_("主要违法事实"), max_length=500, help_text=PRIVATE)


class WithdrawForm(forms.Form):
    why = long_text(_("撤回理由"), rows=2, max_length=300, help_text=_("向社会公开说明"))


class RepairForm(forms.Form):
    why = long_text(
        _("改正和履行的证据"), rows=2, max_length=300, help_text=_("缴款凭证、参保证明、信用承诺书的名称和日期"),
    )  # fmt: skip
    committed = forms.BooleanField(label=_("当事人已经改正违法行为、履行全部义务并书面作出信用承诺"))
