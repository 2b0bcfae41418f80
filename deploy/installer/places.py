"""Where an installation lives: folders, ports, users and commands.

Every file in deploy/ is written for a machine of its own (/srv/grid, /etc/grid, /var/lib/grid, ports 80 and 443, users
`grid`, `grid-clock` and `grid-backup`). Elsewhere `Places.placed` puts the prefix in front and the other names in their
place, so that what is tried under a private root is the very text a city runs. What was chosen is kept in install.env,
and every later run finds it there.
"""

import os
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

HOST = "grid.example.gov.cn"
CHOICES = {
    "ROOT": "/",
    "HOST": "",
    "HTTP_PORT": "80",
    "HTTPS_PORT": "443",
    # Where nginx answers whoever watches the machine, on it.
    "WATCH_PORT": "8001",
    "GRID_USER": "grid",
    "GRID_CLOCK_USER": "grid-clock",
    "GRID_BACKUP_USER": "grid-backup",
    "GRID_GROUP": "grid",
    "NGINX_GROUP": "www-data",
    # As whom the database is made; it must not ask for a password.
    "SUPERUSER_SQL": "runuser -u postgres -- psql",
    "DATABASE_HOST": "127.0.0.1",
    "DATABASE_PORT": "5432",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "CITY": "",
    # What makes a release ready to run, in its folder. Debian's own Python: root's may be one nobody else can read.
    "BUILD": "make packages PYTHON=/usr/bin/python3",
    "SYSTEMCTL": "systemctl",
    "NGINX": "nginx",
    "RELEASES_KEPT": "3",
}


def fail(text: str) -> None:
    sys.exit(f"\n{text}")


@dataclass(frozen=True)
class Places:
    chosen: dict[str, str]

    def __getattr__(self, name: str) -> str:
        try:
            return self.chosen[name.upper()]
        except KeyError:
            raise AttributeError(name) from None

    def at(self, path: str) -> Path:
        """A path of a machine of its own, under the root: at("/etc/grid")."""
        return Path(self.root, path.lstrip("/"))

    @property
    def home(self) -> Path:
        return self.at("/srv/grid")

    @property
    def current(self) -> Path:
        return self.home / "current"

    @property
    def etc(self) -> Path:
        return self.at("/etc/grid")

    @property
    def data(self) -> Path:
        return self.at("/var/lib/grid")

    @property
    def run(self) -> Path:
        return self.at("/run/grid")

    @property
    def origin(self) -> str:
        port = "" if self.https_port == "443" else f":{self.https_port}"
        return f"https://{self.host}{port}"

    def command(self, name: str) -> list[str]:
        return shlex.split(self.chosen[name])

    def placed(self, text: str) -> str:
        """A file of deploy/ for this installation."""
        if self.root != "/":
            folders = r"(?<![\w.])/(?=(srv/grid|etc/grid|var/lib/grid|run/grid|var/log/nginx|var/backups)\b)"
            text = re.sub(folders, f"{self.root.rstrip('/')}/", text)
        text = text.replace(f"https://{HOST}", self.origin).replace(HOST, self.host)
        text = re.sub(r"^(\s*listen\s+(?:\[::\]:)?)80\b", rf"\g<1>{self.http_port}", text, flags=re.M)
        text = re.sub(r"^(\s*listen\s+(?:\[::\]:)?)443\b", rf"\g<1>{self.https_port}", text, flags=re.M)
        text = text.replace("127.0.0.1:8001", f"127.0.0.1:{self.watch_port}")
        text = re.sub(r"^User=grid-clock$", f"User={self.grid_clock_user}", text, flags=re.M)
        text = re.sub(r"^User=grid-backup$", f"User={self.grid_backup_user}", text, flags=re.M)
        text = re.sub(r"^User=grid$", f"User={self.grid_user}", text, flags=re.M)
        text = re.sub(r"^Group=grid$", f"Group={self.grid_group}", text, flags=re.M)
        owners = f"{self.grid_user} {self.nginx_group}"
        return re.sub(r"^(d /\S*run/grid \d+) grid www-data", rf"\1 {owners}", text, flags=re.M)


def places(given: dict[str, str]) -> Places:
    """What is given now, else in the environment, else was chosen before, else the default."""
    root = given.get("ROOT") or os.environ.get("ROOT") or "/"
    root = str(Path(root).resolve())
    before = read_lines(Path(root, "etc/grid/install.env"))
    chosen = {
        name: given.get(name) or os.environ.get(name) or before.get(name) or default
        for name, default in CHOICES.items()
    }
    return Places({**chosen, "ROOT": root})


def remember(here: Places) -> None:
    lines = "".join(f"{name}={value}\n" for name, value in here.chosen.items())
    keep(here.etc / "install.env", f"# What deploy/install was told; a later run finds it here.\n{lines}")


def read_lines(path: Path) -> dict[str, str]:
    """The variables of an environment file, as systemd reads ours: NAME=VALUE, nothing quoted."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def keep(path: Path, text: str, mode: int = 0o600) -> bool:
    """Writes a file whole or not at all; whether it changed."""
    if path.exists() and path.read_text() == text:
        path.chmod(mode)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    # Nobody reads it between its making and its mode.
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    new.chmod(mode)
    new.replace(path)
    return True
