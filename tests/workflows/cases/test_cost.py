"""What one step costs, scope, ledger and hints included."""

from collections.abc import Callable
from typing import Any

from workflows.cases import actions
from workflows.cases.models import Case


def test_an_approval_takes_few_statements(
    make_case: Callable[..., Case], cast: Any, django_assert_max_num_queries: Any
) -> None:
    case = Case.objects.select_related("process", "subject").get(pk=make_case().pk)
    with django_assert_max_num_queries(23):
        actions.approve_case(case, by=cast.by.sun)
