"""Who is to be looked at again for a running round: who came to its area after it was planned, or went out of business."""

from django.db import models

from grid.subjects.models import Subject


class Joining(models.Model):
    """A subject that was placed, moved or added where a round runs, or whose standing changed. It goes once it has a door, or
    is none of the round's; until then `words` say why nobody was given it."""

    round = models.ForeignKey("tasks.Round", models.CASCADE, related_name="joinings")
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    words = models.CharField(max_length=200, blank=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "subject"], name="joining_once"),
        ]
