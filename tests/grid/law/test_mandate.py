"""The document that ordered the drive is each city's own, and so are the places cited in it."""

from typing import Any

import pytest

from grid.law.rules.mandate import SHIPPED, cited, read_shipped
from workflows.duties.actions.loading import DEPARTMENTS


@pytest.fixture
def elsewhere(settings: Any) -> None:
    settings.MANDATE, settings.MANDATE_CLAUSES = "示政发〔2026〕1号", False


def test_at_home_document_and_place_are_told() -> None:
    assert cited("依据{mandate 四（二）3} 比对") == "依据乌政〔2020〕17号 四（二）3 比对"
    assert cited([{"clause": "{clause 五（二）1}"}]) == [{"clause": "五（二）1"}]


def test_elsewhere_only_the_document(elsewhere: None) -> None:
    assert cited("依据{mandate 四（二）3} 比对") == "依据示政发〔2026〕1号 比对"
    assert cited({"clause": "{clause 五（二）1}", "n": 3}) == {"clause": "", "n": 3}


def test_what_rests_on_the_document_is_reviewed_anew_elsewhere(elsewhere: None) -> None:
    rows = {row["key"]: row for row in read_shipped(SHIPPED)}
    assert rows["compulsory.types"]["reviewed"] is False
    # The national law is the same everywhere.
    assert rows["service.public_days"]["reviewed"] is True
    assert {
        department["reviewed"] for department in read_shipped(DEPARTMENTS) if "示政发" in department["basis"]
    } == {False}


def test_at_home_it_stays_as_it_was_reviewed() -> None:
    rows = {row["key"]: row for row in read_shipped(SHIPPED)}
    assert rows["compulsory.types"]["reviewed"] is True
    assert "{" not in "".join(row["basis"] for row in rows.values())
