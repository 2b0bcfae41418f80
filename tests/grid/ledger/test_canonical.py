import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from grid.ledger.canonical import Facts, canonical, json_text, read, salts, time_text
from workflows.cases.verbs import CaseVerb


class Answer(Enum):
    YES = "yes"


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
AT = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)


def bytes_of(**facts: Any) -> bytes:
    usual = Facts("case.opened", 3, "王", None, "", "1503", None, "", None, "{}", None)
    return canonical(time_text(AT), usual._replace(**facts), "00")


@given(st.dictionaries(texts, values, max_size=5), texts, texts)
def test_what_is_written_is_read_again(data: dict[str, Any], name: str, case: str) -> None:
    said = read(bytes_of(data=json_text(data), actor_name=name, case=case, nth=4))
    assert said.at == AT
    assert (said.facts["data"], said.facts["actor_name"], said.case, said.nth) == (data, name, case, 4)


@given(st.dictionaries(texts, values, max_size=5))
def test_the_order_of_facts_does_not_matter(data: dict[str, Any]) -> None:
    assert json_text(dict(reversed(data.items()))) == json_text(data)


def test_keys_stand_sorted_so_that_any_json_library_writes_the_same() -> None:
    content = bytes_of(data=json_text({"b": 1, "a": "中"}), personal=b"cipher")
    body = content.split(b" ", 2)[2]
    facts = json.loads(body)
    assert json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == body
    assert facts["personal"] == sha256(b"cipher").hexdigest()


def test_the_form_of_version_1_never_changes() -> None:
    assert bytes_of().decode() == (
        'grid-ledger/1 2026-03-04T05:06:07.000008Z {"actor":3,"actor_name":"王","area":"1503","case":"",'
        '"data":{},"nth":null,"personal":null,"posting":null,"role":"","salt":"00","subject":null,'
        '"verb":"case.opened"}'
    )


def test_usual_types_have_one_form() -> None:
    facts = {
        "day": date(2026, 1, 2), "sum": Decimal("1.50"), "id": UUID(int=1), "verb": CaseVerb.CASE_OPENED,
        "set": {2, 1}, "lazy": gettext_lazy("x"), "tuple": (1, 2), "enum": Answer.YES,
    }  # fmt: skip
    assert json.loads(json_text(facts)) == {
        "day": "2026-01-02", "sum": "1.50", "id": str(UUID(int=1)), "verb": "case.opened", "set": [1, 2],
        "lazy": "x", "tuple": [1, 2], "enum": "yes",
    }  # fmt: skip


@pytest.mark.parametrize("bad", [{"a": "x\x00"}, {"a": float("nan")}])
def test_what_a_database_cannot_keep_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        json_text(bad)


def test_an_unknown_type_is_refused_and_a_backslash_is_not_a_nul() -> None:
    with pytest.raises(TypeError, match="object"):
        json_text({"a": object()})
    assert json.loads(json_text({"a": "\\u0000"})) == {"a": "\\u0000"}


def test_salts_differ() -> None:
    assert len(set(salts(100))) == 100


HEAD = f"grid-ledger/1 {time_text(AT)} ".encode()


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"grid-ledger/9 x",
        b"grid-ledger/1 2026",
        b"\xff",
        HEAD + b"[]",
        HEAD + b"{}",
        bytes_of().replace(b" 2026-", b" 1812-"),
    ],
)
def test_other_bytes_are_not_an_entry(bad: bytes) -> None:
    with pytest.raises(ValueError):
        read(bad)
