"""Photos on their way: tus uploads that may stop and go on."""

import uuid

from django.db import models

from mobile_api.devices.models import Device


class Upload(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    device = models.ForeignKey(Device, models.PROTECT)
    visit_client_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    offset = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="upload_started")]
        constraints = [
            models.UniqueConstraint(fields=["device", "visit_client_id", "sha256"], name="upload_once"),
            models.CheckConstraint(
                condition=models.Q(offset__lte=models.F("size")), name="upload_offset_within_size"
            ),
        ]


class Allowance(models.Model):
    """What one phone sent on one day, in bytes; `early` is the part whose visit was not here yet."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="+")
    day = models.DateField()
    used = models.PositiveBigIntegerField(default=0)
    early = models.PositiveBigIntegerField(default=0)
    early_photos = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "day"], name="allowance_once")]
