"""How a subject is reached: its telephone numbers, every attempt, outgoing messages, and reminders of a lapse."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.privacy import EncryptedTextField
from grid.subjects.models import Subject
from workflows.cases.models import Case


class Phone(models.Model):
    """A number under which a subject is reached. Encrypted; found by its blind index; shown masked."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="phones")
    area = models.CharField(max_length=15)
    number = EncryptedTextField(_("号码"))
    number_hash = models.CharField(max_length=64)
    masked = models.CharField(max_length=20)
    is_mobile = models.BooleanField(_("可收短信"))
    holder = EncryptedTextField(_("机主"), blank=True, default="")
    source = models.CharField(_("来源"), max_length=100)
    noted_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    retired_why = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("联系电话")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "number_hash"], name="phone_once", condition=Q(retired_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.masked


class MessageState(models.TextChoices):
    QUEUED = "queued", _("待发")
    SENT = "sent", _("已发出")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("未送达")


class Purpose(models.TextChoices):
    URGING = "urging", _("督促参保缴费")
    REMINDER = "reminder", _("断缴提醒")
    CODE = "code", _("验证码")
    ANSWER = "answer", _("答复提醒")


class Message(models.Model):
    """One short message on its way out. `client_id` is given to the gateway, so that sending twice sends once."""

    client_id = models.UUIDField(unique=True)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="messages")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="messages")
    area = models.CharField(max_length=15)
    phone = models.ForeignKey(Phone, models.PROTECT, related_name="messages")
    purpose = models.CharField(_("用途"), max_length=10, choices=Purpose.choices)
    text = EncryptedTextField(_("内容"))
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    queued_at = models.DateTimeField()
    queued_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    # Nobody else takes the message before this moment: a sender that died gives it free by not coming back.
    taken_until = models.DateTimeField(null=True)
    gateway = models.CharField(max_length=12, blank=True)
    reference = models.CharField(_("网关编号"), max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("回执"), null=True)
    failed_why = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("短信")
        indexes = [
            models.Index(
                fields=["state", "id"], name="message_under_way", condition=Q(state__in=["queued", "sent"])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="queued") | Q(state="failed") | Q(sent_at__isnull=False),
                name="message_sent_at",
            ),
        ]


class Way(models.TextChoices):
    PHONE = "phone", _("电话")
    SMS = "sms", _("短信")
    MAIL = "mail", _("邮寄")
    EMAIL = "email", _("电子邮件")
    VISIT = "visit", _("上门")


class Outcome(models.TextChoices):
    REACHED = "reached", _("已联系到本人或负责人")
    PROMISED = "promised", _("答应办理")
    DISPUTED = "disputed", _("有异议")
    REFUSED = "refused", _("拒绝沟通")
    LEFT_WORD = "left_word", _("请他人转告")
    NO_ANSWER = "no_answer", _("无人应答")
    UNDELIVERABLE = "undeliverable", _("无法送达（空号、退信、查无此处）")
    UNDER_WAY = "under_way", _("已发出，等待回执")


class Contact(models.Model):
    """One attempt to reach the party of a case beside its documents. It serves nothing and starts no term."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    area = models.CharField(max_length=15)
    way = models.CharField(_("方式"), max_length=8, choices=Way.choices)
    outcome = models.CharField(_("结果"), max_length=14, choices=Outcome.choices)
    phone = models.ForeignKey(Phone, models.PROTECT, null=True, related_name="contacts")
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="contact")
    whom = EncryptedTextField(_("联系到谁"), blank=True, default="")
    remark = models.CharField(_("说了什么"), max_length=300, blank=True)
    on = models.DateField(_("日期"))
    noted_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("联系记录")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(way="sms") | Q(message__isnull=False), name="contact_sms_has_message"
            ),
        ]


class Lapse(models.Model):
    """A contributor who stopped paying, as registers, leads or a visit say. One live row for each subject."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="lapses")
    area = models.CharField(max_length=15)
    year = models.PositiveSmallIntegerField(_("缴费年度"))
    sources = models.JSONField(default=list, help_text="register, lead, visit")
    why = models.CharField(_("说明"), max_length=300)
    paid_to = models.CharField(_("缴至"), max_length=7, blank=True)
    found_on = models.DateField(_("发现"))
    settled_on = models.DateField(_("恢复缴费"), null=True)
    reminded_on = models.DateField(_("最近提醒"), null=True)
    times = models.PositiveSmallIntegerField(_("提醒次数"), default=0)

    class Meta:
        verbose_name = _("断缴")
        indexes = [models.Index(fields=["area", "id"], name="lapse_area", condition=Q(settled_on=None))]
        constraints = [
            models.UniqueConstraint(fields=["subject"], name="lapse_one_live", condition=Q(settled_on=None)),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True) | Q(settled_on__gte=F("found_on")), name="lapse_period"
            ),
        ]


class ReminderWay(models.TextChoices):
    SMS = "sms", _("短信")
    LETTER = "letter", _("提醒书")


class Reminder(models.Model):
    """One reminder of one lapse: a message, or a numbered letter whose bytes are kept."""

    lapse = models.ForeignKey(Lapse, models.PROTECT, related_name="reminders")
    area = models.CharField(max_length=15)
    way = models.CharField(_("方式"), max_length=8, choices=ReminderWay.choices)
    on = models.DateField(_("日期"))
    made_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="reminder")
    number = models.CharField(_("文号"), max_length=60, null=True, unique=True)
    code = models.CharField(_("核验码"), max_length=24, null=True, unique=True)
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # How a letter came to its addressee; a message says it itself.
    delivered_on = models.DateField(_("送达"), null=True)
    delivery = models.CharField(_("送达情况"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("断缴提醒")
        constraints = [
            models.CheckConstraint(
                condition=Q(way="sms", message__isnull=False) | Q(way="letter", number__isnull=False),
                name="reminder_has_carrier",
            ),
        ]
