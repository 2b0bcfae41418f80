"""Codes for the employer's window, past their term."""

from datetime import datetime

from workflows.counter.models import EntryCode


def forget_codes(before: datetime) -> int:
    """How many went. Asking for another clears them, too; where nobody asks, they would stay."""
    gone, _each = EntryCode.objects.filter(asked_at__lt=before).delete()
    return gone
