"""Every answer of the API held against its published document: the status, the type, the shape, the problem's code."""

import re
from functools import cache
from typing import Any

from django.test import Client
from jsonschema_rs import Draft202012Validator

from mobile_api.document import published

PREFIX = "/api/v1/"
# Not among the operations: the document itself, addresses that do not exist, methods an address does not have.
OF_NO_OPERATION = {404: "not-here", 405: "method-not-allowed"}


class CheckedClient(Client):
    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        path = request["PATH_INFO"]
        if path.startswith(PREFIX) and not path.endswith("openapi.json"):
            check(request["REQUEST_METHOD"], path, answer)
        return answer


def check(method: str, path: str, answer: Any) -> None:
    operation = operation_of(method, path)
    content = answer.content if "Content-Encoding" not in answer else None
    if operation is None:
        assert answer.json()["code"] == OF_NO_OPERATION[answer.status_code], (method, path)
        return
    told = published()["paths"][operation][method.lower()]["responses"]
    assert str(answer.status_code) in told, (method, path, answer.status_code, content)
    shapes = told[str(answer.status_code)].get("content")
    if method == "HEAD" or content is None:
        return
    if shapes is None:
        assert not content, (method, path, answer.status_code, content)
        return
    (kind,) = shapes
    assert answer["Content-Type"].startswith(kind), (method, path, answer["Content-Type"])
    faults = [
        f"{fault.instance_path}: {fault.message}"
        for fault in validator(operation, method, answer.status_code).iter_errors(answer.json())
    ]
    assert faults == [], (method, path, answer.status_code, faults[:5])


def operation_of(method: str, path: str) -> str | None:
    for template, methods in published()["paths"].items():
        if method.lower() in methods and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return str(template)
    return None


@cache
def validator(operation: str, method: str, status: int) -> Draft202012Validator:
    told = published()["paths"][operation][method.lower()]["responses"][str(status)]["content"]
    ((_kind, media),) = told.items()
    return Draft202012Validator({**media["schema"], "components": published()["components"]})
