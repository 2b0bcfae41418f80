"""The refusals of grid/watch; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class AlarmAnswered(Problem):
    """Nobody closes an alarm of the ledger alone, nor one office by itself."""

    code = "alarm-answered"
    status = 409
    title = _("须由另一部门的另一人处置")
    template = _("{office}的{name}已经对这条警报作出说明。")
    advice = _("警报须由市扩面办和审计各一人、分属两个部门的人员分别查明，才会关闭。")
