"""What a line says of a unit: one predicate, the same in Python and in SQL."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.registers import standing
from grid.registers.models import Delivery, Row

pytestmark = pytest.mark.once

SAID = {
    "参保缴费": (True, False), "正常参保": (True, False), "续保": (True, False), "": (True, False), "1": (True, False),
    "欠费": (True, False), "缓缴": (True, False), "停保后恢复参保": (True, False), "未注销": (True, False),
    "注销": (False, True), "已注销": (False, True), "停保": (False, True), "停保（合并）": (False, True),
    "终止参保": (False, True), "退保": (False, True), "未参保": (False, True), "3": (False, True), "0": (False, True),
    "暂停参保": (False, True), "单位撤销": (False, True), "转出": (False, True),
    "暂停缴费": (False, False), "中断缴费": (False, False), "2": (False, False), "停缴": (False, False),
}  # fmt: skip


@pytest.mark.parametrize(("status", "expected"), SAID.items())
def test_what_a_status_says(status: str, expected: tuple[bool, bool]) -> None:
    data = {"status": status, "insured": 12}
    assert (standing.is_in_force("social", data), standing.has_ended(data)) == expected
    assert standing.insured_heads(data) == (12 if expected[0] else 0)
    assert standing.is_suspended(data) == (expected == (False, False))


@pytest.mark.parametrize(
    ("register", "data", "expected"),
    [
        ("market", {"standing": "存续（在营、开业、在册）"}, True),
        ("market", {}, True),
        ("market", {"standing": "吊销，未注销"}, False),
        ("tax", {"heads": 3}, True),
        ("tax", {"status": "非正常户"}, False),
        ("tax", {"status": "注销"}, False),
        ("tax", {"status": "解除非正常"}, True),
    ],
)
def test_each_register_has_its_own_word(register: str, data: dict[str, Any], expected: bool) -> None:
    assert standing.is_in_force(register, data) == expected


@pytest.mark.parametrize(
    ("data", "heads"),
    [
        (None, 0),
        ({}, 0),
        ({"insured": 0, "pension": 9}, 0),
        ({"pension": 3, "injury": 5}, 5),
        ({"medical": 2}, 2),
    ],
)
def test_heads(data: dict[str, Any] | None, heads: int) -> None:
    assert standing.insured_heads(data) == heads


words = st.lists(
    st.sampled_from(
        [*standing._ENDED, *standing._SUSPENDED, *standing._RESUMED, "未", "非", "参保", "0", "2", " "]
    ),
    max_size=4,
).map("".join)
counts = st.none() | st.integers(0, 3)


def test_the_database_counts_the_same(db: None, make_employer: Any) -> None:
    cases: list[dict[str, Any]] = []

    @given(words, counts, counts)
    def collect(status: str, insured: int | None, injury: int | None) -> None:
        said = {"status": status.strip(), "insured": insured, "injury": injury}
        cases.append({name: value for name, value in said.items() if value not in ("", None)})

    collect()
    cases += [{"status": status, "insured": 1} for status in SAID if status]
    delivery = Delivery.objects.create(
        register="social", area="1503", file_name="x", sha256="x", as_of="2026-01-31",
        delivered_at=datetime(2026, 2, 1, tzinfo=UTC),
    )  # fmt: skip
    subject = make_employer()
    rows = Row.objects.bulk_create(
        Row(register="social", subject=subject, area=subject.area, delivery=delivery, line=n, data=data, hash="x",
            since="2026-01-31", until="2026-02-01")
        for n, data in enumerate(cases)
    )  # fmt: skip
    found = set(Row.objects.filter(standing.counts_as_insured()).values_list("pk", flat=True))
    assert found == {row.pk for row in rows if standing.insured_heads(row.data) > 0}
