"""WebSocket routes of the desk's live hints."""

from typing import Any

from channels.auth import AuthMiddlewareStack

signed_in_here = AuthMiddlewareStack
live_urls: list[Any] = []
