"""The acts of grid/accounts as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class AccountVerb(Verb):
    SIGNED_IN = "signed.in", _("登录了系统")
    SIGNED_OUT = "signed.out", _("退出了系统")
    PASSWORD_CODE_GIVEN = "password.code_given", _("给出了一次性密码重置码[：{name}][，理由：{reason}]")
    FIRST_CODE_GIVEN = "password.first_code_given", _("给出了首次登录码[：{name}][，理由：{reason}]")
    WAIT_ENDED = "wait.ended", _("解除了登录等待[：{name}][，理由：{reason}]")
    PASSWORD_SET_BY_CODE = (
        "password.set_by_code",
        _("用一次性重置码设置了新密码[：{name}][，重置码由{given_by}给出]"),
    )
    PASSWORD_CHANGED = "password.changed", _("更改了自己的密码[：{name}]")
    FACTOR_ADDED = "factor.added", _("设置了两步验证[：{name}][，{kind}]")
    FACTOR_REMOVED = "factor.removed", _("停用了自己的两步验证[：{name}][，{kind}]")
    FACTOR_TAKEN_AWAY = "factor.taken_away", _("解除了两步验证[：{name}][，理由：{reason}]")
    SESSIONS_ENDED = "sessions.ended", _("结束了自己在别处的登录[：{name}]")
