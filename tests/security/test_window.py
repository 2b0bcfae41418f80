"""A stranger has read the document, which lies in a reception: he is kept out, and keeps nobody out."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from grid.calendar.now import moved_to, now
from tests.workflows.counter.conftest import NUMBER, Employer, notice_of, with_phone
from workflows.cases.models import CaseState
from workflows.counter import rules
from workflows.counter.models import EntryCode
from workflows.reminders.models import Message, Purpose

pytestmark = pytest.mark.once

__all__ = ["with_phone"]


@pytest.fixture
def case(make_case: Any, walk: Any, with_phone: Any) -> Any:
    return with_phone(walk.to(make_case(), CaseState.TERM))


def wrong_for(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_stranger_s_guesses_and_askings_leave_the_employer_s_code_valid(case):
    employer, stranger = Employer(case), Employer(case, address="66.6.6.6")
    employer.asks()
    code = employer.read()
    for _ in range(rules.MOST_TRIES):
        assert stranger.types(wrong_for(code)).status_code == 422
    assert Session.objects.count() == 1  # who never asked leaves nothing behind
    while stranger.asks().status_code == 302:
        stranger.types(wrong_for(stranger.read()))
    assert employer.types(code).status_code == 302
    assert "要求您做什么" in employer.sees()


def test_a_code_is_good_in_the_browser_that_asked_alone(case):
    employer, stranger = Employer(case), Employer(case)
    employer.asks()
    code = employer.read()
    assert stranger.types(code).status_code == 422  # read over the shoulder, from the same address
    stranger.asks()
    assert stranger.types(code).status_code == 422 and employer.types(stranger.read()).status_code == 422
    assert employer.types(code).status_code == 302


def test_a_stranger_asks_for_himself_and_never_uses_up_the_employer_s_share(case):
    """One browser, then a new one for each asking, all from one address; the employer asks when he is through."""
    stranger, at = Employer(case, address="66.6.6.6"), now()
    asked = sum(stranger.asks().status_code == 302 for _ in range(rules.PER_BROWSER + 3))
    assert asked == rules.PER_BROWSER
    asked += sum(Employer(case, address="66.6.6.6").asks().status_code == 302 for _ in range(9))
    assert asked == rules.PER_ADDRESS_HERE
    assert Employer(case).enters()
    with moved_to(at + timedelta(hours=2)):
        asked += sum(Employer(case, address="66.6.6.6").asks().status_code == 302 for _ in range(9))
        assert asked == rules.PER_ADDRESS_HERE_A_DAY
        assert Employer(case, address="10.0.0.2").enters()


def test_many_addresses_are_bounded_and_who_came_in_before_still_comes_in(case):
    employer, notice = Employer(case).enters(), notice_of(case)
    at = now()
    EntryCode.objects.bulk_create(
        EntryCode(
            notice=notice, subject=case.subject, salt="", digest="", is_sent=True, address=f"{number}",
            asked_at=at, expires_at=at,
        )
        for number in range(rules.PER_EMPLOYER_A_DAY)
    )  # fmt: skip
    employer.browser.post(employer.at("leave/"))
    assert employer.asks().status_code == 302  # in its own browser
    assert Employer(case).asks().status_code == 302  # and from its own address
    with moved_to(at + timedelta(hours=23)):
        refused = Employer(case, address="66.6.6.6").asks()
        assert refused.status_code == 429
        sent = Message.objects.filter(purpose=Purpose.CODE, subject=case.subject).count()
        assert sent == 3
    with moved_to(at + timedelta(hours=25)):
        assert Employer(case, address="66.6.6.6").asks().status_code == 302


def test_the_message_says_when_it_was_asked_for(case):
    employer = Employer(case)
    employer.asks()
    text = Message.objects.get(purpose=Purpose.CODE).text
    assert " 申请，10 分钟内有效" in text and NUMBER not in text
