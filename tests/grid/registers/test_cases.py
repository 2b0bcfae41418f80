"""Files as departments hand them in, each with what is right for it. 示例数据: the codes are invented, nobody is real."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grid import problems
from grid.registers.actions import Meaning, import_delivery
from grid.registers.models import Delivery, RefusedLine, Row
from grid.subjects.models import Subject
from grid.tables import problems as tables_problems

CASES = Path(__file__).parent / "cases"
# What stopped a server, and what has a password, lie where their kind is tried.
EATEN = Path(__file__).parents[2] / "security/files"
REGISTERS = {"m": "market", "s": "social", "t": "tax"}


@pytest.fixture
def take(cast: Any) -> Any:
    def take(name: str) -> Delivery:
        path = next(folder / name for folder in (CASES, EATEN) if (folder / name).exists())
        register = REGISTERS[name[0]]
        taken = import_delivery(Meaning(register, "1503", date(2026, 1, 31)), path, by=cast.by.wu)
        taken.refresh_from_db()
        return taken

    return take


def counts(delivery: Delivery) -> tuple[int, int, int]:
    return delivery.lines, delivery.accepted, delivery.refused


def said(name: str) -> list[Any]:
    return [row.data.get(name) for row in Row.objects.order_by("pk")]


def codes() -> list[str]:
    return [line.code for line in RefusedLine.objects.order_by("pk")]


def test_every_sheet_is_read(take: Any) -> None:
    assert counts(take("m_a03_sheet_per_district.xlsx")) == (9, 9, 0)
    assert set(Row.objects.values_list("sheet", flat=True)) == {"海勃湾区", "乌达区", "海南区"}


def test_the_sheet_with_the_header_is_read_and_the_other_named(take: Any) -> None:
    delivery = take("m_a02_instructions_first.xlsx")
    assert counts(delivery) == (3, 3, 0)
    assert delivery.remarks == [{"code": "no-header", "sheet": "填表说明", "rows": 2}]


def test_a_header_over_two_rows(take: Any) -> None:
    assert counts(take("s_a01_merged_two_header.xlsx")) == (3, 3, 0)
    assert said("insured") == [None] * 3
    assert (said("pension"), said("injury"), said("unemployment")) == (
        [12, 13, 14],
        [9, 10, 11],
        [11, 12, 13],
    )


def test_a_formula_that_was_never_reckoned_is_no_empty_cell(take: Any) -> None:
    assert counts(take("s_a04_formula_no_cache.xlsx")) == (3, 0, 3)
    assert set(codes()) == {"formula-without-value"}


def test_an_error_text_is_no_name(take: Any) -> None:
    assert counts(take("m_a11b_error_text.csv")) == (6, 0, 6)
    assert set(codes()) == {"error-text"} and not Subject.objects.exists()


def test_a_quote_inside_a_cell_is_a_character(take: Any) -> None:
    assert counts(take("m_a14_stray_quotes_seq.csv")) == (5, 5, 0)
    assert said("name")[0] == '乌海市示例5"管件商贸有限公司'


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("m_a13_cr_only.csv", 3),
        ("m_a16_missing_trailing.csv", 5),
        ("m_a21_marks.csv", 10),
        ("m_a29b_xlsx_named.xls", 3),
    ],
)
def test_what_is_spelt_otherwise_is_read(take: Any, name: str, count: int) -> None:
    assert counts(take(name)) == (count, count, 0)


def test_a_term_without_end(take: Any) -> None:
    assert counts(take("m_a17_longterm.csv")) == (6, 6, 0)
    assert said("business_until") == [None, None, None, None, "2035-03-01", None]


def test_dates_of_databases_and_in_chinese(take: Any) -> None:
    assert counts(take("m_a18_dates_14digits.csv")) == (3, 3, 0)
    assert said("established_on") == ["2020-05-01"] * 3


def test_the_unit_in_the_header(take: Any) -> None:
    assert counts(take("t_a19c_wages_wan.csv")) == (2, 2, 0)
    assert (said("wages"), said("premium_owed")) == (["125000"] * 2, ["32000"] * 2)


def test_counts_of_people(take: Any) -> None:
    # 1.2E1 is what a spreadsheet shows of a number it has shortened.
    assert counts(take("s_a20_counts.csv")) == (9, 8, 1)
    assert said("pension") == [12, 12, 12, 12, 12, 0, 0, None] and codes() == ["bad-count"]


def test_a_citizen_s_number_is_no_code_and_stands_nowhere(take: Any) -> None:
    assert counts(take("t_a41_person_ids.csv")) == (2, 0, 2)
    assert codes() == ["person-number"] * 2
    for line in RefusedLine.objects.all():
        told = f"{line.reason}{line.raw}{line.shown}"
        assert "150302190001" not in told and "150***********0" in told


@pytest.mark.parametrize(
    ("name", "problem", "says"),
    [
        ("m_a29_html.xls", tables_problems.WebPageSaved, "网页"),
        ("m_a40_password.xlsx", problems.FileLocked, "密码"),
        ("m_a28b_far_corner.xlsx", problems.FileOversized, "第 1048576 行"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(take: Any, name: str, problem: Any, says: str) -> None:
    with pytest.raises(problem, match=says):
        take(name)
    failed = Delivery.objects.get()
    assert failed.state == "failed" and says in failed.trouble
