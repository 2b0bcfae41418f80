"""Codes for phones that nobody used, past their term."""

from datetime import datetime

from mobile_api.devices.models import Enrolment


def forget_codes(before: datetime) -> int:
    """Codes that ended before, and made no phone; that they were given stands in the ledger. How many."""
    gone, _each = Enrolment.objects.filter(device=None, expires_at__lt=before).delete()
    return gone
