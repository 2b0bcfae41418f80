"""示范: a proposal that waits for its term, and a decision."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process


class ExampleProcess(Process):
    class Meta:
        app_label = "workflows"
        proxy = True


class ExampleState(models.TextChoices):
    DRAFTED = "drafted", _("待提出")
    WAITING = "waiting", _("等待期")
    PROPOSED = "proposed", _("待决定")
    DECIDED = "decided", _("已决定")
    WITHDRAWN = "withdrawn", _("已撤回")


ENDED = (ExampleState.DECIDED, ExampleState.WITHDRAWN)


def _points_at(model: str, **options: Any) -> Any:
    return models.ForeignKey(model, models.PROTECT, related_name="+", **options)


class Example(models.Model):
    code = models.CharField(max_length=20)
    area = models.CharField(max_length=15)
    state = models.CharField(max_length=12, choices=ExampleState.choices)
    case = _points_at("workflows.Case")
    process = _points_at("workflows.ExampleProcess")
    proposed_by = _points_at("grid.Person", null=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=300)
    closed_by = _points_at("grid.Person", null=True)

    class Meta:
        app_label = "workflows"
        db_table = "workflows_example"

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED
