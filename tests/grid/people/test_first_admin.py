"""An empty city: who comes in first, and that nobody comes in so a second time."""

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grid.accounts.actions import give_code, set_password_by_code
from grid.ledger.models import Entry
from grid.people.queries import people_of
from grid.scope import Role
from grid.territory import problems as territory_problems
from grid.territory.actions import add_person, give_posting
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of, roles_to_post
from grid.territory.rules import Post
from tests.cast import PASSWORD


def first_admin(capsys: Any, *arguments: str) -> str:
    """The code printed."""
    call_command("first_admin", *arguments)
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", capsys.readouterr().out)
    assert found
    return found[0]


def test_the_first_comes_in_by_a_code_and_does_the_rest(city: Any, capsys: Any) -> None:
    code = first_admin(capsys, "first", "第一人")
    assert set_password_by_code("first", code, PASSWORD)
    person = Person.objects.get()
    assert not person.password_given and person.check_password(PASSWORD)
    by = actor_of(person)
    assert [held.role for held in by.held] == [Role.CITY]
    told = list(Entry.objects.order_by("pk").values_list("verb", "area"))
    verbs = ["person.added", "posting.given", "password.first_code_given", "password.set_by_code"]
    assert told == [(verb, "1503") for verb in verbs]
    assert PASSWORD not in str(list(Entry.objects.values())) and code not in str(list(Entry.objects.values()))

    # Every role there is, without a shell: the office gives most, and the first 组织人事 the rest.
    organiser = add_person("organiser", "组织者", "1503", by=by)
    with pytest.raises(territory_problems.OwnPosting):
        give_posting(person, Post(Role.PERSONNEL, "1503", Posting.objects.get().valid_from), by=by)
    give_posting(organiser, Post(Role.PERSONNEL, "1503", Posting.objects.get().valid_from), by=by)
    # Until the organiser has come in the office can still help; no longer.
    assert list(people_of(by)) == [organiser]
    assert set_password_by_code("organiser", give_code(organiser, reason="首次登录", by=by), PASSWORD)
    assert list(people_of(by)) == []
    with pytest.raises(territory_problems.GivenByOthers):
        give_code(organiser, reason="再次", by=by)
    given = {
        role
        for actor in (by, actor_of(organiser))
        for area in city.values()
        for role in roles_to_post(actor, area)
    }
    assert given == set(Role)


def nobody_organises(last: Posting) -> None:
    """As in a city that was so before the last of them could no longer leave: no act brings it about."""
    Posting.objects.filter(pk=last.pk).update(valid_to=last.valid_from)


def test_the_office_gives_only_the_first_organiser(cast: Any) -> None:
    """Later it would choose who chooses its watchers."""
    nobody_organises(cast.post.bai)
    newcomer = add_person("newcomer", "新来的", "1503", by=cast.by.wu)
    with pytest.raises(territory_problems.GivenByOthers):
        give_posting(newcomer, Post(Role.PERSONNEL, "1503", cast.post.bai.valid_from), by=cast.by.wu)


def test_refused_where_somebody_can_do_it(cast: Any, capsys: Any) -> None:
    with pytest.raises(CommandError, match=r"吴霞（wu）.*city-managed"):
        call_command("first_admin", "me", "我自己")
    with pytest.raises(CommandError, match=r"白.*city-managed"):
        call_command("first_admin", "me", "我自己", "--role", "personnel")
    with pytest.raises(CommandError, match="import_divisions"):
        call_command("first_admin", "me", "我自己", "--area", "3101")
    assert not Person.objects.filter(username="me").exists()
    nobody_organises(cast.post.bai)
    assert first_admin(capsys, "next", "下一位", "--role", "personnel")


def test_a_code_that_was_lost_is_given_again_while_nobody_else_could(city: Any, capsys: Any) -> None:
    lost = first_admin(capsys, "first", "第一人")
    code = first_admin(capsys, "first", "第一人")
    assert set_password_by_code("first", lost, PASSWORD) is None
    assert set_password_by_code("first", code, PASSWORD)
    assert Person.objects.count() == Posting.objects.count() == 1
    with pytest.raises(CommandError, match="city-managed"):
        call_command("first_admin", "other", "另一人")
