"""The forms of signing in, of a one-time code, and of whoever manages posts."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth import password_validation
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grid.accounts.actions.signing_in import Judged, judge


class SignInForm(LoginForm):
    """Name and password; and the second factor's code at once, where an account makes one wait."""

    code = forms.CharField(
        label=_lazy("动态验证码或恢复码"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    judged: Judged | None = None

    def _clean_with_password(self, credentials: dict[str, str]) -> dict[str, Any]:
        code = "".join(self.cleaned_data.get("code", "").split())
        self.judged = judge(self.request, credentials["username"], credentials["password"], code)
        if self.judged.wait:
            raise forms.ValidationError(
                _(
                    "输错的次数较多，请过 {seconds} 秒再试。已设两步验证的，把动态验证码（或恢复码）一并填上即可登录，不必等。"
                ).format(seconds=self.judged.wait)
            )
        if self.judged.person is None:
            raise forms.ValidationError(_("用户名或密码不正确。"))
        self.user = self.judged.person
        self._login = Login(user=self.user)
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned

    @property
    def asks_code(self) -> bool:
        return self.judged is not None and self.judged.wait > 0

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        if self.judged and self.judged.factor:
            LoginStageController(request, self._login).set_handled(AuthenticateStage.key)
            post_authentication(request, self.judged.factor)
        answer: HttpResponse = super().login(request, redirect_url=redirect_url)
        return answer


class PasswordForm(ChangePasswordForm):
    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("password1") and given["password1"] == given.get("oldpassword"):
            self.add_error("password1", _("新密码不能与现在的密码相同。"))
        return given


class PasskeyForm(AddWebAuthnForm):
    """A passkey asks for finger or PIN itself, so it may stand for password and second factor at once."""

    name = forms.CharField(label=_lazy("名称"), required=False, max_length=40)
    passwordless = forms.BooleanField(
        label=_lazy("可直接用来登录（解锁时验证指纹、面容或 PIN）"), required=False, initial=True
    )


class CodeForm(forms.Form):
    """A new password by the one-time code a manager gave."""

    username = forms.CharField(
        label=_lazy("用户名"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label=_lazy("一次性重置码"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_lazy("新密码"),
        max_length=128,
        strip=False,
        help_text=_lazy("至少 10 个字符，包含两类以上字符；不能太常见，也不能是连续或重复的字符。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_lazy("再输入一次"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("两次输入的密码不一样。"))
        return given

    def clean_password(self) -> str:
        # Without the person: whether the name exists must not show before the code is right.
        password_validation.validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_lazy("理由"), max_length=100)
