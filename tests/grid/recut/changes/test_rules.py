"""What a change of divisions ends, makes and renames: on Wuhai's own changes, and on what makes no sense."""

from dataclasses import replace

import pytest

from grid.recut import problems
from grid.recut.changes.rules import CLOSE, FOUND, MERGE, RENAME, TRANSFER, Asked, plan_change, scope_of
from tests.grid.recut.changes.wuhai import LIN_YIN, PLACES


def test_a_street_is_made_of_parts_of_two() -> None:
    asked = Asked(
        FOUND, "150302", name="林荫街道", short_name="林荫", division="街道", code="150302008",
        areas=tuple(LIN_YIN), codes=LIN_YIN,
    )  # fmt: skip
    plan = plan_change(asked, PLACES)
    assert {old: new for old, new in plan.successor.items() if len(old) == 12} == LIN_YIN
    assert plan.successor["150302001006801"] == "150302008002801"
    assert plan.joined == set() and plan.closed == []
    street, *below = plan.made
    assert (street.code, street.name, street.like) == ("150302008", "林荫街道", tuple(LIN_YIN))
    assert all(new.code.startswith("150302008") for new in below) and len(below) == len(plan.successor)
    assert scope_of(asked) == "150302"


def test_a_street_is_closed_into_another() -> None:
    plan = plan_change(Asked(MERGE, "150302006", into="150302003"), PLACES)
    assert plan.successor == {
        "150302006": "150302003",
        "150302006012": "150302003013",  # 012 was 清泉's already
        "150302006012001": "150302003013001",
        "150302006013": "150302003014",  # 013 was taken a moment ago
    }
    assert plan.joined == {"150302006"}


def test_a_community_joins_another_and_its_grids_say_where_they_came_from() -> None:
    plan = plan_change(Asked(MERGE, "150302001006", into="150302001002"), PLACES)
    assert plan.successor["150302001006001"] == "150302001002002"
    assert [(new.code, new.name) for new in plan.made] == [
        ("150302001002002", "金裕第一网格"),
        ("150302001002801", "商圈网格"),
    ]


def test_a_community_is_made_of_grids_and_grids_go_to_another() -> None:
    made = plan_change(
        Asked(FOUND, "150302001", name="新苑社区", division="居委会", areas=("150302001006001",)), PLACES
    )
    assert made.successor == {"150302001006001": "150302001007001"}
    moved = Asked(TRANSFER, "150302001002", areas=("150302001006801",))
    assert plan_change(moved, PLACES).successor == {"150302001006801": "150302001002801"}
    assert scope_of(moved) == "150302001"
    assert scope_of(replace(moved, areas=("150302002006001",))) == "150302"


def test_a_number_once_used_is_not_given_again() -> None:
    ended = PLACES["150302001002001"]._replace(code="150302001002801", is_current=False)
    plan = plan_change(
        Asked(TRANSFER, "150302001002", areas=("150302001006801",)), PLACES | {ended.code: ended}
    )
    assert plan.successor["150302001006801"] == "150302001002802"


def test_renamed_and_closed() -> None:
    renamed = plan_change(Asked(RENAME, "150302003", name="新华东街道"), PLACES)
    assert renamed.renamed == {"150302003": ("新华东街道", "新华东街道")} and not renamed.ending
    closed = plan_change(Asked(CLOSE, "150302006"), PLACES)
    assert set(closed.ending) == {code for code in PLACES if code.startswith("150302006")}


@pytest.mark.parametrize(
    "asked",
    [
        Asked(RENAME, "150302003", name="新华街道", short_name="新华"),
        Asked(RENAME, "150302003", name="海北街道"),
        Asked(RENAME, "150302005", name="没有的街道"),
        Asked(MERGE, "150302003", into="150302003"),
        Asked(MERGE, "150302003", into="150302003012"),
        Asked(MERGE, "150302003", into="150304011"),
        Asked(FOUND, "150302", name="新华街道", division="街道", areas=("150302001002",)),
        Asked(FOUND, "150302", name="林荫街道", division="街道"),
        Asked(FOUND, "150302", name="林荫街道", division="网格", areas=("150302001002",)),
        Asked(FOUND, "150302", name="林荫街道", division="街道", areas=("150302001002", "150302001002")),
        Asked(FOUND, "150302", name="林荫街道", division="街道", code="150302003", areas=("150302001002",)),
        Asked(FOUND, "150302", name="林荫街道", division="街道", code="150304003", areas=("150302001002",)),
        Asked(TRANSFER, "150302001", areas=("150302001002",)),
        Asked(TRANSFER, "150302003", areas=("150302001002001",)),
        Asked(
            TRANSFER, "150302003", areas=("150302001002", "150302001006"),
            codes={"150302001002": "150302003020", "150302001006": "150302003020"},
        ),
    ],
)  # fmt: skip
def test_changes_that_make_no_sense(asked: Asked) -> None:
    with pytest.raises(problems.RecutWrong):
        plan_change(asked, PLACES)


def test_the_numbers_of_a_kind_run_out() -> None:
    used = {
        code: PLACES["150302001002001"]._replace(code=code, is_current=False)
        for code in (f"150302001002{number}" for number in range(801, 900))
    }
    with pytest.raises(problems.RecutWrong):
        plan_change(Asked(TRANSFER, "150302001002", areas=("150302001006801",)), PLACES | used)
