"""The desk's open pages and how a hint reaches them.

Each process listens once on the channel layer and fans a hint out to its own pages: a thousand pages cost
one layer message, not a thousand.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterable
from typing import Any

from asgiref.sync import sync_to_async
from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.urls import path

from grid.hints import GROUP, TOPICS, live_loop
from grid.scope import NOBODY, Actor, Right, actor_of

log = logging.getLogger(__name__)
signed_in_here = AuthMiddlewareStack

# A page is rendered first and opens its socket afterwards; what changes in between is told when it joins.
MEMORY_SECONDS = 30.0


class Switchboard:
    """The pages open in this process, and the one task that hears hints for all of them."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self.ear: asyncio.Task[None] | None = None
        self.is_listening = False
        self.recent: deque[tuple[float, str, str]] = deque(maxlen=10_000)

    def join(self, page: "Page") -> set[str]:
        """Topics the page may have missed since it was rendered: all of them while nobody was listening yet."""
        self.pages.add(page)
        loop = asyncio.get_running_loop()
        if self.ear is None or self.ear.done() or self.ear.get_loop() is not loop:
            live_loop(loop)
            self.ear = loop.create_task(self.listen())
            return set(TOPICS)
        since = time.monotonic() - MEMORY_SECONDS
        return {topic for at, topic, area in self.recent if at >= since and page.watches(area)}

    def leave(self, page: "Page") -> None:
        self.pages.discard(page)

    async def listen(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        self.is_listening = True
        try:
            while True:
                await self.fan_out(await layer.receive(channel))
        finally:
            self.is_listening = False
            await layer.group_discard(GROUP, channel)

    async def fan_out(self, message: dict[str, Any]) -> None:
        heard = time.monotonic()
        self.recent.extend((heard, topic, area) for topic, area in message["hints"])
        for page in list(self.pages):
            topics = dict.fromkeys(topic for topic, area in message["hints"] if page.watches(area))
            try:
                await page.tell(topics)
            except Exception:
                # A page that went away in this moment must not keep the others from hearing.
                self.leave(page)


switchboard = Switchboard()


class Page(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One open page. It is told topics only; what it may show, it fetches with its own rights."""

    viewer: Actor = NOBODY

    async def connect(self) -> None:
        person = self.scope["user"]
        if not person.is_authenticated:
            await self.close()
            return
        self.viewer = await sync_to_async(actor_of)(person)
        await self.accept()
        await self.tell(switchboard.join(self))

    async def disconnect(self, code: int) -> None:
        switchboard.leave(self)

    async def tell(self, topics: Iterable[str]) -> None:
        for topic in topics:
            await self.base_send({"type": "websocket.send", "text": topic})

    def watches(self, area: str) -> bool:
        """A change matters to whoever may see its area or answers for a department there, and to nobody else."""
        return self.viewer.can(Right.SEE, area) or self.viewer.can(Right.ANSWER_REFERRAL, area)


live_urls = [path("live/", Page.as_asgi())]
