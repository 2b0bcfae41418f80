"""Servers for tests: the application in a thread of this process, or `manage.py serve` as its own process."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests import template
from tests.patience import PATIENCE


def must_have(program: str) -> str:
    """Path of a program. Missing, it fails under CI and skips at home."""
    found = shutil.which(program)
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail(f"{program} is missing; `make test` installs it")
    pytest.skip(f"{program} is missing; `make test` installs it")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class InProcess:
    """The ASGI application behind daphne, in a thread. One for a whole test process: a reactor starts once."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._run, daemon=True, name="site")
        self._ready = threading.Event()

    def _run(self) -> None:
        from daphne.server import Server

        from project.asgi import application

        self._server = Server(
            application=application,
            endpoints=[f"tcp:port={self.port}:interface=127.0.0.1"],
            signal_handlers=False,
            ready_callable=self._comes_up,
        )
        self._server.run()

    def _comes_up(self) -> None:
        from twisted.internet import reactor

        # Not before the loop really runs.
        reactor.callLater(0, self._is_up)

    def _is_up(self) -> None:
        from grid.hints import live_loop

        # The tests' own thread may hold Playwright's loop, in which no hint could be sent.
        live_loop(asyncio.get_running_loop())
        self._ready.set()

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(PATIENCE):
            raise RuntimeError("the application did not start in time")

    def stop(self) -> None:
        from twisted.internet import reactor

        reactor.callFromThread(self._server.stop)
        self._thread.join(PATIENCE)


class Served:
    """`manage.py serve` in its own process, folder and database, to be killed and started again."""

    def __init__(self, root: Path, folder: Path, database: str, env: dict[str, str]) -> None:
        self.root, self.folder = root, folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server_url = database if database.startswith("postgres") else ""
        self._name = f"served_{os.getpid()}_{self.port}"
        self.environ = {
            **os.environ,
            "DEMO": "1",
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "DATABASE_URL": self._own_url(),
            "REDIS_URL": "",
            **env,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def _own_url(self) -> str:
        if not self._server_url:
            return ""
        return urlunsplit(urlsplit(self._server_url)._replace(path=f"/{self._name}"))

    def prepare(self) -> None:
        """An empty, migrated database of its own."""
        self.folder.mkdir(parents=True)
        if self._server_url:
            empty = template.migrated_postgres(self.root, self._server_url)
            self._administer(f'CREATE DATABASE "{self._name}" TEMPLATE "{empty}"')
        else:
            shutil.copyfile(template.migrated_sqlite(self.root), self.folder / "grid.sqlite3")

    def _administer(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def manage(self, *arguments: str) -> str:
        """Run a management command on this server's database; its standard output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root,
            env=self.environ,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    @property
    def log(self) -> str:
        return (self.folder / "serve.log").read_text()

    def start(self, seconds: float = PATIENCE) -> None:
        with open(self.folder / "serve.log", "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=self.root,
                env=self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + seconds
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not come up:\n" + self.log)
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=PATIENCE).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def is_dead(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self, seconds: float = 20) -> int:
        """SIGTERM and wait; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)

    def remove(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
        if self._server_url:
            self._administer(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
