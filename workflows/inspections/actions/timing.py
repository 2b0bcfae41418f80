"""Part of the acts that begin an investigation or end it: the terms they run, on the clock of the case."""

from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.models import Provision
from grid.law.queries import Law, the_law
from grid.scope import Actor
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.clocks.terms import ending_with
from workflows.engine.actions.steps import stop_terms
from workflows.inspections.actions.steps import INVESTIGATION
from workflows.inspections.models import Inspection


def begin_investigating(inspection: Inspection, law: Law, by: Actor) -> None:
    """When filed, and again when sent back: the term counts from the filing, with the extension once given and the
    days on which it stood still."""
    assert inspection.filed_on is not None
    term, more = law["inspection.investigation"], law["inspection.extension"]
    length = int(term.value) + (int(more.value) if inspection.extended_on else 0)
    before = Clock.objects.filter(case=inspection.case, kind="inspection.investigation")
    newest = before.filter(started_on=inspection.filed_on).order_by("-pk").first()
    stood_still = list(newest.pauses.exclude(last_day=None)) if newest else []
    start_clock(
        "inspection.investigation", by=by, case=inspection.case, from_day=inspection.filed_on,
        stood_still=stood_still,
        provision=Provision(value=length, unit=term.unit, basis=term.basis, reviewed=term.reviewed),
    )  # fmt: skip


def keep_payment_day(clock: Clock) -> None:
    """The last day for paying as the inspection tells it: a stay of execution or a changed calendar moves both."""
    owing = Inspection.objects.filter(case=clock.case_id, served_on=clock.started_on)
    owing.update(due_on=clock.due_on)


def begin_deciding(inspection: Inspection, by: Actor) -> None:
    """The investigation is over: its term ends, that of the decision begins."""
    stop_terms(inspection, *ending_with(INVESTIGATION), why=_("调查终结"), by=by)
    law = the_law(today())
    start_clock(
        "inspection.decision", by=by, case=inspection.case, provision=law["inspection.decision"],
        from_day=today(),
    )  # fmt: skip
