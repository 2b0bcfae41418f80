"""Reading what strangers hand in, in a process that may die.

Readers with a native core (spreadsheets, pictures, PDF) believe what a file says of its own size and end the whole
process when they are wrong: no `except` catches an abort. Here a reader runs in a child of its own, which has a
limit of memory and of processor time, none of our secrets in its environment and no database. It answers with one
JSON value a line; what it answered before it died is not taken for the whole.

    for row in read_confined("grid.registers.sheets:rows", str(path)): …

A reader is a generator function on plain strings, in a module that imports nothing heavy: each child pays for its
imports. It raises `Unreadable` to refuse in words.
"""

import json
import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

log = logging.getLogger(__name__)
ROOT: Final = Path(__file__).resolve().parent.parent
MEMORY: Final = 1024 * 1024 * 1024  # bytes of address space, the interpreter's own quarter included
SECONDS: Final = 60  # of processor time
LONGEST: Final = 64 * 1024 * 1024  # bytes of one value: a reader must not fill our memory instead of its own
END: Final = b".\n"
REFUSED: Final = b"!"
STOPS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class ReaderDied(Exception):
    """The child ended without finishing: too much memory, too much time, or a fault in its native core."""


class ReaderStopped(Exception):
    """Somebody ended the child, as when a service stops: this says nothing of the file. It may be read again."""


class Unreadable(Exception):
    """What a reader says of a file it read and refuses; the message is a short code for the caller."""


def read_confined(
    reader: str, *arguments: str, memory: int = MEMORY, seconds: int = SECONDS
) -> Iterator[Any]:
    """What `reader` ("module:function") yields for these arguments, one value at a time.

    Raises Unreadable when the reader refuses, ReaderDied when it does not come to its end, ReaderStopped when
    somebody stops it. The caller may stop early; the child is ended with the generator.
    """
    command = [sys.executable, "-m", "grid.confined", reader, str(memory), str(seconds), *arguments]
    # Not our environment: a reader taken over by a file must find no key there.
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        assert child.stdout is not None
        try:
            while line := child.stdout.readline(LONGEST + 1):
                if line == END:
                    return
                if line.startswith(REFUSED):
                    raise Unreadable(json.loads(line[1:]))
                if len(line) > LONGEST:
                    child.kill()
                elif line.endswith(b"\n"):
                    yield json.loads(line)
            code = child.wait()
            if -code in STOPS:
                raise ReaderStopped(_ended(code))
            log.warning("reader %s ended by %s", reader, _ended(code))
            raise ReaderDied(_ended(code))
        finally:
            child.kill()


def _ended(code: int) -> str:
    """
    >>> _ended(-6), _ended(1)
    ('SIGABRT', 'exit 1')
    """
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def main(reader: str, memory: str, seconds: str, *arguments: str) -> None:
    """The child: bounds first, then the reader's imports, then the file."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Where the machine itself has too little, the child goes first, not the process that waits for it.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    out = sys.stdout.buffer
    module, function = reader.split(":")
    encode = json.JSONEncoder(ensure_ascii=False).encode
    try:
        for value in getattr(import_module(module), function)(*arguments):
            out.write(encode(value).encode(errors="surrogatepass") + b"\n")
    except Unreadable as refusal:
        out.write(REFUSED + json.dumps(str(refusal)).encode() + b"\n")
    else:
        out.write(END)
    out.flush()


if __name__ == "__main__":
    # `Unreadable` of this module under its real name, not of `__main__`: readers raise the former.
    import_module("grid.confined").main(*sys.argv[1:])
