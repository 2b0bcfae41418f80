"""A change of divisions: drafted, rehearsed, decided as it was seen, carried out on its day."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grid import problems
from grid.calendar.now import moved_to, now, today
from grid.ledger.models import Entry
from grid.recut import problems as recut_problems
from grid.recut.actions import Part, recut_grid
from grid.recut.changes.actions import (
    carry_due_changes,
    decide_change,
    draft_change,
    rehearse_change,
    withdraw_change,
)
from grid.recut.changes.actions.straying import gather_strays
from grid.recut.changes.models import AreaChange, ChangeState
from grid.recut.changes.rules import CLOSE, FOUND, MERGE, RENAME, TRANSFER, Asked
from grid.scope import Role
from grid.subjects.models import Placement, Premise, Subject
from grid.territory.models import Area, Level, Posting, Succession
from grid.territory.succession.queries import ground_now, successors_of
from tests.cast import GRID_1, GRID_2, SINCE

HERE, PARK, NORTH = "150302001002", "150302001003", "150302002"
MOVED = "150302002002"
PAPER = "海政发〔2026〕12号"


@pytest.fixture
def north(cast: Any) -> Area:
    """海北街道, beside 凤凰岭."""
    return Area.objects.create(
        code=NORTH, level=Level.STREET, kind="街道", name="海北街道", short_name="海北", parent_id="150302",
        valid_from=SINCE,
    )  # fmt: skip


def draft(cast: Any, asked: Asked, by: str = "qian", **options: Any) -> AreaChange:
    given = {"on": today(), "reason": "区划调整", "document": PAPER} | options
    return draft_change(asked, by=getattr(cast.by, by), **given)


def done(cast: Any, asked: Asked, **options: Any) -> AreaChange:
    change = draft(cast, asked, **options)
    return decide_change(change, change.mark, by=cast.by.qian)


MOVE = Asked(TRANSFER, NORTH, areas=(HERE,))


@pytest.mark.once
def test_a_community_comes_under_another_street(cast: Any, north: Area, make_employer: Any) -> None:
    door = Premise.objects.create(code="P1", area=GRID_1, label="1号楼")
    placed, pooled, elsewhere = (
        make_employer(premise=door),
        make_employer(area=HERE),
        make_employer(area=PARK),
    )
    change = draft(cast, MOVE)
    assert (
        change.state == ChangeState.DRAFT and not Area.objects.filter(code__startswith=NORTH + "0").exists()
    )
    assert Subject.objects.get(pk=placed.pk).area == GRID_1
    told = change.rehearsal
    change = decide_change(change, change.mark, by=cast.by.qian)
    assert change.state == ChangeState.DONE and change.result == told
    counts = change.result["touched"]
    assert (counts["grids"], counts["subjects"], counts["premises"], counts["posts"]) == (2, 2, 1, 3)
    areas = dict(Subject.objects.values_list("pk", "area"))
    assert areas == {placed.pk: f"{MOVED}001", pooled.pk: MOVED, elsewhere.pk: PARK}
    assert Subject.objects.get(pk=pooled.pk).placement == Placement.UNPLACED
    assert Premise.objects.get().area == f"{MOVED}001"
    old = Area.objects.get(pk=HERE)
    assert old.valid_to == today() - timedelta(1) and successors_of(HERE) == [MOVED]
    assert Succession.objects.get(old=GRID_2).reason.startswith(PAPER)
    carried = Posting.objects.filter(area__code__startswith=NORTH).values_list(
        "person__username", "role", "area"
    )
    assert set(carried) == {
        ("wang", Role.WORKER, f"{MOVED}001"), ("li", Role.WORKER, f"{MOVED}002"), ("zhao", Role.COMMUNITY, MOVED),
    }  # fmt: skip
    verbs = Entry.objects.filter(area="150302").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["change.drafted", "change.decided", "change.done"]


@pytest.mark.once
def test_a_community_joins_another(cast: Any, make_employer: Any) -> None:
    """Nobody is given power over ground that was not theirs: zhao's post ends with her community, and is named."""
    make_employer()
    Posting.objects.create(person=cast.ma, role=Role.COMMUNITY, area_id=PARK, valid_from=SINCE)
    change = done(cast, Asked(MERGE, HERE, into=PARK))
    assert change.result["touched"]["posts_left"] == 1
    assert Posting.objects.filter(area=PARK, role=Role.COMMUNITY).count() == 1
    assert set(ground_now(HERE)) == {f"{PARK}002", f"{PARK}003"}
    assert Subject.objects.get().area == f"{PARK}002"
    assert Area.objects.get(code=f"{PARK}002").name == "和平社区第一网格"
    assert list(Posting.objects.filter(person=cast.wang).values_list("area", flat=True)) == [
        GRID_1,
        f"{PARK}002",
    ]


@pytest.mark.once
def test_what_was_seen_is_what_is_decided(cast: Any, north: Area, make_employer: Any) -> None:
    change = draft(cast, MOVE)
    with pytest.raises(recut_problems.RehearsalStale):
        decide_change(change, "", by=cast.by.qian)
    seen = change.mark
    make_employer()
    with pytest.raises(recut_problems.RehearsalStale):
        decide_change(change, seen, by=cast.by.qian)
    assert Area.objects.get(pk=HERE).valid_to is None
    rehearse_change(change, by=cast.by.qian)
    with pytest.raises(recut_problems.RehearsalStale):
        decide_change(change, seen, by=cast.by.qian)
    assert decide_change(change, change.mark, by=cast.by.qian).result["touched"]["subjects"] == 1
    with pytest.raises(problems.OutOfOrder):
        decide_change(change, change.mark, by=cast.by.qian)


@pytest.mark.once
def test_a_change_of_a_later_day_is_carried_out_by_the_clock(
    cast: Any, north: Area, make_employer: Any
) -> None:
    make_employer()
    change = done(cast, MOVE, on=today() + timedelta(3))
    assert change.state == ChangeState.DECIDED and carry_due_changes() == 0
    with moved_to(now() + timedelta(3)):
        assert carry_due_changes() == 1 and carry_due_changes() == 0
        change.refresh_from_db()
        assert change.state == ChangeState.DONE and change.result == change.rehearsal
        assert Area.objects.get(pk=MOVED).valid_from == today()


@pytest.mark.once
def test_one_that_no_longer_fits_says_why_and_may_be_taken_back(cast: Any, north: Area) -> None:
    change = done(cast, MOVE, on=today() + timedelta(3))
    done(cast, Asked(MERGE, HERE, into=PARK))
    with moved_to(now() + timedelta(3)):
        assert carry_due_changes() == 0
    change.refresh_from_db()
    assert change.state == ChangeState.FAILED and HERE in change.trouble
    assert withdraw_change(change, "已并入公园", by=cast.by.qian).state == ChangeState.WITHDRAWN


@pytest.mark.once
def test_twice_in_a_day(cast: Any, north: Area, make_employer: Any) -> None:
    """What was made in the morning and ended in the evening is offered to nobody, and loses nothing."""
    subject = make_employer()
    done(cast, MOVE)
    recut_grid(Area.objects.get(pk=f"{MOVED}001"), [Part(name="新")], reason="重划", by=cast.by.qian)
    done(cast, Asked(TRANSFER, "150302001", areas=(MOVED,)))
    subject.refresh_from_db()
    assert subject.area == "150302001004003" and ground_now(GRID_1) == [subject.area]
    dead = Area.objects.filter(code__startswith=MOVED)
    assert dead.count() == 4 and all(area.valid_to < today() for area in dead)
    assert cast.wang.postings.filter(area=subject.area).exists()


@pytest.mark.once
def test_an_empty_area_ends_without_a_successor_and_no_other(cast: Any, make_employer: Any) -> None:
    make_employer()
    with pytest.raises(recut_problems.RecutWrong):
        draft(cast, Asked(CLOSE, HERE))
    change = done(cast, Asked(CLOSE, PARK))
    assert [line["old"] for line in change.result["areas"]] == [PARK, f"{PARK}001"]
    assert not Area.objects.filter(code__startswith=PARK, valid_to=None).exists()


@pytest.mark.once
def test_a_new_street_has_the_ground_of_its_parts(cast: Any, north: Area) -> None:
    west = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    east = {"type": "Polygon", "coordinates": [[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]]}
    Area.objects.filter(pk=HERE).update(outline=west, households=300)
    Area.objects.filter(pk=PARK).update(outline=east, households=200)
    done(cast, Asked(FOUND, "150302", name="林荫街道", division="街道", areas=(HERE, PARK)))
    street = Area.objects.get(name="林荫街道")
    assert (street.code, street.households, street.kind) == ("150302003", 500, "街道")
    assert street.outline is not None and street.outline["type"] == "Polygon"
    done(cast, Asked(RENAME, "150302001", name="凤凰街道"))
    assert Area.objects.get(pk="150302001").short_name == "凤凰街道"


