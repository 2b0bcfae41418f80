"""Lists of people that were handed in: who is to be an account stands in the accounts, not in old lists."""

from datetime import datetime

from grid.people.models import PeopleSheet


def forget_lists(before: datetime) -> int:
    """Lists nobody took, and reports of those that were; a login may be a telephone number. The ledger tells who came in."""
    gone, _each = PeopleSheet.objects.filter(at__lt=before).delete()
    return gone
