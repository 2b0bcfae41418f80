"""Workers with doors left are reminded before their round ends: once, on the phone and in the inbox."""

from datetime import date, datetime, timedelta

import pytest

from grid.calendar.now import CITY_TIME, moved_to
from grid.law.models import Provision
from grid.ledger.models import Entry
from grid.territory.models import Posting
from mobile_api.sync.queries import COLUMNS, doors_of
from project.inbox import inbox_of
from tasks.doors.models import CheckTask, TaskState
from tasks.rounds.reminding.actions import remind_workers
from tasks.rounds.verbs import RoundVerb
from tests.doors import make_round, make_task

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 31)  # a Tuesday


def at(day):
    return moved_to(datetime(2026, 3, day, 9, tzinfo=CITY_TIME))


@pytest.fixture
def round(cast, make_employer):
    with at(2):
        round = make_round(cast.qian, area="150302001", due_on=DUE, dispatch_run=1)
        for _ in range(2):
            make_task(round, make_employer(), cast.post.wang)
        make_task(round, make_employer(), cast.post.li, state=TaskState.DONE)
    return round


def lines(by):
    return [item for item in inbox_of(by).items if item.label == "轮次将截止"]


def test_who_has_doors_left_hears_of_it_once(cast, round, make_employer):
    before = Posting.objects.get(pk=cast.post.wang.pk).feed
    with at(25):  # four working days before
        assert remind_workers() == 0 and not lines(cast.by.wang)
    with at(26):
        assert remind_workers() == 1
        assert remind_workers() == 0
        (line,) = lines(cast.by.wang)
        assert (line.why, line.due_on, line.href) == ("还有 2 户未走访", DUE, "/phone/")
        assert not lines(cast.by.li) and not lines(cast.by.qian)
    (entry,) = Entry.objects.filter(verb=RoundVerb.ROUND_REMINDED)
    assert "提醒了王建国" in str(entry) and "2 户未走访" in str(entry)
    # The phone gets these doors anew, marked; one that was visited says nothing of it.
    tasks = CheckTask.objects.filter(posting=cast.post.wang)
    assert {task.feed for task in tasks} == {Posting.objects.get(pk=cast.post.wang.pk).feed} != {before}
    assert [door["reminded"] for door in doors_of(list(tasks.values(*COLUMNS)))] == [True, True]
    tasks.update(state=TaskState.VISITED)
    assert "reminded" not in doors_of(list(tasks.values(*COLUMNS)))[0]
    # A door that came later is reminded of, too, and no other.
    with at(27):
        make_task(round, make_employer(), cast.post.li)
        assert remind_workers() == 1
        assert [line.why for line in lines(cast.by.li)] == ["还有 1 户未走访"]


def test_the_days_are_the_offices_and_the_last_day_is_the_end(cast, round):
    Provision.objects.filter(key="dispatch.remind").update(value=1)
    with at(26):
        assert remind_workers() == 0
    with at(30):
        assert remind_workers() == 1


def test_a_round_that_is_over_reminds_nobody(cast, round):
    with moved_to(datetime(2026, 4, 1, 9, tzinfo=CITY_TIME)):
        assert remind_workers() == 0
    with at(30):
        round.state = "closed"
        round.save()
        assert remind_workers() == 0
    assert timedelta(0) == DUE - DUE
