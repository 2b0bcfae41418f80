"""The API's published document: OpenAPI 3.1, with every refusal of every address by its code."""

from functools import cache
from typing import Any

from pydantic import BaseModel

from mobile_api.api import api
from mobile_api.schemas import ProblemOut, VisitIn
from mobile_api.suggestions.api.schemas import SuggestionIn

Json = dict[str, Any]
# Items of a batch are read one by one, not by ninja, so their shapes are put in here: (batch, its list, item).
ITEMS = (("PushIn", "visits", VisitIn), ("SuggestionsIn", "items", SuggestionIn))
_TUS = {
    "Tus-Resumable": ("1.0.0", True),
    "Upload-Length": (r"^\d{1,12}$", True),
    "Upload-Metadata": (r"^visit [\w+/=]+,sha256 [\w+/=]+(,\w+ [\w+/=]+)*$", True),
    "Upload-Offset": (r"^\d{1,12}$", True),
}
# What of one answer the next request is made of.
_AFTER_A_PULL = {
    "next": {"operationId": "changes", "parameters": {"cursor": "$response.body#/cursor"}},
    "door": {
        "operationId": "doors",
        "parameters": {"premise_code": "$response.body#/doors/0/premise/code"},
    },
}


@cache
def published() -> Json:
    """The document of the API as it is. Treat it as read-only."""
    schema: Json = api.get_openapi_schema(path_prefix="/api/v1/")
    shapes = schema["components"]["schemas"]
    for batch, name, item in ITEMS:
        _add_shape(shapes, item)
        shapes[batch]["properties"][name]["items"] = {"$ref": f"#/components/schemas/{item.__name__}"}
    _add_shape(shapes, ProblemOut)
    for operation in (operation for path in schema["paths"].values() for operation in path.values()):
        operation["operationId"] = operation["operationId"].rpartition("_api_")[2]
        operation["responses"] = {str(status): told for status, told in operation["responses"].items()}
        _describe_refusals(operation)
        _describe_tag(operation)
        _describe_headers(operation)
    schema["paths"]["/api/v1/changes"]["get"]["responses"]["200"]["links"] = _AFTER_A_PULL
    return schema


def _add_shape(shapes: Json, item: type[BaseModel]) -> None:
    shape = item.model_json_schema(ref_template="#/components/schemas/{model}")
    shapes.update(shape.pop("$defs", {}))
    shapes[item.__name__] = shape


def _describe_refusals(operation: Json) -> None:
    codes: dict[int, list[str]] = {}
    for status, code in operation.pop("x-problems", ()):
        codes.setdefault(status, []).append(code)
    for status, possible in codes.items():
        shape = {
            "allOf": [{"$ref": "#/components/schemas/ProblemOut"}],
            "properties": {"status": {"const": status}, "code": {"enum": possible}},
        }
        operation["responses"][str(status)] = {
            "description": " · ".join(possible),
            "content": {"application/problem+json": {"schema": shape}},
        }


def _describe_tag(operation: Json) -> None:
    """An answer with an ETag may be asked for again with If-None-Match."""
    if operation.pop("x-tagged", False):
        tag = {"schema": {"type": "string"}, "description": "compare with If-None-Match"}
        operation["responses"]["200"]["headers"] = {"ETag": tag}
        operation["responses"]["304"] = {
            "description": "nothing changed but the time",
            "headers": {"ETag": tag},
        }
        _parameters(operation).append(
            {"in": "header", "name": "If-None-Match", "required": False, "schema": {"type": "string"}}
        )


def _describe_headers(operation: Json) -> None:
    """What tus asks of a request beside its address."""
    for name in operation.pop("x-headers", ()):
        pattern, required = _TUS[name]
        shape = {"const": pattern} if pattern == "1.0.0" else {"type": "string", "pattern": pattern}
        _parameters(operation).append({"in": "header", "name": name, "required": required, "schema": shape})
    if operation.pop("x-piece", False):
        bytes_of = {"application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": bytes_of}


def _parameters(operation: Json) -> list[dict[str, object]]:
    parameters: list[dict[str, object]] = operation.setdefault("parameters", [])
    return parameters
