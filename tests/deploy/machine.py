"""A machine in a folder: PostgreSQL, Redis and nginx of its own, a clone of this tree, and deploy/install on top.

Everything the installer writes goes under one private root; its units are run by tests/deploy/systemctl. The packages
are those the tests run with, seen through an environment of Debian's own Python, so that the services' users can read
them: installing them anew takes two minutes and says nothing more.
"""

import grp
import http.client
import json
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pg import with_servers
from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy"))
from installer.units import answer_of  # noqa: E402  (as deploy/install finds it)

HOST = "grid.shili.example"
DEBIANS = "/usr/bin/python3"
# Beside pytest, for what the installer calls on the machine.
STAND_IN = ROOT / "tests/deploy/systemctl"
PARTS = (
    "grid-web@1.service", "grid-web@2.service", "grid-live.service", "grid-work.service", "grid-clock.service",
    "redis.service", "postgresql.service",
)  # fmt: skip
NGINX = """user {user} {group};
worker_processes 2;
pid {root}/run/nginx.pid;
error_log {root}/var/log/nginx/error.log;
{modules}
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {root}/tmp/body;
    proxy_temp_path {root}/tmp/proxy;
    fastcgi_temp_path {root}/tmp/fastcgi;
    uwsgi_temp_path {root}/tmp/uwsgi;
    scgi_temp_path {root}/tmp/scgi;
    include {root}/etc/nginx/sites-enabled/*;
}}
"""


@dataclass(frozen=True)
class Users:
    """Users every Debian has: nobody is added to the machine a test runs on."""

    service: str
    clock: str
    backup: str
    group: str
    nginx: str
    nginx_group: str


def users() -> Users:
    if os.geteuid() != 0:
        me, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        return Users(me, me, me, group, me, group)
    return Users("games", "news", "backup", "games", "www-data", "www-data")


