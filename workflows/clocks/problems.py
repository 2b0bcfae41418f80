"""The refusals of workflows/clocks; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class ClockPaused(Problem):
    code = "term-already-paused"
    status = 409
    title = _("期限已中止")
    template = _("“{term}”已经中止，恢复后才能再次中止。")


class ClockNotPaused(Problem):
    code = "term-not-paused"
    status = 409
    title = _("期限没有中止")
    template = _("“{term}”没有中止，无需恢复。")


class ClockNotExtendable(Problem):
    code = "clock-not-extendable"
    status = 409
    title = _("此期限不能延长")
    template = _("“{term}”依法不能延长。")


class ClockExtended(Problem):
    code = "clock-already-extended"
    status = 409
    title = _("期限只能延长一次")
    template = _("“{term}”已由{who}批准延长，不能再次延长。")


class ClockNotPausable(Problem):
    code = "clock-not-pausable"
    status = 409
    title = _("此期限不能因此中止")
    template = _("“{term}”依法不因所选事由中止计算。")
    advice = _("可以中止的事由及其依据见“法规”页的“期限中止的事由”。")


class PauseUnreviewed(Problem):
    code = "pause-unreviewed"
    status = 409
    title = _("中止事由尚未经法制审核")
    template = _("“{term}”可否因“{reason}”中止，尚未经法制审核；审核之前照常计算。")
    advice = _("请法制部门在“法规”页审核该事由及其依据。")


class PauseDayWrong(Problem):
    code = "pause-day-wrong"
    status = 422
    title = _("中止的日期不对")
    template = _("日期须在 {first} 至 {last} 之间。")


class ExtensionTooLong(Problem):
    code = "extension-too-long"
    status = 422
    title = _("延长的期间超过规定")
    template = _("“{term}”最多延长 {most}，不能延长 {asked}。")
