"""The contract tests stand on the same cases as the workflow tests."""

from typing import Any

from tests.workflows.conftest import case_at, grounds, make_case, make_finding, walk

__all__ = ["case_at", "grounds", "make_case", "make_finding", "walk"]


def pytest_pycollect_makeitem(collector: Any, name: str, obj: Any) -> list[Any] | None:
    """Acts are tried one by one only where `-k` names them (test_acts_table.py)."""
    whole = name == "test_one_act_is_done_where_the_page_of_acts_says_so"
    return [] if whole and not collector.config.getoption("keyword") else None
