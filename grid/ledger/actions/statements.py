"""How many entries a case has, signed: what makes a cut-off end of its export visible.

Signing needs the private key, and the pages that export hold none. They leave a question in the database, and the
clock, which seals every second, answers it: what it signs is what it counts itself.
"""

from __future__ import annotations

import time
from datetime import timedelta

from grid.calendar.now import now
from grid.ledger import keys, notes
from grid.ledger import problems as ledger_problems
from grid.ledger.models import Checkpoint, Entry, Statement
from grid.ledger.queries.checkpoints import newest, tree_of

PATIENCE = 8.0  # seconds; the clock comes by every second
STEP = 0.1
KEPT = timedelta(days=1)


def signed(case: str) -> tuple[int, str]:
    """Size of the tree, and the statement of the case at that size. Raises NotSealedYet, SealerSilent.

    Where the key lies elsewhere it waits for the clock, and so must not be called within a transaction.
    """
    if keys.may_sign():
        return _made(case, newest())
    asked = Statement.objects.create(case=case, asked_at=now())
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(STEP)
        answer = Statement.objects.filter(pk=asked.pk, size__isnull=False).first()
        if answer is not None and answer.size is not None:
            return answer.size, answer.note
    raise ledger_problems.SealerSilent()


def answer_waiting() -> int:
    """Periodic, by whoever holds the key: signs what was asked for and answers how many. Twice does no harm."""
    waiting = list(Statement.objects.filter(size__isnull=True)[:100])
    for statement in waiting:
        size, note = _made(statement.case, newest())
        Statement.objects.filter(pk=statement.pk, size__isnull=True).update(size=size, note=note)
    if waiting:
        Statement.objects.filter(asked_at__lt=now() - KEPT).delete()
    return len(waiting)


def _made(case: str, head: Checkpoint) -> tuple[int, str]:
    count = Entry.objects.filter(case=case, nth__isnull=False, leaf__index__lt=head.size).count()
    at = tree_of(head)
    statement = notes.Tree(at.origin, at.size, at.root, at.at, case, count)
    return head.size, notes.sign(statement, keys.signing_key())
