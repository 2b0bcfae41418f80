"""The refusals of grid/rotation; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class NothingToRotate(Problem):
    code = "nothing-to-rotate"
    status = 409
    title = _("没有可以更换的密钥")
    template = _("{name} 里没有新旧两把密钥，或者新密钥已经在用。")
    advice = _("请把新密钥写在前、旧密钥写在后，用逗号隔开，重启各个服务，再执行更换。")


class RotationOpen(Problem):
    """Two at once could close each other's gate."""

    code = "rotation-open"
    status = 409
    title = _("另一把密钥正在更换")
    template = _("{key}的更换还没有完成。")
    advice = _("请先把它执行完；中断的更换再执行一次即可接着做。")


class RotationUnfinished(Problem):
    code = "rotation-unfinished"
    status = 409
    title = _("密钥还没有换完")
    template = _("有 {count} 处没有换成新密钥，其中 {unreadable} 处用现有的密钥都打不开。")
    advice = _("旧密钥必须保留。请确认各个服务都已用新配置重启、缺少的旧密钥已补上，再执行一次。")


class StrangeKeys(Problem):
    code = "strange-keys"
    status = 409
    title = _("密钥与台账不符")
    template = _("最近的封存点不是用现在配置的密钥签的，也不是由它交接而来的密钥。")
    advice = _("请核对 LEDGER_KEY 和 LEDGER_PUBLIC_KEY 是否属于这套系统。")
