from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("办理")

    def ready(self) -> None:
        self._declare_letters()
        from grid.calendar.changes import follow_calendar
        from grid.codes import Purpose
        from grid.ledger import guards
        from grid.opening import tell_opening
        from grid.personal import holds
        from grid.registers.foreseeing import Teller, foretell
        from grid.registers.rolling_back import rest_on
        from grid.rotation import blind
        from grid.rotation.fitting import follow_codes
        from grid.subjects.merging import follow_merges
        from workflows.assessment import resting as years
        from workflows.assessment.triggers import year_guards
        from workflows.cases import resting as cases
        from workflows.cases.merging import refuse_open_cases
        from workflows.cases.queries import subjects_closed_by, subjects_with_cases
        from workflows.clocks.actions import move_deadlines
        from workflows.duties.terms import move_terms
        from workflows.listing.opening import ground_lines
        from workflows.listing.triggers import listing_guards
        from workflows.notices.queries import newest_code
        from workflows.notices.triggers import number_guards
        from workflows.personal.forgetting import delete_contacts
        from workflows.personal.holding import needed_for_cases
        from workflows.reminders.actions.contacting import hashes_of_phone
        from workflows.reminders.models import Phone

        foretell(Teller(subjects_with_cases, subjects_closed_by))
        rest_on(cases.resting_on)
        rest_on(years.resting_on)
        guards.follow(listing_guards)
        guards.follow(number_guards)
        guards.follow(year_guards)
        holds.needed_by(needed_for_cases)
        holds.forgotten_with(delete_contacts)
        blind.follow(blind.Kept(Phone, "number_hash", hashes_of_phone))
        follow_codes(Purpose.NOTICE, newest_code)
        tell_opening(ground_lines)
        follow_calendar(move_deadlines)
        follow_calendar(move_terms)
        follow_merges(refuse_open_cases)

    def _declare_letters(self) -> None:
        from django.core.checks import register

        from workflows.audits import letters as audits
        from workflows.cases import letters as cases
        from workflows.inspections import letters as inspections
        from workflows.listing import letters as listing
        from workflows.notices import letters
        from workflows.notices.checks import check_letters
        from workflows.reminders import letters as reminders

        for room in (cases, audits, inspections, listing, reminders):
            letters.register(*room.LETTERS)
        register(check_letters)