@pytest.mark.once
def test_who_may_and_what_it_asks(cast: Any, north: Area) -> None:
    for who in ("sun", "han"):
        with pytest.raises(problems.NotHere):
            draft(cast, MOVE, by=who)
    with pytest.raises(recut_problems.DocumentMissing):
        draft(cast, MOVE, document=" ")
    with pytest.raises(problems.ReasonMissing):
        draft(cast, MOVE, reason=" ")
    grids = draft(cast, Asked(TRANSFER, PARK, areas=(GRID_1,)), by="sun", document="")
    assert grids.area == "150302001"
    with pytest.raises(problems.ReasonMissing):
        withdraw_change(grids, " ", by=cast.by.sun)


def test_the_database_asks_for_the_rehearsal_and_the_decision(cast: Any, north: Area) -> None:
    change = draft(cast, MOVE)
    for wrong in ({"state": "decided"}, {"state": "done", "decided_by": cast.qian}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AreaChange.objects.filter(pk=change.pk).update(**wrong)


@pytest.mark.once
def test_on_the_pages(cast: Any, north: Area, client: Client, make_employer: Any) -> None:
    make_employer()
    client.force_login(cast.qian)
    assert f"/areas/changes/of/{NORTH}/transfer/" in client.get(f"/areas/{NORTH}/").content.decode()
    page = f"/areas/changes/of/{NORTH}/transfer/"
    given = {
        "areas": [HERE],
        "codes": f"{HERE} 150302002007",
        "on": today(),
        "document": PAPER,
        "reason": "设街",
    }
    assert client.post(page, given | {"codes": "一"}).status_code == 422
    answer = client.post(page, given, follow=True)
    text = answer.content.decode()
    change = AreaChange.objects.get()
    assert "150302002007001" in text and change.mark in text and "和平社区居委会划入海北街道" in text
    assert "区划调整" in client.get("/").content.decode()
    assert client.post(f"/areas/changes/{change.pk}/rehearse/").status_code == 302
    assert "150302002007" in client.get(f"/areas/changes/{change.pk}/areas.csv").getvalue().decode()
    assert PAPER in client.get("/areas/changes/list.csv").getvalue().decode()
    assert client.get("/areas/changes/list.txt").status_code == 404
    client.force_login(cast.han)
    assert client.get(f"/areas/changes/{change.pk}/").status_code == 404
    assert client.post(f"/areas/changes/{change.pk}/decide/", {"seen": change.mark}).status_code == 404
    assert client.get(page).status_code == 404
    client.force_login(cast.qian)
    make_employer()
    stale = client.post(f"/areas/changes/{change.pk}/decide/", {"seen": change.mark}, follow=True)
    assert "什么都没有改动" in stale.content.decode()
    change.refresh_from_db()
    done_page = client.post(f"/areas/changes/{change.pk}/decide/", {"seen": change.mark}, follow=True)
    assert "已生效" in done_page.content.decode()
    assert "由以下区划承接" in client.get(f"/areas/{HERE}/").content.decode()
    assert client.get("/areas/changes/").status_code == 200
    later = draft(cast, Asked(RENAME, "150302001", name="凤凰街道"))
    answer = client.post(f"/areas/changes/{later.pk}/withdraw/", {"reason": "不改了"}, follow=True)
    assert "已撤回" in answer.content.decode()


@pytest.mark.once
def test_what_was_placed_while_the_ground_changed_is_gathered(
    cast: Any, north: Area, make_employer: Any
) -> None:
    done(cast, MOVE)
    recut_grid(
        Area.objects.get(pk=f"{MOVED}002"), [Part(name="东"), Part(name="西")], reason="重划", by=cast.by.qian
    )
    one, two, pooled = make_employer(), make_employer(area=GRID_2), make_employer(area=HERE)
    assert (gather_strays(), gather_strays()) == (3, 0)
    found = {subject.pk: (subject.area, subject.placement) for subject in Subject.objects.all()}
    assert found == {
        one.pk: (f"{MOVED}001", Placement.RECUT),
        two.pk: (MOVED, Placement.UNPLACED),
        pooled.pk: (MOVED, Placement.UNPLACED),
    }
    assert Entry.objects.filter(verb="subject.placed").count() == 3
