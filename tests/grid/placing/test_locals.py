"""Subjects without a credit code: sites, households, persons, notice boards; and initials for the search."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid import problems
from grid.ledger.models import Entry
from grid.placing import problems as placing_problems
from grid.placing.adding.actions import Local, add_locals
from grid.subjects.models import Subject, SubjectKind
from grid.subjects.queries import find_subjects
from grid.subjects.rules import initials_of, masked_name
from tasks.coverage.models import Span
from tests.cast import GRID_1

pytestmark = pytest.mark.once

ZHANG = Local(SubjectKind.RESIDENT, "张示例", "示例000001", GRID_1, "某街坊3号楼1单元501室", is_sample=True)
SITE = Local(SubjectKind.CONSTRUCTION_SITE, "示例安置房二期(示例)", "1503022026001", GRID_1)


def test_a_person_is_kept_masked_and_encrypted(cast: Any) -> None:
    (zhang,) = add_locals([ZHANG], area=GRID_1[:12], by=cast.by.zhao)
    zhang.refresh_from_db()
    assert (zhang.name, zhang.full_name, zhang.code) == ("张**户", "张示例", "")
    assert zhang.initials == "zsl" and zhang.local_code and "000001" not in zhang.local_code
    raw = Subject.objects.raw("SELECT id, full_name AS stored FROM grid_subject")[0].stored
    assert "张" not in raw and raw.startswith("v1:")
    assert "示例" not in str(Entry.objects.get(subject=zhang.pk).data)


def test_a_site_is_known_by_its_code_and_enters_the_account(cast: Any) -> None:
    (site,) = add_locals([SITE], area=GRID_1[:12], by=cast.by.zhao)
    assert (site.name, site.code) == ("示例安置房二期（示例）", "1503022026001")
    assert Span.objects.get(subject=site).state == "not_sent"


def test_nobody_is_added_twice(cast: Any) -> None:
    add_locals([ZHANG], area=GRID_1[:12], by=cast.by.zhao)
    for again in ([ZHANG], [SITE, SITE]):
        with pytest.raises(placing_problems.SubjectKnown) as refused:
            add_locals(again, area=GRID_1[:12], by=cast.by.zhao)
        assert "张示例" not in str(refused.value.detail)


def test_found_by_initials_and_by_its_own_code(cast: Any) -> None:
    zhang, site = add_locals([ZHANG, SITE], area=GRID_1[:12], by=cast.by.zhao)
    assert find_subjects(cast.by.zhao, "ZSL") == [zhang] and find_subjects(cast.by.zhao, "slazf") == [site]
    assert find_subjects(cast.by.zhao, "1503022026001") == [site] and find_subjects(cast.by.chen, "zsl") == []


def test_only_with_a_code_a_name_and_a_grid_in_reach(cast: Any) -> None:
    def attempt(**change: str) -> None:
        fields = {"kind": ZHANG.kind, "name": "王", "number": "示例2", "grid": GRID_1, **change}
        add_locals([Local(**fields)], area=GRID_1[:12], by=cast.by.zhao)

    for change, problem in (
        ({"number": " "}, placing_problems.LocalCodeMissing),
        ({"name": ""}, placing_problems.NameMissing),
        ({"grid": "150304011001001"}, problems.NotHere),
    ):
        with pytest.raises(problem):
            attempt(**change)
    assert not Subject.objects.exists()


def test_initials() -> None:
    assert initials_of("乌海银行重庆火锅（示例）") == "whyhcqhg"
    assert initials_of("Ａ1 长城公司") == "a1ccgs" and initials_of("") == ""


@given(st.text(max_size=200))
def test_initials_can_be_typed(name: str) -> None:
    found = initials_of(name)
    assert len(found) <= 60 and found == found.lower() and (found.isalnum() or not found)


@given(st.text(min_size=1, max_size=6))
def test_a_mask_tells_neither_the_name_nor_its_length(rest: str) -> None:
    assert masked_name(f"张{rest}") == "张**" and masked_name(f"张{rest}", "resident") == "张**户"


def test_masks() -> None:
    assert masked_name("欧阳示例") == "欧阳**"
