"""Outside demo mode a process does not start with more power than its work needs.

Settings are checked where they are read (settings.py); this asks the database and knows what the process is for.
"""

from django.conf import settings
from django.db import connections

from grid.ledger import keys
from grid.rotation.queries.fitting import misfits
from grid.watch.triggers import roles
from project.environment import UnsafeEnvironment

_asked = False


def refuse_unsafe_start(*, sealing: bool = False) -> None:
    """`sealing`: this process is the clock, which alone holds the signing key. Raises UnsafeEnvironment.

    Asked once: `serve` has the clock inside and loads the pages afterwards.
    """
    global _asked
    if settings.DEMO or _asked:
        return
    reasons = _about_keys(sealing)
    # Keys that are none fit nothing, which need not be said besides.
    reasons += [*roles.faults(sealing=sealing), *([] if reasons else map(str, misfits()))]
    # A server that forks now must not share this connection with its children.
    connections.close_all()
    if reasons:
        raise UnsafeEnvironment("; ".join(reasons))
    _asked = True


def _about_keys(sealing: bool) -> list[str]:
    try:
        keys.trusted()
    except ValueError:
        return ["LEDGER_PUBLIC_KEY is not an Ed25519 public key"]
    if not sealing:
        return ["LEDGER_KEY is given to a process that does not seal"] if settings.LEDGER_KEY else []
    if not settings.LEDGER_KEY:
        return ["LEDGER_KEY is not set, and the clock seals with it"]
    try:
        own = [key.public_key() for key in keys.held()]
    except ValueError:
        return ["LEDGER_KEY is not an Ed25519 key"]
    # After a handover the settings may still name the first key.
    if keys.trusted() not in own and keys.public_key() not in own:
        return ["LEDGER_PUBLIC_KEY is not the public half of LEDGER_KEY"]
    return []
