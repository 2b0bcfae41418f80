"""Starting and stopping a process of ours: signals, the lock of a data folder, a free port."""

import fcntl
import os
import signal
import socket
import threading
import time
from pathlib import Path
from types import FrameType
from typing import IO

from django.core.management.base import CommandError

STOP_SECONDS = 20.0


def stop_on_signals() -> threading.Event:
    """Set by SIGTERM or Ctrl-C."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


def join_all(threads: list[threading.Thread], seconds: float = STOP_SECONDS) -> list[str]:
    """Waits for the threads together; the names of those that are still busy."""
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [thread.name for thread in threads if thread.is_alive()]


def only_one(folder: Path) -> IO[str]:
    """The lock of a data folder; the kernel drops it when the process ends, however it ends."""
    lock = open(folder / "serve.lock", "a+")  # noqa: SIM115 (held until the process ends)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise CommandError(f"{folder} is already being served by process {lock.read().strip()}") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def port_must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"port {port} on {host} is not free ({error.strerror}): PORT=… chooses another"
            ) from None
