"""Postings: who may be posted where, for how long, and who stands in."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.people.actions import end_posts
from grid.scope import Role
from grid.territory import problems as territory_problems
from grid.territory.actions import (
    add_person,
    correct_person,
    deactivate_person,
    end_posting,
    give_posting,
    import_divisions,
    note_absence,
    reactivate_person,
)
from grid.territory.models import Area, Posting
from grid.territory.queries import actor_of, areas_below, current_area, names_of, path_of, postings_in
from grid.territory.rules import Post
from tests.cast import GRID_1, GRID_2, PASSWORD

START = date(2026, 1, 1)


def test_the_shipped_divisions(db: None) -> None:
    call_command("import_divisions", verbosity=0)
    call_command("import_divisions", verbosity=0)
    assert Area.objects.count() == 113
    assert {level: Area.objects.filter(level=level).count() for level in (1, 2, 3, 4)} == {
        1: 1,
        2: 3,
        3: 22,
        4: 87,
    }
    assert Area.objects.get(code="150302400").kind == "园区"
    assert Area.objects.filter(kind="虚拟").count() == 2
    assert all(area.code.startswith(area.parent_id) for area in Area.objects.exclude(parent=None))
    assert Entry.objects.filter(verb="territory.imported").count() == 1


def test_a_renamed_division_is_renamed_and_a_wrong_file_refused(cast: Any, tmp_path: Any) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text(
        "code,name,short_name,kind\n150302001003,人民公园社区居委会,人民公园,居委会\n", encoding="utf-8"
    )
    assert import_divisions(path, city="1503", by=cast.by.wu) == 0
    assert Area.objects.get(code="150302001003").name == "人民公园社区居委会"
    path.write_text("代码,名称\n1,2\n", encoding="utf-8")
    with pytest.raises(problems.ColumnsMissing):
        import_divisions(path, city="1503", by=cast.by.wu)


def test_giving_a_posting(cast: Any) -> None:
    person = add_person("newcomer", "新来的", "150302", by=cast.by.qian)
    posting = give_posting(person, Post(Role.WORKER, GRID_1, START), by=cast.by.qian)
    assert actor_of(person).held[0].posting_id == posting.pk
    entry = Entry.objects.get(verb="posting.given")
    assert (entry.area, entry.data["person"], entry.data["role"]) == (GRID_1, person.pk, "worker")


@pytest.mark.parametrize(
    ("role", "area", "by", "problem"),
    [
        (Role.WORKER, "150302001002", "qian", territory_problems.PostingOutOfArea),
        (Role.STREET, "150302", "qian", territory_problems.PostingOutOfArea),
        (Role.WORKER, "150302001002099", "qian", territory_problems.UnknownArea),
        (Role.WORKER, GRID_1, "han", problems.NotHere),
        (Role.WORKER, GRID_1, "sun", problems.NotYourPost),
        (Role.WORKER, GRID_1, "wu", territory_problems.PostingHeld),
    ],
)
def test_postings_that_do_not_fit(cast: Any, role: str, area: str, by: str, problem: Any) -> None:
    with pytest.raises(problem):
        give_posting(cast.wang, Post(role, area, START), by=getattr(cast.by, by))


def test_nobody_posts_themselves_and_no_posting_ends_before_it_begins(cast: Any) -> None:
    with pytest.raises(territory_problems.OwnPosting):
        give_posting(cast.qian, Post(Role.DISTRICT, "150302", START), by=cast.by.qian)
    with pytest.raises(problems.WrongPeriod):
        give_posting(cast.li, Post(Role.WORKER, GRID_1, START, date(2025, 1, 1)), by=cast.by.qian)


def test_ending_a_posting(cast: Any) -> None:
    with pytest.raises(problems.ReasonMissing):
        end_posting(cast.post.wang, last_day=today(), reason=" ", by=cast.by.qian)
    end_posting(cast.post.wang, last_day=date(2026, 1, 31), reason="调离", by=cast.by.qian)
    assert actor_of(cast.wang).held == ()
    with pytest.raises(problems.OutOfOrder):
        end_posting(cast.post.wang, last_day=date(2026, 3, 1), reason="再次", by=cast.by.qian)
    give_posting(cast.wang, Post(Role.WORKER, GRID_1, date(2026, 2, 1)), by=cast.by.qian)


def test_nobody_ends_a_post_of_their_own(cast: Any, client: Any) -> None:
    """The last who gives posts would leave nobody behind who could."""
    with pytest.raises(territory_problems.OwnPosting):
        end_posting(cast.post.bai, last_day=today(), reason="调离", by=cast.by.bai)
    client.force_login(cast.bai)
    assert (
        f"/areas/postings/{cast.post.qian.pk}/end/"
        not in client.get(f"/people/{cast.qian.pk}/").content.decode()
    )


@pytest.fixture
def second(cast: Any) -> Any:
    """Another 组织人事, who has come in."""
    person = add_person("second", "第二人", "1503", password=PASSWORD, by=cast.by.bai)
    return give_posting(person, Post(Role.PERSONNEL, "1503", START), by=cast.by.bai)


def test_two_who_give_posts_do_not_end_each_other(cast: Any, second: Any) -> None:
    soon = today() + timedelta(days=10)
    end_posting(cast.post.bai, last_day=soon, reason="调离", by=actor_of(second.person))
    for leave in (
        lambda: end_posting(second, last_day=soon + timedelta(days=9), reason="调离", by=cast.by.bai),
        lambda: end_posts([second], last_day=today(), reason="调离", by=cast.by.bai),
        lambda: deactivate_person(second.person, reason="离职", by=cast.by.bai),
    ):
        with pytest.raises(territory_problems.LastToPost) as refused:
            leave()
        assert "第二人" in refused.value.detail
    second.refresh_from_db()
    assert second.valid_to is None


def test_who_never_came_in_is_nobody_left_behind(cast: Any, second: Any) -> None:
    """The only other holder has no password, and nobody but the one who goes could give a code."""
    person = add_person("third", "第三人", "1503", by=cast.by.bai)
    third = give_posting(person, Post(Role.PERSONNEL, "1503", START), by=cast.by.bai)
    end_posting(second, last_day=today(), reason="调离", by=cast.by.bai)
    with pytest.raises(territory_problems.LastToPost):
        end_posting(cast.post.bai, last_day=today(), reason="调离", by=actor_of(person))
    end_posting(third, last_day=today(), reason="录错", by=cast.by.bai)


def test_the_city_office_keeps_one_who_gives_posts(cast: Any) -> None:
    rest = [post for post in Posting.objects.filter(role=Role.CITY) if post.pk != cast.post.wu.pk]
    for post in rest:
        end_posting(post, last_day=today(), reason="调离", by=cast.by.bai)
    with pytest.raises(territory_problems.LastToPost):
        deactivate_person(cast.wu, reason="离职", by=cast.by.bai)
    new = add_person("new", "新人", "1503", by=cast.by.bai)
    give_posting(new, Post(Role.CITY, "1503", today()), by=cast.by.bai)
    deactivate_person(cast.wu, reason="离职", by=cast.by.bai)


def test_an_absence_and_who_covers(cast: Any) -> None:
    first = last = today()
    note_absence(
        cast.post.wang, first_day=first, last_day=last, cover=cast.post.li, reason="病假", by=cast.by.sun
    )
    assert {held.area for held in actor_of(cast.li).held} == {GRID_1, GRID_2}
    entry = Entry.objects.get(verb="absence.noted")
    assert entry.data["cover"] == "李秀英" and "病假" not in str(entry.data)
    with pytest.raises(territory_problems.AbsenceOverlaps):
        note_absence(cast.post.wang, first_day=first, last_day=last, cover=None, by=cast.by.sun)
    for unfit in (cast.post.zhao, cast.post.li):
        with pytest.raises(territory_problems.CoverUnfit):
            note_absence(cast.post.li, first_day=first, last_day=last, cover=unfit, by=cast.by.sun)
    with pytest.raises(problems.NotHere):
        note_absence(cast.post.li, first_day=first, last_day=last, cover=None, by=cast.by.chen)


def test_people_are_deactivated_never_deleted(cast: Any, client: Any) -> None:
    client.force_login(cast.wang)
    with pytest.raises(problems.NotHere):
        deactivate_person(cast.wang, reason="离职", by=cast.by.han)
    deactivate_person(cast.wang, reason="离职", by=cast.by.qian)
    cast.wang.refresh_from_db()
    assert not cast.wang.is_active and actor_of(cast.wang).held == ()
    assert Posting.objects.get(pk=cast.post.wang.pk).valid_to is not None
    assert list(Entry.objects.values_list("verb", flat=True)) == ["posting.ended", "person.deactivated"]
    with pytest.raises(territory_problems.OwnPosting):
        deactivate_person(cast.qian, reason="x", by=cast.by.qian)


def test_reading_areas_stays_inside_the_territory(cast: Any) -> None:
    assert [a.code for a in areas_below(cast.by.sun, "150302001")] == ["150302001002", "150302001003"]
    assert [a.code for a in areas_below(cast.by.sun, "1503", level=5)] == [GRID_1, GRID_2, "150302001003001"]
    assert list(areas_below(cast.by.chen, "150302001")) == []
    assert {p.person.username for p in postings_in(cast.by.sun, "150302001")} == {"wang", "li", "zhao", "sun"}
    assert [a.code for a in path_of(GRID_1)] == ["1503", "150302", "150302001", "150302001002", GRID_1]
    assert names_of([GRID_1])[GRID_1] == "和平社区第一网格"
    with pytest.raises(territory_problems.UnknownArea):
        current_area("150399")


def test_a_login_is_given_once_and_nobody_corrects_themselves(cast: Any) -> None:
    with pytest.raises(territory_problems.LoginTaken):
        add_person("WANG", "另一个人", "150302", by=cast.by.qian)
    with pytest.raises(territory_problems.OwnPosting):
        correct_person(cast.qian, full_name="钱卫国", phone="", by=cast.by.qian)
    with pytest.raises(problems.WrongPeriod):
        note_absence(
            cast.post.wang,
            first_day=today(),
            last_day=today() - timedelta(days=1),
            cover=None,
            by=cast.by.sun,
        )
    assert not Entry.objects.exists()


def test_an_account_is_shut_and_opened_once_each_with_a_reason_and_by_another(cast: Any) -> None:
    for act in (deactivate_person, reactivate_person):
        with pytest.raises(problems.ReasonMissing):
            act(cast.wang, reason=" ", by=cast.by.qian)
    with pytest.raises(territory_problems.OwnPosting):
        reactivate_person(cast.qian, reason="复职", by=cast.by.qian)
    with pytest.raises(territory_problems.AlreadyActive):
        reactivate_person(cast.wang, reason="复职", by=cast.by.qian)
    deactivate_person(cast.wang, reason="离职", by=cast.by.qian)
    with pytest.raises(problems.OutOfOrder):
        deactivate_person(cast.wang, reason="离职", by=cast.by.qian)
