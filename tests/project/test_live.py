"""Hints reach the open pages of those whose territory they concern, and carry nothing but a topic.

And a socket lives no longer than the session it was opened in.
"""

import asyncio
import math
import os
import socket
import subprocess
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from channels_redis.utils import create_pool
from django.conf import settings as django_settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.test import Client

from grid.calendar.now import today
from grid.hints import TOPICS, hint
from grid.territory.actions import deactivate_person, end_posting, give_posting, note_absence
from grid.territory.queries import actor_of, actors_of
from grid.territory.rules import Post
from project.layer import _Heard, host_at
from project.live import SIGNED_OUT, Page, switchboard
from tests.cast import FAR_GRID, GRID_1, PASSWORD
from tests.conftest import on_sqlite
from tests.patience import PATIENCE, until
from tests.servers import free_port, must_have

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    switchboard.recent.clear()
    switchboard.missed_at = -math.inf


async def opened(person, session=None) -> WebsocketCommunicator:
    """Without a `session` the page ends with the next round that asks who may still listen."""
    page = WebsocketCommunicator(Page.as_asgi(), "/live/")
    page.scope["user"], page.scope["session"] = person, session
    connected, _ = await page.connect()
    assert connected
    # Until the ear has joined the group, a hint would pass it by.
    async with asyncio.timeout(PATIENCE):
        while not switchboard.is_listening:
            await asyncio.sleep(0.02)
    while not await page.receive_nothing(timeout=0.05):
        await page.receive_from()
    return page


@database_sync_to_async
def session_of(person: Any) -> Any:
    client = Client()
    client.force_login(person)
    session = client.session
    assert session[HASH_SESSION_KEY]  # read here: in the loop of the page no database may be asked
    return session


@database_sync_to_async
def tell(topic: str, area: str) -> None:
    with transaction.atomic():
        hint(topic, area)


async def test_a_hint_reaches_who_may_see_its_area_and_nobody_else(cast):
    near, far = await opened(cast.sun), await opened(cast.chen)
    await tell("inbox", GRID_1)
    assert await near.receive_from(timeout=PATIENCE) == "inbox"
    assert await far.receive_nothing(timeout=0.2)
    await tell("coverage", FAR_GRID)
    assert await far.receive_from(timeout=PATIENCE) == "coverage"
    for page in (near, far):
        await page.disconnect()


async def test_what_changed_while_a_page_was_loading_is_told_when_it_opens(cast):
    first = await opened(cast.sun)
    await tell("case", GRID_1)
    assert await first.receive_from(timeout=PATIENCE) == "case"
    late, far = (WebsocketCommunicator(Page.as_asgi(), "/live/") for _ in range(2))
    late.scope["user"], far.scope["user"] = cast.zhao, cast.chen
    await late.connect()
    assert await late.receive_from(timeout=PATIENCE) == "case"
    await far.connect()
    assert await far.receive_nothing(timeout=0.2)
    for page in (first, late, far):
        await page.disconnect()


async def test_nothing_is_told_of_what_was_rolled_back(cast):
    page = await opened(cast.sun)

    @database_sync_to_async
    def fail() -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            hint("inbox", GRID_1)
            1 / 0  # noqa: B018

    await fail()
    assert await page.receive_nothing(timeout=0.3)
    await page.disconnect()


async def test_a_page_opens_after_the_database_has_cut_its_lines(cast):
    """PostgreSQL was started anew, or a pooler gave up: the process goes on, and with it the thread that asks."""
    if on_sqlite():
        pytest.skip("SQLite has no server that could go away")
    first = await opened(cast.sun)
    await first.disconnect()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as administrator:
        name = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    again = await opened(cast.sun)
    await tell("case", GRID_1)
    assert await again.receive_from() == "case"
    await again.disconnect()


async def test_a_page_hears_after_a_long_silence(cast):
    """Longer than the driver of the layer waits for an answer: an ear that took that for a failure died of it."""
    page = await opened(cast.sun)
    assert await page.receive_nothing(timeout=5.5)
    await tell("inbox", GRID_1)
    assert await page.receive_from(timeout=PATIENCE) == "inbox"
    await page.disconnect()


