"""The refusals of project; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class SessionEnded(Problem):
    """The form came from a session that has ended; what was typed is still in the browser."""

    code = "session-ended"
    status = 401
    title = _("登录已结束")
    template = _("您的登录已经结束（长时间没有操作、在别处退出或者密码已更改），这次提交没有办理。")
    advice = _("请在新的标签页登录，再回到刚才的页面提交：填写的内容还在那里。")


class TooManySignIns(Problem):
    code = "too-many-sign-ins"
    status = 429
    title = _("登录请求过于频繁")
    template = _("您所在的网络请求过于频繁，请在 {seconds} 秒后再试。")
