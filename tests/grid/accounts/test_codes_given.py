"""Codes for whoever cannot sign in: only by those who look after the person, with a reason, and never by the thousand."""

from typing import Any

import pytest

from grid import problems
from grid.accounts import problems as accounts_problems
from grid.accounts.actions import give_code, give_first_codes, tries
from grid.accounts.models import Reset, Tries
from grid.accounts.rules import MOST_CODES, NAME
from grid.calendar.now import today
from grid.people.actions import MOST_POSTS, end_posts
from grid.territory import problems as territory_problems


def test_first_codes_are_for_ones_own_people_and_not_for_any_number_of_them(cast: Any) -> None:
    with pytest.raises(accounts_problems.TooManyPeople):
        give_first_codes(range(MOST_CODES + 1), reason="首次登录", by=cast.by.qian)
    cast.liu.set_unusable_password()
    cast.liu.save()
    with pytest.raises(problems.NotHere):
        give_first_codes([cast.liu.pk], reason="首次登录", by=cast.by.qian)
    assert not Reset.objects.exists()


def test_a_code_is_given_with_a_reason_to_whoever_may_sign_in(cast: Any) -> None:
    with pytest.raises(problems.ReasonMissing):
        give_code(cast.wang, reason=" ", by=cast.by.qian)
    cast.wang.is_active = False
    cast.wang.save()
    with pytest.raises(territory_problems.PersonUnknown):
        give_code(cast.wang, reason="忘记口令", by=cast.by.qian)
    assert not Reset.objects.exists()


def test_a_right_password_without_a_wrong_one_before_leaves_no_trace(cast: Any) -> None:
    tries.give_back("nobody", NAME)
    assert not Tries.objects.exists()


def test_posts_are_not_ended_by_the_thousand(cast: Any) -> None:
    with pytest.raises(accounts_problems.TooManyPeople):
        end_posts([cast.post.wang] * (MOST_POSTS + 1), last_day=today(), reason="改革", by=cast.by.qian)
    cast.post.wang.refresh_from_db()
    assert cast.post.wang.valid_to is None
