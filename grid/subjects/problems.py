"""The refusals of grid/subjects; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class WrongCheckDigit(Problem):
    code = "wrong-check-digit"
    status = 422
    title = _("代码校验位不符")
    template = _("“{value}”的校验位不符，可能抄写有误。")
    advice = _("请对照证照原件重新核对。")


class MalformedCode(Problem):
    code = "malformed-code"
    status = 422
    title = _("代码格式不符")
    template = _("“{value}”不是18位统一社会信用代码，也不是15位注册号。")


class RoundedCode(Problem):
    code = "rounded-code"
    status = 422
    title = _("代码已残缺")
    template = _("“{value}”被表格软件当作数字保存过，后几位已经丢失。")
    advice = _("请把代码列设为“文本”格式，从原始系统重新导出；不能靠补零恢复。")


class PersonNumber(Problem):
    """The number is masked before it is told."""

    code = "person-number"
    status = 422
    title = _("是个人的证件号码")
    template = _("统一社会信用代码处填的是公民身份号码（{value}），不是单位的代码。")
    advice = _("请核对是否填错了列；自然人不列入单位名册。")


class UnknownUnitClass(MalformedCode):
    code = "unknown-unit-class"
    title = _("代码前两位不符")
    template = _("“{value}”的前两位“{pair}”不是 GB 32100 规定的登记管理部门和机构类别。")
    advice = _("请对照证照核对；个人的号码不能填在单位代码里。")


class OrganisationCodeAlone(MalformedCode):
    code = "organisation-code-alone"
    title = _("是组织机构代码")
    template = _("“{value}”是9位组织机构代码，2015年起由18位统一社会信用代码代替。")
    advice = _("请填18位统一社会信用代码，它的第9至17位就是这个号码。")


class OldTaxNumber(MalformedCode):
    code = "old-tax-number"
    title = _("是旧的纳税人识别号")
    template = _("“{value}”是15位旧纳税人识别号（6位行政区划加9位组织机构代码），不是注册号。")
    advice = _("请填18位统一社会信用代码，它的第9至17位就是这个号码的后9位。")


class MissingCode(Problem):
    code = "missing-code"
    status = 422
    title = _("缺少代码")
    template = _("此行没有统一社会信用代码，也没有注册号。")


class DifferentUnits(Problem):
    code = "different-units"
    status = 409
    title = _("不是同一个单位")
    template = _("“{kept}”与“{dropped}”各有自己的代码，在法律上是两个单位，不能合并。")


class AlreadyMerged(Problem):
    code = "already-merged"
    status = 409
    title = _("已经并入其他对象")
    template = _("“{name}”已经并入“{into}”。")
