"""Statutory and local terms that run: when they began, how long, on what basis, what became of them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tasks.rounds.models import Round
from workflows.clocks.terms import name_of


class Unit(models.TextChoices):
    WORKDAYS = "wd", _("个工作日")
    DAYS = "d", _("日")
    MONTHS = "m", _("个月")


class Clock(models.Model):
    """Fires once: `fired_at` is set by a conditional update that only one process can win."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, null=True, related_name="clocks")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="clocks")
    kind = models.CharField(_("期限"), max_length=30)
    # Whose it is, where several may have one of this kind in the same matter: the row of a person held responsible.
    about = models.PositiveBigIntegerField(null=True)
    started_on = models.DateField(_("起算"))
    length = models.PositiveSmallIntegerField(_("长度"))
    unit = models.CharField(max_length=2, choices=Unit.choices)
    basis = models.CharField(_("依据"), max_length=300)
    reviewed = models.BooleanField(default=False)
    provisional = models.BooleanField(_("节假日表未到，暂定"), default=False)
    is_fixed = models.BooleanField(_("末日另有规定，不随日历变动"), default=False)
    due_on = models.DateField(_("届满"))
    fired_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], name="clock_due", condition=Q(fired_at=None, stopped_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, round__isnull=True)
                | Q(case__isnull=True, round__isnull=False),
                name="clock_of_one_thing",
            ),
            models.UniqueConstraint(
                "case",
                "kind",
                Coalesce("about", 0),
                name="clock_one_running",
                condition=Q(fired_at=None, stopped_at=None),
            ),
        ]

    @property
    def name(self) -> str:
        return name_of(self.kind)

    @property
    def area(self) -> str:
        """Where the matter lies whose term this is."""
        return self.case.area if self.case else self.round.area if self.round else ""

    @property
    def is_running(self) -> bool:
        return not (self.fired_at or self.stopped_at)

    @property
    def is_still(self) -> bool:
        """Paused: its last day is not known until it goes on."""
        return self.is_running and any(pause.last_day is None for pause in self.pauses.all())


class Extension(models.Model):
    """The one extension a clock may have, and who approved it: one row, so that there is never a second."""

    clock = models.OneToOneField(Clock, models.PROTECT, related_name="extension")
    length = models.PositiveSmallIntegerField(_("延长"))
    unit = models.CharField(max_length=2, choices=Unit.choices)
    basis = models.CharField(_("依据"), max_length=300)
    reviewed = models.BooleanField(default=False)
    approved_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(_("批准"))
    why = models.CharField(_("理由"), max_length=300)


class Pauses(models.QuerySet["Pause"]):
    def open(self) -> "Pauses":
        """Those that go on: a term that stands still ends nowhere yet, and is late for nobody."""
        return self.filter(last_day=None)


class Pause(models.Model):
    """Days on which a clock stands still, by a rule that names its basis."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="pauses")
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    basis = models.CharField(max_length=300)

    objects = Pauses.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="pause_period"
            ),
        ]


class Escalation(models.Model):
    """A step that took longer than its local limit, told to the superior: one row for each open step, so that it
    is told exactly once. It starts nothing in law; it is open until the step is taken.
    """

    task = models.PositiveBigIntegerField(_("引擎中的环节"), unique=True)
    flow = models.CharField(max_length=20)
    step = models.CharField(_("环节"), max_length=30)
    title = models.CharField(max_length=60)
    case = models.ForeignKey("workflows.Case", models.PROTECT, null=True, related_name="escalations")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="escalations")
    area = models.CharField(_("办理地"), max_length=15)
    role = models.CharField(_("上级岗位"), max_length=12)
    superior = models.CharField(_("上级辖区"), max_length=15)
    since = models.DateTimeField(_("环节打开"))
    due_on = models.DateField(_("应办理完毕"))
    basis = models.CharField(_("依据"), max_length=300)
    reviewed = models.BooleanField(default=False)
    at = models.DateTimeField(_("上报"))
    ended_at = models.DateTimeField(_("环节已办理"), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["superior"], name="escalation_open", condition=Q(ended_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, round__isnull=True)
                | Q(case__isnull=True, round__isnull=False),
                name="escalation_of_one_thing",
            ),
        ]


class Snag(models.Model):
    """Something that stands still without a lawful reason, as the last look found it; gone when it was not found again."""

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(_("种类"), max_length=20)
    code = models.CharField(_("编号"), max_length=40)
    case = models.ForeignKey("workflows.Case", models.PROTECT, null=True, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+")
    area = models.CharField(max_length=15)
    what = models.CharField(_("情况"), max_length=300)
    advice = models.CharField(_("怎么办"), max_length=300)
    first_seen = models.DateTimeField(_("发现"))
    last_seen = models.DateTimeField()
    repaired_at = models.DateTimeField(_("自动修复"), null=True)
    gone_at = models.DateTimeField(_("消除"), null=True)

    class Meta:
        verbose_name = _("卡点")
        indexes = [models.Index(fields=["area"], name="snag_open", condition=Q(gone_at=None))]
