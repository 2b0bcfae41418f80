"""The accounts of the demo city: who they are, and the one password they share (demo mode only)."""

from grid.calendar.now import today
from grid.territory.models import Posting

PASSWORD = "shili-2026"


def accounts() -> list[tuple[str, str, str]]:
    """(account, role, area) of one sample person for each role, as the sign-in page and `serve` print them."""
    postings = (
        Posting.objects.filter(person__is_sample=True, person__is_active=True, valid_from__lte=today())
        .exclude(valid_to__lt=today())
        .select_related("person", "area")
        .order_by("area__level", "area_id", "person__username")
    )
    first: dict[str, tuple[str, str, str]] = {}
    for posting in postings:
        first.setdefault(
            posting.role, (posting.person.username, posting.get_role_display(), posting.area.name)
        )
    return list(first.values())
