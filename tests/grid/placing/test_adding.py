from typing import Any

import pytest

from grid import problems
from grid.ledger.models import Entry
from grid.placing import problems as placing_problems
from grid.placing.adding.actions import add_subject
from grid.subjects import problems as subjects_problems
from grid.subjects.models import Placement
from grid.subjects.queries import find_subjects
from tests.cast import GRID_1, credit_code


def test_adding_what_stands_in_a_grid(cast: Any) -> None:
    code = credit_code(77)
    added = add_subject(name="示例面馆（乌海）", code=code.lower(), area=GRID_1, by=cast.by.zhao)
    assert (added.area, added.placement, added.credit_code) == (GRID_1, Placement.HAND, code)
    entry = Entry.objects.get(verb="subject.added")
    assert (entry.subject, entry.area) == (added.pk, GRID_1)


def test_adding_twice_or_badly_is_refused(cast: Any) -> None:
    code = credit_code(78)
    add_subject(name="示例面馆", code=code, area="150302", by=cast.by.qian)
    with pytest.raises(placing_problems.SubjectKnown):
        add_subject(name="示例面馆", code=code, area="150302", by=cast.by.qian)
    with pytest.raises(placing_problems.NameMissing):
        add_subject(name="12", code=credit_code(79), area="150302", by=cast.by.qian)
    with pytest.raises(subjects_problems.WrongCheckDigit):
        add_subject(
            name="示例面馆",
            code=code[:-1] + ("0" if code[-1] != "0" else "1"),
            area="150302",
            by=cast.by.qian,
        )
    with pytest.raises(problems.NotHere):
        add_subject(name="示例面馆", code=credit_code(80), area="150302", by=cast.by.han)


def test_without_a_grid_its_address_is_read(cast: Any) -> None:
    named = add_subject(
        name="示例书店",
        code=credit_code(81),
        area="150302",
        address="乌海市海勃湾区公园社区3号楼",
        by=cast.by.qian,
    )
    silent = add_subject(
        name="示例粮店", code=credit_code(82), area="150302", address="黄河东街", by=cast.by.qian
    )
    assert (named.area, named.placement) == ("150302001003001", Placement.TEXT)
    assert (silent.area, silent.placement) == ("150302", Placement.UNPLACED)


def test_finding_by_code_and_by_name_stays_inside_the_territory(cast: Any, make_employer: Any) -> None:
    mine = make_employer("示例（乌达）铁合金厂", match_name="示例乌达铁合金厂")
    assert find_subjects(cast.by.sun, mine.credit_code.lower()) == [mine]
    assert find_subjects(cast.by.sun, "乌达铁合金") == [mine]
    assert find_subjects(cast.by.chen, mine.credit_code) == []
    assert find_subjects(cast.by.sun, "(") == []
