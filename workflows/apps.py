from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("办理")

    def ready(self) -> None:
        from grid.calendar.changes import follow_calendar
        from grid.subjects.merging import follow_merges
        from workflows.cases.merging import refuse_open_cases
        from workflows.clocks.actions import move_deadlines
        from workflows.duties.terms import move_terms

        follow_calendar(move_deadlines)
        follow_calendar(move_terms)
        follow_merges(refuse_open_cases)
