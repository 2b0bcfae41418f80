"""The connection to Redis by which processes hear of each other."""

from collections.abc import Callable
from typing import Any, Final

from redis.asyncio.connection import Connection, SSLConnection, UnixDomainSocketConnection, parse_url
from redis.exceptions import ConnectionError as Lost

_COUNTING: Final = (b"subscribe", b"unsubscribe")
_on_return: list[Callable[[], None]] = []


def call_on_return(call: Callable[[], None]) -> None:
    """`call` is called, in the loop of the connection, whenever one that listens hears again after it was broken."""
    _on_return.append(call)


class _Heard:
    """Says when its host is gone, and when it hears again.

    A host that falls silent ends in the kernel's own timeout. The driver takes that for "no message yet", keeps the dead
    connection and asks again without ever waiting: the one loop of all open pages would turn for ever.

    A connection that broke is made anew by the driver, which subscribes again and tells nobody. What was published in
    between reached nobody, so it is told from here: once all that it listened to is confirmed, for what comes after
    that is heard.
    """

    _heard = 0  # what it listens to, as the host counted last
    _awaited = 0  # what it listened to before it broke, until the host has confirmed as much

    def register_connect_callback(self, callback: Any) -> None:
        """The driver's own subscriber asks for this, once it has connected; no other kind of connection has one."""
        super().register_connect_callback(callback)  # type: ignore[misc]
        super().register_connect_callback(self._subscribes_again)  # type: ignore[misc]

    async def _subscribes_again(self, connection: object) -> None:
        # One that broke before its first word came was listened to all the same.
        self._awaited = max(self._awaited, self._heard, 1)

    async def read_response(self, *args: Any, **options: Any) -> Any:
        answer = await super().read_response(*args, **options)  # type: ignore[misc]
        reader = self._reader  # type: ignore[attr-defined]
        broken = reader.exception() if answer is None and reader is not None else None
        if broken is not None:
            await self.disconnect(nowait=True)  # type: ignore[attr-defined]
            raise Lost(str(broken)) from broken
        if isinstance(answer, list) and answer and answer[0] in _COUNTING:
            self._note(answer[2])
        return answer

    def _note(self, count: int) -> None:
        self._heard = count
        if self._awaited and count >= self._awaited:
            self._awaited = 0
            for call in _on_return:
                call()


class _HeardConnection(_Heard, Connection):
    pass


class _HeardSSLConnection(_Heard, SSLConnection):
    pass


class _HeardSocketConnection(_Heard, UnixDomainSocketConnection):
    pass


_KINDS: Final = {
    Connection: _HeardConnection,
    SSLConnection: _HeardSSLConnection,
    UnixDomainSocketConnection: _HeardSocketConnection,
}


def host_at(url: str) -> dict[str, Any]:
    """A host of the channel layer at redis://, rediss:// or unix://. Taken apart here: given the address, the driver
    would choose the connection by itself."""
    told: dict[str, Any] = dict(parse_url(url))
    kind = told.pop("connection_class", Connection)
    return {**told, "connection_class": _KINDS[kind]}
