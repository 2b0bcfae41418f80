"""Live hints: "something under this area changed". Never the content, so losing one loses nothing.

A group_send costs the layer one message per open page. So each process opens one channel of its own,
hears every hint once, and fans it out to its own pages in memory (see project/live.py).
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

GROUP = "hints"
TOPICS = frozenset({"inbox", "coverage", "round", "case", "delivery"})

log = logging.getLogger(__name__)
_loop: asyncio.AbstractEventLoop | None = None


def live_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Told once by the process that serves pages. Handing a send to its running loop takes 30 ms where
    starting a loop for it took over a second."""
    global _loop
    _loop = loop


def hint(topic: str, area: str) -> None:
    """Tells the open pages that watch `topic` within `area`, once the transaction has committed."""
    if topic not in TOPICS:
        raise ValueError(topic)
    transaction.on_commit(lambda: _send({"type": "hint", "topic": topic, "area": area}), robust=True)


def _send(message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    send: Callable[..., Any] = layer.group_send
    if _loop is not None and _loop.is_running():
        asyncio.run_coroutine_threadsafe(send(GROUP, message), _loop)
        return
    try:
        async_to_sync(send)(GROUP, message)
    except OSError:
        log.warning("hint not sent: the channel layer does not answer")
