"""Where and who: areas with official codes, people, and the postings that tie them together."""

from datetime import date, timedelta

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from grid.scope import Role


class Person(AbstractUser):
    """Somebody who signs in. People are deactivated, never deleted: the ledger names them."""

    full_name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("手机号"), max_length=20, blank=True)
    is_sample = models.BooleanField(_("示例数据"), default=False)
    # Whose giver of posts looks after the account until it holds one.
    home = models.CharField(_("登记的区划"), max_length=15, blank=True, default="", db_default="")
    # Somebody else knows the password: it opens nothing but the page where it is changed.
    password_given = models.BooleanField(_("密码由他人设置"), default=False)
    # Raised to end every session at once; each carries the number it began under.
    sessions_ended = models.PositiveIntegerField(default=0)

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    class Meta:
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.full_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Asked by Django with each request of a session: an answer other than at sign-in ends it."""
        key = "grid.territory.models.Person.session"
        value = f"{self.password} {self.sessions_ended}"
        return salted_hmac(key, value, secret=secret, algorithm="sha256").hexdigest()


class Level(models.IntegerChoices):
    CITY = 1, _("市")
    DISTRICT = 2, _("区")
    STREET = 3, _("街道（镇）")
    COMMUNITY = 4, _("社区（村）")
    GRID = 5, _("网格")


class Area(models.Model):
    """One area of the five levels. The code begins with the parent's code and is never used again."""

    code = models.CharField(_("代码"), max_length=15, primary_key=True)
    level = models.PositiveSmallIntegerField(_("级别"), choices=Level.choices)
    kind = models.CharField(
        _("类型"), max_length=8, help_text=_("街道、镇、园区、居委会、村委会、虚拟、基础网格…")
    )
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField(_("启用"))
    valid_to = models.DateField(_("撤销"), null=True, blank=True)
    households = models.PositiveIntegerField(_("户数"), default=0)
    outline = models.JSONField(_("边界"), null=True, help_text=_("GeoJSON 多边形；示例网格的边界为绘制"))
    is_sample = models.BooleanField(_("示例数据"), default=False)
    # Made for a start, one for a whole community: settled by a change of the grid, or re-cut.
    is_provisional = models.BooleanField(_("暂定"), default=False, db_default=False)

    class Meta:
        verbose_name = _("区划")
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "code"], name="area_level_code")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="area_valid_period",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def end_before(self, day: date) -> None:
        """It was in force until the day before. One made on that very day is kept under the day before as well, so that
        nobody places anything in it until midnight."""
        self.valid_to = day - timedelta(days=1)
        self.valid_from = min(self.valid_from, self.valid_to)


class Succession(models.Model):
    """`old` was re-cut into `new`; several rows when one grid became many, or many became one."""

    old = models.ForeignKey(Area, models.PROTECT, related_name="successions")
    new = models.ForeignKey(Area, models.PROTECT, related_name="predecessions")
    on = models.DateField(_("生效"))
    reason = models.CharField(_("理由"), max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="succession_once")]


class Posting(models.Model):
    """A person holds a role over an area from a day until a day (inclusive)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="postings")
    role = models.CharField(_("岗位"), max_length=12, choices=Role.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="postings")
    department = models.CharField(_("部门"), max_length=40, blank=True)
    # One of those who lead the office and decide weighty penalties together (行政处罚法 57); not said is no. A column
    # with a value of its own would have SQLite build the table anew, under the gates of other tables that read it.
    is_head = models.BooleanField(_("行政机关负责人"), null=True)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    # Number of the newest change a phone of this posting may pull. It is raised under this row's lock,
    # so changes of one posting commit in the order of their numbers and a cursor can miss none.
    feed = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("岗位")
        indexes = [models.Index(fields=["person", "valid_from"], name="posting_person_from")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="posting_valid_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.area}"


class Absence(models.Model):
    """While `posting` is away, `cover` does its work (both keep their own names in the ledger)."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="absences")
    cover = models.ForeignKey(Posting, models.PROTECT, related_name="covers", null=True)
    first_day = models.DateField(_("起"))
    last_day = models.DateField(_("止"))
    reason = models.CharField(_("事由"), max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_period"),
            models.CheckConstraint(
                condition=Q(cover__isnull=True) | ~Q(cover=F("posting")), name="absence_cover_is_other"
            ),
        ]
