"""The refusals of project/checklist; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class ChecklistUnfinished(Problem):
    code = "checklist-unfinished"
    status = 409
    title = _("清单还没有办完")
    template = _("还有 {count} 项不办完就不能对外开展：{titles}。")
