"""A migrated, empty SQLite file, made once for each state of the migrations and then copied.

Migrating takes seconds and a copy takes none, which is what keeps `make fast` fast.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

APPS = ("grid", "tasks", "workflows", "mobile_api", "project")


def _state(root: Path) -> str:
    digest = hashlib.sha256()
    sources = [file for app in APPS for file in sorted((root / app).glob("**/migrations/*.py"))]
    for file in [*sources, root / "requirements.txt", root / "project/settings.py"]:
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def migrated_sqlite(root: Path) -> Path:
    """Path of the migrated file. Safe against several test processes asking at once."""
    folder = root / "var/test"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / f"migrated-{_state(root)}.sqlite3"
    with open(folder / "migrated.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            for old in folder.glob("migrated-*.sqlite3"):
                old.unlink()
            _migrate(root, wanted)
    return wanted


def _migrate(root: Path, wanted: Path) -> None:
    with tempfile.TemporaryDirectory(dir=root / "var/test") as data:
        environ = {**os.environ, "DATA_DIR": data, "DATABASE_URL": "", "DEMO": "1"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=root, env=environ, check=True)
        made = Path(data, "grid.sqlite3")
        # Fold the write-ahead log into the file, because only the file is copied.
        with sqlite3.connect(made) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        made.rename(wanted)
