from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("办理")

    def ready(self) -> None:
        from grid.rooms import read_rooms

        read_rooms(self.name, "problems", "verbs")
        self._declare_matters()
        self._declare_terms()
        self._declare_acts()
        self._declare_letters()
        self._join_rooms()
        self._register_waiting()
        self._follow_registers()
        self._keep_personal_data()
        self._guard_tables()
        self._follow_calendar()
        self._follow_ground()

    def _follow_ground(self) -> None:
        """Whose matter it is after a change of divisions."""
        from grid.recut.followers import Following, on_ground_changed
        from workflows.ground import actions as ground

        for following in (
            Following("cases", _("未结案件"), ground.follow_cases),
            Following("notices", _("待送达的文书"), ground.follow_notices),
            Following("terms", _("正在计算的期限"), ground.follow_terms),
            Following("lapses", _("未恢复的断缴"), ground.follow_lapses),
            Following("targets", _("下达给所撤区划的计划指标（由下达单位修订）"), ground.follow_targets),
        ):
            on_ground_changed(following)

    def _follow_registers(self) -> None:
        """What hangs on a row: told before a delivery, or the merging of two, ends it."""
        from grid.opening import register_opening
        from grid.registers.actions.foreseeing import Provider, foretell
        from grid.registers.actions.rolling_back import rest_on
        from grid.subjects.actions.merging import on_subjects_merged
        from workflows.assessment.resting import resting_on as years_resting_on
        from workflows.cases.actions.merging import refuse_open_cases
        from workflows.cases.queries import subjects_closed_by, subjects_with_cases
        from workflows.cases.resting import resting_on as cases_resting_on
        from workflows.certificates.opening import staff_lines
        from workflows.listing.opening import ground_lines

        foretell(Provider(subjects_with_cases, subjects_closed_by))
        rest_on(cases_resting_on)
        rest_on(years_resting_on)
        register_opening(staff_lines)
        register_opening(ground_lines)
        on_subjects_merged(refuse_open_cases)

    def _keep_personal_data(self) -> None:
        """How long it is needed here, what is forgotten with a person, and what follows a change of keys."""
        from grid.codes import Purpose
        from grid.personal import followers
        from grid.rotation.actions import blind
        from grid.rotation.queries.fitting import register_codes
        from workflows.notices.queries import newest_code
        from workflows.personal.actions import delete_contacts
        from workflows.personal.queries import needed_for_cases
        from workflows.reminders.actions.contacting import hashes_of_phone
        from workflows.reminders.models import Phone

        followers.needed_by(needed_for_cases)
        followers.forgotten_with(delete_contacts)
        blind.register_fingerprints(blind.Kept(Phone, "number_hash", hashes_of_phone))
        register_codes(Purpose.NOTICE, newest_code)

    def _follow_calendar(self) -> None:
        from grid.calendar.followers import on_calendar_changed
        from workflows.clocks.actions import move_deadlines
        from workflows.duties.terms import move_terms

        on_calendar_changed(move_deadlines)
        on_calendar_changed(move_terms)

    def _guard_tables(self) -> None:
        """What the database itself refuses to have changed."""
        from grid.ledger.triggers import guards
        from workflows.announcements.triggers import listing_guards
        from workflows.assessment.triggers import year_guards
        from workflows.disclosures.triggers import disclosure_guards
        from workflows.inspections.records.triggers import filed_guards, record_guards
        from workflows.notices.triggers import approval_guards, number_guards
        from workflows.persons.triggers import person_guards

        for triggers in (
            listing_guards, number_guards, approval_guards, year_guards, record_guards, disclosure_guards,
            filed_guards, person_guards,
        ):  # fmt: skip
            guards.register_guards(triggers)

    def _declare_matters(self) -> None:
        """In the order in which pages name them."""
        from workflows.audits.kind import AUDIT
        from workflows.cases.actions import locking
        from workflows.cases.kind import CASE
        from workflows.cases.models import Case
        from workflows.clocks.followers import Cases, hold_by
        from workflows.engine.actions.steps import locked
        from workflows.engine.kind import register as register_kind
        from workflows.inspections.kind import INSPECTION
        from workflows.rounds.kind import ROUND

        for kind in (CASE, INSPECTION, AUDIT, ROUND):
            register_kind(kind)
        hold_by(Cases(locking.named, partial(locked, Case), locking.hold, locking.free_of_clocks))

    def _join_rooms(self) -> None:
        """What rooms above show on the page of a case, and do when a decision is challenged; in the order in which they act."""
        from workflows.announcements import actions as announcements
        from workflows.cases.queries import show_beside
        from workflows.disclosures import actions as disclosures
        from workflows.inspections.actions import challenging as penalty
        from workflows.inspections.queries import newest_of
        from workflows.listing.actions import challenging as entry
        from workflows.listing.queries import proven_beside
        from workflows.remedies.followers import act_on_remedies

        show_beside("inspection", lambda case: newest_of(case.pk))
        show_beside("proven", proven_beside)
        for room in (penalty, announcements, disclosures, entry):
            act_on_remedies(room.CHALLENGED)

    def _register_waiting(self) -> None:
        """What waits beside the matters, which say so in their kind."""
        from grid.waiting import register_waiting
        from workflows.announcements.waiting import ANNOUNCEMENTS
        from workflows.assessment.waiting import assessments_waiting
        from workflows.certificates.waiting import CERTIFICATES
        from workflows.counter.waiting import SUBMISSIONS
        from workflows.disclosures.waiting import DISCLOSURES
        from workflows.duties.waiting import duties_waiting
        from workflows.engine.signing.waiting import MOVES
        from workflows.engine.waiting import ESCALATIONS
        from workflows.legal.waiting import ANSWERS
        from workflows.listing.waiting import DEFENCES, OBJECTIONS, PAPERS, REPAIRS
        from workflows.notices.waiting import SENT_BACK, services_waiting, signatures_waiting
        from workflows.persons.waiting import PERSONS
        from workflows.sanctions.waiting import sanctions_waiting

        register_waiting(services_waiting, signatures_waiting, MOVES, ESCALATIONS, SUBMISSIONS)
        register_waiting(duties_waiting, assessments_waiting, CERTIFICATES, ANSWERS)
        register_waiting(DEFENCES, OBJECTIONS, REPAIRS, PAPERS, ANNOUNCEMENTS, sanctions_waiting)
        register_waiting(PERSONS, SENT_BACK, DISCLOSURES)

    def _declare_acts(self) -> None:
        """In the order in which the pages name them."""
        from django.core.checks import register

        from workflows.announcements import acts as announcements
        from workflows.audits import acts as audits
        from workflows.cases import acts as cases
        from workflows.disclosures import acts as disclosures
        from workflows.duties import acts as duties
        from workflows.engine.acts import declare as declare_acts
        from workflows.engine.checks import check_acts
        from workflows.findings import acts as findings
        from workflows.inspections import acts as inspections
        from workflows.listing import acts as listing
        from workflows.persons import acts as persons
        from workflows.rounds import acts as rounds

        declare_acts("case", cases.ACTS, cases.__name__)
        declare_acts("inspection", inspections.ACTS, inspections.__name__)
        declare_acts("audit", audits.ACTS, audits.__name__)
        declare_acts("round", rounds.ACTS, rounds.__name__)
        for room in (inspections, listing):
            declare_acts("case", room.ON_CASE, room.__name__)
        declare_acts("inspection", persons.ON_INSPECTION, persons.__name__)
        declare_acts("person", persons.ON_PERSON, persons.__name__, is_beside=True)
        declare_acts("listing", listing.ON_FILE, listing.__name__, is_beside=True)
        declare_acts("announcement", announcements.ACTS, announcements.__name__, is_beside=True)
        declare_acts("disclosure", disclosures.ACTS, disclosures.__name__, is_beside=True)
        declare_acts("finding", findings.ACTS, findings.__name__, is_beside=True)
        declare_acts("referral", duties.ACTS, duties.__name__, is_beside=True)
        register(check_acts)

    def _declare_terms(self) -> None:
        from django.core.checks import register

        from workflows.announcements import terms as announcements
        from workflows.audits import terms as audits
        from workflows.cases import terms as cases
        from workflows.clocks.checks import check_terms
        from workflows.clocks.terms import declare
        from workflows.counter import terms as counter
        from workflows.disclosures import terms as disclosures
        from workflows.engine.kind import kinds
        from workflows.engine.signing import terms as signing
        from workflows.inspections import terms as inspections
        from workflows.listing import terms as listing
        from workflows.notices import terms as notices
        from workflows.persons import terms as persons
        from workflows.rounds import terms as rounds

        for room in (
            cases, inspections, persons, audits, listing, announcements, disclosures, notices, signing, counter, rounds,
        ):  # fmt: skip
            declare(room.TERMS, room.__name__)
        register(lambda **_given: check_terms([kind.name for kind in kinds()]))

    def _declare_letters(self) -> None:
        from django.core.checks import register

        from workflows.audits import letters as audits
        from workflows.cases import letters as cases
        from workflows.inspections import letters as inspections
        from workflows.listing import letters as listing
        from workflows.notices import letters
        from workflows.notices.checks import check_letters
        from workflows.persons import letters as persons
        from workflows.reminders import letters as reminders

        for room in (cases, audits, inspections, persons, listing, reminders):
            letters.register(*room.LETTERS)
        register(check_letters)
