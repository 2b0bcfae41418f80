from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, choice_in
from grid.scope import Role
from grid.territory.models import Posting


class PostingForm(forms.Form):
    username = forms.CharField(
        label=_("姓名或登录名"),
        max_length=150,
        widget=forms.TextInput(attrs={"list": "people-named", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("岗位"))
    department = forms.CharField(label=_("部门"), max_length=40, required=False)
    is_head = forms.BooleanField(
        label=_("行政机关负责人"), required=False,
        help_text=_("参加重大行政处罚的集体讨论（《行政处罚法》第57条）；只用于作出决定的岗位"),
    )  # fmt: skip
    first_day = DayField(label=_("起"), initial=today)
    last_day = DayField(label=_("止"), required=False)

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = choice_in(self, "role")
        role.choices = [(choice.value, choice.label) for choice in roles]


class EndForm(forms.Form):
    last_day = DayField(label=_("最后一天"), initial=today)
    reason = forms.CharField(label=_("理由"), max_length=100)


class AbsenceForm(forms.Form):
    first_day = DayField(label=_("起"), initial=today)
    last_day = DayField(label=_("止"), initial=today)
    cover = forms.ChoiceField(label=_("代班"), required=False)
    reason = forms.CharField(label=_("事由"), max_length=100, required=False)

    def __init__(self, *args: Any, covers: Iterable[Posting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.covers = {str(posting.pk): posting for posting in covers}
        cover = choice_in(self, "cover")
        cover.choices = [("", _("无人代班"))] + [
            (key, f"{posting.person.full_name} · {posting.area.name}") for key, posting in self.covers.items()
        ]

    def posting(self) -> Posting | None:
        return self.covers.get(self.cleaned_data["cover"])


class EndAbsenceForm(forms.Form):
    last_day = DayField(label=_("缺勤的最后一天"), initial=today)
