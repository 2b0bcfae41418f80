"""The published document, its shape frozen, and the API held against it with generated requests."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from mobile_api.document import published

FROZEN = Path(__file__).with_name("api_shape.json")


def shape() -> dict[str, Any]:
    """What a phone relies on: paths, methods, statuses, parameters, and the fields of each object."""
    document = published()
    operations = {
        f"{method.upper()} {path}": {
            "answers": sorted(str(status) for status in operation["responses"]),
            "parameters": sorted(parameter["name"] for parameter in operation.get("parameters", [])),
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    objects = {
        name: {"fields": sorted(schema.get("properties", {})), "required": sorted(schema.get("required", []))}
        for name, schema in document["components"]["schemas"].items()
    }
    return {"operations": operations, "objects": objects}


def test_the_shape_is_the_frozen_one() -> None:
    """A change here is a change for phones in the field: additions need a new line in api_shape.json, removals a
    new version of the API."""
    if os.environ.get("REWRITE"):
        FROZEN.write_text(json.dumps(shape(), indent=1, sort_keys=True) + "\n")
    assert shape() == json.loads(FROZEN.read_text())


@pytest.mark.django_db
def test_it_is_published(client: Any) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200 and answer.json()["openapi"].startswith("3.1")
    assert "VisitIn" in answer.json()["components"]["schemas"]


@pytest.mark.django_db
@pytest.mark.parametrize("operation", sorted(shape()["operations"]))
def test_no_request_breaks_the_server(cast: Any, client: Any, operation: str) -> None:
    """Generated requests, with a good token: an answer of 5xx, or one that is no problem document, is a fault."""
    from mobile_api.devices.actions import enrol_phone, invite_phone

    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    _device, token = enrol_phone(code, "a", "1")
    method, path = operation.split(" ")
    schema = schemathesis.openapi.from_dict(published())

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def send(case: Any) -> None:
        where = case.formatted_path
        body = case.body if isinstance(case.body, (dict, list)) else {}
        headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}
        answer = client.generic(
            method, where, json.dumps(body), content_type="application/json", headers=headers,
            query_params={name: str(value) for name, value in (case.query or {}).items()},
        )  # fmt: skip
        assert answer.status_code < 500, answer.content
        if answer.status_code >= 400 and answer.content and method != "HEAD":
            assert answer["Content-Type"].startswith("application/problem+json"), answer.content
            assert answer.json()["code"]

    given(case=schema[path][method].as_strategy())(send)()
