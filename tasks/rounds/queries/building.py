"""Who of the placed was gone to since: that is no longer undone by undoing the placing."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from tasks.doors.models import CheckTask
from tasks.visits.models import Visit


def sent_since(subjects: Collection[int], since: datetime) -> dict[int, str]:
    """Subject → what was done there. Two queries."""
    sent = CheckTask.objects.filter(subject__in=subjects, dispatched_at__gte=since)
    seen = Visit.objects.filter(subject__in=subjects, received_at__gte=since)
    found = dict.fromkeys(sent.values_list("subject", flat=True), _("此后已派发核查"))
    found |= dict.fromkeys((pk for pk in seen.values_list("subject", flat=True) if pk), _("此后有人走访过"))
    return found