async def test_pages_hear_again_when_the_layer_comes_back(cast, settings, tmp_path):
    layer = await database_sync_to_async(Redis)(tmp_path)
    settings.CHANNEL_LAYERS = layer.as_setting
    page = await opened(cast.sun, await session_of(cast.sun))
    await tell("case", GRID_1)
    assert await page.receive_from(timeout=PATIENCE) == "case"
    await database_sync_to_async(layer.stop)()
    await tell("round", GRID_1)
    assert await page.receive_nothing(timeout=1)
    await database_sync_to_async(layer.start)()
    # What was told meanwhile is kept and comes, and all else is asked for; so is what is told from now on.
    assert {await page.receive_from(timeout=PATIENCE) for _ in TOPICS} == TOPICS
    await tell("inbox", GRID_1)
    async with asyncio.timeout(PATIENCE):
        while await page.receive_from(timeout=PATIENCE) != "inbox":
            pass  # the one that was kept may come before
    await page.disconnect()
    await database_sync_to_async(layer.stop)()


async def test_pages_ask_anew_when_the_driver_connected_again_by_itself(cast, settings, tmp_path):
    """Cut off and back at once: the driver tells nobody, and what was published in between reached nobody."""
    layer = await database_sync_to_async(Redis)(tmp_path)
    settings.CHANNEL_LAYERS = layer.as_setting
    page = await opened(cast.sun, await session_of(cast.sun))
    assert await page.receive_nothing(timeout=0.5), "a first connection is no return"
    await database_sync_to_async(layer.cut)()
    told = [await page.receive_from(timeout=PATIENCE) for _ in TOPICS]
    assert set(told) == set(TOPICS) and await page.receive_nothing(timeout=0.5), "once for all it listens to"
    await tell("inbox", GRID_1)
    assert await page.receive_from(timeout=PATIENCE) == "inbox"
    late = WebsocketCommunicator(Page.as_asgi(), "/live/")
    late.scope["user"] = cast.zhao
    await late.connect()
    told = [await late.receive_from(timeout=PATIENCE) for _ in TOPICS]
    assert set(told) == set(TOPICS), "rendered before, opened after"
    for communicator in (page, late):
        await communicator.disconnect()
    await database_sync_to_async(layer.stop)()


@pytest.mark.parametrize("url", ["redis://h:1/0", "rediss://h:1/0", "unix:///run/redis.sock?db=2"])
def test_whatever_way_leads_to_redis_it_is_heard_when_it_breaks(url):
    host = host_at(url)
    pool = create_pool(host | {"max_connections": 3})
    assert issubclass(pool.connection_class, _Heard) and pool.max_connections == 3


@pytest.mark.parametrize("heard", [True, False])
async def test_a_host_that_falls_silent_does_not_turn_the_loop_for_ever(cast, settings, tmp_path, heard):
    """As the kernel says it when nothing answers any more: the connection is given up, and made anew; also one that
    broke before the host had confirmed the first it listens to."""
    layer = await database_sync_to_async(Redis)(tmp_path)
    settings.CHANNEL_LAYERS = layer.as_setting
    page = await opened(cast.sun, await session_of(cast.sun))
    shard = get_channel_layer()._get_layer()._shards[0]
    if not heard:
        shard._pubsub.connection._heard = 0
    shard._pubsub.connection._reader.set_exception(TimeoutError(110, "Connection timed out"))
    await asyncio.sleep(2)
    ticks = 0
    async with asyncio.timeout(PATIENCE):
        while ticks < 20:
            await asyncio.sleep(0.05)
            ticks += 1
    assert {await page.receive_from(timeout=PATIENCE) for _ in TOPICS} == TOPICS
    await tell("inbox", GRID_1)
    assert await page.receive_from(timeout=PATIENCE) == "inbox"
    await page.disconnect()
    await database_sync_to_async(layer.stop)()


class Redis:
    """One of our own, to be taken away."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    @property
    def as_setting(self) -> dict[str, Any]:
        return {
            "default": {
                "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
                "CONFIG": {"hosts": [host_at(f"redis://127.0.0.1:{self.port}/0")]},
            }
        }

    def start(self) -> None:
        command = [must_have("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        until(self._answers)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), PATIENCE):
            return True
        return False

    def cut(self) -> None:
        """Every connection that listens, on the host's side."""
        command = [must_have("redis-cli"), "-p", str(self.port), "client", "kill", "type", "pubsub"]
        cut = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert cut.strip() == "1", cut

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


async def test_a_stranger_gets_no_socket():
    page = WebsocketCommunicator(Page.as_asgi(), "/live/")
    page.scope["user"] = AnonymousUser()
    connected, _ = await page.connect()
    assert not connected


