"""A hint to 1,000 open pages, beside a plain group_send to 1,000 consumers. Aim: 30 ms until the last page has it."""

import os
import statistics
import subprocess
import sys
import threading
import time
from typing import Any

from tests.bench import ground

PAGES = int(os.environ.get("PAGES", "1000"))
HINTS = 12


def main() -> None:
    with ground.fresh_database() as vendor:
        from django.conf import settings

        port, server = serve()
        layer = settings.CHANNEL_LAYERS["default"]["BACKEND"].rsplit(".", 1)[1]
        ground.say(
            f"{vendor}, {layer}, {ground.machine()}; {PAGES:,} pages open in one daphne, {HINTS} hints"
        )
        ours = measure(port, "/live/", send_hint)
        plain = measure(port, "/plain/", send_plain)
        ground.say(f"one hint a process, fanned out inside: {shown(ours)} (aim 30 ms)")
        ground.say(f"plain group_send, a message a page: {shown(plain)}; ratio {ratio(plain, ours):.1f}")
        stop(server)


def serve() -> tuple[int, Any]:
    """Daphne in a thread with our page consumer and the plain one, both as one city-office person."""
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.routing import ProtocolTypeRouter, URLRouter
    from daphne.server import Server
    from django.urls import path

    from grid.scope import Role
    from grid.territory.models import Area, Person, Posting
    from project.live import live_urls
    from tests.servers import free_port

    ground.fill_areas(Area)
    person = Person.objects.create_user("wu", password="bench-bench", full_name="吴霞")
    Posting.objects.create(person=person, role=Role.CITY, area_id="1503", valid_from="2020-01-01")

    class Plain(AsyncWebsocketConsumer):  # type: ignore[misc]
        groups = ["plain"]

        async def hint(self, message: dict[str, Any]) -> None:
            await self.send(text_data=message["topic"])

    pages = URLRouter([*live_urls, path("plain/", Plain.as_asgi())])

    async def as_wu(scope: Any, receive: Any, send: Any) -> None:
        await pages({**scope, "user": person}, receive, send)

    port, ready = free_port(), threading.Event()
    server = Server(
        application=ProtocolTypeRouter({"websocket": as_wu}),
        endpoints=[f"tcp:port={port}:interface=127.0.0.1"],
        signal_handlers=False,
        ready_callable=ready.set,
    )
    threading.Thread(target=server.run, daemon=True).start()
    ready.wait(20)
    return port, server


def stop(server: Any) -> None:
    from twisted.internet import reactor

    reactor.callFromThread(server.stop)  # type: ignore[attr-defined]
    time.sleep(1)


def measure(port: int, path: str, send: Any) -> list[tuple[float, float]]:
    """(median, last) seconds from the call that sends until the pages have it, for each hint but the first two."""
    command = [sys.executable, "-m", "tests.bench.listeners", str(port), path, str(PAGES), str(HINTS)]
    listeners = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert listeners.stdout and listeners.stdout.readline() == f"open {PAGES} 0\n"
    found = []
    for _ in range(HINTS):
        time.sleep(0.3)
        start = time.monotonic()
        send()
        median, last = map(float, listeners.stdout.readline().split())
        found.append((median - start, last - start))
    listeners.wait(10)
    return found[2:]


def send_hint() -> None:
    from grid.hints import hint

    hint("inbox", "150302001001001")


def send_plain() -> None:
    import asyncio

    from channels.layers import get_channel_layer

    from grid import hints

    # From the loop that serves, as ours: on_commit outside a transaction runs at once.
    sent = get_channel_layer().group_send("plain", {"type": "hint", "topic": "inbox"})
    asyncio.run_coroutine_threadsafe(sent, hints._courier._loop()).result()


def shown(found: list[tuple[float, float]]) -> str:
    medians = [median * 1000 for median, _ in found]
    lasts = [last * 1000 for _, last in found]
    return f"half of them after {statistics.median(medians):.0f} ms, the last after {statistics.median(lasts):.0f} ms"


def ratio(plain: list[tuple[float, float]], ours: list[tuple[float, float]]) -> float:
    return statistics.median(m for m, _ in plain) / statistics.median(m for m, _ in ours)


if __name__ == "__main__":
    main()
