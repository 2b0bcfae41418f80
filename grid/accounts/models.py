"""What signing in leaves behind: wrong tries, and what a manager reset for somebody."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.territory.models import Person


class Tries(models.Model):
    """Wrong tries of one name, one address or one second factor. `weight` fades with time (see rules.Patience)."""

    key = models.CharField(max_length=64, primary_key=True)
    weight = models.FloatField(default=0)
    counted_at = models.DateTimeField()
    next_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["counted_at"], name="tries_counted_at")]


class Reset(models.Model):
    """Somebody who manages the post gave a one-time code for a new password, or took the second factor away.

    Of the code only a keyed digest is kept.
    """

    class What(models.TextChoices):
        PASSWORD = "password", _("重置密码")
        FIRST = "first", _("首次登录码")
        FACTOR = "factor", _("解除两步验证")

    person = models.ForeignKey(Person, models.PROTECT, related_name="resets")
    what = models.CharField(max_length=8, choices=What.choices)
    # Nobody: the operator, by a command (see first_admin).
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    reason = models.CharField(_("理由"), max_length=100)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "what", "at"], name="reset_person_what_at")]

    @property
    def given_by(self) -> str:
        return self.by.full_name if self.by else str(_("系统运维（命令行）"))
