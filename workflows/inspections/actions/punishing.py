"""What has to be true before a penalty may be told or decided, and what a decision orders to be corrected."""

from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.scope import Actor
from workflows.clocks.actions import start_clock
from workflows.clocks.actions.starting import Length
from workflows.clocks.models import Clock
from workflows.engine.actions.steps import locked, record_on
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.queries.weighing import Found, TaxOrder
from workflows.inspections.rules.offences import Offence, require_unmet
from workflows.inspections.verbs import InspectionVerb

NEVER = "never"
# The term within which a decision orders to correct.
CORRECTION = "penalty.correction"


def require_punishable(inspection: Inspection, found: Found, offence: Offence) -> None:
    """逾期不改正 and 逾期仍不缴纳 are part of what 社会保险法84、86条 punish: whose order it was, that it ran out, and that
    nothing was corrected by then. A register that shows a correction is not contradicted.

    Raises OrderedOtherwise, TaxOrderFirst, TaxOrderRuns, NothingToPunish, CorrectedOnRecord.
    """
    require_unmet(offence, found.corrected)
    if offence.waits_for == "order" and inspection.ordered_for not in ("", offence.key):
        raise inspections_problems.OrderedOtherwise(
            ordered=Violation(inspection.ordered_for).label, violation=Violation(offence.key).label
        )
    if offence.waits_for == "tax_order":
        _require_run_out(found.tax)
    require_uncontradicted(inspection, found.corrected)
    healed_on, expired_on = inspection.case.healed_on, inspection.order_expired_on
    if offence.waits_for in ("order", "any_order") and healed_on and expired_on and healed_on <= expired_on:
        raise inspections_problems.NothingToPunish(violation=offence.title)


def _require_run_out(tax: TaxOrder | None) -> None:
    if tax is None or not tax.number.strip() or tax.served_on > tax.due_on:
        raise inspections_problems.TaxOrderFirst()
    if tax.due_on >= today():
        raise inspections_problems.TaxOrderRuns(on=tax.due_on)


def require_uncontradicted(inspection: Inspection, corrected: str) -> None:
    """Raises CorrectedOnRecord where the register shows what the papers would deny."""
    if corrected == NEVER and inspection.case.healed_on:
        raise inspections_problems.CorrectedOnRecord(on=inspection.case.healed_on)


def tax_order_words(inspection: Inspection) -> tuple[str, ...]:
    """The collector's order as evidence; nothing where the violation needs none."""
    if not inspection.tax_number:
        return ()
    said = _("税务机关责令限期缴纳的文书 {number}，{served} 送达，缴纳期限至 {due}，逾期仍不缴纳")
    return (
        said.format(number=inspection.tax_number, served=inspection.tax_served_on, due=inspection.tax_due_on),
    )


# --- the correction a decision orders ------------------------------------------------------------


def corrections_of(inspection: Inspection, offence: Offence) -> tuple[str, ...]:
    """What the decision orders to be put right (行政处罚法28条), with how many people it is about."""
    heads = inspection.circumstances.get("heads")
    if not heads:
        return offence.orders
    *others, last = offence.orders
    return (*others, _("{order}（涉及职工 {heads} 人）").format(order=last, heads=heads))


def start_correction(inspection: Inspection, term: Length, by: Actor) -> None:
    """Part of serving a decision: its term to correct runs, whether the fine is paid or not."""
    assert inspection.served_on is not None
    clock = start_clock(
        CORRECTION, by=by, case=inspection.case, provision=term, from_day=inspection.served_on
    )
    inspection.correction_due_on = clock.due_on


def correction_over(clock: Clock, *, by: Actor) -> None:
    """The term to correct of a decision is over: kept, unless the register showed the correction within it. The
    inspection may have ended meanwhile with the payment of the fine."""
    found = _punished(clock)
    if found is None:
        return
    inspection = locked(Inspection, found.pk)
    healed_on = inspection.case.healed_on
    if healed_on is not None and healed_on <= clock.due_on:
        return
    inspection.correction_expired_on = clock.due_on
    inspection.save(update_fields=["correction_expired_on"])
    record_on(InspectionVerb.CORRECTION_OVER, inspection, by, None, on=clock.due_on.isoformat())


def keep_correction_day(clock: Clock) -> None:
    """Its last day as the inspection tells it: a stay of execution or a changed calendar moves both."""
    found = _punished(clock)
    if found is not None:
        Inspection.objects.filter(pk=found.pk).update(correction_due_on=clock.due_on)


def _punished(clock: Clock) -> Inspection | None:
    served = Inspection.objects.filter(case=clock.case_id, served_on=clock.started_on)
    return served.order_by("-pk").first()
