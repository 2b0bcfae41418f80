"""Placings, joins, a dispatch and a cancellation at once: nobody gets two doors, and nobody is lost."""

import pytest
from django.db import transaction

from grid.calendar.now import today
from grid.subjects.actions.moves import save_moves
from grid.subjects.followers import subjects_changed
from grid.subjects.models import Placement, Standing, Subject
from tasks.doors.models import CheckTask, TaskState
from tasks.rounds.dispatch import send_out
from tasks.rounds.joining.actions import join_newcomers, take_back_ended
from tasks.rounds.joining.models import Joining
from tasks.rounds.models import RoundState
from tests.cast import GRID_1, GRID_2
from tests.concurrency.test_two_approvers import at_once
from tests.doors import make_round

pytestmark = pytest.mark.django_db(transaction=True)
STREET = "150302001"


def placing(subject, grid, by):
    def act():
        with transaction.atomic():
            fresh = Subject.objects.select_for_update().get(pk=subject.pk)
            before, fresh.area, fresh.placement = fresh.area, grid, Placement.HAND
            save_moves([fresh], [before], by=by)

    return act


def ending(subject, standing, by):
    def act():
        with transaction.atomic():
            Subject.objects.filter(pk=subject.pk).update(standing=standing)
            subjects_changed([subject.pk], by=by)

    return act


def test_everybody_gets_one_door_whatever_happens_at_once(cast, make_employer):
    first = [make_employer() for _ in range(3)]
    later = [make_employer(area=STREET, placement="unplaced") for _ in range(4)]
    round = make_round(cast.qian, area=STREET, state=RoundState.DISPATCHING, joins=True, due_on=today())
    acts = [placing(subject, GRID_1 if n % 2 else GRID_2, cast.by.qian) for n, subject in enumerate(later)]
    at_once(lambda: send_out(round.pk, by=cast.by.qian), join_newcomers, *acts, join_newcomers)
    at_once(join_newcomers, join_newcomers, join_newcomers)
    join_newcomers()
    doors = list(CheckTask.objects.filter(round=round).values_list("subject", flat=True))
    assert sorted(doors) == sorted(subject.pk for subject in (*first, *later))
    assert not Joining.objects.exists()
    round.refresh_from_db()
    assert round.dispatch_done == round.dispatch_total == 7


def test_who_is_ended_and_revived_at_once_is_not_lost(cast, make_employer):
    subjects = [make_employer() for _ in range(3)]
    round = make_round(cast.qian, area=STREET, state=RoundState.DISPATCHING, joins=True, due_on=today())
    send_out(round.pk, by=cast.by.qian)
    for subject in subjects:
        ending(subject, Standing.CANCELLED, cast.by.wu)()
    at_once(
        take_back_ended,
        *(ending(subject, Standing.ACTIVE, cast.by.wu) for subject in subjects),
        join_newcomers,
    )
    join_newcomers()
    states = set(CheckTask.objects.filter(round=round).values_list("state", flat=True))
    assert states == {TaskState.OPEN}
