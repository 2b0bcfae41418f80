"""Six hundred in the pool are not placed one by one: read again, in groups, ticked, or by a table."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from grid import problems
from grid.ledger.models import Entry
from grid.operations.jobs import carry_out
from grid.operations.models import Operation
from grid.placing import actions as placing
from grid.placing import problems as placing_problems
from grid.placing.batches.models import PlacingBatch, PlacingLine
from grid.placing.bulk import actions, queries
from grid.placing.bulk.actions import tables
from grid.subjects.models import Alias, Placement, Subject
from grid.territory.choosing.queries import label_of
from grid.territory.models import Area
from tests.cast import FAR_GRID, GRID_1, GRID_2

ROAD = "乌海市海勃湾区凤凰岭西街北二街坊"
ESTATE = "乌海市海勃湾区方圆新村"
PARK_GRID = "150302001003001"


@pytest.fixture
def waiting(make_employer: Any) -> list[Subject]:
    addresses = [f"{ROAD}{n}号" for n in range(4)] + [f"{ESTATE}{n}栋" for n in range(3)] + ["海勃湾区"]
    return [make_employer(area="150302", address=address) for address in addresses]


def areas() -> dict[str, int]:
    codes = list(Subject.objects.values_list("area", flat=True))
    return {code: codes.count(code) for code in set(codes)}


def test_groups_are_chosen_once_each_and_remembered(
    cast: Any, client: Client, waiting: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.qian)
    page = client.get(reverse("pool-groups"))
    groups = [group for group, _typed in page.context["groups"]]
    assert [(group.piece, group.count) for group in groups] == [("凤凰岭西街北2街坊", 4), ("方圆新村", 3)]
    label = label_of(Area.objects.select_related("parent__parent").get(pk=GRID_1))
    assert "还要办 3 次：2 组各一次，另有 1 户" in page.content.decode()
    given = {"area": "", "key": [group.key for group in groups], "grid": [label, "公园社区居委会"]}
    with django_assert_max_num_queries(60):
        done = client.post(reverse("pool-groups"), given, follow=True)
    assert "2 组，归格 7 户" in done.content.decode()
    assert areas() == {GRID_1: 4, PARK_GRID: 3, "150302": 1}
    assert {(row.pattern, row.grid, row.uses) for row in Alias.objects.all()} == {
        ("凤凰岭西街北2街坊", GRID_1, 4), ("方圆新村", PARK_GRID, 3),
    }  # fmt: skip
    verbs = list(Entry.objects.values_list("verb", flat=True))
    assert (verbs.count("alias.taught"), verbs.count("subject.placed")) == (2, 7)


def test_a_group_is_not_sent_to_another_district_nor_an_unclear_place(
    cast: Any, client: Client, waiting: Any
) -> None:
    client.force_login(cast.qian)
    key = queries.groups_of(cast.by.qian, "")[0].key
    for text, status in (("苏海图街道", 422), ("哪里", 422), (FAR_GRID, 422), ("", 422)):
        assert client.post(reverse("pool-groups"), {"key": [key], "grid": [text]}).status_code == status
    with pytest.raises(problems.NotHere):
        actions.place_groups({key: FAR_GRID}, "", by=cast.by.qian)
    with pytest.raises(problems.NotHere):
        actions.place_groups({key: GRID_1}, "", by=cast.by.han)
    assert not Entry.objects.exists() and areas() == {"150302": 8}


def test_ticked_ones_go_into_one_grid(cast: Any, client: Client, waiting: list[Subject]) -> None:
    client.force_login(cast.qian)
    elsewhere = waiting[3]
    Subject.objects.filter(pk=elsewhere.pk).update(area="150302001003")
    chosen = [subject.pk for subject in waiting[:4]]
    done = client.post(reverse("pool-many"), {"chosen": chosen, "grid": GRID_2, "why": "排查"}, follow=True)
    text = done.content.decode()
    assert "归格 3 户" in text and "另有 1 户没有归格" in text
    assert areas() == {GRID_2: 3, "150302001003": 1, "150302": 4}
    assert "排查" in Subject.objects.get(pk=chosen[0]).placement_why
    again = client.post(reverse("pool-many"), {"grid": GRID_2}, follow=True)
    assert "message--error" in again.content.decode() or again.status_code == 200


def test_a_table_goes_out_and_comes_back(cast: Any, client: Client, waiting: Any, tmp_path: Path) -> None:
    client.force_login(cast.qian)
    for kind in ("csv", "xlsx"):
        answer = client.get(reverse(f"pool-{kind}"))
        assert answer.status_code == 200
    lines = ["编号,名称,代码,地址,未能归格的原因,归入网格"]
    lines += [f"{subject.pk},,,,,{GRID_1}" for subject in waiting[:3]]
    lines += [f",,{waiting[3].credit_code},,,公园社区居委会", f"{waiting[4].pk},,,,,"]
    lines += [f"{waiting[5].pk},,,,,某某社区", f"{waiting[0].pk},,,,,{GRID_2}", f"999999,,,,,{GRID_1}"]
    lines += [f"{waiting[6].pk},,,,,和平社区居委会"]
    sent = SimpleUploadedFile("归格.csv", "\n".join(lines).encode())
    text = client.post(reverse("pool-table"), {"file": sent}).content.decode()
    assert "共 9 行" in text and "没有填网格 1 行" in text
    assert "归格 5 户" in text and "不采用 3 行" in text and "grid-unclear" in text
    # A community of two grids is as far as the line knows: there it waits on.
    assert areas() == {GRID_1: 3, PARK_GRID: 1, "150302001002": 1, "150302": 3}
    assert Subject.objects.get(area="150302001002").placement == Placement.UNPLACED
    path = tmp_path / "归格.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    before = Entry.objects.count()
    again = tables.place_table(path, "归格.csv", by=cast.by.qian)
    assert [row.verdict for row in again.lines] == [*["same"] * 4, "blank", *["refused"] * 3, "same"]
    assert Entry.objects.count() == before


def test_after_a_community_has_one_grid_its_addresses_are_placed_at_once(
    cast: Any, client: Client, make_employer: Any
) -> None:
    one = make_employer(area="150302001003", address="海勃湾区凤凰岭街道公园社区5号")
    Area.objects.filter(code=PARK_GRID).update(name="公园社区第一网格")
    client.force_login(cast.qian)
    ordered = client.post(reverse("pool-again"), {"area": "150302"}, follow=True)
    assert "已交后台办理" in ordered.content.decode()
    assert "正在后台办理" in client.get(reverse("pool")).content.decode()
    carry_out.call(*DBTaskResult.objects.get().args_kwargs["args"])
    done = client.get(ordered.redirect_chain[-1][0])
    assert "看过 1 户的地址，归格 1 户。" in done.content.decode()
    one.refresh_from_db()
    assert (one.area, one.placement) == (PARK_GRID, Placement.TEXT)


def test_many_alike_are_placed_behind_the_request(
    cast: Any, client: Client, waiting: list[Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 3)
    monkeypatch.setattr(placing, "AT_ONCE", 1)
    client.force_login(cast.qian)
    key = queries.groups_of(cast.by.qian, "")[0].key
    done = client.post(reverse("pool-groups"), {"key": [key], "grid": [GRID_1]}, follow=True)
    assert "户数较多，正在后台归格。" in done.content.decode()
    assert areas() == {"150302": 8}
    batch = PlacingBatch.objects.get()
    assert {line.state for line in batch.lines.all()} == {"waiting"}
    by_hand = placing.place_subject(waiting[4], PARK_GRID, by=cast.by.qian)
    assert by_hand.others == [] and by_hand.operation is not None
    for operation in Operation.objects.order_by("pk"):
        carry_out.call(operation.pk, cast.qian.pk)
    assert areas() == {GRID_1: 4, PARK_GRID: 3, "150302": 1}
    assert {(line.state, line.before, line.after) for line in batch.lines.all()} == {
        ("placed", "150302", GRID_1)
    }


def test_more_than_a_request_may_place_is_refused(
    cast: Any, client: Client, waiting: list[Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grid.operations.actions.AT_ONCE", 2)
    client.force_login(cast.qian)
    chosen = {"chosen": [subject.pk for subject in waiting[:3]], "grid": GRID_2}
    assert "一次最多 2 户" in client.post(reverse("pool-many"), chosen, follow=True).content.decode()
    lines = "\n".join(f"{subject.pk},{GRID_1}" for subject in waiting[:3])
    file = SimpleUploadedFile("归格.csv", f"编号,归入网格\n{lines}\n".encode())
    assert areas() == {"150302": 8}
    monkeypatch.setattr(tables, "AT_ONCE", 2)
    answer = client.post(reverse("pool-table"), {"file": file})
    assert "3 户交后台归格" in answer.content.decode() and areas() == {"150302": 8}
    # Somebody places one of them before the job comes to it: it stays with them, and the batch says so.
    actions.place_many([waiting[1].pk], PARK_GRID, by=cast.by.qian)
    carry_out.call(Operation.objects.get().pk, cast.qian.pk)
    assert areas() == {GRID_1: 2, PARK_GRID: 1, "150302": 5}
    assert "看过 3 行，归格 2 户" in Operation.objects.get().result
    assert list(PlacingLine.objects.filter(state="passed").values_list("why", flat=True)) == ["已由别人归格"]


@pytest.mark.parametrize(("who", "status"), [("qian", 200), ("han", 404), ("zheng", 403), ("wang", 403)])
def test_who_may(cast: Any, client: Client, waiting: Any, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    for name in ("pool-groups", "pool-table"):
        assert client.get(reverse(name) + "?area=150302").status_code == status
    assert client.get(reverse("pool-csv") + "?area=150302").status_code == status
    for name in ("pool-again", "pool-many"):
        answer = client.post(reverse(name), {"area": "150302"}, follow=True)
        assert answer.status_code == status


def test_groups_go_into_a_grid_of_their_district_and_what_is_gone_is_passed_over(
    cast: Any, waiting: list[Subject]
) -> None:
    key = queries.groups_of(cast.by.qian, "")[0].key
    with pytest.raises(placing_problems.NotAGrid):
        actions.place_groups({key: "150302"}, "", by=cast.by.qian)
    with pytest.raises(placing_problems.PlaceUnclear):
        actions.place_groups({key: FAR_GRID}, "", by=cast.by.wu)
    assert not Entry.objects.exists()
    actions.place_groups({key: GRID_1, "placed by a colleague": GRID_1}, "", by=cast.by.qian)
    assert areas() == {GRID_1: 4, "150302": 4}


def test_a_table_says_of_each_line_why_it_was_not_followed(
    cast: Any, waiting: list[Subject], tmp_path: Path
) -> None:
    path = tmp_path / "归格.csv"
    path.write_text(f"名称,归入网格\n示例,{GRID_1}\n", encoding="utf-8")
    with pytest.raises(problems.NotYourPost):
        tables.place_table(path, path.name, by=cast.by.wang)
    with pytest.raises(problems.ColumnsMissing):
        tables.place_table(path, path.name, by=cast.by.qian)
    first, second, placed, known, *_rest = waiting
    Subject.objects.filter(pk=placed.pk).update(area=GRID_1, placement=Placement.HAND)
    Subject.objects.filter(pk=known.pk).update(area="150302001003")
    lines = [
        f"{first.pk},{second.credit_code},{GRID_1}", f"{placed.pk},,{GRID_2}", f"{known.pk},,{GRID_1}",
        f"{first.pk},{first.credit_code},{GRID_1}",
    ]  # fmt: skip
    path.write_text("\n".join(["编号,代码,归入网格", *lines]), encoding="utf-8")
    told = tables.place_table(path, path.name, by=cast.by.qian).lines
    assert [row.verdict for row in told] == ["refused"] * 3 + ["placed"]
    for row, words in zip(told, ("两个不同的对象", "已归入别的网格", "地址写明在"), strict=False):
        assert words in row.why
