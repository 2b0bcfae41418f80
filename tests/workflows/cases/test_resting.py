"""What was done about a unit since a register spoke of it rests on that delivery."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grid.registers import problems as registers_problems
from grid.registers.actions import Meaning, import_delivery
from grid.registers.actions.rolling_back import undo_delivery, what_rests
from grid.registers.models import Delivery

pytestmark = pytest.mark.once


def test_a_case_its_finding_and_its_documents_rest_on_what_was_read(
    cast: Any, case_at: Any, tmp_path: Path
) -> None:
    case = case_at("term")
    path = tmp_path / "social.csv"
    path.write_text(
        f"统一社会信用代码,单位名称,参保总人数\n{case.subject.credit_code},{case.subject.name},0\n", "utf8"
    )
    taken = import_delivery(Meaning("social", "1503", date(2026, 1, 31)), path, by=cast.by.wu)
    assert what_rests(taken) == [], "what was done before it does not rest on it"
    Delivery.objects.filter(pk=taken.pk).update(delivered_at="2020-01-01T00:00Z")
    taken.refresh_from_db()
    named = {rest.label: rest for rest in what_rests(taken)}
    assert set(named) >= {"案件", "走访发现", "文书"} and named["案件"].names == (case.code,)
    with pytest.raises(registers_problems.DeliveryInUse) as refused:
        undo_delivery(taken, "发错", by=cast.by.ma)
    assert case.code in refused.value.detail
