"""What the acts of an inspection have in common beside the engine's steps."""

from grid.scope import Actor
from workflows.engine.actions.steps import another_than
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection, Recusal

# Phases with which some of its terms end (terms.py).
INVESTIGATION, DECISION = "investigation", "decision"


def not_investigating(inspection: Inspection, by: Actor) -> None:
    """Asks whether `by` stands apart: who proposed, investigates, or was taken out of the matter decides nothing in it
    (处罚法 第43条).

    Raises SamePersonTwice, OfficerExcluded.
    """
    another_than(by, inspection.proposed_by_id, *inspection.officers)
    require_not_recused(inspection, by.person_id)


def require_not_recused(inspection: Inspection, *people: int | None) -> None:
    """Raises OfficerExcluded, naming the first of `people` (person ids) who was taken out of the matter."""
    recused = Recusal.objects.filter(
        inspection=inspection, person__in=[person for person in people if person]
    )
    if found := recused.select_related("person").first():
        raise inspections_problems.OfficerExcluded(name=found.person.full_name)


def forget_review(inspection: Inspection) -> None:
    """Part of sending a file back: what was reviewed and discussed is done again."""
    inspection.reviewed_by = inspection.reviewed_at = inspection.collective_on = None
    inspection.review_opinion = inspection.collective_summary = inspection.collective_outcome = ""
    inspection.collective_needed, inspection.collective_members = False, 0
    inspection.opinions.all().delete()
