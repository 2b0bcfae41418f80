"""Whose word put a subject of the pool into its grid, and what those answered who were asked where it lies."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.subjects.models import Subject
from tasks.visits.models import Visit


class Way(models.TextChoices):
    """How a worker came to say which grid it is."""

    POOL = "pool", _("从清单认领")
    DOOR = "door", _("上门定格")
    MET = "met", _("册外走访认出")


class ClaimState(models.TextChoices):
    STANDING = "standing", _("已归格")
    LOST = "lost", _("他人在先")
    REFUSED = "refused", _("已退回")


class Claim(models.Model):
    """A worker's word that a subject lies in a grid. It came as a visit, and so once, however often it is sent."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="grid_claim")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="claims")
    area = models.CharField(_("网格"), max_length=15)
    # Where it waited before: a refused claim takes it back there.
    pool = models.CharField(_("原所在"), max_length=15)
    way = models.CharField(_("方式"), max_length=4, choices=Way.choices)
    state = models.CharField(_("状态"), max_length=8, choices=ClaimState.choices)
    at = models.DateTimeField(_("收到"))
    decided_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("认领")
        indexes = [models.Index(fields=["area", "-at"], name="claim_area_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="refused", decided_by__isnull=False) & ~Q(why="")
                | ~Q(state="refused") & Q(decided_by__isnull=True),
                name="claim_refused_by",
            ),
        ]


class Reply(models.TextChoices):
    NOT_OURS = "not_ours", _("不在本辖区")
    NOT_THERE = "not_there", _("查无此户")


class PoolReply(models.Model):
    """What a community or street answered that was asked for a subject nobody claimed. Placing it needs no row: it
    leaves the pool."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="pool_replies")
    area = models.CharField(_("答复的区划"), max_length=12)
    reply = models.CharField(_("答复"), max_length=10, choices=Reply.choices)
    why = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("归格询问的答复")
        constraints = [
            models.UniqueConstraint(fields=["subject", "area"], name="pool_reply_once"),
            models.CheckConstraint(condition=~Q(why=""), name="pool_reply_why"),
        ]
