"""What grid workers suggest from their phones, and what the desk answered (国办函〔2026〕12号: 意见建议)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.territory.models import Person, Posting
from tasks.doors.models import CheckTask
from tasks.visits.models import Doubt, Ground


class SuggestionState(models.TextChoices):
    OPEN = "open", _("待答复")
    ANSWERED = "answered", _("已答复")


class Suggestion(models.Model):
    """`feed` is the number of the change in the feed of `posting`, by which its phones hear of it."""

    client_id = models.UUIDField(unique=True)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    area = models.CharField(max_length=15)
    task = models.ForeignKey(CheckTask, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("意见建议"))
    written_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    feed = models.BigIntegerField()
    # Why it may not be its author's word: it came after the phone was revoked or the posting had ended.
    ground = models.CharField(_("存疑"), max_length=8, choices=Ground.choices, blank=True)
    doubt = models.CharField(_("手机时间存疑"), max_length=16, choices=Doubt.choices, blank=True)
    source = models.CharField(_("手机"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("意见建议")
        indexes = [
            models.Index(fields=["person", "feed"], name="suggestion_of_person"),
            models.Index(fields=["area", "state", "received_at"], name="suggestion_by_area"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at=None)
                | models.Q(state="answered", answered_at__isnull=False),
                name="suggestion_answered_or_not",
            )
        ]
