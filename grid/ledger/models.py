"""The ledger's tables. Entry, Leaf, Node and Checkpoint are insert-only: the database itself refuses the rest."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ledger.canonical import plain_json_default
from grid.ledger.verbs import Verb, say


class LedgerEncoder:
    """Lets Django store `data` with exactly the rules by which the canonical bytes were written."""

    def __new__(cls, **options: object) -> LedgerEncoder:  # pragma: no cover - replaced below
        raise NotImplementedError


class Entry(models.Model):
    """One act of one person or machine.

    `canonical` is the text that was hashed; the other columns repeat it so that it can be searched.
    `actor` and `posting` are plain numbers: the ledger outlives the rows they point to.
    """

    at = models.DateTimeField(_("时间"))
    verb = models.CharField(_("动作"), max_length=40)
    actor = models.BigIntegerField(_("人员"), null=True)
    actor_name = models.CharField(_("姓名"), max_length=80)
    posting = models.BigIntegerField(_("岗位"), null=True)
    role = models.CharField(_("角色"), max_length=20, blank=True)
    area = models.CharField(_("区划"), max_length=15)
    subject = models.BigIntegerField(_("对象"), null=True)
    case = models.CharField(_("案号"), max_length=20, blank=True)
    nth = models.IntegerField(_("案内序号"), null=True)
    data = models.JSONField(_("事实"), default=dict)
    personal = models.BinaryField(_("个人信息密文"), null=True)
    canonical = models.BinaryField(_("入链原文"))

    class Meta:
        verbose_name = _("台账条目")
        ordering = ["id"]
        indexes = [
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
        return say(self)
