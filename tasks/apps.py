from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = _("摸排")

    def ready(self) -> None:
        from grid.rooms import read_rooms

        read_rooms(self.name, "problems", "verbs")
        self._follow_registers()
        self._follow_subjects()
        self._follow_ground()
        self._register_waiting()

    def _follow_registers(self) -> None:
        from grid.personal import followers
        from grid.placing.followers import offer_positions
        from grid.registers.actions import on_delivery
        from grid.registers.actions.foreseeing import Provider, foretell
        from grid.registers.actions.rolling_back import rest_on
        from tasks.comparison import actions as comparison
        from tasks.comparison import queries as leads
        from tasks.comparison.resting import resting_on as leads_resting_on
        from tasks.findings.resting import resting_on as findings_resting_on
        from tasks.visits.queries.holding import needed_for_visits
        from tasks.visits.queries.positions import positions_seen

        foretell(Provider(leads.subjects_with_leads, leads.subjects_rectified_by))
        on_delivery(comparison.follow_delivery)
        rest_on(leads_resting_on)
        rest_on(findings_resting_on)
        followers.needed_by(needed_for_visits)
        offer_positions(positions_seen)

    def _follow_subjects(self) -> None:
        """Merged, moved, changed, placed and taken back; and who works where."""
        from grid.placing.batches.followers import on_undoing
        from grid.subjects.actions.merging import on_subjects_merged
        from grid.subjects.actions.moves import on_subjects_moved
        from grid.subjects.followers import on_subjects_changed
        from grid.territory.followers import on_postings_changed, register_work
        from tasks.comparison import actions as comparison
        from tasks.coverage import actions as coverage
        from tasks.facts.actions.merging import follow_merge
        from tasks.followups.actions import follow_merge as merge_follow_ups
        from tasks.rounds import actions as rounds
        from tasks.rounds.joining import actions as joining
        from tasks.rounds.queries import work_of
        from tasks.rounds.queries.building import sent_since

        on_subjects_moved(coverage.follow_moves)
        on_subjects_changed(coverage.follow_changes)
        on_subjects_merged(merge_follow_ups)
        on_subjects_merged(follow_merge)
        on_subjects_moved(comparison.follow_moves)
        on_subjects_moved(rounds.follow_moves)
        on_subjects_moved(joining.follow_moves)
        on_subjects_changed(joining.follow_changes)
        on_postings_changed(rounds.follow_posting)
        register_work(work_of)
        on_undoing(sent_since)

    def _follow_ground(self) -> None:
        from grid.recut.followers import Following, on_ground_changed
        from tasks.ground import actions as ground

        for following in (
            Following("account", _("台账中的户数"), ground.follow_account),
            Following("doors", _("未走访的门户"), ground.follow_doors),
            Following(
                "doors_of_neighbours", _("其中由别的网格的网格员走访"), ground.follow_doors_of_neighbours
            ),
            Following("leads", _("未核实的线索"), ground.follow_leads),
            Following("findings", _("待复核的发现"), ground.follow_findings),
            Following("rounds", _("进行中的轮次"), ground.follow_rounds),
        ):
            on_ground_changed(following)

    def _register_waiting(self) -> None:
        from grid.waiting import register_waiting
        from tasks.arrivals.waiting import held_words_waiting, visits_waiting
        from tasks.claims.waiting import asked_waiting, claims_waiting
        from tasks.findings.waiting import findings_waiting
        from tasks.followups.waiting import AGAIN, MERGERS, NOTES
        from tasks.rounds.waiting import reminders_waiting, rounds_waiting

        register_waiting(
            findings_waiting, rounds_waiting, reminders_waiting, visits_waiting, held_words_waiting
        )
        register_waiting(claims_waiting, asked_waiting, AGAIN, MERGERS, NOTES)
