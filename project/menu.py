"""What the desk's header offers this person."""

from typing import Any

from django.http import HttpRequest

from grid.scope import NOBODY


def context(request: HttpRequest) -> dict[str, Any]:
    return {"actor": getattr(request, "actor", NOBODY), "menu": []}
