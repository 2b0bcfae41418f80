"""What a case may be punished for, and what its papers say of it, by the row of the law of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from grid.law.queries import Law
from workflows.cases.models import Case
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.rules.offences import Offence, offence_of, offences_for
from workflows.notices.documents import Citation, citation, composing


@dataclass(frozen=True)
class Suspected:
    """What an inspection is filed for. `ended_on`: when it ended, None while it goes on; `late_why`: why it is filed all
    the same where that is too long ago. No `violation`: the first one the findings allow."""

    violation: str = ""
    ended_on: date | None = None
    late_why: str = ""


def allowed_in(case: Case, law: Law, *, after_order: bool = False) -> list[Offence]:
    """What was found at the door allows these and no other."""
    measures = [measure["measure"] for measure in case.measures]
    return offences_for(law["inspection.violations"].value, measures, after_order=after_order)


def chosen_in(case: Case, violation: str, law: Law, *, after_order: bool = False) -> Offence:
    """The one that was picked, or the first that the findings allow. Raises NoViolation, ViolationUnfit."""
    allowed = allowed_in(case, law, after_order=after_order)
    measures = "、".join(dict.fromkeys(measure["measure"] for measure in case.measures))
    if not allowed:
        raise inspections_problems.NoViolation(measures=measures)
    for offence in allowed:
        if violation in ("", offence.key):
            return offence
    label = Violation(violation).label if violation in Violation.values else violation
    raise inspections_problems.ViolationUnfit(measures=measures, violation=label)


def offence_in(inspection: Inspection, law: Law) -> Offence:
    """What it was filed for, ordered or told; where nobody said so yet, the first that the findings allow."""
    if inspection.violation:
        return offence_of(law["inspection.violations"].value, inspection.violation)
    return chosen_in(inspection.case, "", law)


def bearing_in(case: Case, offence: Offence) -> list[dict[str, str]]:
    """Of what was found, that which bears on it."""
    bearing = [measure for measure in case.measures if measure["measure"] in offence.measures]
    return bearing or list(case.measures)


def found_in(case: Case, offence: Offence) -> tuple[str, ...]:
    return composing.found_of(bearing_in(case, offence))


def facts_in(inspection: Inspection, law: Law) -> tuple[str, ...]:
    """What the officers found; until they have, what was found at the door."""
    if inspection.facts:
        return (inspection.facts,)
    return found_in(inspection.case, offence_in(inspection, law))


def power_to_punish(offence: Offence) -> tuple[Citation, ...]:
    """Marked where it is in doubt whether the clause is the right one."""
    return tuple(citation(clause, reviewed=offence.reviewed) for clause in offence.punish)


def choices_in(case: Case, law: Law, *, after_order: bool = False) -> Sequence[tuple[str, str]]:
    allowed = allowed_in(case, law, after_order=after_order)
    return [(offence.key, str(Violation(offence.key).label)) for offence in allowed]
