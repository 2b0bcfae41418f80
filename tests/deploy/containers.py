"""The city in containers: built from Debian, started, changed and stopped by the blocks of deploy/containers/README.md.

Where podman is, and asked for: RUN_CONTAINERS=1 or `make deploy-test`. Images, Debian's archives and pip's and npm's own
stay between two runs; containers, volumes and networks go with the run.
"""

import http.client
import json
import os
import re
import resource
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.deploy import guide, notice
from tests.deploy.desk import Desk
from tests.deploy.machine import HOST, ROOT, ToHere
from tests.deploy.traffic import Row, Traffic, printed
from tests.servers import free_port

GUIDE = ROOT / "deploy/containers/README.md"
KEPT = ROOT / "var/containers"
PROJECT = f"gridtest{os.getpid()}"
IMAGES = ("database", "cache", "nginx", "application")
# Debian, made from its archive; its name says what it holds, so that another recipe makes another one.
BASE = "localhost/grid-canvass-test-debian:1"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
HEALTHY = ("database", "cache", "web-1", "web-2", "live", "manage")


def lacking() -> str:
    """Why no containers are started on this machine; "" where they can be."""
    if os.geteuid() != 0:
        return "the guide runs them as root"
    for program in ("podman", "podman-compose", "mmdebstrap"):
        if not shutil.which(program):
            return f"{program} is missing: apt-get install -y podman podman-compose mmdebstrap"
    return ""


class Refused(Exception):
    """The engine is there and runs nothing: its words."""


