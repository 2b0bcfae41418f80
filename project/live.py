"""The desk's open pages and how a hint reaches them.

Each process listens once on the channel layer and fans a hint out to its own pages: a thousand pages cost
one layer message, not a thousand.

A socket lives no longer than the session it was opened in, and hears no more than its person may see: both are asked
again for all pages together, at once where a hint says that somebody's posts or sessions changed, and in any case
every RECHECK seconds.
"""

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from channels.auth import AuthMiddleware
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.security.websocket import WebsocketDenier
from channels.sessions import CookieMiddleware, SessionMiddleware
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http.request import validate_host
from django.urls import path

from grid.accounts import queries
from grid.complaints import Complaints
from grid.hints import ACCESS, GROUP, TOPICS, live_loop
from grid.scope import NOBODY, Actor, Right
from grid.territory.models import Person
from grid.territory.queries import actor_of, actors_of
from project.gate import live_gate
from project.layer import call_on_return

log = logging.getLogger(__name__)
_layer_away = Complaints("the channel layer does not answer", log)
_unasked = Complaints("open pages are not asked again, they are in the next round", log)

# A page is rendered first and opens its socket afterwards; what changes in between is told when it joins.
MEMORY_SECONDS = 30.0
RECHECK = 20.0
DEAF = 1.0  # seconds
SIGNED_OUT = 4401  # told to the page, which then says so instead of trying again


def signed_in_here(app: Any) -> Any:
    """Cookies go wherever a browser is told to connect: only our own pages may open a socket with them."""
    inner = CookieMiddleware(live_gate(SessionMiddleware(AuthMiddleware(app))))

    async def opened(scope: Any, receive: Any, send: Any) -> Any:
        return await (inner if is_our_page(scope) else WebsocketDenier())(scope, receive, send)

    return opened


def is_our_page(scope: dict[str, Any]) -> bool:
    """Whether the Origin is the address this was asked under, or the one the system is known by."""
    headers = {name: value.decode("latin1") for name, value in scope.get("headers", ())}
    origin, host = headers.get(b"origin", "").lower(), headers.get(b"host", "").lower()
    if origin in {allowed.lower() for allowed in settings.CSRF_TRUSTED_ORIGINS}:
        return True
    here = origin.partition("://")[2]
    return bool(here) and here == host and validate_host(host.rsplit(":", 1)[0], settings.ALLOWED_HOSTS)


