"""Forms edited at the desk: each version as it was uploaded, never changed, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FormState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")


class FormVersion(models.Model):
    """One version of a form. `source` is its XLSForm as Markdown, whatever kind of file came: what phones get is
    compiled from it, and visits keep the version they were filled with. Shipped forms are files, not rows."""

    code = models.CharField(_("表单"), max_length=40)
    version = models.CharField(_("版本"), max_length=20)
    title = models.CharField(_("标题"), max_length=100)
    source = models.TextField(_("表格"))
    file_name = models.CharField(_("文件名"), max_length=100, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=FormState.choices, default=FormState.DRAFT)
    valid_from = models.DateField(_("启用日期"), null=True)
    by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("上传时间"))
    decided_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("发布或撤回时间"), null=True)
    # Counts publications and withdrawals: the highest one tells a process whether what it keeps is still right.
    serial = models.PositiveIntegerField(null=True, unique=True)
    why = models.CharField(_("撤回理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("表单版本")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="form_version_once"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(valid_from__isnull=False), name="form_published_has_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
