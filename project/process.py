"""Starting and stopping a process of ours: signals, the lock of a data folder, a free port."""

import fcntl
import logging
import os
import resource
import shutil
import signal
import socket
import threading
import time
from pathlib import Path
from types import FrameType
from typing import IO

from django.core.management.base import CommandError

STOP_SECONDS = 20.0
# What one live process is meant to hold, and the files it has open besides.
PAGES = 5_000
BESIDES = 200

log = logging.getLogger(__name__)


def stop_on_signals() -> threading.Event:
    """Set by SIGTERM or Ctrl-C."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


def open_as_many_as_allowed() -> int:
    """Raises this process's limit of open files to the one it may not pass; how many pages fit. Says when too few do."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    pages = pages_that_fit()
    if pages < PAGES:
        log.warning(
            "%d pages can be open here, not %d: raise LimitNOFILE= to %d", pages, PAGES, PAGES + BESIDES
        )
    return pages


def pages_that_fit() -> int:
    """Open pages that this process's limit of open files leaves room for."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return PAGES if soft == resource.RLIM_INFINITY else max(0, soft - BESIDES)


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


def share_counters(data: Path) -> None:
    """Before anything counts: the workers forked from this process write their counters into one folder, and what a
    server that is gone left there is cleared away. The library of metrics looks for the folder when it is loaded."""
    folder = data / "metrics"
    for former in folder.iterdir() if folder.is_dir() else ():
        # A number says nothing of a process on another machine, or in another container, that shares the folder.
        host, _, pid = former.name.rpartition("-")
        if host == socket.gethostname() and pid.isdecimal() and not _lives(int(pid)):
            shutil.rmtree(former, ignore_errors=True)
    own = folder / f"{socket.gethostname()}-{os.getpid()}"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(own)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # of another user, so it is there
    return True
