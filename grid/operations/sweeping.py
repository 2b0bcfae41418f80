"""Operations that ended: their entries stand in the ledger."""

from datetime import datetime

from grid.operations.models import Operation


def forget_operations(before: datetime) -> int:
    gone, _each = Operation.objects.filter(ended_at__lt=before).delete()
    return gone
