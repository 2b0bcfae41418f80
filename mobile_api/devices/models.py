"""Phones: how one is enrolled, known again, and revoked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.territory.models import Posting


class Revoked(models.TextChoices):
    """Why a phone is no longer used. Of a lost one nothing is taken at its word (see tasks.visits.rules.believing)."""

    LOST = "lost", _("丢失或被盗")
    REPLACED = "replaced", _("换了手机")
    RETURNED = "returned", _("交还或不再使用")


class Device(models.Model):
    """A phone of a person, enrolled for a posting: it shows the doors of every field posting they hold (see posts).
    Only the hash of its token is kept."""

    # Whether its person may have other field postings: set where it is known, so that most requests need not look.
    is_posted_elsewhere = True

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="devices")
    area = models.CharField(max_length=15, db_index=True)
    label = models.CharField(_("手机"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    app_version = models.CharField(max_length=20, blank=True)
    # Browser, system and model as the phone itself told them when it was enrolled: what tells two phones apart.
    browser = models.CharField(_("浏览器和机型"), max_length=60, blank=True)
    enrolled_at = models.DateTimeField(_("登记"))
    seen_at = models.DateTimeField(_("最近联系"), null=True)
    visit_at = models.DateTimeField(_("最近收到走访"), null=True)
    revoked_at = models.DateTimeField(_("停用"), null=True)
    revoked_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    revoked_as = models.CharField(_("停用原因"), max_length=8, choices=Revoked.choices, blank=True)
    revoked_why = models.CharField(_("停用理由"), max_length=100, blank=True)

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
