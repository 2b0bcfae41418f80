"""What the threads of this process are doing, and the beat that says so to whoever looks after it.

A clock that hangs looks like one with nothing to do: both are silent. So each thread notes when it begins a round and
when it ends it, in memory, and one thread of the process writes all of it down every few seconds.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import close_old_connections, connections

from grid.complaints import Complaints
from grid.health.actions import beat, leave
from grid.health.rules import BEAT, Thread

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _State:
    every: float
    began: float | None = None
    failing_since: float | None = None


class Threads:
    """Of one kind of work in this process. Each thread writes its own entry alone."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.process = f"{kind} {socket.gethostname()[:60]} {os.getpid()}"
        self._states: dict[str, _State] = {}

    @contextmanager
    def busy(self, name: str, every: float) -> Iterator[None]:
        """One round of the thread `name`; an exception is a round that failed, and goes on up."""
        state = self._states.setdefault(name, _State(every))
        state.every, state.began = every, time.monotonic()
        try:
            yield
        except Exception:
            state.failing_since = state.failing_since or time.monotonic()
            raise
        else:
            state.failing_since = None
        finally:
            state.began = None

    def told(self) -> dict[str, Thread]:
        at = time.monotonic()
        return {
            name: Thread(
                every=state.every, busy=_since(state.began, at), failing=_since(state.failing_since, at)
            )
            for name, state in list(self._states.items())
        }


def _since(began: float | None, at: float) -> float:
    return 0.0 if began is None else round(max(at - began, 0.001), 3)


def start_beating(threads: Threads, stop: threading.Event) -> threading.Thread:
    """Until `stop` is set; then the process takes its leave."""
    beating = threading.Thread(
        target=_keep_beating, args=(threads, stop), name=f"beat: {threads.kind}", daemon=True
    )
    beating.start()
    return beating


def _keep_beating(threads: Threads, stop: threading.Event) -> None:
    complaints = Complaints(f"heartbeat of {threads.kind}", log)
    while not stop.is_set():
        close_old_connections()
        try:
            beat(threads.kind, threads.process, threads.told())
        except Exception as error:
            complaints.failed(error)
        else:
            complaints.went_well()
        stop.wait(BEAT)
    try:
        leave(threads.process)
    except Exception:
        log.info("a heartbeat was left behind", exc_info=True)
    connections.close_all()
