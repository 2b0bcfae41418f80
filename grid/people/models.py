"""A list of people that was handed in: read and judged once, taken once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.territory.models import Person


class PeopleSheet(models.Model):
    """`lines` wait for somebody to confirm them and go when they were taken; `report` says what became of each.

    A line is {"line", "name", "username", "phone", "role", "area", "first", "last", "department"}, texts as they stood
    in the file; with "is_new", whoever is there already is refused. A line of the report is {"line", "name", "username",
    "post", "outcome", "code", "reason", "person"}.
    """

    file = models.CharField(_("文件"), max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("上传"))
    lines = models.JSONField(default=list)
    report = models.JSONField(default=list)
    taken_at = models.DateTimeField(_("录入"), null=True)

    class Meta:
        verbose_name = _("人员名单")
