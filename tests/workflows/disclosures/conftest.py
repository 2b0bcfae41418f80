"""Penalties on their lawful path, as for the list."""

from tests.workflows.conftest import case_at, grounds, make_case, make_finding, walk

__all__ = ["case_at", "grounds", "make_case", "make_finding", "walk"]
