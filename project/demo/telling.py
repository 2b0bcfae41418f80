"""What the commands print while they work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]


class Telling:
    """Each step with its counts and seconds."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.began = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """`with telling.step("导入名册") as counts: counts.append("3000 行")`."""
        began = time.monotonic()
        counts: list[str] = []
        yield counts
        told = f"：{'，'.join(counts)}" if counts else ""
        self.say(f"  · {name}{told}（{time.monotonic() - began:.1f} 秒）")

    def done(self, what: str) -> None:
        self.say(f"  {what}，共用 {time.monotonic() - self.began:.1f} 秒")
