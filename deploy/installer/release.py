"""Releases beside each other: /srv/grid/releases/NAME, and `current` and `previous` that point at two of them."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from installer.places import Places, fail


def newest(source: Path) -> str:
    """How the checked-out version of the source is called: its tag, else the short hash of its commit."""
    done = subprocess.run(
        ["git", "-C", str(source), "describe", "--tags", "--always"], capture_output=True, text=True
    )
    if done.returncode:
        fail(f"{source} is no git clone: {done.stderr.strip()}")
    return done.stdout.strip()


def build(here: Places, source: Path, tag: str) -> Path:
    """The tree of a tag with its packages, its phone app and its static files. What is there already stays."""
    if not re.fullmatch(r"[\w][\w.+-]*", tag):
        fail(f"{tag!r} cannot be the name of a release")
    release = here.home / "releases" / tag
    if (release / ".built").exists():
        return release
    # A half-built one is begun again.
    shutil.rmtree(release, ignore_errors=True)
    release.mkdir(parents=True)
    _unpack(source, tag, release)
    _execute(here.command("BUILD"), release)
    # The services cannot write here, so nothing they load is compiled anew at each start.
    folders = ("grid", "tasks", "workflows", "mobile_api", "project", "manage.py")
    _execute([".venv/bin/python", "-m", "compileall", "-q", "-j", "2", *folders], release)
    with tempfile.TemporaryDirectory() as data:
        nothing = {"DEMO": "1", "DATA_DIR": data, "STATIC_ROOT": str(release / "static")}
        collect = [".venv/bin/python", "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        _execute(collect, release, **nothing)
    (release / ".built").touch()
    return release


def _unpack(source: Path, tag: str, release: Path) -> None:
    packed = subprocess.Popen(["git", "-C", str(source), "archive", tag], stdout=subprocess.PIPE)
    unpacked = subprocess.run(["tar", "-x", "-C", str(release)], stdin=packed.stdout)
    if packed.wait() or unpacked.returncode:
        fail(f"{source} has no {tag}: git -C {source} fetch --tags")


def _execute(command: list[str], folder: Path, **environ: str) -> None:
    # Nothing of root's own settings decides what a release becomes.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    pip = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "NPM_CONFIG_"))}
    done = subprocess.run(command, cwd=folder, env={**kept, **proxies, **pip, **environ}, umask=0o022)
    if done.returncode:
        fail(f"stopped: `{' '.join(command)}` in {folder} ended with {done.returncode}")


def running(here: Places) -> Path | None:
    return here.current.resolve() if here.current.exists() else None


def previous(here: Places) -> Path:
    link = here.home / "previous"
    if not link.exists():
        fail("there is no release before this one")
    return link.resolve()


def switch(here: Places, release: Path) -> None:
    """`current` points at `release` from one instant to the next; what ran before is `previous`."""
    before = running(here)
    if before and before != release:
        _point(here.home / "previous", before)
    _point(here.current, release)


def _point(link: Path, target: Path) -> None:
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(Path("releases", target.name))
    new.replace(link)


def prune(here: Places) -> list[str]:
    """Takes the oldest releases away, never one of the two that are pointed at."""
    pointed = {running(here), (here.home / "previous").resolve()}
    built = sorted((here.home / "releases").iterdir(), key=lambda folder: folder.stat().st_mtime)
    spare = [folder for folder in built if folder not in pointed]
    gone = spare[: max(0, len(built) - int(here.releases_kept))]
    for folder in gone:
        shutil.rmtree(folder)
    return [folder.name for folder in gone]
