"""The refusals of mobile_api/suggestions; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class SuggestionAnswered(Problem):
    code = "suggestion-answered"
    status = 409
    title = _("意见建议已答复")
    template = _("{who} 已于 {when} 答复。")
