import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
KEPT = 16


class Pages(ASGIHandler):
    """Django's handler on threads that outlive the request.

    Django gives each request a thread of its own and ends it afterwards, and a database connection belongs to
    its thread: every request opened the database anew, for half of its cost. Here a request borrows a thread
    that is free, so that CONN_MAX_AGE means what it says. A rush of requests gets more threads than are kept.

    And the middleware runs on that thread as a whole. Django would hand the request over between loop and thread
    wherever a middleware knows only one of them, eight times here.
    """

    def __init__(self) -> None:
        super().__init__()
        # Loaded late: the apps must be there first.
        self.request_class = import_module("project.gate").AsyncPageRequest
        self.load_middleware(is_async=False)
        # Touched by the loop's thread alone. The newest is taken first, so that few stay warm.
        self._free: deque[ThreadPoolExecutor] = deque()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        thread = self._free.pop() if self._free else ThreadPoolExecutor(1, "request")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)
        finally:
            self._give_back(thread)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)

    def _give_back(self, thread: ThreadPoolExecutor) -> None:
        if len(self._free) < KEPT:
            self._free.append(thread)
        else:
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)


django.setup(set_prefix=False)
pages = Pages()

# Nobody's first request waits until all of it is loaded.
import_module(settings.ROOT_URLCONF)

from project.live import live_urls, signed_in_here  # noqa: E402  (the apps must be loaded first)
from project.process import open_as_many_as_allowed  # noqa: E402
from project.starting import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
if not settings.DEMO:
    open_as_many_as_allowed()

application = ProtocolTypeRouter({"http": pages, "websocket": signed_in_here(URLRouter(live_urls))})
