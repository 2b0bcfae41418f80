"""Register files that were uploaded and never read to their end: they hold more personal data than anything else."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from grid.calendar.now import now
from grid.keeping import clear_leftovers
from grid.registers.actions import fail_delivery
from grid.registers.models import Delivery, DeliveryState, Preview


def clear_unread(before: datetime) -> int:
    """Removes files of deliveries that failed or were never read since; how many. A delivery whose columns nobody
    checked in that time fails, and its first lines go with it; it can be started again by uploading its file again."""
    late = Delivery.objects.filter(state=DeliveryState.PREVIEW, delivered_at__lt=before)
    for delivery in late:
        fail_delivery(delivery, _("超过期限没有核对列，文件已删除。请重新上传。"))
        Preview.objects.filter(delivery=delivery).delete()
    return clear_leftovers(Path(settings.FILES) / "deliveries", (now() - before).total_seconds())
