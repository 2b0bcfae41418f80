"""Who is placed while a round runs joins it, once; who is out of business leaves it, and comes back by the same way."""

from datetime import timedelta

import pytest

from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.subjects.actions.merging import merge_subjects
from grid.subjects.actions.moves import Move, save_moves, subjects_moved
from grid.subjects.followers import subjects_changed
from grid.subjects.models import Placement, Standing, Subject
from tasks.coverage.models import CoverState, Span
from tasks.doors.models import CheckTask, Gone, TaskState
from tasks.rounds.dispatch import send_out
from tasks.rounds.joining.actions import join, join_newcomers, let_join, take_back_ended
from tasks.rounds.joining.models import Joining
from tasks.rounds.joining.queries import waiting_words
from tasks.rounds.models import Round, RoundState
from tasks.rounds.verbs import RoundVerb
from tests.cast import FAR_GRID, GRID_1, GRID_2
from tests.doors import make_round, make_task

pytestmark = pytest.mark.django_db
STREET = "150302001"


@pytest.fixture
def running(cast, make_employer):
    """A round of one door that was sent out, and takes who comes later."""

    def make(**fields):
        make_employer("先在的")
        fields = {"state": RoundState.DISPATCHING, "joins": True} | fields
        round = make_round(cast.qian, area=STREET, **fields)
        send_out(round.pk, by=cast.by.qian)
        round.refresh_from_db()
        return round

    return make


def place(subject, grid, by):
    before, subject.area, subject.placement = subject.area, grid, Placement.HAND
    save_moves([subject], [before], by=by)


def stand(subject, standing, by):
    Subject.objects.filter(pk=subject.pk).update(standing=standing)
    subjects_changed([subject.pk], by=by)


def doors_of(round):
    return dict(CheckTask.objects.filter(round=round).values_list("subject__name", "state"))


def test_who_is_placed_or_registered_later_joins_once(cast, running, make_employer):
    waiting = make_employer("待归格的", area=STREET, placement="unplaced")
    round = running()
    place(waiting, GRID_2, cast.by.qian)
    new = make_employer("新登记的")
    subjects_moved([Move(new.pk, "", new.area)], by=cast.by.wu)
    elsewhere = make_employer("别区的", area=FAR_GRID)
    subjects_moved([Move(elsewhere.pk, "", elsewhere.area)], by=cast.by.wu)
    assert Joining.objects.count() == 2
    feed = type(cast.post.li).objects.get(pk=cast.post.li.pk).feed
    assert join_newcomers() == 2
    assert join_newcomers() == 0 and not Joining.objects.exists()
    assert doors_of(round) == {"先在的": "open", "待归格的": "open", "新登记的": "open"}
    door = CheckTask.objects.get(subject=waiting)
    assert door.posting == cast.post.li and door.feed > feed and door.due_on == round.due_on
    round.refresh_from_db()
    assert (round.dispatch_done, round.dispatch_total) == (3, 3)
    told = Entry.objects.filter(verb=RoundVerb.TASK_JOINED)
    assert {entry.subject for entry in told} == {waiting.pk, new.pk}
    assert Span.objects.get(subject=new, until=None).state == CoverState.TO_CHECK
    # A door that is placed once more stays the one it is.
    place(Subject.objects.get(pk=waiting.pk), GRID_1, cast.by.qian)
    assert join_newcomers() == 0 and CheckTask.objects.filter(subject=waiting).count() == 1


def test_nobody_joins_where_the_switch_is_off_or_the_round_is_over(cast, running, make_employer):
    running(joins=None)
    running(state=RoundState.DISPATCHING, due_on=today() - timedelta(1))
    subject = make_employer("后来的", area=STREET, placement="unplaced")
    place(subject, GRID_1, cast.by.qian)
    assert not Joining.objects.exists() and join_newcomers() == 0


def test_only_those_the_round_chooses_join_and_another_rounds_door_stays_its_own(
    cast, running, make_employer
):
    round = running(criteria={"kinds": ["enterprise"]})
    shop = make_employer("商店", kind="sole_trader")
    busy = make_employer("别轮的")
    make_task(make_round(cast.wu, area="1503"), busy, cast.post.wang)
    subjects_moved([Move(shop.pk, "", shop.area), Move(busy.pk, "", busy.area)], by=cast.by.wu)
    assert join_newcomers() == 0
    assert not Joining.objects.exists() and doors_of(round) == {"先在的": "open"}


