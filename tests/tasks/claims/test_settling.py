"""A worker says in which grid a door lies: from the list, at the door, or of a unit nobody had listed."""

from datetime import timedelta
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.placing import problems as placing_problems
from grid.recut.actions import Part, recut_grid
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Placement, Subject, SubjectKind
from grid.territory.models import Area, Posting
from tasks.arrivals.actions.accepting import accept_candidate
from tasks.arrivals.actions.admitting import accept_word
from tasks.arrivals.actions.recording import record_visits
from tasks.claims.actions import answer_asked, place_asked, refuse_claim
from tasks.claims.models import Claim, ClaimState, PoolReply, Reply, Way
from tasks.claims.queries import claims_for, refused_of
from tasks.claims.queries.asking import asked_in, asked_of
from tasks.coverage.models import Span
from tasks.findings.models import Finding
from tasks.visits.models import AfterEnd, Ending, Visit
from tasks.visits.rules import CLAIM, Unlisted
from tasks.visits.rules.believing import Warrant
from tests.cast import FAR_GRID, GRID_1, GRID_2, credit_code
from tests.doors import IN_ORDER, arrival, held_of, make_round, make_task, push
from tests.grid.recut.test_recut import EAST, WEST

pytestmark = pytest.mark.django_db
COMMUNITY, STREET, DISTRICT = GRID_1[:12], GRID_1[:9], GRID_1[:6]


def claims(subject: Subject, grid: str = GRID_1, **fields: Any) -> Any:
    return arrival(subject_id=subject.pk, form=CLAIM, form_version="1", answers={}, grid=grid, **fields)


@pytest.fixture
def waiting(cast: Any, make_employer: Any) -> Any:
    """One that waits for a grid, in the account as well."""

    def make(area: str = COMMUNITY, **fields: Any) -> Subject:
        subject: Subject = make_employer(area=area, **fields)
        subjects_moved([Move(subject.pk, "", area)], by=cast.by.wu)
        return subject

    return make


def where(subject: Subject) -> tuple[str, str]:
    subject.refresh_from_db()
    return subject.area, subject.placement


@pytest.mark.parametrize("area", [COMMUNITY, STREET, DISTRICT])
def test_a_claim_places_what_is_known_less_well_and_says_by_whom(cast: Any, waiting: Any, area: str) -> None:
    subject = waiting(area)
    sent = claims(subject)
    (answer,) = push(cast.post.wang, cast.by.wang, sent)
    assert (answer.status, answer.route, answer.code) == ("accepted", "normal", "")
    assert "已归入" in answer.message and where(subject) == (GRID_1, Placement.HAND)
    assert subject.placement_why == "王建国认领"
    assert Span.objects.get(subject=subject, until=None).area == GRID_1
    assert Entry.objects.filter(verb="subject.placed", subject=subject.pk, actor=cast.wang.pk).count() == 1
    assert not Finding.objects.exists()
    (again,) = push(cast.post.wang, cast.by.wang, sent)
    assert again.status == "repeated" and Claim.objects.count() == 1


def test_of_two_one_wins_and_the_other_hears_who(cast: Any, waiting: Any) -> None:
    subject = waiting()
    push(cast.post.wang, cast.by.wang, claims(subject))
    (answer,) = push(cast.post.li, cast.by.li, claims(subject, GRID_2))
    assert (answer.status, answer.code) == ("accepted", "claimed-by-another")
    assert "王建国" in answer.message and where(subject)[0] == GRID_1
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["lost", "standing"]
    assert Entry.objects.filter(verb="claim.lost", subject=subject.pk).exists()
    street = waiting(STREET)
    place_asked(street, "150302001003001", "", by=cast.by.sun)
    (answer,) = push(cast.post.li, cast.by.li, claims(street, GRID_2))
    assert (answer.code, "别处" in answer.message) == ("claimed-by-another", True)


def test_nobody_claims_beyond_their_community_or_against_the_address(cast: Any, waiting: Any) -> None:
    park = waiting("150302001003")
    (answer,) = push(cast.post.wang, cast.by.wang, claims(park, "150302001003001"))
    assert answer.status == "accepted" and where(park) == ("150302001003", Placement.UNPLACED)
    street = waiting(STREET)
    (answer,) = push(cast.post.wang, cast.by.wang, claims(street, "150302001003001"))
    assert answer.code == "grid-unclear" and where(street) == (STREET, Placement.UNPLACED)
    assert not Claim.objects.exists()


def test_at_the_door_the_grid_comes_with_the_visit(cast: Any, waiting: Any) -> None:
    subject = waiting()
    task = make_task(make_round(cast.qian), subject, cast.post.wang)
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task, grid=GRID_1))
    assert answer.code == "" and where(subject) == (GRID_1, Placement.HAND)
    task.refresh_from_db()
    assert (task.state, task.area, task.posting) == ("visited", GRID_1, cast.post.wang)
    assert Claim.objects.get().way == Way.DOOR and Finding.objects.count() == 1


