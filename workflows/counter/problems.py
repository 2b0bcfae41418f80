"""The refusals of workflows/counter; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class CodeAskedTooOften(Problem):
    code = "code-asked-too-often"
    status = 429
    title = _("验证码请求过于频繁")
    template = _("请在 {minutes} 分钟后再试。")
    advice = _("已经收到的验证码在 10 分钟内有效。")


class EntryCodeWrong(Problem):
    code = "entry-code-wrong"
    status = 422
    title = _("验证码不对或已失效")
    template = _("请核对最近一次收到的 6 位验证码；10 分钟内有效，最多可试 5 次。")


class NotOffered(Problem):
    code = "submission-not-offered"
    status = 409
    title = _("现在不能提交这类材料")
    template = _("“{kind}”现在没有需要提交的环节。")
    advice = _("请提交页面上列出的材料；有疑问请致电文书上的电话。")


class SubmissionEmpty(Problem):
    code = "submission-empty"
    status = 422
    title = _("没有内容")
    template = _("请写明“{kind}”的内容，或者附上材料。")


class TooManySubmissions(Problem):
    code = "too-many-submissions"
    status = 429
    title = _("今天提交的次数太多")
    template = _("今天已经提交 {most} 次，请明天再提交，或者当面提交。")
    advice = _("期限今天届满的，请致电文书上的电话或者当面提交。")


class SubmissionTaken(Problem):
    code = "submission-taken"
    status = 409
    title = _("已有人接办")
    template = _("{who}已于 {when} 接办 {receipt}。")


class SubmissionNotTaken(Problem):
    code = "submission-not-taken"
    status = 409
    title = _("尚未接办")
    template = _("{receipt} 还没有人接办，请先接办再答复。")


class SubmissionAnswered(Problem):
    code = "submission-answered"
    status = 409
    title = _("已经答复")
    template = _("{who}已于 {when} 答复 {receipt}。")
