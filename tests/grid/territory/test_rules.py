from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.scope import Role
from grid.territory.rules import (
    ROLE_LEVELS,
    assigned_twice,
    free_codes,
    grid_kind,
    level_of,
    levels_in_words,
    may_be_posted,
    overlap,
    parent_of,
    short_code,
    unassigned,
)


def test_codes_tell_their_level_and_their_parent() -> None:
    codes = ["1503", "150302", "150302001", "150302001002", "150302001002001"]
    assert [level_of(code) for code in codes] == [1, 2, 3, 4, 5]
    assert [parent_of(code) for code in codes] == ["", *codes[:-1]]
    assert [level_of(code) for code in ("", "15", "15030", "15030a", "１５０３")] == [0] * 5


@given(st.integers(100000, 659999), st.integers(0, 999), st.integers(0, 999))
def test_official_codes_lose_only_the_zeros_that_mean_everything_below(
    district: int, street: int, community: int
) -> None:
    official = f"{district}{street:03d}{community:03d}"
    short = short_code(official)
    assert official.startswith(short) and not official[len(short) :].strip("0")
    assert level_of(short) or len(short) == 2


def test_numbers_are_never_given_again() -> None:
    community = "150302001002"
    used = {community + "001", community + "003", community + "901"}
    assert free_codes(community, "基础网格", used, 2) == [community + "004", community + "005"]
    assert free_codes(community, "园区网格", used, 1) == [community + "902"]
    assert free_codes(community, "商圈网格", used, 1) == [community + "801"]
    with pytest.raises(ValueError):
        free_codes(community, "园区网格", {community + "999"}, 1)


def test_kinds_of_grids() -> None:
    kinds = {
        number: grid_kind(f"150302001002{number:03d}") for number in (1, 799, 801, 899, 901, 999, 0, 800, 900)
    }
    assert list(kinds.values()) == ["基础网格"] * 2 + ["商圈网格"] * 2 + ["园区网格"] * 2 + [""] * 3


def test_every_role_has_its_levels() -> None:
    assert set(ROLE_LEVELS) == set(Role.values)
    assert may_be_posted("worker", "150302001002001") and not may_be_posted("worker", "150302001002")
    assert not may_be_posted("street", "1503") and not may_be_posted("nobody", "1503")
    assert levels_in_words("inspector") == "区或市"


def test_parts_of_a_recut() -> None:
    assert unassigned({1, 2, 3}, [{1}, {3}]) == {2}
    assert assigned_twice([{1, 2}, {2, 3}, {4}]) == {2}


@given(*[st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 1, 9))) for _ in range(2)],
       *[st.dates(date(2020, 1, 1), date(2020, 1, 9)) for _ in range(2)])  # fmt: skip
def test_periods_overlap_when_they_share_a_day(
    last_a: date | None, last_b: date | None, first_a: date, first_b: date
) -> None:
    days = [date(2020, 1, day) for day in range(1, 20)]
    shared = any(
        first_a <= day <= (last_a or days[-1]) and first_b <= day <= (last_b or days[-1]) for day in days
    )
    if (last_a and last_a < first_a) or (last_b and last_b < first_b):
        return
    assert overlap(first_a, last_a, first_b, last_b) == shared
