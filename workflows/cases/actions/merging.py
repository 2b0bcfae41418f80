"""A subject with a case is not merged away under it."""

from grid.scope import Actor
from grid.subjects.models import Subject
from workflows.cases import problems as cases_problems
from workflows.cases.models import ENDED, Case


def refuse_open_cases(kept: Subject, dropped: Subject, by: Actor) -> None:
    """Asks whether a case is in the way; ended ones keep the name they were opened under. Raises CaseInTheWay."""
    if Case.objects.filter(subject=dropped).exclude(state__in=ENDED).exists():
        raise cases_problems.CaseInTheWay(name=dropped.name)
