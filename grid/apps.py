from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    name = "grid"
    verbose_name = _("网格")

    def ready(self) -> None:
        from grid.law.calendar.opening import calendar_lines
        from grid.law.opening import law_lines
        from grid.ledger.opening import ledger_lines
        from grid.offices.opening import office_lines
        from grid.opening import register_opening
        from grid.personal.followers import forgotten_with
        from grid.placing.followers import offer_addresses
        from grid.placing.opening import placing_lines
        from grid.registers.actions.intake import hashes_of_row
        from grid.registers.actions.revealing import forget_in_rows
        from grid.registers.models import Row
        from grid.registers.opening import register_lines
        from grid.registers.queries.addresses import addresses_given
        from grid.registers.rows import actions as rows
        from grid.rooms import read_rooms
        from grid.rotation.actions import blind
        from grid.subjects.actions.merging import on_subjects_merged
        from grid.subjects.actions.moves import on_subjects_moved
        from grid.territory.opening import land_lines, people_lines

        read_rooms(self.name, "problems", "verbs")
        self._guard_tables()
        forgotten_with(forget_in_rows)
        offer_addresses(addresses_given)
        self._offer_operations()
        on_subjects_moved(rows.follow_moves)
        on_subjects_merged(rows.follow_merge)
        blind.register_fingerprints(blind.Kept(Row, "hash", hashes_of_row))
        for provider in (
            land_lines, people_lines, calendar_lines, law_lines, register_lines, placing_lines, ledger_lines,
            office_lines,
        ):  # fmt: skip
            register_opening(provider)
        self._register_waiting()

    def _offer_operations(self) -> None:
        """What takes longer than a request: a background job carries it out, piece by piece."""
        from grid.operations.followers import Kind, offer
        from grid.placing.actions import POOL, replace_pool
        from grid.placing.batches.actions import PLACE, UNPLACE, place_waiting, restore_undone
        from grid.recut.actions import RECUT, carry_recut
        from grid.recut.changes.actions import CHANGE, carry_rehearsal
        from grid.scope import Right

        offer(Kind(RECUT, Right.RECUT, carry_recut, "areas"))
        offer(Kind(CHANGE, Right.RECUT, carry_rehearsal, "area-changes"))
        offer(Kind(POOL, Right.PLACE, replace_pool, "pool"))
        offer(Kind(PLACE, Right.PLACE, place_waiting, "pool-batches"))
        offer(Kind(UNPLACE, Right.PLACE, restore_undone, "pool-batches"))

    def _guard_tables(self) -> None:
        from grid.ledger.triggers import guards, ledger_guards
        from grid.watch.triggers import watch_guards

        guards.register_guards(ledger_guards)
        guards.register_guards(watch_guards)

    def _register_waiting(self) -> None:
        from grid.law.waiting import VERSIONS
        from grid.offices.waiting import OFFICES
        from grid.personal.waiting import forgettings_waiting
        from grid.placing.waiting import pools_waiting
        from grid.recut.changes.waiting import CHANGES
        from grid.registers.waiting import deliveries_waiting
        from grid.waiting import register_waiting
        from grid.watch.waiting import ALARMS

        register_waiting(pools_waiting, deliveries_waiting, forgettings_waiting)
        register_waiting(ALARMS, CHANGES, OFFICES, VERSIONS)
