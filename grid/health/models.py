"""That a process without an address of its own is alive, and what its threads do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """One row for each process, written by it every few seconds and deleted when it ends in good order.

    Machine time, as of every lease: whoever reads it compares it with machine time.
    """

    process = models.CharField(max_length=120, primary_key=True, help_text="kind, machine, process id")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField(_("最近一次"))
    # Name of a thread → what it does: see grid.health.rules.Thread.
    threads = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("心跳")