class City:
    """What tests/deploy/machine.py is for a machine: `line`, `manage`, `ports`."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.root = Path(tempfile.mkdtemp(prefix="grid-containers-"))
        self.keys, self.backups = self.root / "etc", self.root / "backups"
        self.ports = {name: free_port() for name in ("http", "https", "watch")}
        self.environ = {
            "PATH": f"{self.root}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": os.environ.get("HOME", "/root"),
            "LANG": "C.UTF-8",
            "KEYS": str(self.keys),
            "BACKUPS": str(self.backups),
            "HTTP_PORT": str(self.ports["http"]),
            "HTTPS_PORT": str(self.ports["https"]),
            "WATCH_PORT": str(self.ports["watch"]),
            "PROJECT": PROJECT,
            "VERSION": PROJECT,
        }
        self.followed: set[str] = set()
        self.table: list[Row] = []

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        print(f"· {name} …", flush=True)
        began = time.monotonic()
        yield
        self.table.append(Row(name, time.monotonic() - began))

    # --- an engine, and Debian to build from

    def furnish(self) -> None:
        (self.root / "bin").mkdir()
        for folder in ("apt/partial", "debian"):
            (KEPT / folder).mkdir(parents=True, exist_ok=True)
        self._podman("")
        if subprocess.run(["podman", "image", "exists", BASE]).returncode:
            make_debian()
        refusals = []
        for settings in engines():
            self._podman(settings)
            tried = self._try("podman", "run", "--rm", "--network", "none", BASE, "true")
            if tried.returncode == 0:
                return
            refusals.append(tried.stderr.strip().splitlines()[-1])
        raise Refused("podman runs no container here: " + "; ".join(refusals))

    def _podman(self, settings: str) -> None:
        """In front of podman: this machine's limits, its network while images are built, and a Debian that is here."""
        (self.root / "containers.conf").write_text(settings)
        build = f"--network host --volume {KEPT}/apt:/var/cache/apt/archives --build-arg BASE={BASE}"
        # One limit of compose.yaml, and the engine forgets the others of its settings.
        run = " ".join(f"--ulimit {limit}" for limit in re.findall(r'"(n\w+=\d+:\d+)"', settings))
        script = self.root / "bin/podman"
        script.write_text(
            f"#!/bin/bash\nexport CONTAINERS_CONF={self.root}/containers.conf\n"
            f'if [[ $1 == build ]]; then set -- build {build} "${{@:2}}"; fi\n'
            f'if [[ $1 == run ]]; then set -- run {run} "${{@:2}}"; fi\n'
            'exec /usr/bin/podman "$@"\n'
        )
        script.chmod(0o755)

    # --- what one does

    def _try(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, env=self.environ, cwd=ROOT, text=True, capture_output=True, timeout=3600)

    def run(self, *words: str) -> str:
        done = self._try(*words)
        assert done.returncode == 0, (
            f"{words}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}\n{self.logs()}"
        )
        return done.stdout

    def follow(self, name: str) -> str:
        """Runs a block as it stands, but for the names of places and of the project."""
        self.followed.add(name)
        return self.run("bash", "-euo", "pipefail", "-c", self._here(guide.blocks(GUIDE)[name]))

    def _here(self, text: str) -> str:
        for theirs, ours in (
            ("cd /srv/grid/source", f"cd {ROOT}"),
            ("mkdir -p /etc/grid /var/backups/grid", f"mkdir -p {self.keys} {self.backups}"),
            ("-v /etc/grid:", f"-v {self.keys}:"),
            ("/etc/grid/grid.env", f"{self.keys}/grid.env"),
            ("/run/grid-escrow", f"{self.root}/escrow"),
            ("grid.example.gov.cn", HOST),
            ("-p grid ", f"-p {PROJECT} "),
        ):
            text = text.replace(theirs, ours)
        return re.sub(r"\bgrid_(?=[\w-]+_1\b)", f"{PROJECT}_", text)

    def inside(self, service: str, *words: str) -> str:
        return self.run("podman", "exec", f"{PROJECT}_{service}_1", *words)

    def manage(self, *words: str) -> str:
        return self.inside("manage", "grid-manage", *words)

    def line(self) -> http.client.HTTPSConnection:
        trust = ssl.create_default_context(cafile=str(self.keys / "tls/fullchain.pem"))
        return ToHere("127.0.0.1", self.ports["https"], context=trust, timeout=30)

    def readiness(self, unit: str) -> int:
        """What /readyz of a web unit says, through nginx; 0 while nobody answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.ports["watch"], timeout=30)
        try:
            line.request("GET", f"/{unit}/readyz")
            answer = line.getresponse()
            self.told = json.loads(answer.read() or b"{}") if answer.status in (200, 503) else {}
            return answer.status
        except (OSError, http.client.HTTPException, ValueError):
            return 0
        finally:
            line.close()

    def waits_until_ready(self, *units: str, seconds: float = 600) -> None:
        until = time.monotonic() + seconds
        for unit in units:
            while (status := self.readiness(unit)) != 200:
                assert time.monotonic() < until, f"{unit}: {status} after {seconds} s\n{self.logs()}"
                time.sleep(0.5)

    def logs(self) -> str:
        names = self._try(
            "podman", "ps", "-a", "--filter", f"name=^{PROJECT}_", "--format", "{{.Names}} {{.Status}}"
        )
        told = [names.stdout]
        for name in [line.split()[0] for line in names.stdout.splitlines()]:
            last = self._try("podman", "logs", "--tail", "12", name)
            told.append(f"--- {name}\n{(last.stdout + last.stderr)[-1500:]}")
        return "\n".join(told)

    def remove(self) -> None:
        self._try("podman-compose", "-p", PROJECT, "-f", "deploy/compose.yaml", "down", "-v")
        self._try("podman", "rm", "-f", "-t", "0", f"{PROJECT}_tables_1")
        self._try("podman", "network", "rm", "-f", f"{PROJECT}_default")
        for name in (f"localhost/grid-canvass-{image}" for image in IMAGES):
            # The layers stay under the name the next run finds them by.
            self._try("podman", "tag", f"{name}:{PROJECT}", f"{name}:test")
            for tag in (PROJECT, f"{PROJECT}-2"):
                self._try("podman", "untag", f"{name}:{tag}", f"{name}:{tag}")
        shutil.rmtree(self.root, ignore_errors=True)


def engines() -> Iterator[str]:
    """containers.conf, from as it comes to what a machine within a machine may need: limits no higher than its own, and
    the other runtime, which takes both kinds of control groups."""
    yield ""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    limits = f'[containers]\ndefault_ulimits = ["nofile={files}:{files}", "nproc=4096:4096"]\n'
    yield limits
    yield f'{limits}[engine]\nruntime = "runc"\n'


def make_debian() -> None:
    """The base of all images, with the machine's own settings for pip and npm, so that a build asks whom we ask."""
    archive, sources = KEPT / "debian/debian.tar", Path("/etc/apt/sources.list.d/debian.sources")
    command = [
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        "--include=ca-certificates",
        "bookworm",
        str(archive),
    ]
    subprocess.run([*command, *([str(sources)] if sources.exists() else [])], check=True)
    subprocess.run(
        ["podman", "import", "--quiet", str(archive), f"{BASE}-plain"], check=True, capture_output=True
    )
    archive.unlink()
    folder = Path(tempfile.mkdtemp(dir=KEPT))
    lines = [f"FROM {BASE}-plain"]
    for file in (Path("/etc/pip.conf"), Path("/etc/npmrc"), Path.home() / ".npmrc"):
        if file.exists():
            shutil.copy(file, folder / (name := f"{len(lines)}.conf"))
            lines.append(f"COPY {name} {file}")
    # Debian writes its own list anew when a package asks for it.
    if CERTIFICATES.exists():
        shutil.copy(CERTIFICATES, folder / "here.crt")
        lines.append("COPY here.crt /etc/ssl/here.crt")
        lines.append("ENV PIP_CERT=/etc/ssl/here.crt NPM_CONFIG_CAFILE=/etc/ssl/here.crt")
    (folder / "small").write_text('Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n')
    lines.append("COPY small /etc/apt/apt.conf.d/90small")
    (folder / "Containerfile").write_text("\n".join(lines) + "\n")
    subprocess.run(["podman", "build", "--quiet", "-t", BASE, str(folder)], check=True, capture_output=True)
    shutil.rmtree(folder)


