"""The environment files: every secret made once and never again, every new variable added where it is missing."""

import os
import re
import secrets
import subprocess
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from installer.places import Places, keep, read_lines

# File of /etc/grid → its example in a release.
FILES = {
    "grid": "deploy/grid.env.example",
    "service": "deploy/service.env.example",
    "clock": "deploy/clock.env.example",
    "owner": "deploy/owner.env.example",
    "backup": "deploy/backup/backup.env.example",
}
ROLES = {
    "service": "grid_service", "clock": "grid_clock", "owner": "grid_owner", "backup": "grid_backup",
}  # fmt: skip


def write_environment(here: Places, release: Path) -> dict[str, str]:
    """Makes or completes /etc/grid/*.env; the passwords of the roles, for the database."""
    here.etc.mkdir(parents=True, exist_ok=True)
    # The files in it are root's alone; the services pass to the certificates in tls/.
    here.etc.chmod(0o711)
    made = _made_once(here, release)
    for name, example_file in FILES.items():
        example = here.placed((release / example_file).read_text())
        file = here.etc / f"{name}.env"
        text = completed(file.read_text(), example) if file.exists() else filled(example, made[name])
        keep(file, text)
    return passwords(here)


def _made_once(here: Places, release: Path) -> dict[str, dict[str, str]]:
    pair = [] if (here.etc / "clock.env").exists() else _new_ledger_key(release)
    signing = dict(line.split("=", 1) for line in pair)
    grid = {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "CODES_KEY": secrets.token_urlsafe(60),
        "PRIVACY_KEY": secrets.token_hex(32),
        "BLIND_INDEX_KEY": secrets.token_hex(32),
        "LEDGER_PUBLIC_KEY": signing.get("LEDGER_PUBLIC_KEY", ""),
        "ALLOWED_HOSTS": here.host,
        "ORIGIN": here.origin,
        "REDIS_URL": here.redis_url,
        "DATA_DIR": str(here.data),
        "STATIC_ROOT": str(here.current / "static"),
        **({"CITY": here.city} if here.city else {}),
    }
    urls = {name: {"DATABASE_URL": _url(here, role)} for name, role in ROLES.items()}
    urls["clock"]["LEDGER_KEY"] = signing.get("LEDGER_KEY", "")
    return {"grid": grid, **urls}


def _new_ledger_key(release: Path) -> list[str]:
    command = [str(release / ".venv/bin/python"), "-m", "grid.ledger.newkey"]
    environ = {"PATH": os.environ["PATH"]}
    made = subprocess.run(command, cwd=release, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    return made.stdout.split()


def _url(here: Places, role: str) -> str:
    password = quote(secrets.token_urlsafe(30), safe="")
    return f"postgresql://{role}:{password}@{here.database_host}:{here.database_port}/grid"


def passwords(here: Places) -> dict[str, str]:
    """Role → password, as the files hold them: whoever changed one there is believed."""
    found = {}
    for name, role in ROLES.items():
        url = urlsplit(read_lines(here.etc / f"{name}.env").get("DATABASE_URL", ""))
        found[role] = unquote(url.password or "")
    return found


def filled(example: str, values: dict[str, str]) -> str:
    """
    >>> filled("# why\\nA=\\nB=2\\n", {"A": "1"})
    '# why\\nA=1\\nB=2\\n'
    """
    return re.sub(
        r"^(\w+)=(.*)$", lambda line: f"{line[1]}={values.get(line[1], line[2])}", example, flags=re.M
    )


def completed(text: str, example: str) -> str:
    """What stands stays as it is; variables only the example knows are added at the end, as it has them.

    >>> completed("A=mine\\n", "A=\\nB=2\\n")
    'A=mine\\n\\n# Added by an upgrade; deploy/README.md says what each does.\\nB=2\\n'
    """
    have = set(re.findall(r"^#?\s?(\w+)=", text, flags=re.M))
    new = [
        line for line in example.splitlines() if (name := re.match(r"(\w+)=", line)) and name[1] not in have
    ]
    if not new:
        return text
    return (
        text.rstrip("\n")
        + "\n\n# Added by an upgrade; deploy/README.md says what each does.\n"
        + "\n".join(new)
        + "\n"
    )
