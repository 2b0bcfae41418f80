from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = _("摸排")

    def ready(self) -> None:
        from grid.personal import holds
        from grid.registers.actions import follow_deliveries
        from grid.registers.foreseeing import Teller, foretell
        from grid.registers.rolling_back import rest_on
        from grid.rooms import read_rooms
        from grid.subjects.changes import follow_changes
        from grid.subjects.merging import follow_merges
        from grid.subjects.moves import follow
        from grid.territory.staffing import follow_postings, tell_work
        from tasks.comparison import actions as comparison
        from tasks.comparison import queries as leads
        from tasks.comparison.resting import resting_on as leads_resting_on
        from tasks.coverage import actions as coverage
        from tasks.facts.merging import follow_merge
        from tasks.findings.resting import resting_on as findings_resting_on
        from tasks.rounds import actions as rounds
        from tasks.rounds.queries import work_of
        from tasks.visits.holding import needed_for_visits

        read_rooms(self.name, "problems", "verbs")
        foretell(Teller(leads.subjects_with_leads, leads.subjects_healed_by))
        follow_deliveries(comparison.follow_delivery)
        rest_on(leads_resting_on)
        rest_on(findings_resting_on)
        holds.needed_by(needed_for_visits)
        follow(coverage.follow_moves)
        follow_changes(coverage.follow_changes)
        follow_merges(follow_merge)
        follow(comparison.follow_moves)
        follow(rounds.follow_moves)
        follow_postings(rounds.follow_posting)
        tell_work(work_of)
        self._tell_waiting()

    def _tell_waiting(self) -> None:
        from grid.waiting import tell_waiting
        from tasks.arrivals.waiting import held_words_waiting, visits_waiting
        from tasks.findings.waiting import findings_waiting
        from tasks.rounds.waiting import rounds_waiting

        tell_waiting(findings_waiting, rounds_waiting, visits_waiting, held_words_waiting)
