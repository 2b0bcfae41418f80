"""The refusals of mobile_api/handin; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class UnsentUnreadable(Problem):
    code = "unsent-file-unreadable"
    status = 422
    title = _("手机文件无法读取")
    template = _("这个文件无法读取：{why}。")
    advice = _("请在手机应用“我的”里重新导出，并原样交来。")


class UnsentEmpty(Problem):
    code = "unsent-file-empty"
    status = 422
    title = _("手机文件里没有内容")
    template = _("文件里没有走访、照片，也没有意见建议。")


class UnsentTooLarge(Problem):
    code = "unsent-file-too-large"
    status = 413
    title = _("手机文件太大")
    template = _("手机文件不能超过 {limit} MB。")
    advice = _("请把手机连上网络，由应用自行发送。")
