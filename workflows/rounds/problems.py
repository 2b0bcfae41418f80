"""The refusals of workflows/rounds; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class NothingLeftToSend(Problem):
    code = "nothing-left-to-send"
    status = 409
    title = _("没有还要派的")
    template = _("“{round}”已经派完，没有还要派的。")
    advice = _("请刷新页面看现在的进度。")
