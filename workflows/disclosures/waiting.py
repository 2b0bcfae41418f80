"""Penalty decisions that are to be published, or withdrawn."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.scope import Actor
from grid.waiting import Seldom, Waiting
from workflows.disclosures import queries


def _lines(viewer: Actor, limit: int) -> list[Waiting]:
    """A line for each, with its last day: one query."""
    return [_line(owed) for owed in queries.decisions_waiting(viewer, limit)]


def _line(owed: queries.Owed) -> Waiting:
    row = owed.inspection
    label, words = _("公示处罚决定"), _("处罚决定 {number} 待公示")
    if owed.falls:
        label, words = _("撤回处罚公示"), _("处罚决定 {number} 已变更或者撤销，待撤回")
    assert row.decided_on is not None
    return Waiting(
        "disclosure", label, f"{row.code} {row.case.subject.name}", words.format(number=row.decision_number), row.area,
        reverse("disclosure", args=[row.code]), row.decided_on, owed.due_on,
    )  # fmt: skip


DISCLOSURES = Seldom(queries.owed_by, _lines)
