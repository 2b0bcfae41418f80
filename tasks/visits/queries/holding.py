"""What of the visits still needs a person's data: a door still to be visited, and originals within their period."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.law.queries import the_law
from grid.personal.rules import is_kept, kept_until
from grid.subjects.models import Subject
from tasks.doors.models import CheckTask, TaskState
from tasks.visits.models import Visit


def needed_for_visits(subject: Subject, on: date) -> Iterator[str]:
    open_tasks = CheckTask.objects.filter(subject=subject, state__in=(TaskState.OPEN, TaskState.RETURNED))
    for task in open_tasks.select_related("round"):
        yield _("轮次 {code} 还要走访这一户").format(code=task.round.code)
    law = the_law(on)["privacy.survey_months"]
    last = Visit.objects.filter(subject=subject).order_by("-recorded_at").first()
    if last and is_kept(day_of(last.recorded_at), months := int(law.value), on):
        words = _("走访 {code} 的原始资料保存至 {until}（{basis}）")
        yield words.format(
            code=last.code, until=kept_until(day_of(last.recorded_at), months), basis=law.basis
        )
