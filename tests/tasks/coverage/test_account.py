"""The coverage account balances: for any area and day, the states add up to the register."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid import problems
from grid.calendar.now import day_of, moved_to
from grid.scope import machine
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.followers import subjects_changed
from grid.subjects.models import Sort, Subject, SubjectKind
from tasks.coverage import queries, rules
from tasks.coverage.actions import mark_state
from tasks.coverage.models import Span
from tasks.coverage.states import CoverState
from tests.cast import FAR_GRID, GRID_1, GRID_2

pytestmark = pytest.mark.once

CLOCK = machine("期限时钟")
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MARKED = [state for state in CoverState if state != CoverState.ENDED]
PLACES = [GRID_1, GRID_2, "150302001003001", FAR_GRID, "150302", "150304"]

steps = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 7),
        st.sampled_from([*MARKED, "move", "arrive", "end", "return", "change"]),
        st.integers(0, 5),
    ),
    max_size=25,
)


def arrive(*subjects: Subject) -> None:
    subjects_moved([Move(subject.pk, "", subject.area) for subject in subjects], by=CLOCK)


def change(subject: Subject, what: str, which: int) -> None:
    kind = [SubjectKind.SOLE_TRADER, SubjectKind.SOLE_TRADER_EMPLOYING, SubjectKind.RESIDENT][which % 3]
    values = {"end": {"standing": "cancelled"}, "return": {"standing": "active"}, "change": {"kind": kind}}
    Subject.objects.filter(pk=subject.pk).update(**values[what])
    subjects_changed([subject.pk], by=CLOCK)


def play(history, make_employer, after=lambda day: None):
    """Plays one random history; returns the day-ends passed with how many subjects there were by then. `after` each step
    something may be asked."""
    subjects: list[Subject] = []
    by_day = {}
    moment = START
    for days, who, what, where in history:
        moment += timedelta(days=days)
        with moved_to(moment):
            if what == "arrive" or not subjects:
                subjects.append(make_employer(area=PLACES[where]))
                arrive(subjects[-1])
            elif what == "move":
                subject = subjects[who % len(subjects)]
                Subject.objects.filter(pk=subject.pk).update(area=PLACES[where])
                subjects_moved([Move(subject.pk, subject.area, PLACES[where])], by=CLOCK)
            elif what in ("end", "return", "change"):
                change(subjects[who % len(subjects)], what, where)
            else:
                mark_state([subjects[who % len(subjects)].pk], what, by=CLOCK)
            after(day_of(moment))
        by_day[day_of(moment)] = len(subjects)
    return subjects, by_day


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_states_add_up_to_the_register_on_every_day(history, city, make_employer):
    Span.objects.all().delete()
    Subject.objects.all().delete()
    _, by_day = play(history, make_employer)
    for day, size in by_day.items():
        account = queries.account_of(CLOCK, city["1503"], day)
        lines = account.parts({})
        assert account.whole().total == size
        assert sum(line.total for line in lines) == sum(line.total for line in account.sorts()) == size
        for line in lines:
            below = queries.account_of(CLOCK, city[line.code], day)
            assert below.whole().total == line.total == sum(part.total for part in below.parts({}))
            assert below.whole().counts == line.counts
            assert below.parts({}, Sort.UNITS) == [] or below.whole(Sort.UNITS).total > 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_spans_of_a_subject_follow_each_other_without_gap_or_overlap(history, city, make_employer):
    Span.objects.all().delete()
    Subject.objects.all().delete()
    subjects, _ = play(history, make_employer)
    for subject in subjects:
        spans = list(Span.objects.filter(subject=subject).order_by("pk"))
        assert [s.until for s in spans[:-1]] == [s.since for s in spans[1:]]
        assert spans[-1].until is None
        assert spans[-1].area == Subject.objects.get(pk=subject.pk).area


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_a_day_gone_by_is_counted_for_ever_as_it_was(history, city, make_employer):
    """Whoever is closed for good later, by the register or at the door, was to be checked until then."""
    Span.objects.all().delete()
    Subject.objects.all().delete()
    seen: dict[object, dict[str, int]] = {}

    def look(day):
        seen[day] = queries.account_of(CLOCK, city["1503"], day).whole().counts

    play(history, make_employer, look)
    for day, counts in seen.items():
        again = queries.account_of(CLOCK, city["1503"], day).whole()
        assert again.counts == counts
        assert again.due == again.total - counts.get("gone", 0) - counts.get("ended", 0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_the_last_span_says_what_the_subject_is(history, city, make_employer):
    """Its area, its kind and whether it has ended; whatever was marked meanwhile comes back when it does."""
    Span.objects.all().delete()
    Subject.objects.all().delete()
    play(history, make_employer)
    for span in Span.objects.filter(until=None).select_related("subject"):
        assert (span.area, span.kind) == (span.subject.area, span.subject.kind)
        assert (span.state == CoverState.ENDED) == (span.subject.standing != "active")


def test_what_is_struck_off_leaves_the_rate_and_stays_in_the_account(city, make_employer):
    one, other, board = make_employer(), make_employer(), make_employer(kind="announcement_point")
    with moved_to(START):
        arrive(one, other, board)
        mark_state([one.pk], CoverState.COMPLIANT, by=CLOCK)
    with moved_to(START + timedelta(days=30)):
        change(one, "end", 0)
        assert mark_state([one.pk], CoverState.FOUND, by=CLOCK) == 0
    now_ = queries.account_of(CLOCK, city["1503"], day_of(START + timedelta(days=30)))
    before = queries.account_of(CLOCK, city["1503"], day_of(START + timedelta(days=29)))
    units = before.whole(Sort.UNITS)
    assert (units.total, units.due, units.percent) == (2, 2, "50.0"), "of the day before nothing changed"
    units = now_.whole(Sort.UNITS)
    assert (units.total, units.due, units.percent) == (2, 1, "0.0")
    assert now_.whole().total == 3 and [line.code for line in now_.sorts()] == ["units", "boards"]
    with moved_to(START + timedelta(days=60)):
        change(one, "return", 0)
    assert Span.objects.get(subject=one, until=None).state == CoverState.COMPLIANT
    with pytest.raises(ValueError):
        mark_state([other.pk], CoverState.ENDED, by=CLOCK)


def test_closed_for_good_at_the_door_is_shown_apart_and_of_the_days_before_nothing_changes(
    city, make_employer
):
    closed, other = make_employer(), make_employer()
    with moved_to(START):
        arrive(closed, other)
        mark_state([closed.pk], CoverState.COMPLIANT, by=CLOCK)
    with moved_to(START + timedelta(days=30)):
        assert mark_state([closed.pk], CoverState.GONE, by=CLOCK) == 1
    after, eve = (
        queries.account_of(CLOCK, city["1503"], day_of(START + timedelta(days=days))).whole()
        for days in (30, 29)
    )
    assert (after.total, after.due, after.percent, after.counts["gone"]) == (2, 1, "0.0", 1)
    assert (eve.total, eve.due, eve.percent, "gone" in eve.counts) == (2, 2, "50.0", False)
    with moved_to(START + timedelta(days=40)):
        change(closed, "end", 0)
        assert Span.objects.get(subject=closed, until=None).state == CoverState.ENDED
        change(closed, "return", 0)
    assert Span.objects.get(subject=closed, until=None).state == CoverState.GONE, (
        "its register does not know better"
    )
    assert list(queries.closed_for_good(["150302"]).values_list("subject", flat=True)) == [closed.pk]


def test_marking_what_is_so_already_changes_nothing(city, make_employer):
    subject = make_employer()
    assert mark_state([subject.pk], CoverState.TO_CHECK, by=CLOCK) == 1
    assert mark_state([subject.pk], CoverState.TO_CHECK, by=CLOCK) == 0
    assert Span.objects.filter(subject=subject).count() == 1


def test_a_thousand_subjects_are_marked_in_few_statements(city, make_employer, django_assert_max_num_queries):
    ids = [make_employer().pk for _ in range(300)]
    with django_assert_max_num_queries(8):
        mark_state(ids, CoverState.TO_CHECK, by=CLOCK)


def test_refusals_and_doors_nobody_found_stay_gaps():
    assert CoverState.REFUSED in rules.GAPS and CoverState.NOT_FOUND in rules.GAPS
    assert rules.share({"compliant": 3, "refused": 1}) == 0.75
    assert rules.share({}) == 1.0
    assert rules.shade(0.1) == 0 and rules.shade(1.0) == 4


def test_an_area_outside_the_territory_is_not_there(cast):
    with pytest.raises(problems.NotHere):
        queries.area_in_reach(cast.by.sun, "150304")
    with pytest.raises(problems.NotHere):
        queries.area_in_reach(cast.by.sun, "1503")


def test_the_page_shows_the_balanced_account_of_ones_own_territory(cast, make_employer, client: Client):
    mine, far = make_employer(), make_employer(area=FAR_GRID)
    arrive(mine, far)
    client.force_login(cast.sun)
    page = client.get("/coverage/")
    assert page.status_code == 200
    assert page.context["whole"].counts == {CoverState.NOT_SENT: 1}
    assert "账平" in page.content.decode()
    assert 'href="/coverage/1503/"' not in page.content.decode(), "what lies above is named, not offered"
    assert client.get("/coverage/150304/").status_code == 404
    listed = client.get(f"/coverage/{GRID_1}/not_sent/").content.decode()
    assert mine.name in listed and far.name not in listed


def test_the_page_costs_the_same_however_many_subjects(
    cast, make_employer, client, django_assert_max_num_queries
):
    arrive(*[make_employer() for _ in range(60)])
    client.force_login(cast.qian)
    client.get("/coverage/")
    with django_assert_max_num_queries(11):
        client.get("/coverage/")
