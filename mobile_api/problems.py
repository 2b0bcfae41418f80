"""The refusals of mobile_api; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class DeviceUnknown(Problem):
    code = "device-unknown"
    status = 401
    title = _("手机未登记")
    template = _("这部手机没有登记，或登记信息已失效。")
    advice = _("请让主管出示登记码，重新扫码登记；手机里未发送的走访不会丢失。")


class DeviceRevoked(Problem):
    code = "device-revoked"
    status = 401
    title = _("手机已停用")
    template = _("这部手机已停用，或岗位已结束，不能再查看辖区内容。")
    advice = _("手机里未发送的走访仍可交回；如需继续使用，请让主管重新登记。")


class DeviceClosed(Problem):
    code = "device-closed"
    status = 401
    title = _("手机停用已久")
    template = _("这部手机已于 {when} 停用，或岗位已在那时结束，不能再直接发送。")
    advice = _("没发送的内容都还在手机里。请导出成文件，交到社区由主管导入。")


class MethodNotAllowed(Problem):
    code = "method-not-allowed"
    status = 405
    title = _("此地址不支持这种请求")
    template = _("此地址只支持：{allowed}。")


class RequestTooLarge(Problem):
    code = "request-too-large"
    status = 413
    title = _("请求太大")
    template = _("一次请求不能超过 {limit} MB，请分批发送。")


class TooManyRequests(Problem):
    code = "too-many-requests"
    status = 429
    title = _("请求过于频繁")
    template = _("这部手机请求太多，请在 {seconds} 秒后继续；未发送的内容都还在手机里。")