def test_whom_nobody_can_be_given_waits_with_the_reason(cast, running, make_employer, client):
    round = running(per_worker=1)
    late = [make_employer(f"后来的{n}", area=GRID_1) for n in range(2)]
    pool = make_employer("没有格的", area=STREET, placement="unplaced")
    subjects_moved([Move(s.pk, "", s.area) for s in (*late, pool)], by=cast.by.wu)
    assert join_newcomers() == 1  # the neighbour has room for one
    words = dict(waiting_words(round))
    assert sum(words.values()) == 2 and any("每人上限" in reason for reason in words)
    client.force_login(cast.qian)
    page = client.get(f"/rounds/{round.code}/").content.decode()
    assert "后来归格、还没派出的" in page and "每人上限" in page
    # It is not asked again at once, but later, and goes out when there is room.
    assert join_newcomers() == 0
    CheckTask.objects.filter(round=round).update(state=TaskState.DONE)
    Joining.objects.update(tried_at=now() - timedelta(hours=1))
    assert join_newcomers() == 1


def test_a_round_that_is_being_dispatched_takes_them_afterwards(cast, make_employer):
    make_employer("先在的")
    round = make_round(cast.qian, area=STREET, state=RoundState.APPROVED, joins=True)
    subject = make_employer("派发时归格的")
    subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    Round.objects.filter(pk=round.pk).update(state=RoundState.DISPATCHING)
    assert join_newcomers() == 0 and Joining.objects.exists()
    send_out(round.pk, by=cast.by.qian)
    assert join_newcomers() == 0 and not Joining.objects.exists()
    assert len(doors_of(round)) == 2


def test_doors_of_who_is_out_of_business_are_taken_back_with_the_reason(cast, running, make_employer):
    gone, twin, kept = (make_employer(name) for name in ("注销的", "重复的", "留下的"))
    visited = make_employer("走访过的")
    served = make_employer("有文书的")
    round = running()
    CheckTask.objects.filter(subject=visited).update(state=TaskState.VISITED)
    CheckTask.objects.filter(subject=served).update(notices=1)
    for subject in (gone, visited, served):
        stand(subject, Standing.CANCELLED, cast.by.wu)
    Subject.objects.filter(pk=twin.pk).update(credit_code=None, local_code="x")
    merge_subjects(kept, Subject.objects.get(pk=twin.pk), "同一户", by=cast.by.qian)
    # The next look at newcomers takes them back, and the sweep finds none left.
    assert join_newcomers() == 0
    assert take_back_ended() == 0
    states = doors_of(round)
    assert (states["注销的"], states["走访过的"], states["有文书的"]) == ("cancelled", "visited", "open")
    assert states["重复的"] == "cancelled" and states["留下的"] == "open"
    entry = Entry.objects.get(verb=RoundVerb.TASK_WITHDRAWN, subject=gone.pk)
    assert entry.data["reason"] == "登记状态已是“注销”"
    assert Span.objects.get(subject=gone, until=None).state == CoverState.ENDED
    # It never comes back by the planner.
    assert join_newcomers() == 0


def test_who_comes_back_into_business_gets_the_door_again(cast, running, make_employer):
    subject = make_employer("误注销的", area=GRID_1)
    round = running(joins=False)
    stand(subject, Standing.CANCELLED, cast.by.wu)
    assert take_back_ended() == 1
    place(Subject.objects.get(pk=subject.pk), GRID_2, cast.by.qian)
    stand(subject, Standing.ACTIVE, cast.by.wu)
    assert join_newcomers() == 1 and join_newcomers() == 0
    door = CheckTask.objects.get(subject=subject)
    assert (door.state, door.posting, door.area) == (TaskState.OPEN, cast.post.li, GRID_2)
    assert Gone.objects.filter(task=door, posting=cast.post.wang).exists()
    round.refresh_from_db()
    assert round.dispatch_done == 2
    assert Span.objects.get(subject=subject, until=None).state == CoverState.TO_CHECK


def test_the_switch_takes_who_came_since_and_leaves_whom_another_round_saw(cast, running, make_employer):
    round = running(joins=None)
    came, seen = make_employer("后来的"), make_employer("别轮走过的")
    make_task(
        make_round(cast.wu, area="1503"), seen, cast.post.wang, state=TaskState.DONE, dispatched_at=now()
    )
    let_join(round, True, by=cast.by.qian)
    assert set(Joining.objects.values_list("subject", flat=True)) == {came.pk}
    assert join_newcomers() == 1
    let_join(round, False, by=cast.by.qian)
    later = make_employer("再后来的")
    subjects_moved([Move(later.pk, "", later.area)], by=cast.by.wu)
    assert not Joining.objects.exists()
    with pytest.raises(Exception, match="not-your-post"):
        let_join(round, True, by=cast.by.sun)
    with pytest.raises(Exception, match="not-here"):
        let_join(round, True, by=cast.by.chen)


def test_a_closed_round_takes_nobody(cast, running, make_employer):
    round = running()
    subject = make_employer("后来的")
    subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    Round.objects.filter(pk=round.pk).update(state=RoundState.CLOSED)
    assert join(round.pk, by=cast.by.qian) == 0 and join_newcomers() == 0
