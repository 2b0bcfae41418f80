"""A term stands still for the reasons the law names, and goes on when they are gone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from grid import problems
from grid.calendar.now import moved_to, today
from grid.law.actions import review_version
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.law.rules.mandate import shipped_provisions
from grid.ledger.models import Entry
from grid.scope import machine
from tests.workflows.conftest import noon
from workflows.cases.models import Case
from workflows.clocks import actions
from workflows.clocks import problems as clocks_problems
from workflows.clocks.models import Clock, Pause
from workflows.clocks.terms import terms

BY, DAY = machine("测试"), timedelta(days=1)
BY_ANALOGY = ("pause.appraisal", "pause.hearing", "pause.suit")
KIND = "inspection.investigation"


@pytest.fixture
def term(make_case: Callable[..., Case]) -> Clock:
    """Of a city whose lawyers have passed the reasons for which it may stand still."""
    Provision.objects.filter(key__in=BY_ANALOGY).update(reviewed=True)
    law = the_law(today())
    return actions.start_clock(
        KIND, by=BY, case=make_case(), provision=law[KIND], from_day=today() - 10 * DAY
    )


def pause(term: Clock, by: Any, **given: Any) -> Pause:
    said = {"reason": "appraisal", "first_day": today(), "remark": "委托司法鉴定"} | given
    return actions.pause_for(term, **said, by=by)


def test_an_inspector_lets_it_stand_still_and_go_on(cast: Any, term: Clock) -> None:
    before = term.due_on
    made = pause(term, cast.by.zhou)
    assert "鉴定" in made.basis and "行政强制法" in made.basis
    with moved_to(noon(today() + 20 * DAY)):
        after = actions.resume_after(term, today() - DAY, by=cast.by.zhou)
    assert after.due_on >= before + 20 * DAY
    assert Entry.objects.filter(verb__in=["term.paused", "term.resumed"], role="inspector").count() == 2


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"reason": "holiday"}, clocks_problems.ClockNotPausable),
        (
            {"reason": "hearing"},
            clocks_problems.ClockNotPausable,
        ),  # it stops the outer term, not the investigation
        ({"remark": " "}, problems.ReasonMissing),
        ({"first_day": None}, clocks_problems.PauseDayWrong),
        ({"first_day": "before"}, clocks_problems.PauseDayWrong),
    ],
)
def test_bad_pauses_are_refused(cast: Any, term: Clock, given: Any, refusal: Any) -> None:
    if "first_day" in given:
        given = {"first_day": today() + DAY if given["first_day"] is None else term.started_on}
    with pytest.raises(refusal):
        pause(term, cast.by.zhou, **given)
    assert not Pause.objects.exists()


def test_twice_and_backwards_are_refused(cast: Any, term: Clock) -> None:
    pause(term, cast.by.zhou)
    with pytest.raises(clocks_problems.ClockPaused):
        pause(term, cast.by.zhou)
    for day in (today() + DAY, today() - DAY):
        with pytest.raises(clocks_problems.PauseDayWrong):
            actions.resume_after(term, day, by=cast.by.zhou)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("zhao", problems.NotYourPost), ("wu", problems.NotYourPost), ("han", problems.NotHere)],
)
def test_nobody_else_does_it(cast: Any, term: Clock, who: str, refusal: Any) -> None:
    with pytest.raises(refusal):
        pause(term, getattr(cast.by, who))
    with pytest.raises(refusal):
        actions.resume_after(term, today(), by=getattr(cast.by, who))


def test_law_39_what_rests_on_the_law_of_others_stops_no_term_before_the_lawyers_passed_it(
    cast: Any, client: Client, term: Clock
) -> None:
    Provision.objects.filter(key__in=BY_ANALOGY).update(reviewed=False)
    client.force_login(cast.zhou)
    page = client.get(f"/clocks/{term.pk}/").content.decode()
    assert "中止计算</button>" not in page and "尚不适用的中止事由" in page
    with pytest.raises(clocks_problems.PauseUnreviewed):
        pause(term, cast.by.zhou)
    assert not Pause.objects.exists()
    review_version(Provision.objects.get(key="pause.appraisal"), "有本系统的规定", by=cast.by.fang)
    assert pause(term, cast.by.zhou).first_day == today()


@pytest.mark.once
def test_law_39_none_is_shipped_as_passed(law: None) -> None:
    assert {row["key"]: row["reviewed"] for row in shipped_provisions() if row["key"] in BY_ANALOGY} == (
        dict.fromkeys(BY_ANALOGY, False)
    )


def test_every_reason_names_terms_that_exist(law: None) -> None:
    found = [reason for key, reason in the_law(today()).items() if key.startswith("pause.")]
    assert len(found) == 3 and all(set(reason.value) <= set(terms()) for reason in found)


@pytest.mark.parametrize(
    ("who", "status", "form"),
    [
        ("zhou", 200, True),
        ("qian", 200, False),
        ("zheng", 200, False),
        ("han", 404, False),
        ("feng", 404, False),
        ("wang", 404, False),
    ],
)
def test_who_sees_the_page_of_a_term(
    cast: Any, client: Client, term: Clock, who: str, status: int, form: bool
) -> None:
    client.force_login(getattr(cast, who))
    answer = client.get(f"/clocks/{term.pk}/")
    assert answer.status_code == status and ("中止计算" in answer.content.decode()) == form


def test_it_is_done_on_its_page(cast: Any, client: Client, term: Clock) -> None:
    client.force_login(cast.zhou)
    address = f"/clocks/{term.pk}/"
    assert client.post(address, {"reason": "appraisal", "first_day": today()}).status_code == 422
    late = {"reason": "appraisal", "first_day": today() + DAY, "remark": "鉴定"}
    assert client.post(address, late).status_code == 422
    page = client.post(address, late | {"first_day": today()}, follow=True).content.decode()
    assert "恢复计算" in page and "尚未恢复" in page
    assert "中止计算" in client.post(address, {"last_day": today()}, follow=True).content.decode()
    client.force_login(cast.zheng)
    assert client.post(address, late).status_code == 403
