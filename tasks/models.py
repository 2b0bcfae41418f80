"""Django looks for an app's tables here; each lives in the folder of its subject."""

from tasks.claims.models import Claim, PoolReply
from tasks.comparison.models import Comparison, Lead
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask, Gone
from tasks.facts.models import Decision
from tasks.findings.models import Finding
from tasks.followups.models import FollowUp
from tasks.forms.models import FormVersion
from tasks.rounds.choosing.models import CodeList, ListedLine, SavedChoice
from tasks.rounds.joining.models import Joining
from tasks.rounds.models import Round
from tasks.visits.models import Evidence, LaidAside, Visit

__all__ = [
    "CheckTask", "Claim", "CodeList", "Comparison", "Decision", "Evidence", "Finding", "FollowUp", "FormVersion", "Gone",
    "Joining", "LaidAside", "Lead", "ListedLine", "PoolReply", "Round", "SavedChoice", "Span", "Visit",
]  # fmt: skip
