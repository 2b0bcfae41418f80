"""Phones: how one is enrolled, known again, and revoked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.territory.models import Posting


class Device(models.Model):
    """A phone bound to a posting. Only the hash of its token is kept."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="devices")
    area = models.CharField(max_length=15, db_index=True)
    label = models.CharField(_("手机"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    app_version = models.CharField(max_length=20, blank=True)
    enrolled_at = models.DateTimeField(_("登记"))
    seen_at = models.DateTimeField(_("最近联系"), null=True)
    revoked_at = models.DateTimeField(_("停用"), null=True)
    revoked_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("手机")


class Enrolment(models.Model):
    """A code on the desk's screen, good once and for a short time, that a phone trades for its token."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="enrolments")
    code_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    device = models.OneToOneField(Device, models.PROTECT, null=True)
