from typing import Any

import pytest

from mobile_api.devices.actions import enrol_phone, invite_phone
from tests.doors import make_round
from tests.mobile_api.conforming import CheckedClient
from tests.mobile_api.phones import Phone


@pytest.fixture
def client() -> CheckedClient:
    """Whatever the API answers in these tests, it answers as its document says."""
    return CheckedClient()


@pytest.fixture
def phone(cast: Any, client: Any) -> Phone:
    """wang's phone."""
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, token = enrol_phone(code, "王建国的手机", "0.1.0")
    return Phone(client, token, device)


@pytest.fixture
def round(cast: Any) -> Any:
    return make_round(cast.qian)
