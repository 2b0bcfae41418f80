"""ODK Collect at our door: the key in its address, and submissions that come in several parts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mobile_api.devices.models import Device


class CollectKey(models.Model):
    """The secret part of the address an ODK Collect was given. Only its hash is kept; it goes with its phone."""

    device = models.OneToOneField(Device, models.PROTECT, related_name="collect_key")
    key_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ODK Collect 密钥")


class Submission(models.Model):
    """One instance a Collect sends, in one or several posts. It becomes a visit when all it names is here."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="submissions")
    # What the instance calls itself; a changed one under the same name gets the beginning of its hash added.
    instance_id = models.CharField(max_length=160)
    client_id = models.UUIDField()
    replaces = models.UUIDField(null=True)
    # Emptied once it is a visit.
    xml = models.TextField(blank=True)
    xml_sha256 = models.CharField(max_length=64)
    # name of the file → [sha256, size]
    files = models.JSONField(default=dict)
    phone_time = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("ODK 提交")
        constraints = [
            models.UniqueConstraint(fields=["device", "instance_id"], name="submission_once"),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], name="submission_waiting", condition=models.Q(taken_at=None)
            ),
        ]
