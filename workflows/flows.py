"""The four flows under the names by which every row of the engine knows them: path and names never move.

Each stands in the room of its matter and says this path as its own. A step that is named there once is named for ever
(tests/workflows/released_names.txt).
"""

from workflows.audits.flow import AuditFlow
from workflows.cases.flow import CaseFlow
from workflows.inspections.flow import InspectionFlow
from workflows.rounds.flow import RoundFlow

__all__ = ["AuditFlow", "CaseFlow", "InspectionFlow", "RoundFlow"]
