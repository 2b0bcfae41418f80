"""Reading the doors of a round, always within the viewer's territory."""

from grid.scope import Actor, Right, within
from grid.subjects.models import Subject
from tasks.doors.models import CheckTask, TaskState


def newest_task(viewer: Actor, subject: Subject) -> CheckTask | None:
    """The last task of a subject's door with its round and worker, as far as the viewer reads it."""
    rows = CheckTask.objects.filter(subject=subject.pk).exclude(state=TaskState.CANCELLED)
    seen = within(rows, viewer, Right.SEE_CASES)
    return seen.select_related("round", "posting__person").order_by("-pk").first()
