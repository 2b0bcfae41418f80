"""The contract tests stand on the same cases as the workflow tests."""

from tests.workflows.conftest import case_at, grounds, make_case, make_finding, walk

__all__ = ["case_at", "grounds", "make_case", "make_finding", "walk"]
