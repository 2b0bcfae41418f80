"""What attacks stand on: the one world of the contract tests, with everything in it an address may be about."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.contract.world import make_world
from tests.workflows.conftest import case_at, grounds, make_case, make_finding, walk

__all__ = ["case_at", "grounds", "make_case", "make_finding", "walk"]


@pytest.fixture
def world(
    cast: Any, make_case: Any, make_finding: Any, make_employer: Callable[..., Any], walk: Any
) -> SimpleNamespace:
    made: SimpleNamespace = make_world(cast, make_case, make_finding, make_employer, walk)
    return made


@pytest.fixture
def browser_of(cast: Any) -> Callable[[str], Client]:
    """`browser_of("sun")`: signed in, each from an address of its own; "anonymous" is nobody."""
    made: dict[str, Client] = {}

    def browser(name: str) -> Client:
        if name not in made:
            # The public feed asks for the token of the credit platform, and nobody else looks at it.
            token = f"Bearer {settings.CREDIT_FEED_TOKEN}"
            made[name] = Client(
                raise_request_exception=False, REMOTE_ADDR=f"10.9.0.{len(made)}", HTTP_AUTHORIZATION=token
            )
            if name != "anonymous":
                made[name].force_login(getattr(cast, name))
        return made[name]

    return browser
