"""The refusals of mobile_api/devices; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class EnrolmentUnknown(Problem):
    code = "enrolment-unknown"
    status = 404
    title = _("登记码无效")
    template = _("没有找到这个登记码。")
    advice = _("请让主管重新出示登记码。")


class EnrolmentExpired(Problem):
    code = "enrolment-expired"
    status = 410
    title = _("登记码已过期")
    template = _("登记码已于 {when} 过期。")
    advice = _("请让主管重新出示登记码。")


class EnrolmentUsed(Problem):
    code = "enrolment-used"
    status = 409
    title = _("登记码已使用")
    template = _("每个登记码只能登记一部手机，这个登记码已经用过。")
    advice = _("请让主管重新出示登记码。")


class NotAFieldPost(Problem):
    code = "not-a-field-post"
    status = 422
    title = _("岗位不走访")
    template = _("“{role}”岗位不承担上门走访，不能登记手机。")


class DeviceAlreadyRevoked(Problem):
    code = "device-already-revoked"
    status = 409
    title = _("手机已停用")
    template = _("这部手机已于 {when} 停用。")
