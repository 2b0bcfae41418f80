"""How many live pages are up at once through nginx as deploy/ configures it and one daphne: aim 5,000.

Both are real processes with their real settings, all on this machine and without TLS; the listeners share it.
Afterwards one hint is sent and heard, and an ordinary page is asked for while all are open.
"""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.bench import ground
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
PAGES = int(os.environ.get("PAGES", "5000"))


def main() -> None:
    if not shutil.which("nginx"):
        ground.say("nginx is not here: nothing measured")
        return
    allow_files()
    # Ended from outside, it ends its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ground.fresh_database() as vendor, tempfile.TemporaryDirectory() as folder:
        cookie, live = session(), free_port()
        with daphne(live, Path(folder)) as server, nginx(live, Path(folder)) as port:
            ground.say(f"{vendor}, {ground.machine()}; load {os.getloadavg()[0]:.1f}")
            measure(port, cookie, server)


def allow_files() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def session() -> str:
    """The cookie of one signed-in person, whose pages they all are."""
    from django.test import Client

    from grid.scope import Role
    from grid.territory.models import Area, Person, Posting

    ground.fill_areas(Area)
    person = Person.objects.create_user("wu", password="bench-bench", full_name="吴霞")
    Posting.objects.create(person=person, role=Role.CITY, area_id="1503", valid_from="2020-01-01")
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.cookies["sessionid"].value)


def database_url() -> str:
    from django.db import connection

    own = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{own['NAME']}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{own['NAME']}"))


@contextmanager
def daphne(port: int, folder: Path) -> Iterator[Any]:
    command = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "project.asgi:application"]
    own = {"DATABASE_URL": database_url(), "DATA_DIR": str(folder / "data"), "DEMO": "1"}
    with (folder / "daphne.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=log
        )
    try:
        wait_for(port)
        yield server
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def nginx(live: int, folder: Path) -> Iterator[int]:
    """deploy/nginx-main.conf with deploy/nginx.conf in it, on a port of its own, without TLS."""
    port = free_port()
    site = (ROOT / "deploy/nginx.conf").read_text()
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace(
        "127.0.0.1:8002", f"127.0.0.1:{live}"
    )
    site = site.replace("listen 80;", f"listen 127.0.0.1:{free_port()};").replace(
        "127.0.0.1:8001", f"127.0.0.1:{live}"
    )
    site = re.sub(r"^.*\bssl_certificate.*$", "", site, flags=re.MULTILINE).replace("$host", "$http_host")
    whole = (ROOT / "deploy/nginx-main.conf").read_text()
    whole = whole.replace("include /etc/nginx/sites-enabled/*;", site).replace(
        "/run/nginx.pid", f"{folder}/nginx.pid"
    )
    whole = re.sub(r"^include /etc/nginx/modules.*$", "", whole, flags=re.MULTILINE)
    whole = whole.replace("include /etc/nginx/conf.d/*.conf;", "").replace("/var/log/nginx", str(folder))
    (folder / "nginx.conf").write_text(whole)
    server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def wait_for(port: int) -> None:
    import socket

    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"nothing listens on {port}")


def measure(port: int, cookie: str, server: Any) -> None:
    from grid.hints import hint

    command = [sys.executable, "-m", "tests.bench.listeners", str(port), "/live/", str(PAGES), "1", cookie]
    began = time.monotonic()
    listeners = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert listeners.stdout
    told = listeners.stdout.readline().split()
    took = time.monotonic() - began
    up, refused = (int(told[1]), int(told[2])) if len(told) > 2 else (0, PAGES)
    ground.say(f"{up:,} of {PAGES:,} pages up through nginx after {took:.1f} s, {refused} refused")
    ground.say(f"daphne then holds {memory_of(server.pid):.0f} MB")
    if os.environ.get("REDIS_URL"):
        start = time.monotonic()
        hint("inbox", "1503")
        heard = listeners.stdout.readline().split()
        if heard:
            ground.say(f"one hint: half heard it after {float(heard[0]) - start:.2f} s, the last after "
                       f"{float(heard[1]) - start:.2f} s")  # fmt: skip
    listeners.kill()


def memory_of(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    main()
