"""What employers handed in at the window, for whoever takes it over."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor
from grid.waiting import Seldom, Waiting
from workflows.cases.queries import LISTERS
from workflows.counter import queries
from workflows.counter.models import Submission


def _submissions(viewer: Actor, limit: int) -> list[Waiting]:
    """To take over, or taken over by the viewer and to be answered; to the superior what nobody answered in time."""
    if not any(viewer.has(right) for right in (*queries.READERS, queries.SUPERIOR, *LISTERS)):
        return []
    return [
        Waiting(
            "submission", str(row.get_kind_display()), f"{row.receipt} {row.case.subject.name}",
            _submission_words(row, viewer), row.area,
            reverse("counter-submission", args=[row.receipt]), day_of(row.given_at), row.answer_due,
        )
        for row in queries.waiting_for(viewer)[:limit]
    ]  # fmt: skip


def _submission_words(row: Submission, viewer: Actor) -> str:
    if row.overdue_at and viewer.can(queries.SUPERIOR, row.area):
        return _("逾期未答复单位，请督办")
    return _("已接办，待答复") if row.taken_by_id else _("用人单位提交，待接办")


SUBMISSIONS = Seldom(queries.waiting_for, _submissions)
