"""The engine's agenda of a round. The round itself lives in tasks and knows nothing of the engine."""

from django.db import models
from viewflow.workflow.models import Process

from tasks.rounds.models import Round


class RoundProcess(Process):
    class Meta:
        proxy = True


class RoundAgenda(models.Model):
    round = models.OneToOneField(Round, models.PROTECT, related_name="agenda")
    process = models.OneToOneField(RoundProcess, models.PROTECT, related_name="agenda")
