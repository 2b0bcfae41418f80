from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = _("摸排")

    def ready(self) -> None:
        from grid.subjects.merging import follow_merges
        from grid.subjects.moves import follow
        from tasks.comparison import actions as comparison
        from tasks.coverage.actions import follow_moves
        from tasks.facts.merging import follow_merge
        from tasks.rounds import actions as rounds

        follow(follow_moves)
        follow_merges(follow_merge)
        follow(comparison.follow_moves)
        follow(rounds.follow_moves)
