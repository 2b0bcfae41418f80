"""A failure that lasts is said once, then counted: it must not fill the disk with one and the same line."""

import logging
import threading
import time
from typing import Final

REPEAT_SECONDS: Final = 60.0


class Complaints:
    """Says a failure when it begins, then once a minute how often it came again, and when it is over.

    One for each thing that may fail. Threads may share one.
    """

    def __init__(self, name: str, log: logging.Logger) -> None:
        self.name, self.log = name, log
        self.since: float | None = None
        self._lock = threading.Lock()
        self._said = 0.0
        self._unsaid = 0
        self._all = 0

    def failed(self, error: BaseException) -> None:
        with self._lock:
            at, is_first = time.monotonic(), self.since is None
            self.since = at if self.since is None else self.since
            self._all += 1
            self._unsaid += 1
            if not is_first and at - self._said < REPEAT_SECONDS:
                return
            times, self._unsaid, self._said = self._unsaid, 0, at
        if is_first:
            self.log.error("%s: failed: %s", self.name, error, exc_info=error)
        else:
            self.log.error("%s: failed %d times more: %s", self.name, times, error, extra={"times": times})

    def went_well(self) -> None:
        if self.since is None:
            return  # the usual case asks no lock
        with self._lock:
            began, times = self.since, self._all
            self.since, self._unsaid, self._all = None, 0, 0
        if began is not None:
            lasted = time.monotonic() - began
            facts = {"times": times, "seconds": round(lasted, 1)}
            self.log.warning("%s: works again after %.0f s", self.name, lasted, extra=facts)
