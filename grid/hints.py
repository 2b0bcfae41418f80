"""Live hints: "something under this area changed". Never the content, so losing one loses nothing.

A group_send costs the layer one message per open page. So each process opens one channel of its own,
hears every hint once, and fans it out to its own pages in memory (see project/live.py).
"""

import asyncio
import logging
import threading
import time

from channels.layers import get_channel_layer
from django.db import transaction

from grid.complaints import Complaints

GROUP = "hints"
GATHER = 0.1  # seconds
KEPT = 2.0  # seconds until what could not be sent is sent again
# Somebody's posts or sessions changed: no page is told, each is asked anew whether it may still listen.
ACCESS = "access"
TOPICS = frozenset({"inbox", "coverage", "round", "case", "delivery", "suggestion"})

_layer_away = Complaints("hints are not sent, and kept", logging.getLogger(__name__))
Hint = tuple[str, str]


class Courier:
    """Sends the hints of this process from one lasting loop, while the act that gave them goes on.

    Starting a loop for each hint cost an act 3 ms of CPU, handing it over costs a few microseconds. The first hint
    goes at once; those that follow within GATHER go together, equal ones as one, for each message costs the layer
    as much as a quarter of a push.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Hint, None] = {}
        self._on_its_way: asyncio.AbstractEventLoop | None = None
        self._rests_until = 0.0
        self._own: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.pages: asyncio.AbstractEventLoop | None = None

    def take(self, hint: Hint) -> None:
        with self._lock:
            self._waiting[hint] = None
            loop = self._loop()
            # Compared with the loop, not with a flag: one that stopped on the way must not silence us for ever.
            if self._on_its_way is not loop:
                loop.call_soon_threadsafe(lambda: loop.create_task(self._deliver()))
                self._on_its_way = loop

    def _loop(self) -> asyncio.AbstractEventLoop:
        """The loop of the open pages where there is one: the layer in memory knows no other. Else our own; after
        a fork the thread is gone, and the child starts another."""
        if self.pages is not None and self.pages.is_running():
            return self.pages
        if self._own is None or self._thread is None or not self._thread.is_alive():
            self._own = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._own.run_forever, name="hints", daemon=True)
            self._thread.start()
        return self._own

    async def _deliver(self) -> None:
        await asyncio.sleep(self._rests_until - time.monotonic())
        with self._lock:
            hints, self._waiting, self._on_its_way = self._waiting, {}, None
        self._rests_until = time.monotonic() + GATHER
        layer = get_channel_layer()
        if layer is None:
            return
        try:
            await layer.group_send(GROUP, {"type": "hint", "hints": [list(hint) for hint in hints]})
        except Exception as failure:
            _layer_away.failed(failure)
            self._keep(hints)
        else:
            _layer_away.went_well()

    def _keep(self, hints: dict[Hint, None]) -> None:
        """Each topic of each area once, however long the layer is away: no more than the city has areas."""
        self._rests_until = time.monotonic() + KEPT
        for kept in hints:
            self.take(kept)


_courier = Courier()


def live_loop(loop: asyncio.AbstractEventLoop) -> None:
    """The loop on which hints go out; set once by the process that serves pages."""
    _courier.pages = loop


def hint(topic: str, area: str) -> None:
    """Tells the open pages that watch `topic` within `area`, once the transaction has committed."""
    if topic not in TOPICS and topic != ACCESS:
        raise ValueError(topic)
    transaction.on_commit(lambda: _courier.take((topic, area)), robust=True)
