"""What the sign-in library asks of us: its adapters, and what it tells when a second factor comes or goes."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grid.accounts import actions, queries
from grid.accounts.models import Reset
from grid.accounts.verbs import AccountVerb
from grid.hints import ACCESS, hint
from grid.limits import address_of
from grid.privacy import decrypt, encrypt
from grid.territory.models import Person
from grid.territory.queries import actor_of, home_of

SECRET = "second factor"


class Accounts(DefaultAccountAdapter):
    """Accounts come with postings; nobody opens one from outside. Wrong tries are counted in grid/accounts."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _lazy("验证码输错的次数较多，请过几分钟再试。"),
        "rate_limited": _lazy("尝试的次数较多，请过几分钟再试。"),
        "enter_current_password": _lazy("现在的密码不对。"),
        "incorrect_password": _lazy("密码不对。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The library would lock a name for everybody after five wrong passwords from anywhere."""

    def set_password(self, user: Person, password: str) -> None:
        actions.change_password(user, password, session=self.request.session, by=actor_of(user))

    def post_login(self, request: HttpRequest, user: Person, **options: Any) -> HttpResponse:
        for reset in queries.resets_of(user, recent=True):
            messages.warning(request, reset_notices(reset))
        answer: HttpResponse = super().post_login(request, user, **options)
        return answer

    def logout(self, request: HttpRequest) -> None:
        person = request.user
        super().logout(request)
        if isinstance(person, Person):
            hint(ACCESS, home_of(person))


def reset_notices(reset: Reset) -> str:
    """What somebody else did to one's sign-in, each time for a month: nobody does it in silence."""
    at = localtime(reset.at).strftime("%Y-%m-%d %H:%M")
    facts = {"by": reset.given_by, "at": at, "reason": reset.reason}
    if reset.what == Reset.What.FACTOR:
        return _("{by}于 {at} 解除了您的两步验证（理由：{reason}）。不是您要求的，请报告上级。").format(
            **facts
        )
    if reset.used_at is None:
        return _(
            "{by}于 {at} 为您开出过一次性密码重置码（理由：{reason}），没有使用。不是您要求的，请报告上级。"
        ).format(**facts)
    used = localtime(reset.used_at).strftime("%Y-%m-%d %H:%M")
    return _(
        "{by}于 {at} 为您开出一次性密码重置码（理由：{reason}），{used} 用它设置了新密码。不是您本人，请报告上级。"
    ).format(**facts, used=used)


class SecondFactors(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes lie encrypted like personal data."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _lazy("验证码不正确，或者刚刚用过；请等下一个验证码。"),
        "cannot_generate_recovery_codes": _lazy("设置身份验证器或者通行密钥之后才有恢复码。"),
    }

    def generate_authenticator_name(self, user: Person, type: Any) -> str:
        number = len(queries.second_factors_of(user).get(type, ())) + 1
        return _("通行密钥 {number}").format(number=number)

    def encrypt(self, text: str) -> str:
        return encrypt(text.encode(), SECRET)

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith("v1:"):
            return encrypted_text  # from before they were encrypted
        return decrypt(encrypted_text, SECRET).decode()


def factor_added(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **more: Any) -> None:
    """Sessions that began without it end, so that every session of somebody with a factor was opened by it."""
    kind = str(authenticator.get_type_display())
    actions.note_factor(user, AccountVerb.FACTOR_ADDED, kind, session=request.session, by=actor_of(user))


def factor_removed(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **more: Any) -> None:
    kind = str(authenticator.get_type_display())
    actions.note_factor(user, AccountVerb.FACTOR_REMOVED, kind, session=request.session, by=actor_of(user))
