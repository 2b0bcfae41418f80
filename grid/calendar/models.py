from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day on which working differs from the plain week, by the State Council's yearly notice."""

    day = models.DateField(_("日期"), primary_key=True)
    is_workday = models.BooleanField(_("工作日"))
    note = models.CharField(_("说明"), max_length=40, blank=True)


class CalendarYear(models.Model):
    """A year whose table has arrived; deadlines in any other year are provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    basis = models.CharField(_("依据"), max_length=200)
