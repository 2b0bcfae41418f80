"""The refusals of grid/accounts; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class PasswordToChange(Problem):
    code = "password-to-change"
    status = 403
    title = _("请先更改密码")
    template = _("现在的密码是别人给您设的，更改之后才能继续。")


class SecondFactorMissing(Problem):
    code = "second-factor-missing"
    status = 403
    title = _("请先设置两步验证")
    template = _("本系统为等级保护第三级，登录工作台须有两步验证。")
    advice = _("请在“我的账号”设置身份验证器或通行密钥，之后即可继续。")


class OwnReset(Problem):
    code = "own-reset"
    status = 409
    title = _("不能重置自己的登录")
    template = _("自己的密码和两步验证在“我的账号”更改；忘记了的，由管理您岗位的同事重置。")


class NoFactor(Problem):
    code = "no-second-factor"
    status = 409
    title = _("没有两步验证")
    template = _("{name}没有设置两步验证，无需解除。")


class NobodyWaits(Problem):
    code = "nobody-waits"
    status = 409
    title = _("没有需要解除的等待")
    template = _("{name}现在登录不需要等待。")


class HasPassword(Problem):
    code = "has-password"
    status = 409
    title = _("已经设过密码")
    template = _("所选的人都已设过密码，不需要首次登录码。")
    advice = _("忘记密码的，在“登录帮助”里逐个给出重置码。")


class TooManyPeople(Problem):
    code = "too-many-people"
    status = 422
    title = _("一次选得太多")
    template = _("一次最多办理 {most} 人，这里有 {n} 人。")
    advice = _("请用筛选分几次办理。")
