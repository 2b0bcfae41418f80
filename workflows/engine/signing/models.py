"""Who was brought into a step: it was handed over or prepared, an opinion or an agreement was asked for."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from workflows.engine.signing.rules import WORDS, Way


class MoveState(models.TextChoices):
    WAITING = "waiting", _("等待")
    ANSWERED = "answered", _("已答复")
    DONE = "done", _("步骤已办结")
    RECALLED = "recalled", _("已收回")
    LAPSED = "lapsed", _("逾期未答复")
    VACATED = "vacated", _("被请的人已离岗")


class Answer(models.TextChoices):
    AGREE = "agree", _("同意")
    REFUSE = "refuse", _("不同意")
    PREPARED = "prepared", _("已准备")


# While in one of these a move binds its step.
OPEN = (MoveState.WAITING, MoveState.ANSWERED)
_OPEN = Q(state__in=["waiting", "answered"])


class Move(models.Model):
    """One colleague brought into one visit of a matter to a step of its flow."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="moves")
    process = models.ForeignKey(Process, models.PROTECT, related_name="+")
    flow = models.CharField(max_length=30)
    step = models.CharField(max_length=30)
    title = models.CharField(_("环节"), max_length=60)
    way = models.CharField(
        _("方式"), max_length=12, choices=[(way.value, words) for way, words in WORDS.items()]
    )
    state = models.CharField(_("状态"), max_length=10, choices=MoveState.choices, default=MoveState.WAITING)
    asked_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    asked = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    question = models.CharField(_("事由"), max_length=300)
    asked_at = models.DateTimeField()
    due_on = models.DateField(_("答复期限"), null=True)
    answer = models.CharField(_("答复"), max_length=10, choices=Answer.choices, blank=True)
    words = models.TextField(_("意见"), blank=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("办理方式")
        indexes = [models.Index(fields=["asked"], name="move_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.CheckConstraint(condition=~Q(asked=F("asked_by")), name="move_to_another"),
            models.CheckConstraint(condition=~Q(question=""), name="move_with_reason"),
            models.UniqueConstraint(
                fields=["process", "step", "asked"], name="move_asked_once", condition=_OPEN
            ),
            models.UniqueConstraint(
                fields=["process", "step"],
                name="move_one_pair_of_hands",
                condition=_OPEN & Q(way__in=[Way.HAND_OVER.value, Way.DELEGATE.value]),
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, words="")
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="move_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""), name="move_answered_has_answer"
            ),
            models.CheckConstraint(
                condition=Q(answer="")
                | Q(way=Way.DELEGATE.value, answer="prepared")
                | Q(way__in=[Way.SIGNER.value, Way.COUNTERSIGN.value], answer__in=["agree", "refuse"]),
                name="move_answer_fits",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["refuse", "prepared"]) | ~Q(words=""),
                name="move_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=(_OPEN & Q(ended_at__isnull=True)) | (~_OPEN & Q(ended_at__isnull=False)),
                name="move_ended",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
