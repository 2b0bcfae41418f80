"""Hints reach the open pages of those whose territory they concern, and carry nothing but a topic."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from grid.hints import hint
from project.live import Page, switchboard
from tests.cast import FAR_GRID, GRID_1

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    switchboard.recent.clear()


async def opened(person) -> WebsocketCommunicator:
    page = WebsocketCommunicator(Page.as_asgi(), "/live/")
    page.scope["user"] = person
    connected, _ = await page.connect()
    assert connected
    # Until the ear has joined the group, a hint would pass it by.
    for _ in range(50):
        if switchboard.is_listening:
            break
        await asyncio.sleep(0.02)
    while not await page.receive_nothing(timeout=0.05):
        await page.receive_from()
    return page


@sync_to_async
def tell(topic: str, area: str) -> None:
    with transaction.atomic():
        hint(topic, area)


async def test_a_hint_reaches_who_may_see_its_area_and_nobody_else(cast):
    near, far = await opened(cast.sun), await opened(cast.chen)
    await tell("inbox", GRID_1)
    assert await near.receive_from(timeout=3) == "inbox"
    assert await far.receive_nothing(timeout=0.2)
    await tell("coverage", FAR_GRID)
    assert await far.receive_from(timeout=3) == "coverage"
    for page in (near, far):
        await page.disconnect()


async def test_what_changed_while_a_page_was_loading_is_told_when_it_opens(cast):
    first = await opened(cast.sun)
    await tell("case", GRID_1)
    assert await first.receive_from(timeout=3) == "case"
    late, far = (WebsocketCommunicator(Page.as_asgi(), "/live/") for _ in range(2))
    late.scope["user"], far.scope["user"] = cast.zhao, cast.chen
    await late.connect()
    assert await late.receive_from(timeout=3) == "case"
    await far.connect()
    assert await far.receive_nothing(timeout=0.2)
    for page in (first, late, far):
        await page.disconnect()


async def test_nothing_is_told_of_what_was_rolled_back(cast):
    page = await opened(cast.sun)

    @sync_to_async
    def fail() -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            hint("inbox", GRID_1)
            1 / 0  # noqa: B018

    await fail()
    assert await page.receive_nothing(timeout=0.3)
    await page.disconnect()


async def test_a_stranger_gets_no_socket():
    page = WebsocketCommunicator(Page.as_asgi(), "/live/")
    page.scope["user"] = AnonymousUser()
    connected, _ = await page.connect()
    assert not connected


def test_an_unknown_topic_is_a_mistake_in_the_code(db):
    with pytest.raises(ValueError, match="gossip"):
        hint("gossip", GRID_1)
