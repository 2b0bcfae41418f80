"""What the remedies of a case suspend now."""

from workflows.cases.models import Case
from workflows.remedies import rules
from workflows.remedies.models import Remedy


def effects_of(remedy: Remedy) -> list[rules.Effect]:
    """What this remedy suspends now, each with its clause."""
    return rules.effects(remedy.target, remedy.kind, stayed=remedy.stayed_on is not None)


def suspends(case: Case, what: str) -> bool:
    """Whether a running remedy of `case` suspends `what` ("surcharge", "court", "performance", "proposal" …)."""
    running = Remedy.objects.filter(case=case, decided_on=None)
    return any(e.what == what and e.is_suspended for remedy in running for e in effects_of(remedy))
