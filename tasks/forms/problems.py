"""The refusals of tasks/forms; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class DeadlinePast(Problem):
    code = "deadline-past"
    status = 422
    title = _("截止日期已过")
    template = _("截止日期 {due_on} 早于今天。")
    advice = _("请选择今天或以后的日期。")


class FormFileUnreadable(Problem):
    code = "form-file-unreadable"
    status = 422
    title = _("文件读不了")
    template = _("“{name}”不是可用的 XLSForm 表格：请上传 1 MB 以内的 .xlsx、.md 或 .csv 文件。")


class FormTableWrong(Problem):
    code = "form-table-wrong"
    status = 422
    title = _("表格有错误")
    template = _("表格有 {count} 处错误，第一处：{first}")
    advice = _("请按逐行说明修改后重新上传；没有保存任何内容。")


class FormVersionUsed(Problem):
    code = "form-version-used"
    status = 409
    title = _("版本号已经用过")
    template = _("表单“{form}”的版本 {version} 已经用过。")
    advice = _("请在 settings 工作表里换一个更晚的 version。")


class FormVersionOlder(Problem):
    code = "form-version-older"
    status = 409
    title = _("版本号不够新")
    template = _("表单“{form}”现用版本是 {current}，新版本 {version} 须晚于它。")
    advice = _("请在 settings 工作表里填写更晚的日期后重新上传。")
