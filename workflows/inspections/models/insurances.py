"""The insurances an employer pays for, as the rates of the law name them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Insurance(models.TextChoices):
    PENSION = "pension", _("基本养老保险")
    UNEMPLOYMENT = "unemployment", _("失业保险")
    INJURY = "injury", _("工伤保险")
