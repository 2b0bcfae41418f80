"""Every refusal a person can meet, in one list.

The text may change, the code never does. `docs/problems.md` is written from this file and a test
compares the two. Pages show `title` and `detail`; the API answers RFC 9457 problem documents.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _


class Problem(Exception):
    """A refusal: `code` and `status` are fixed, `template` is filled with the facts given."""

    code = "problem"
    status = 400
    title: Any = _("操作未能完成")
    template: Any = ""
    advice: Any = ""

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def detail(self) -> str:
        return str(self.template).format(**self.facts)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


# --- who and where -----------------------------------------------------------------------------


class NotHere(Problem):
    """Outside one's territory and not existing look the same, so that neither leaks the other."""

    code = "not-here"
    status = 404
    title = _("没有找到")
    template = _("这里没有您要找的内容,或者它不在您的辖区内。")
    advice = _("请核对地址;如果您确认属于本辖区,请联系上级管理员查看岗位。")


class NotYourPost(Problem):
    code = "not-your-post"
    status = 403
    title = _("岗位无此权限")
    template = _("您现有的岗位不能办理“{right}”。")
    advice = _("请交由有相应岗位的同事办理。")


class SignInFirst(Problem):
    code = "sign-in-first"
    status = 401
    title = _("请先登录")
    template = _("登录后才能继续。")


class UnknownArea(Problem):
    code = "unknown-area"
    status = 422
    title = _("区划代码不存在")
    template = _("没有代码为“{area}”的区划或网格。")
    advice = _("请使用官方区划代码(区6位、街道9位、社区12位、网格15位)。")


class AreaNotCurrent(Problem):
    code = "area-not-current"
    status = 409
    title = _("网格已撤销")
    template = _("网格 {area} 已于 {until} 撤销,由 {successors} 承接。")
    advice = _("请改用承接的网格。")


class PostingOutOfArea(Problem):
    code = "posting-level-wrong"
    status = 422
    title = _("岗位与区域级别不符")
    template = _("“{role}”应设在{level},不能设在 {area}。")


# --- acting at once ----------------------------------------------------------------------------


class AlreadyDone(Problem):
    """Somebody was faster; say who and when, so nobody has to ask around."""

    code = "already-done"
    status = 409
    title = _("已由他人办理")
    template = _("{who}已于 {when} 办理了这一步。")
    advice = _("页面已更新,无需重复办理。")


class OutOfOrder(Problem):
    code = "out-of-order"
    status = 409
    title = _("当前环节不能这样办理")
    template = _("“{thing}”现处于“{state}”,不能“{act}”。")
    advice = _("请刷新后按页面给出的环节办理。")


class SamePersonTwice(Problem):
    code = "four-eyes"
    status = 409
    title = _("须由另一人办理")
    template = _("{first}已办理前一步,同一人不能既登记又复核。")
    advice = _("请交由本辖区另一位同事办理。")


class ReasonMissing(Problem):
    code = "reason-missing"
    status = 422
    title = _("请写明理由")
    template = _("“{act}”须写明理由。")


# --- identifiers -------------------------------------------------------------------------------


class WrongCheckDigit(Problem):
    code = "wrong-check-digit"
    status = 422
    title = _("代码校验位不符")
    template = _("“{value}”的校验位不符,可能抄写有误。")
    advice = _("请对照证照原件重新核对。")


class MalformedCode(Problem):
    code = "malformed-code"
    status = 422
    title = _("代码格式不符")
    template = _("“{value}”不是18位统一社会信用代码,也不是15位注册号。")


class MissingCode(Problem):
    code = "missing-code"
    status = 422
    title = _("缺少代码")
    template = _("此行没有统一社会信用代码,也没有注册号。")


class ForeignCode(Problem):
    code = "foreign-code"
    status = 422
    title = _("不是本系统的码")
    template = _("扫到的码不是本系统发出的。")
    advice = _("请扫描门牌上的点位码,或手工输入。")


class MistypedCode(Problem):
    code = "mistyped-code"
    status = 422
    title = _("编码有误")
    template = _("编码中有字符抄写有误,校验不符。")
    advice = _("请对照文书或标签逐字核对;编码不含字母 I、O、S、Z 和数字 0、1、5。")


# --- registers ---------------------------------------------------------------------------------

# --- comparison, rounds and check tasks ---------------------------------------------------------

# --- phone ---------------------------------------------------------------------------------------

# --- cases, notices and listing ------------------------------------------------------------------

# --- coverage and assessment -----------------------------------------------------------------------
