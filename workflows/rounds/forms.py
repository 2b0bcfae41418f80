"""What a person fills in for one act on a round."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PlainForm(forms.Form):
    """Nothing to fill in. Every act says which state its page showed, so that an overtaken page is told who was faster."""

    at = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def at_state(self) -> str:
        return str(self.cleaned_data["at"])

    @property
    def fault(self) -> str:
        """What is said of a form that cannot be taken."""
        if self.has_error("why", "required"):
            return str(_("请写明理由。"))
        return str(next(iter(self.errors.values()))[0])


class RemarkForm(PlainForm):
    why = forms.CharField(label=_("意见"), max_length=100, required=False)


class WhyForm(PlainForm):
    why = forms.CharField(label=_("理由"), max_length=100, widget=forms.Textarea(attrs={"rows": 2}))
