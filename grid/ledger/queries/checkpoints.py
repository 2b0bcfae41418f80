"""Checkpoints as they are stored, and as the signed notes that are checked and published."""

from __future__ import annotations

from grid.ledger import notes
from grid.ledger import problems as ledger_problems
from grid.ledger.models import Checkpoint


def newest() -> Checkpoint:
    """Raises NotSealedYet while the ledger is empty or the sealer has never run."""
    found = Checkpoint.objects.order_by("-size").first()
    if found is None:
        raise ledger_problems.NotSealedYet()
    return found


def tree_of(point: Checkpoint) -> notes.Tree:
    return notes.Tree(point.origin, point.size, bytes(point.root), point.at)


def note_of(point: Checkpoint) -> str:
    return notes.note(tree_of(point), bytes(point.signature), bytes.fromhex(point.key_id))
