"""For deploy/compose.yaml: the same keys, passwords, certificate and site, made within an image and kept outside."""

import os
import re
from pathlib import Path

from installer import web
from installer.environment import write_environment
from installer.places import Places, keep, read_lines, remember

# As the containers call each other.
BESIDE = {"DATABASE_HOST": "database", "REDIS_URL": "redis://cache:6379/0"}


def beside() -> dict[str, str]:
    """What is chosen otherwise than on a machine of its own, unless somebody chose already."""
    before = read_lines(Path("/etc/grid/install.env"))
    return {name: value for name, value in BESIDE.items() if not (os.environ.get(name) or before.get(name))}


def prepare_environment(here: Places, release: Path) -> None:
    """The five files of a machine of its own, and the passwords by themselves, for the database."""
    remember(here)
    passwords = write_environment(here, release)
    lines = "".join(f"{role}={word}\n" for role, word in sorted(passwords.items()))
    keep(
        here.etc / "roles.env",
        f"# Role=password, from the DATABASE_URL of each file beside this one.\n{lines}",
    )


def prepare_door(here: Places, release: Path, certificate: str, key: str) -> None:
    web.prepare_certificate(here, certificate, key)
    # Within the container; compose.yaml gives it to this machine alone.
    text = re.sub(r"(?m)^(\s*listen )127\.0\.0\.1:", r"\1", web.site_text(here, release))
    keep(here.etc / "site/grid", text, 0o644)
