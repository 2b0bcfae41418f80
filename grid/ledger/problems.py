"""The refusals of grid/ledger; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class NotSealedYet(Problem):
    code = "not-sealed-yet"
    status = 503
    title = _("台账尚未封存")
    template = _("要导出的台账条目还没有封存，通常在两秒内完成。")
    advice = _("请稍候再试；如果一直如此，请联系系统管理员查看封存程序。")


class SealerSilent(Problem):
    """The pages hold no signing key; the clock that does has not answered."""

    code = "sealer-silent"
    status = 503
    title = _("封存服务没有应答")
    template = _("导出需要封存服务签名，它现在没有应答。")
    advice = _("请稍后再试；仍然如此的，请系统管理员检查时钟服务（grid-clock）是否在运行。")


class ClockBehind(Problem):
    """An entry older than its forerunner would be taken for back-dated, for ever."""

    code = "clock-behind"
    status = 503
    title = _("服务器时间倒退，暂停登记")
    template = _("本机时间比台账中最近一条{behind}。现在登记会使台账的时间次序无法证明，本次操作没有登记。")
    advice = _("内容没有改动，请稍后再试；仍然如此的，请系统管理员检查各台服务器的时间同步。")


class ClockApart(Problem):
    """One of several machines goes by another clock than all share."""

    code = "clock-apart"
    status = 503
    title = _("服务器时间不一致，暂停登记")
    template = _("本机时间比数据库时间{ahead}。在核对一致之前不登记台账，本次操作没有登记。")
    advice = _("内容没有改动，请稍后再试；仍然如此的，请系统管理员检查各台服务器的时间同步。")
