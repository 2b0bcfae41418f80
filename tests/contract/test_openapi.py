"""The published document, its shape frozen, and the API held against it with generated requests."""

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from grid.problems import Problem
from grid.subjects.models import Premise
from mobile_api.devices.actions import enrol_phone, invite_phone
from mobile_api.document import published
from project.management.commands import list_problems
from project.wsgi import application
from tests.cast import GRID_1
from tests.doors import make_round, make_task
from tests.mobile_api.conforming import CheckedClient

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
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


def test_it_is_openapi_3_1() -> None:
    assert published()["openapi"] == "3.1.0" and published()["info"]["version"]
    assert [str(fault) for fault in OpenAPIV31SpecValidator(published()).iter_errors()] == []


def test_every_operation_names_its_refusals() -> None:
    """By codes that exist; what asks for a token says so."""
    known = {kind.code: kind.status for kind in list_problems._below(Problem)}
    for path, methods in published()["paths"].items():
        for method, operation in methods.items():
            refusals = {s: told for s, told in operation["responses"].items() if int(s) >= 400}
            for status, told in refusals.items():
                codes = told["content"]["application/problem+json"]["schema"]["properties"]["code"]["enum"]
                assert {known[code] for code in codes} == {int(status)}, (method, path)
            assert ("401" in refusals) == bool(operation.get("security")) or path.endswith("enrol"), path
            assert method == "options" or {"422", "500", "503"} <= refusals.keys(), (method, path)


@pytest.mark.django_db
def test_it_is_published(client: Any) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200 and answer.json() == json.loads(json.dumps(published()))
    assert "VisitIn" in answer.json()["components"]["schemas"]


@pytest.fixture
def token(cast: Any, make_employer: Any) -> str:
    """wang's phone, with three doors to find."""
    round = make_round(cast.qian)
    for number in range(3):
        premise = Premise.objects.create(code=f"AAAAAAA{number}", area=GRID_1, label="新华街")
        make_task(round, make_employer(premise=premise), cast.post.wang)
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    return enrol_phone(code, "a", "1")[1]


FEW = settings(max_examples=12, suppress_health_check=list(HealthCheck))


@pytest.mark.fuzz
@pytest.mark.django_db
@pytest.mark.parametrize("operation", sorted(shape()["operations"]))
def test_no_request_breaks_the_server(token: str, operation: str) -> None:
    """Generated requests, good and bad, with a good token: what comes back is what the document says, and never
    5xx."""
    method, path = operation.split(" ")
    schema = schemathesis.openapi.from_dict(published())
    client = CheckedClient()

    def send(case: Any) -> None:
        body = case.body if isinstance(case.body, bytes | dict | list | str) else {}
        packed = body if isinstance(body, bytes) else json.dumps(body, default=str)
        told = {name: str(value) for name, value in (case.headers or {}).items()}
        headers = {**told, "Authorization": f"Bearer {token}"}
        kind = "application/offset+octet-stream" if method == "PATCH" else "application/json"
        query = {name: str(value) for name, value in (case.query or {}).items()}
        answer = client.generic(
            method, case.formatted_path, packed, content_type=kind, headers=headers, query_params=query
        )
        assert answer.status_code < 500, answer.content

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        cases = schema[path][method].as_strategy(generation_mode=mode)
        try:
            FEW(given(case=cases)(send))()
        except Unsatisfiable:
            assert mode == GenerationMode.NEGATIVE


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The application itself closes its connection when an answer is out; here that would end the test's data."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.fuzz
@pytest.mark.django_db
def test_no_walk_through_the_api_breaks_the_server(token: str, one_connection: None) -> None:
    """One answer leads to the next request, as the document's links say: pulls by their cursors, doors by their
    labels, uploads begun, looked at, continued and given up."""
    document = deepcopy(published())
    begun = document["paths"]["/api/v1/uploads/"]["post"]["responses"]["201"]
    begun["links"] = {
        name: {
            "operationId": name,
            "parameters": {"upload_id": "$response.header.Location#regex:uploads/(.+)"},
        }
        for name in ("upload_head", "upload_patch", "upload_delete")
    }
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]

    class Walk(schema.as_state_machine()):  # type: ignore[misc]
        def before_call(self, case: Any) -> None:
            case.headers["Authorization"] = f"Bearer {token}"
            # The client in between does not unpack.
            case.headers["Accept-Encoding"] = "identity"

        def validate_response(self, response: Any, case: Any, **_more: Any) -> None:
            case.validate_response(response, checks=checks)

    run_state_machine_as_test(Walk, settings=settings(FEW, max_examples=8, stateful_step_count=7))