class Machine:
    def __init__(self) -> None:
        self.began = time.monotonic()
        # Not under a folder of root's own: the services' users must be able to pass.
        self.root = Path(tempfile.mkdtemp(prefix="grid-machine-"))
        self.root.chmod(0o755)
        self.users = users()
        self.ports = {name: free_port() for name in ("http", "https", "watch", "postgres", "redis")}
        self.upstream = self.root / "upstream"
        self.source = self.root / "srv/grid/source"
        self.choices = {
            "ROOT": str(self.root),
            "HOST": HOST,
            "HTTP_PORT": str(self.ports["http"]),
            "HTTPS_PORT": str(self.ports["https"]),
            "WATCH_PORT": str(self.ports["watch"]),
            "GRID_USER": self.users.service,
            "GRID_CLOCK_USER": self.users.clock,
            "GRID_BACKUP_USER": self.users.backup,
            "GRID_GROUP": self.users.group,
            "NGINX_GROUP": self.users.nginx_group,
            "DATABASE_PORT": str(self.ports["postgres"]),
            "REDIS_URL": f"redis://127.0.0.1:{self.ports['redis']}/0",
            "SUPERUSER_SQL": f"psql -h 127.0.0.1 -p {self.ports['postgres']} -U grid",
            "SYSTEMCTL": str(STAND_IN),
            "NGINX": f"nginx -c {self.root}/etc/nginx/nginx.conf",
            "BUILD": str(self.root / "bin/build"),
        }
        path = f"{self.root}/bin:{self.root}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        self.environ = {"PATH": path, "HOME": str(self.root), "LANG": "C.UTF-8", **self.choices}
        if os.geteuid() != 0:
            self.environ["GRID_NOT_ROOT"] = "1"

    # --- what a machine has before we come

    def furnish(self) -> None:
        for folder in ("bin", "tmp", "run", "var/log/nginx", "etc/nginx/sites-enabled", "etc/systemd/system"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        self._postgres()
        self._redis()
        self._nginx()
        self._build_script()
        self._commands()
        self._upstream()
        self.systemctl("start", "postgresql", "redis")
        self._wait_for_postgres()

    def _unit(self, name: str, start: str, user: str = "", more: str = "") -> None:
        who = f"User={user}\n" if user else ""
        text = f"[Service]\n{who}ExecStart={start}\nRestart=always\nRestartSec=0.5\nLimitNOFILE=4096\n{more}"
        (self.root / f"etc/systemd/system/{name}").write_text(text)

    def _postgres(self) -> None:
        user = with_servers.unprivileged()
        folder = self.root / "postgres"
        folder.mkdir()
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        with_servers.initialise(folder, user)
        # The passwords the installer makes are really asked for; only the superuser comes in without.
        trusted = "host all grid 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (folder / "data/pg_hba.conf").write_text(trusted)
        command = [with_servers.program("postgres"), "-D", str(folder / "data"), "-h", "127.0.0.1"]
        command += ["-p", str(self.ports["postgres"]), "-c", "unix_socket_directories="]
        # Processes are killed here, not the machine: what was written is with the kernel all the same.
        command += ["-c", "fsync=off"]
        # SIGINT is its fast shutdown.
        self._unit(
            "postgresql.service",
            " ".join(command),
            user.pw_name if user else "",
            "KillSignal=SIGINT\nKillMode=mixed\n",
        )

    def _redis(self) -> None:
        command = f"{with_servers.program('redis-server')} --port {self.ports['redis']} --bind 127.0.0.1 --save '' --dir /"
        self._unit("redis.service", command, self.users.service)

    def _nginx(self) -> None:
        modules = "".join(
            f"include {file};\n" for file in sorted(Path("/etc/nginx/modules-enabled").glob("*.conf"))
        )
        text = NGINX.format(
            root=self.root, user=self.users.nginx, group=self.users.nginx_group, modules=modules
        )
        if os.geteuid() != 0:
            text = text.split("\n", 1)[1]
        (self.root / "etc/nginx/nginx.conf").write_text(text)
        command = f"/usr/sbin/nginx -c {self.root}/etc/nginx/nginx.conf"
        reload = f"ExecReload={command} -s reload\n"
        self._unit(
            "nginx.service",
            f"{command} -g 'daemon off;'",
            "",
            reload + "KillSignal=SIGQUIT\nKillMode=mixed\n",
        )

    def _build_script(self) -> None:
        """In the place of `make packages`: the packages that are here, and the phone app that was built."""
        packages = sysconfig.get_paths()["purelib"]
        phone = ROOT / "var/phone"
        lines = [
            "#!/bin/bash",
            "set -euo pipefail",
            f"{DEBIANS} -m venv --without-pip .venv",
            f"echo {packages} > .venv/lib/python3.11/site-packages/here.pth",
            f"for name in gunicorn daphne; do sed '1s,.*,#!'$PWD'/.venv/bin/python,' {sys.prefix}/bin/$name"
            " > .venv/bin/$name; chmod 755 .venv/bin/$name; done",
            # The typefaces of documents come with the packages of the phone app.
            f"ln -s {ROOT / 'node_modules'} node_modules",
            f"mkdir -p var && cp -r {phone} var/phone" if phone.exists() else "mkdir -p var/phone",
        ]
        script = self.root / "bin/build"
        script.write_text("\n".join(lines) + "\n")
        script.chmod(0o755)

    def _commands(self) -> None:
        """What the guide calls by name: systemd's stand-in, an apt-get that finds all installed, and PostgreSQL's
        superuser, who has another name here."""
        (self.root / "bin/systemctl").symlink_to(STAND_IN)
        become = f'#!/bin/bash\nexec {self.choices["SUPERUSER_SQL"]} "${{@:5}}"\n'
        for name, text in (("apt-get", "#!/bin/bash\nexit 0\n"), ("runuser", become)):
            (self.root / "bin" / name).write_text(text)
            (self.root / "bin" / name).chmod(0o755)

    def _upstream(self) -> None:
        """The tree as it stands here, with what is not committed yet, as the repository that is cloned."""
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
            "\0"
        )
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (self.upstream / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.upstream / name)
        self.git("init", "-q", "-b", "main")
        self.commit("v1.0")

    def commit(self, tag: str) -> None:
        self.git("add", "-A")
        self.git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-q", "-m", tag)
        self.git("tag", tag)

    def git(self, *words: str) -> None:
        subprocess.run(["git", "-C", str(self.upstream), *words], check=True, env=self.environ)

    def _wait_for_postgres(self) -> None:
        ask = [with_servers.program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.ports["postgres"])]
        until = time.monotonic() + 60
        while subprocess.run(ask).returncode:
            assert time.monotonic() < until, "PostgreSQL did not come up"
            time.sleep(0.1)

    # --- what one does on it

    def systemctl(self, *words: str) -> None:
        subprocess.run([str(STAND_IN), *words], env=self.environ, check=True)

    def run(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        given: dict[str, Any] = {"env": self.environ, "cwd": self.root} | more
        done = subprocess.run([*words], text=True, capture_output=True, **given)
        assert done.returncode == 0, (
            f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}\n{self.logs()}"
        )
        return done

    def manage(self, *words: str, **more: Any) -> str:
        return self.run(str(self.root / "usr/local/sbin/grid-manage"), *words, **more).stdout

    def main_process(self, unit: str) -> int:
        return int((self.root / f"run/units/{unit}.main").read_text())

    def kill(self, unit: str) -> None:
        """kill -9 of a unit's main process, as a crash would; until its supervisor has started it again."""
        killed = self.main_process(unit)
        os.kill(killed, signal.SIGKILL)
        until = time.monotonic() + 60
        while self.main_process(unit) == killed:
            assert time.monotonic() < until, f"{unit} was not started again\n{self.logs()}"
            time.sleep(0.05)

    def release(self) -> str:
        return (self.root / "srv/grid/current").resolve().name

    def wait_until_whole(self, seconds: float = 90) -> None:
        """Until every part runs as a process of its own and the pages answer from the database."""
        until = time.monotonic() + seconds
        while not (all(map(self._runs, PARTS)) and self._answers()):
            assert time.monotonic() < until, f"not whole again after {seconds} s\n{self.logs()}"
            time.sleep(0.2)

    def _runs(self, unit: str) -> bool:
        """A web unit runs when it answers at its own socket, whatever the other one does."""
        if "web" in unit:
            number = unit.split("@")[1][0]
            return answer_of(self.root / f"run/grid/web-{number}.sock", HOST) == 200
        return Path(f"/proc/{self.main_process(unit)}").exists()

    def _answers(self) -> bool:
        line = self.line()
        try:
            line.request("GET", "/public/listings/", headers={"Host": f"{HOST}:{self.ports['https']}"})
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def logs(self) -> str:
        files = [*(self.root / "run/units").glob("*.log"), *(self.root / "var/log/nginx").glob("error.log")]
        return "\n".join(f"--- {file.name}\n{file.read_text()[-1500:]}" for file in files)

    def line(self) -> http.client.HTTPSConnection:
        """Through nginx, by the certificate the installer made."""
        trust = ssl.create_default_context(cafile=str(self.root / "etc/grid/tls/fullchain.pem"))
        return ToHere("127.0.0.1", self.ports["https"], context=trust, timeout=30)

    def sql(self, query: str, database: str = "grid") -> Any:
        command = [
            "psql",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.ports["postgres"]),
            "-U",
            "grid",
            "-d",
            database,
            "-At",
        ]
        asked = f"SELECT coalesce(json_agg(q), '[]') FROM ({query}) q"
        done = subprocess.run(
            [*command, "-c", asked], capture_output=True, text=True, check=True, env=self.environ
        )
        return json.loads(done.stdout)

    def remove(self) -> None:
        """Ours without ceremony: nobody waits for their answers any more. PostgreSQL last and properly, for what it
        shares with the kernel outlives it."""
        state = self.root / "run/units"
        names = [file.name.removesuffix(".pid") for file in state.glob("*.pid")]
        ours = [name for name in names if name.startswith("grid-")]
        for name in ours:
            for number, kill in (((state / f"{name}.pid"), os.kill), ((state / f"{name}.main"), os.killpg)):
                with suppress(ProcessLookupError, ValueError, FileNotFoundError):
                    kill(int(number.read_text()), signal.SIGKILL)
        for name in sorted(set(names) - set(ours), key=lambda name: name.startswith("postgresql")):
            self.systemctl("stop", name)
        shutil.rmtree(self.root, ignore_errors=True)


class ToHere(http.client.HTTPSConnection):
    """Connects to this machine and asks for the city's name."""

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=HOST)  # type: ignore[attr-defined]
