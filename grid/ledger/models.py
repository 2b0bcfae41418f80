"""The ledger's tables. Entry, Leaf, Node and Checkpoint are insert-only: the database itself refuses the rest."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ledger.canonical import differences
from grid.ledger.verbs import sentence_of

# What an entry's columns repeat of its bytes.
SEALED = (
    "at", "verb", "actor", "actor_name", "posting", "role", "area", "subject", "case", "nth", "data", "personal",
)  # fmt: skip


class Entry(models.Model):
    """One act of one person or machine.

    `canonical` is the text that was hashed; the other columns repeat it so that it can be searched. What was read
    from the database says what its bytes say: see `from_db`.
    `actor` and `posting` are plain numbers: the ledger outlives the rows they point to.
    """

    at = models.DateTimeField(_("时间"))
    verb = models.CharField(_("动作"), max_length=40)
    actor = models.BigIntegerField(_("人员"), null=True)
    actor_name = models.CharField(_("姓名"), max_length=80, blank=True)
    posting = models.BigIntegerField(_("岗位"), null=True)
    role = models.CharField(_("角色"), max_length=20, blank=True)
    area = models.CharField(_("区划"), max_length=15)
    subject = models.BigIntegerField(_("对象"), null=True)
    case = models.CharField(_("案号"), max_length=20, blank=True)
    nth = models.IntegerField(_("案内序号"), null=True)
    data = models.JSONField(_("事实"), default=dict)
    personal = models.BinaryField(_("个人信息密文"), null=True)
    canonical = models.BinaryField(_("封存原文"))

    class Meta:
        verbose_name = _("台账条目")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["at"], name="entry_at"),
            models.Index(fields=["area", "id"], name="entry_area"),
            models.Index(fields=["verb", "at"], name="entry_verb"),
            models.Index(fields=["actor", "id"], name="entry_actor", condition=Q(actor__isnull=False)),
            models.Index(fields=["subject", "id"], name="entry_subject", condition=Q(subject__isnull=False)),
        ]
        constraints = [
            # Two entries can never share a place in their case, whatever happened to the counter.
            models.UniqueConstraint(
                fields=["case", "nth"], name="entry_place_in_case", condition=Q(nth__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return sentence_of(self)

    # Columns that say something else than the bytes: name → (column, bytes). Nobody but a forger makes one.
    differing: dict[str, tuple[Any, Any]]
    # Whether the bytes could be read; if not, the attributes are the columns' and prove nothing.
    is_readable: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differing, self.is_readable = {}, True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any
    ) -> Entry:
        """Every page, export and check is told what was sealed, not what the columns say; searching alone asks them."""
        entry = super().from_db(db, field_names, values, **more)
        if len(field_names) == len(cls._meta.concrete_fields):
            entry._take_sealed()
        return entry

    @classmethod
    def title_of(cls, name: str) -> str:
        """What people call a column."""
        return next(str(field.verbose_name) for field in cls._meta.concrete_fields if field.name == name)

    def _take_sealed(self) -> None:
        columns = {name: getattr(self, name) for name in SEALED}
        said, self.differing = differences(bytes(self.canonical), columns)
        self.is_readable = said is not None
        if not isinstance(self.data, dict):
            self.data = {}
        for name, (_column, sealed) in self.differing.items():
            # Of the personal data the bytes hold only the hash.
            if name != "personal":
                setattr(self, name, sealed)


class CaseCounter(models.Model):
    """How many entries a case has, and the time of the last. Its row lock puts the entries of one case in one order."""

    case = models.CharField(_("案号"), max_length=20, primary_key=True)
    count = models.IntegerField(_("条数"))
    at = models.DateTimeField(_("末条时间"), null=True)

    class Meta:
        verbose_name = _("案件条数")


class Leaf(models.Model):
    """The place of an entry in the tree: leaf `index` is the hash of the entry's canonical bytes.

    No foreign key in the database: the sealer reads what it writes here, and an entry can never go. Checking
    each leaf again cost a quarter of the sealing, and minutes with a plan cached while the ledger was empty.
    """

    index = models.BigIntegerField(_("叶序号"), primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf", db_constraint=False)
    hash = models.BinaryField(_("哈希"))

    class Meta:
        verbose_name = _("封存叶")


class Node(models.Model):
    """Hash of a complete subtree of 256, 65,536 … leaves (levels 8, 16 …).

    Levels in between are recomputed from at most 255 neighbours, so that the tree costs 1/255 of a row per
    entry instead of a whole one, and a proof still reads three short ranges.
    """

    level = models.PositiveSmallIntegerField(_("层"))
    index = models.BigIntegerField(_("序号"))
    hash = models.BinaryField(_("哈希"))

    class Meta:
        verbose_name = _("封存节点")
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="node_place")]


class Checkpoint(models.Model):
    """A signed statement: at this time the tree had `size` leaves and this root."""

    size = models.BigIntegerField(_("条数"), primary_key=True)
    root = models.BinaryField(_("根哈希"))
    at = models.DateTimeField(_("时间"))
    origin = models.CharField(_("日志名"), max_length=120)
    key_id = models.CharField(_("密钥号"), max_length=8)
    signature = models.BinaryField(_("签名"))

    class Meta:
        verbose_name = _("封存点")
        ordering = ["size"]


class Statement(models.Model):
    """How many entries a case had in the tree of `size` leaves, signed by whoever holds the key.

    The pages that export a case hold no key: they ask here, and the sealer answers (actions/statements.py).
    """

    case = models.CharField(_("案号"), max_length=20)
    asked_at = models.DateTimeField(_("请求时间"))
    size = models.BigIntegerField(_("条数"), null=True)
    note = models.TextField(_("声明"), blank=True, default="")

    class Meta:
        verbose_name = _("条数声明")
        indexes = [models.Index(fields=["id"], name="statement_waiting", condition=Q(size__isnull=True))]


class SealState(models.Model):
    """One row: the sealer's lock, and how far it need not look back.

    Every entry with id <= `low` is sealed, and no transaction still open can bring another one.
    `watch` and `holders` are the next candidate for `low`, see actions/sealer.py.
    """

    low = models.BigIntegerField(default=0)
    watch = models.BigIntegerField(default=0)
    holders = models.JSONField(default=list)

    class Meta:
        verbose_name = _("封存进度")


class SubjectKey(models.Model):
    """The key of one subject's personal data in entries. Deleting the row forgets the data for good."""

    subject = models.BigIntegerField(_("对象"), primary_key=True)
    wrapped = models.BinaryField(_("密钥密文"))
    made_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = _("个人信息密钥")
