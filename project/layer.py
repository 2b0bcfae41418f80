"""The connection to Redis by which processes hear of each other."""

from typing import Any

from redis.asyncio import Connection
from redis.exceptions import ConnectionError as Lost


class HeardConnection(Connection):
    """Says when its host is gone.

    A host that falls silent ends in the kernel's own timeout. The driver takes that for "no message yet", keeps the dead
    connection and asks again without ever waiting: the one loop of all open pages would turn for ever.
    """

    async def read_response(self, *args: Any, **options: Any) -> Any:
        answer = await super().read_response(*args, **options)
        broken = self._reader.exception() if answer is None and self._reader is not None else None
        if broken is not None:
            await self.disconnect(nowait=True)
            raise Lost(str(broken)) from broken
        return answer