def test_in_another_grid_what_is_left_to_do_goes_to_its_worker(cast: Any, waiting: Any) -> None:
    subject = waiting()
    task = make_task(make_round(cast.qian), subject, cast.post.wang)
    (answer,) = push(
        cast.post.wang, cast.by.wang, arrival(task, outcome="nobody_in", answers={}, grid=GRID_2)
    )
    task.refresh_from_db()
    assert answer.status == "accepted" and where(subject)[0] == GRID_2
    assert (task.state, task.area, task.posting) == ("open", GRID_2, cast.post.li)


def test_a_visit_that_says_nothing_of_the_grid_leaves_it_open(cast: Any, waiting: Any) -> None:
    subject = waiting()
    task = make_task(make_round(cast.qian), subject, cast.post.wang)
    push(cast.post.wang, cast.by.wang, arrival(task))
    assert where(subject) == (COMMUNITY, Placement.UNPLACED) and Visit.objects.get().area == COMMUNITY


def test_after_a_re_cut_the_worker_s_own_half_is_meant(cast: Any, waiting: Any) -> None:
    """Also while the phone was off line; with two halves of their own the worker is asked again."""
    subject, other = waiting(), waiting()
    halves = split_of_the_first(cast)
    (answer,) = push(cast.post.wang, cast.by.wang, claims(subject, GRID_1))
    assert answer.code == "grid-unclear" and where(subject) == (COMMUNITY, Placement.UNPLACED)
    Posting.objects.filter(person=cast.wang, area=halves[1]).update(person=cast.li)
    (answer,) = push(cast.post.wang, cast.by.wang, claims(other, GRID_1))
    assert answer.code == "" and where(other)[0] == halves[0]


def split_of_the_first(cast: Any) -> list[str]:
    parts = (Part(name="西", outline=WEST), Part(name="东", outline=EAST))
    cut = recut_grid(Area.objects.get(code=GRID_1), parts, reason="网格过大", by=cast.by.sun)
    return [area.code for area in cut.successors]


# --- units nobody had listed --------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["code", "name"])
def test_a_unit_met_on_the_street_is_the_row_that_waited(cast: Any, waiting: Any, said: str) -> None:
    subject = waiting(DISTRICT, name="乌海市老王汽车修理部")
    told = {"code": ("老王汽修", subject.credit_code), "name": ("乌海市老王汽车修理部", "")}[said]
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(unlisted=Unlisted(*told), answers=IN_ORDER))
    assert answer.route == "normal" and where(subject) == (GRID_1, Placement.HAND)
    assert Visit.objects.get().subject == subject and Claim.objects.get().way == Way.MET
    assert Finding.objects.get().subject == subject and Subject.objects.count() == 1


def test_a_name_two_have_or_another_code_is_nobody_s(cast: Any, waiting: Any, make_employer: Any) -> None:
    waiting(name="小李面馆")
    make_employer("小李面馆", area=GRID_2)
    for unit in (Unlisted("小李面馆"), Unlisted("小李面馆", credit_code(999))):
        (answer,) = push(cast.post.wang, cast.by.wang, arrival(unlisted=unit))
        assert answer.route == "unknown_task"
    assert not Claim.objects.exists()


def test_taken_in_at_the_desk_it_is_no_second_subject(cast: Any, waiting: Any) -> None:
    unit = Unlisted("老王汽修", "", "", "sole_trader")
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(unlisted=unit))
    subject = waiting(STREET, name="老王汽车修理部")
    visit = Visit.objects.get(code=answer.visit)
    said = Unlisted("老王汽车修理部", subject.credit_code, "", "sole_trader")
    assert accept_candidate(visit, said, "看了执照", by=cast.by.zhao) == subject
    assert where(subject) == (GRID_1, Placement.HAND) and Subject.objects.count() == 1


def test_a_person_is_never_known_by_the_number_of_a_visit(cast: Any) -> None:
    unit = Unlisted("张三", "", "", SubjectKind.FLEXIBLE_WORKER)
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(unlisted=unit))
    visit = Visit.objects.get(code=answer.visit)
    with pytest.raises(placing_problems.LocalCodeMissing):
        accept_candidate(visit, unit, "本人在场", by=cast.by.zhao)
    named = Unlisted("张三", "150302199001010018", "", SubjectKind.FLEXIBLE_WORKER)
    made = accept_candidate(visit, named, "看了身份证", by=cast.by.zhao)
    assert made.local_code and visit.code not in made.local_code and made.credit_code is None


# --- back to the pool ---------------------------------------------------------------------------------


