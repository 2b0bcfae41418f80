"""The coverage account balances: for any area and day, the states add up to the register."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid import problems
from grid.calendar.now import day_of, moved_to
from grid.scope import machine
from grid.subjects.models import Subject
from grid.subjects.moves import Move, announce
from tasks.coverage import queries, rules
from tasks.coverage.actions import mark_state
from tasks.coverage.models import Span
from tasks.coverage.states import CoverState
from tests.cast import FAR_GRID, GRID_1, GRID_2

CLOCK = machine("期限时钟")
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PLACES = [GRID_1, GRID_2, "150302001003001", FAR_GRID, "150302", "150304"]

steps = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 7),
        st.sampled_from([*CoverState, "move", "arrive"]),
        st.integers(0, 5),
    ),
    max_size=25,
)


def arrive(*subjects: Subject) -> None:
    announce([Move(subject.pk, "", subject.area) for subject in subjects], by=CLOCK)


def play(history, make_employer):
    """Plays one random history; returns the day-ends passed with how many subjects there were by then."""
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
                announce([Move(subject.pk, subject.area, PLACES[where])], by=CLOCK)
            else:
                mark_state([subjects[who % len(subjects)].pk], what, by=CLOCK)
        by_day[day_of(moment)] = len(subjects)
    return subjects, by_day


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_states_add_up_to_the_register_on_every_day(history, city, make_employer):
    Span.objects.all().delete()
    Subject.objects.all().delete()
    _, by_day = play(history, make_employer)
    for day, size in by_day.items():
        whole, lines = queries.coverage(CLOCK, city["1503"], day)
        assert whole.total == size
        assert sum(line.total for line in lines) == size
        for line in lines:
            part, parts = queries.coverage(CLOCK, city[line.code], day)
            assert part.total == line.total == sum(p.total for p in parts)
            assert part.counts == line.counts


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
    with django_assert_max_num_queries(12):
        client.get("/coverage/")
