"""The refusals of grid/personal; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class TooManyReveals(Problem):
    code = "too-many-reveals"
    status = 429
    title = _("今天查看个人信息已达上限")
    template = _("您今天已查看个人信息 {count} 次，达到每人每日上限；已向市扩面办和审计发出警报。")
    advice = _("确因办案需要的，请明天再看，或者由同事办理。")


class StillNeeded(Problem):
    """个人信息保护法 第47条第2款, 第19条: what the law or a running matter still needs is not deleted."""

    code = "still-needed"
    status = 409
    title = _("现在不能遗忘")
    template = _("依法还需要这些个人信息：{why}。")
    advice = _("事项办结、保存期限届满之后再申请；在此之前应停止存储和采取必要的安全保护措施之外的处理。")


class ForgettingAsked(Problem):
    code = "forgetting-asked"
    status = 409
    title = _("已经申请过")
    template = _("{name}已于 {at} 申请遗忘这些个人信息，等待决定。")


class ForgettingDecided(Problem):
    code = "forgetting-decided"
    status = 409
    title = _("已经决定")
    template = _("{name}已于 {at} 作出决定。")


class OwnForgetting(Problem):
    code = "own-forgetting"
    status = 409
    title = _("不能决定自己的申请")
    template = _("遗忘个人信息须由申请人以外的另一人决定。")


class NothingToForget(Problem):
    code = "nothing-to-forget"
    status = 409
    title = _("没有可遗忘的个人信息")
    template = _("“{name}”没有由本系统加密保存的个人信息，或者已经遗忘。")