class Switchboard:
    """The pages open in this process, and the one task that hears hints for all of them."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self.ear: asyncio.Task[None] | None = None
        self.is_listening = False
        self.was_deaf = False
        self.missed_at = -math.inf
        self.doubts = asyncio.Event()
        self.guard: asyncio.Task[None] | None = None
        self.mending: asyncio.Task[None] | None = None
        self.recent: deque[tuple[float, str, str]] = deque(maxlen=10_000)

    def join(self, page: "Page") -> set[str]:
        """Topics the page may have missed since it was rendered: all of them while nobody was listening, or lately was
        not."""
        self.pages.add(page)
        loop = asyncio.get_running_loop()
        if self.ear is None or self.ear.done() or self.ear.get_loop() is not loop:
            live_loop(loop)
            self.ear = loop.create_task(self.listen())
            self.doubts = asyncio.Event()
            self.guard = loop.create_task(self.keep_asking())
            self.is_listening = False
        since = time.monotonic() - MEMORY_SECONDS
        if not self.is_listening or self.missed_at >= since:
            return set(TOPICS)
        return {topic for at, topic, area in self.recent if at >= since and page.watches(area)}

    def leave(self, page: "Page") -> None:
        self.pages.discard(page)

    async def listen(self) -> None:
        """For ever: an ear that died would leave every open page deaf, and nothing on it would show."""
        while True:
            try:
                await self.hear()
            except Exception as failure:
                _layer_away.failed(failure)
                self.was_deaf = True
                # Half-made channels would gather hints that nobody reads, and a dead connection is asked again.
                with suppress(Exception):
                    await get_channel_layer().flush()
                await asyncio.sleep(DEAF)

    async def hear(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        _layer_away.went_well()
        self.is_listening = True
        if self.was_deaf:
            self.was_deaf = False
            await self.notify_all()
        try:
            while True:
                await self.fan_out(await layer.receive(channel))
        finally:
            self.is_listening = False
            with suppress(Exception):
                await layer.group_discard(GROUP, channel)

    def came_back(self) -> None:
        """The connection broke and was made anew beneath the ear, which noticed nothing."""
        self.mending = asyncio.get_running_loop().create_task(self.notify_all())

    async def notify_all(self) -> None:
        """What was hinted meanwhile nobody knows: each page asks for everything it shows, and so does one that was
        rendered before and opens now."""
        self.missed_at = time.monotonic()
        self.doubts.set()
        for page in list(self.pages):
            with suppress(Exception):
                await page.notify(TOPICS)

    async def fan_out(self, message: dict[str, Any]) -> None:
        heard_at = time.monotonic()
        hints = [(topic, area) for topic, area in message["hints"] if topic != ACCESS]
        if len(hints) < len(message["hints"]):
            self.doubts.set()
        self.recent.extend((heard_at, topic, area) for topic, area in hints)
        for page in list(self.pages):
            topics = dict.fromkeys(topic for topic, area in hints if page.watches(area))
            try:
                await page.notify(topics)
            except Exception:
                # A page that went away in this moment must not keep the others from hearing.
                self.leave(page)

    async def keep_asking(self) -> None:
        """Which of the pages may still listen, and to what: again and again, and at once when in doubt."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.doubts.wait(), RECHECK)
            self.doubts.clear()
            try:
                await self.ask_again()
            except Exception as failure:
                _unasked.failed(failure)
            else:
                _unasked.went_well()

    async def ask_again(self) -> None:
        pages = list(self.pages)
        viewers = await database_sync_to_async(viewers_of)([page.opened for page in pages])
        for page, viewer in zip(pages, viewers, strict=True):
            if viewer is not None:
                page.viewer = viewer
                continue
            self.leave(page)
            try:
                await page.close(SIGNED_OUT)
            except Exception:
                log.debug("a page was gone before it was closed", exc_info=True)


switchboard = Switchboard()
call_on_return(switchboard.came_back)


class Opened(NamedTuple):
    """What a socket was opened with. The hash is what the person's sessions carried then: password, sessions ended."""

    session: str
    person: int
    hash: str


def viewers_of(opened: list[Opened]) -> list[Actor | None]:
    """Who each of them is today, None where the session has ended. A few queries for all of them together."""
    alive = queries.living(page.session for page in opened)
    people = Person.objects.filter(is_active=True).in_bulk({page.person for page in opened})
    hashes = {pk: person.get_session_auth_hash() for pk, person in people.items()}
    actors = actors_of(people.values())
    return [
        actors[page.person] if page.session in alive and hashes.get(page.person) == page.hash else None
        for page in opened
    ]


def _opened(session: SessionBase | None, person: Person) -> Opened:
    """Without a session there is nothing that lasts: such a socket ends with the next round."""
    if session is None:
        return Opened("", person.pk, "")
    return Opened(session.session_key or "", person.pk, session.get(HASH_SESSION_KEY, ""))


class Page(AsyncWebsocketConsumer):
    """One open page. It is told topics only; what it may show, it fetches with its own rights."""

    viewer: Actor = NOBODY
    opened: Opened

    async def connect(self) -> None:
        person = self.scope["user"]
        if not person.is_authenticated or await database_sync_to_async(queries.obstacle)(person):
            await self.close()
            return
        self.opened = _opened(self.scope.get("session"), person)
        self.viewer = await database_sync_to_async(actor_of)(person)
        await self.accept()
        await self.notify(switchboard.join(self))

    async def disconnect(self, code: int) -> None:
        switchboard.leave(self)

    async def notify(self, topics: Iterable[str]) -> None:
        for topic in topics:
            await self.base_send({"type": "websocket.send", "text": topic})

    def watches(self, area: str) -> bool:
        """A change matters to whoever may see its area or answers for a department there, and to nobody else."""
        return self.viewer.can(Right.SEE, area) or self.viewer.can(Right.ANSWER_REFERRAL, area)


live_urls = [path("live/", Page.as_asgi())]
