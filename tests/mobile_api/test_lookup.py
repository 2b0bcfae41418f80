"""Before a unit found on the street is written down: is it known already, in the worker's own territory?"""

import json
from typing import Any

import pytest

from mobile_api.devices.actions import revoke_phone
from tests.cast import FAR_GRID
from tests.mobile_api.phones import API, Phone

pytestmark = pytest.mark.django_db


def ask(phone: Phone, **unit: Any) -> Any:
    headers = {"Authorization": f"Bearer {phone.token}"}
    return phone.client.post(
        API + "lookup", json.dumps(unit), content_type="application/json", headers=headers
    )


def test_the_own_territory_alone_is_searched(phone: Phone, make_employer: Any) -> None:
    near = make_employer("示例鸿运餐饮有限公司", address="新华街3号")
    far = make_employer("示例鸿运餐饮有限公司", area=FAR_GRID, address="新华街3号")
    (found,) = ask(phone, name="示例鸿运餐饮有限公司").json()["candidates"]
    assert found["subject_id"] == near.pk and "name" in found["same"]
    assert found["credit_code"] and found["credit_code"] != near.credit_code and "*" in found["credit_code"]
    assert ask(phone, credit_code=far.credit_code).json()["candidates"] == []
    (same,) = ask(phone, credit_code=near.credit_code).json()["candidates"]
    assert same["same"] == ["code"]


def test_nothing_told_finds_nothing(phone: Phone, make_employer: Any) -> None:
    make_employer()
    assert ask(phone).json() == {"candidates": []}
    assert ask(phone, name="", address="", lng=None).json() == {"candidates": []}


def test_malformed_and_revoked(cast: Any, phone: Phone) -> None:
    assert ask(phone, lng=999).json()["code"] == "malformed-request"
    revoke_phone(phone.device, "丢失", by=cast.by.zhao)
    assert ask(phone, name="示例").json()["code"] == "device-revoked"