def test_a_refused_claim_goes_back_and_its_worker_reads_why(cast: Any, waiting: Any) -> None:
    subject = waiting(STREET)
    push(cast.post.wang, cast.by.wang, claims(subject))
    (claim,) = claims_for(cast.by.zhao, today())
    assert not claims_for(cast.by.chen, today()).exists()
    with pytest.raises(problems.ReasonMissing):
        refuse_claim(claim, " ", by=cast.by.zhao)
    refuse_claim(claim, "在路对面", by=cast.by.zhao)
    assert where(subject) == (STREET, Placement.UNPLACED) and "在路对面" in subject.placement_why
    assert [told["words"] for told in refused_of(cast.wang.pk)] == ["赵敏退回：在路对面"]
    with pytest.raises(problems.AlreadyDone):
        refuse_claim(claim, "再退", by=cast.by.sun)
    (answer,) = push(cast.post.li, cast.by.li, claims(subject, GRID_2))
    assert answer.code == "" and where(subject)[0] == GRID_2


def test_nobody_refuses_what_was_placed_anew_or_their_own(cast: Any, waiting: Any) -> None:
    subject = waiting()
    push(cast.post.wang, cast.by.wang, claims(subject))
    claim = Claim.objects.get()
    with pytest.raises(problems.NotHere):
        refuse_claim(claim, "不在", by=cast.by.chen)
    Subject.objects.filter(pk=subject.pk).update(area=GRID_2)
    with pytest.raises(problems.OutOfOrder):
        refuse_claim(claim, "不在", by=cast.by.zhao)
    assert Claim.objects.get().state == ClaimState.STANDING


# --- those who are asked ------------------------------------------------------------------------------


def test_nobody_claimed_so_the_community_is_asked_then_the_street(cast: Any, waiting: Any) -> None:
    subject = waiting(added_at=now() - timedelta(days=8))
    waiting()
    assert [(asked.area, asked.count) for asked in asked_in(cast.by.zhao)] == [(COMMUNITY, 1)]
    assert asked_in(cast.by.sun) == asked_in(cast.by.qian) == []
    Subject.objects.filter(pk=subject.pk).update(added_at=now() - timedelta(days=13))
    assert [(asked.area, asked.count) for asked in asked_in(cast.by.sun)] == [(STREET, 1)]
    with pytest.raises(problems.NotHere):
        asked_of(cast.by.zhao, STREET)
    assert asked_in(cast.by.chen) == []


def test_those_asked_place_it_pass_it_on_or_say_that_nobody_finds_it(cast: Any, waiting: Any) -> None:
    old = now() - timedelta(days=20)
    known, other, nowhere = (waiting(area, added_at=old) for area in (STREET, COMMUNITY, COMMUNITY))
    place_asked(known, GRID_2, "店主电话确认", by=cast.by.zhao)
    assert where(known) == (GRID_2, Placement.HAND)
    with pytest.raises(problems.AlreadyDone):
        place_asked(known, GRID_1, "", by=cast.by.sun)
    answer_asked(other, COMMUNITY, Reply.NOT_OURS, "门牌在公园社区", by=cast.by.zhao)
    assert where(other) == (STREET, Placement.UNPLACED)
    assert other not in asked_of(cast.by.zhao, COMMUNITY) and other in asked_of(cast.by.sun, STREET)
    with pytest.raises(problems.AlreadyDone):
        answer_asked(other, COMMUNITY, Reply.NOT_OURS, "还是不在", by=cast.by.zhao)
    answer_asked(other, STREET, Reply.NOT_OURS, "不在本街道", by=cast.by.sun)
    assert where(other)[0] == DISTRICT
    with pytest.raises(problems.ReasonMissing):
        answer_asked(nowhere, COMMUNITY, Reply.NOT_THERE, "", by=cast.by.zhao)
    answer_asked(nowhere, COMMUNITY, Reply.NOT_THERE, "门牌不存在", by=cast.by.zhao)
    assert Span.objects.get(subject=nowhere, until=None).state == "not_found"
    assert not asked_of(cast.by.zhao, COMMUNITY).exists()
    assert nowhere not in asked_of(cast.by.sun, STREET)
    assert PoolReply.objects.count() == 3
    with pytest.raises(problems.NotHere):
        answer_asked(nowhere, FAR_GRID[:12], Reply.NOT_OURS, "不在", by=cast.by.zhao)


def test_a_claim_after_the_end_waits_for_a_named_person(cast: Any, waiting: Any) -> None:
    subject = waiting()
    lost = Warrant(ended_at=now() - timedelta(days=1), ending=Ending.LOST.value)
    held = held_of(cast.post.wang)
    (answer,) = record_visits([claims(subject)], None, held, by=cast.by.wang, warrant=lost)
    assert answer.route == "held" and where(subject) == (COMMUNITY, Placement.UNPLACED)
    late = AfterEnd.objects.get()
    assert late.verdict == "waiting"
    accept_word(late.visit, "本人核实", by=cast.by.zhao)
    assert where(subject) == (GRID_1, Placement.HAND)
