"""The forms of the people's pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.fields import DayField, choice_in
from grid.outside import wholes
from grid.people.queries import STATES, Sought
from grid.people.rules import SheetLine
from grid.scope import Role
from grid.territory.choosing.forms import LONGEST, AreaInput
from grid.territory.choosing.queries import Wanted
from grid.territory.models import Area, Level, Posting
from grid.territory.queries import GIVING
from grid.territory.rules import phone_of

POSTED = Wanted(GIVING, frozenset(Level.values))


class SoughtForm(forms.Form):
    """The list's own address; what is none of the choices counts as not said."""

    q = forms.CharField(label=_("姓名、登录名或手机尾号"), max_length=40, required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=list(STATES.items()))
    role = forms.ChoiceField(label=_("岗位"), required=False, choices=[("", _("全部")), *Role.choices])
    area = forms.ChoiceField(label=_("区划"), required=False)

    def __init__(self, *args: Any, areas: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = choice_in(self, "area")
        area.choices = [("", _("全部")), *((place.code, place.name) for place in areas)]

    def sought(self) -> Sought:
        self.is_valid()
        return Sought(**{name: self.cleaned_data.get(name, "") for name in ("q", "state", "role", "area")})


class PersonForm(forms.Form):
    """Somebody new, at once with the first post: who holds nothing sees nothing."""

    full_name = forms.CharField(label=_("姓名"), max_length=40)
    username = forms.CharField(
        label=_("登录名"), max_length=40, required=False, help_text=_("登录时输入；不填就用手机号。")
    )
    phone = forms.CharField(
        label=_("手机号"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    role = forms.ChoiceField(label=_("岗位"), required=False)
    area = forms.CharField(
        label=_("区划"), max_length=LONGEST, required=False, help_text=_("名称或代码，如“和平社区第一网格”。"),
        widget=AreaInput(POSTED),
    )  # fmt: skip
    department = forms.CharField(label=_("部门"), max_length=40, required=False)
    first_day = DayField(label=_("起"), initial=today)

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = choice_in(self, "role")
        role.choices = [("", _("暂不安排岗位")), *((choice.value, choice.label) for choice in roles)]

    def line(self) -> SheetLine:
        """What was filled in, as a line of a people sheet (see PeopleSheet)."""
        given = self.cleaned_data
        return {
            "line": 1, "name": given["full_name"], "username": given["username"] or phone_of(given["phone"]) or "",
            "phone": given["phone"], "role": given["role"], "area": given["area"],
            "first": given["first_day"].isoformat(), "last": "", "department": given["department"], "is_new": True,
        }  # fmt: skip


class CorrectionForm(forms.Form):
    full_name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False)


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("CSV 或 XLSX 文件"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,.txt"}),
    )


class PostsForm(forms.Form):
    """The same post for everybody chosen, each in the same area or in one of their own."""

    role = forms.ChoiceField(label=_("岗位"))
    area = forms.CharField(
        label=_("区划"),
        max_length=LONGEST,
        required=False,
        help_text=_("名称或代码；各人不同的，在下面逐个填写。"),
        widget=AreaInput(POSTED),
    )
    department = forms.CharField(label=_("部门"), max_length=40, required=False)
    first_day = DayField(label=_("起"), initial=today)
    last_day = DayField(label=_("止"), required=False)

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = choice_in(self, "role")
        role.choices = [(choice.value, choice.label) for choice in roles]


class EndsForm(forms.Form):
    last_day = DayField(label=_("最后一天"), initial=today)
    reason = forms.CharField(label=_("理由"), max_length=100)

    def chosen(self, posts: Iterable[Posting]) -> list[Posting]:
        """Of the posts offered those that were ticked."""
        data: Any = self.data
        ticked = set(wholes(data.getlist("post")))
        return [post for post in posts if post.pk in ticked]


class CodesForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=100, initial=_("首次登录"))