def test_an_unknown_topic_is_a_mistake_in_the_code(db):
    with pytest.raises(ValueError, match="gossip"):
        hint("gossip", GRID_1)


# --- the real server ----------------------------------------------------------------------------------


@database_sync_to_async
def browser_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def cookie(client: Client) -> str:
    name = django_settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def connected(web: aiohttp.ClientSession, site: Any, client: Client, origin: str | None = "") -> Any:
    headers = {"Cookie": cookie(client)}
    if origin is not None:
        headers["Origin"] = origin or site.url
    return web.ws_connect(f"{site.url}/live/", headers=headers)


async def said_goodbye(socket: Any) -> int | None:
    """The code the server closes with, within a minute; topics on the way are heard and forgotten."""
    async with asyncio.timeout(PATIENCE):
        async for _topic in socket:
            pass
    return socket.close_code


async def test_only_our_own_pages_open_a_socket(cast, site):
    client = await browser_of(cast.sun)
    strangers = [
        "https://evil.example",
        "null",
        None,
        "http://127.0.0.1:1",
        "http://127.0.0.1.evil.example",
        "file://",
    ]
    async with aiohttp.ClientSession() as web:
        for origin in strangers:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await connected(web, site, client, origin)
            assert refused.value.status == 403, origin
        async with connected(web, site, client) as socket:
            assert not socket.closed


def sign_out(client: Client, person: Any, cast: Any) -> None:
    client.post("/accounts/logout/")


def change_password(client: Client, person: Any, cast: Any) -> None:
    new = {"oldpassword": PASSWORD, "password1": "beim-Tor-1948", "password2": "beim-Tor-1948"}
    other = Client()
    other.force_login(person)
    assert other.post("/accounts/password/change/", new).status_code == 302


def deactivate(client: Client, person: Any, cast: Any) -> None:
    deactivate_person(person, reason="离职", by=cast.by.qian)


def end_from_elsewhere(client: Client, person: Any, cast: Any) -> None:
    other = Client()
    other.force_login(person)
    assert other.post("/accounts/sessions/others/end/").status_code == 302


def expire(client: Client, person: Any, cast: Any) -> None:
    row = Session.objects.get(pk=client.session.session_key)
    Session.objects.filter(pk=row.pk).update(expire_date=row.expire_date - timedelta(days=2))
    switchboard.guard.get_loop().call_soon_threadsafe(switchboard.doubts.set)  # as RECHECK seconds later


@pytest.mark.parametrize("ends", [sign_out, change_password, deactivate, end_from_elsewhere, expire])
async def test_a_socket_ends_with_its_session(cast, site, ends):
    client, other = await browser_of(cast.sun), await browser_of(cast.zhao)
    async with (
        aiohttp.ClientSession() as web,
        connected(web, site, client) as socket,
        connected(web, site, other) as stays,
    ):
        await database_sync_to_async(ends)(client, cast.sun, cast)
        assert await said_goodbye(socket) == SIGNED_OUT
        assert not stays.closed


async def test_a_socket_hears_what_the_posts_of_today_allow(cast, site):
    client = await browser_of(cast.sun)
    async with aiohttp.ClientSession() as web, connected(web, site, client) as socket:

        async def hears(area: str) -> bool:
            await tell("case", area)
            try:
                return (await socket.receive(timeout=1)).data == "case"
            except TimeoutError:
                return False

        while not await hears(GRID_1):
            pass  # the ear may join its group after the socket is open
        yesterday = today() - timedelta(days=1)
        await database_sync_to_async(end_posting)(
            cast.post.sun, last_day=yesterday, reason="调离", by=cast.by.qian
        )
        async with asyncio.timeout(PATIENCE):
            while await hears(GRID_1):
                pass
        await database_sync_to_async(give_posting)(
            cast.sun, Post("street", "150304011", today()), by=cast.by.han
        )
        async with asyncio.timeout(PATIENCE):
            while not await hears(FAR_GRID):
                pass


def test_all_at_once_they_are_who_they_are_one_by_one(cast):
    note_absence(cast.post.wang, first_day=today(), last_day=today(), cover=cast.post.li, by=cast.by.zhao)
    people = [cast.wang, cast.li, cast.sun, cast.wu, cast.feng]
    assert actors_of(people) == {person.pk: actor_of(person) for person in people}