# --- the stations ---------------------------------------------------------------------------------


def live_through() -> None:
    """Built, started, signed in, a web killed, changed over, copied, stopped and started again; the seconds of each."""
    city = City()
    try:
        with city.timed("an engine, and Debian"):
            city.furnish()
        with city.timed("four images"):
            city.follow("build")
        starts(city)
        signs_in(city)
        traffic = Traffic(city, "", [])  # type: ignore[arg-type]
        traffic.start()
        try:
            loses_a_web(city, traffic)
            goes_over(city, traffic)
        finally:
            traffic.stop()
        copies(city)
        stops_and_goes_on(city)
        city.table.append(Row("all of it", time.monotonic() - city.began))
        print(f"\n{printed(city.table)}", flush=True)
        failed = {row.name: row.kinds for row in city.table if row.failed}
        assert not failed, failed
        assert city.followed == set(guide.blocks(GUIDE)), "the guide says more than was followed"
    finally:
        city.remove()


def starts(city: City) -> None:
    with city.timed("keys, passwords, certificate"):
        city.follow("keys")
    assert (city.keys / "clock.env").stat().st_mode & 0o077 == 0
    with city.timed("database with roles, tables"):
        city.follow("tables")
    with city.timed("up, until both webs are ready"):
        city.follow("start")
        city.waits_until_ready("web-1", "web-2")
    told = city.follow("look")
    assert "✗" not in told, told
    for service in HEALTHY:
        city.run("podman", "healthcheck", "run", f"{PROJECT}_{service}_1")
    assert city.inside("web-1", "sh", "-c", "touch /srv/grid/current/x 2>&1 || id -un").split()[-1] == "grid"


def signs_in(city: City) -> None:
    with city.timed("first admin, signed in"):
        code = re.search(r"一次性码 (\S+?)（", city.follow("first"))
        assert code
        Desk(city, "wu").comes_in_with(code[1], notice.PASSWORD)  # type: ignore[arg-type]


def loses_a_web(city: City, traffic: Traffic) -> None:
    """kill -9 of its first process, as a crash would; nobody outside sees it."""
    state = ("podman", "inspect", "-f", "{{.State.Pid}}", f"{PROJECT}_web-1_1")
    with traffic.during("kill -9 web-1", city.table):
        killed = int(city.run(*state))
        os.kill(killed, signal.SIGKILL)
        until = time.monotonic() + 60
        while int(city.run(*state)) in (0, killed):
            assert time.monotonic() < until, f"web-1 was not started again\n{city.logs()}"
            time.sleep(0.2)
        city.waits_until_ready("web-1")


def goes_over(city: City, traffic: Traffic) -> None:
    """Other images under another name, though the same program: what is tried is the order, not a version."""
    city.environ["VERSION"] = f"{PROJECT}-2"
    for image in IMAGES:
        names = (f"localhost/grid-canvass-{image}:{tag}" for tag in (PROJECT, f"{PROJECT}-2"))
        city.run("podman", "tag", *names)
    with traffic.during("another version", city.table):
        told = city.follow("upgrade")
    assert told.splitlines() == [
        "· tables", *(f"· {name} runs" for name in ("web-1", "web-2", "live", "work", "clock", "manage")),
    ]  # fmt: skip
    used = city.run("podman", "inspect", "-f", "{{.ImageName}}", f"{PROJECT}_web-1_1")
    assert used.strip().endswith(f":{PROJECT}-2")


def copies(city: City) -> None:
    city.follow("escrow")
    with city.timed("a copy by hand"):
        city.follow("backup")
    (sealed,) = city.backups.glob("*/keys.sealed")
    assert (sealed.parent / "database.dump").exists()
    with city.timed("a missed night made up for"):
        city.inside("manage", "touch", "-d", "2 days ago", "/var/lib/grid-nights/backup")
        until = time.monotonic() + 180
        # Of two copies of one day the newer one stays.
        while not any(copy.parent != sealed.parent for copy in city.backups.glob("[0-9]*/keys.sealed")):
            assert time.monotonic() < until, f"no copy by itself\n{city.logs()}"
            time.sleep(1)
    city.manage("sweep")
    city.manage("verify_files")
    city.manage("check_ledger")


def stops_and_goes_on(city: City) -> None:
    city.follow("close")
    line = city.line()
    line.request("GET", "/accounts/login/", headers={"Host": f"{HOST}:{city.ports['https']}"})
    assert line.getresponse().status == 503
    city.follow("open")
    with city.timed("stopped"):
        city.follow("stop")
    running = city.run("podman", "ps", "-q", "--filter", f"name=^{PROJECT}_")
    assert running == "" and city.readiness("web-1") == 0
    with city.timed("started again, as it was"):
        city.follow("start")
        city.waits_until_ready("web-1", "web-2")
    ask = (
        "from grid.territory.models import Person; print(*Person.objects.values_list('full_name', flat=True))"
    )
    assert "吴霞" in city.manage("shell", "-v", "0", "-c", ask)
