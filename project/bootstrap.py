"""From a bare clone to something that runs. Standard library only: it starts before anything is installed.

    python3 project/bootstrap.py run      what `make run` needs: packages, phone app, database, demo city
    python3 project/bootstrap.py test     what `make test` needs: also servers, browser and font from Debian
    python3 project/bootstrap.py python   Python packages alone, with those for tests (`make fast`, `make lint`)
    python3 project/bootstrap.py packages packages and the phone app, no data (a real installation)
    python3 project/bootstrap.py story    a fresh demo city beside the one in use
    python3 project/bootstrap.py faces    the free 仿宋, 楷体 and 黑体 from Debian, for official papers
    python3 project/bootstrap.py reset    throws the demo city away

Every step says what it does and how long it took, and is skipped while what it depends on is unchanged.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
VAR = ROOT / "var"
DATA = Path(os.environ.get("DATA_DIR") or VAR).resolve()
# What in var/ is made from the sources and not from anybody's work; `reset` leaves it alone.
MADE = {"phone", "test", "pg", "story", "made", "bench", "serve.lock"}

# What `make test` needs of the system: how to see that it is there, and Debian's package for it.
SYSTEM: tuple[tuple[str, Callable[[], bool]], ...] = (
    (
        "postgresql",
        lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb")),
    ),
    ("redis-server", lambda: bool(shutil.which("redis-server"))),
    ("pgbouncer", lambda: bool(shutil.which("pgbouncer") or Path("/usr/sbin/pgbouncer").exists())),
    ("nginx-light", lambda: Path("/usr/sbin/nginx").exists()),
    ("chromium-headless-shell", lambda: bool(shutil.which("chromium-headless-shell"))),
    ("fonts-noto-cjk", lambda: Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists()),
    ("poppler-utils", lambda: bool(shutil.which("pdftotext"))),
)


def step(name: str, work: Callable[[], None]) -> None:
    print(f"· {name} …", flush=True)
    began = time.monotonic()
    work()
    print(f"  done in {time.monotonic() - began:.1f} s", flush=True)


def fail(text: str) -> None:
    sys.exit(f"\n{text}")


def execute(*command: str | Path, **environ: str) -> None:
    """Runs a command at the root; its own words explain a failure, so ours is one line."""
    # node and npm come with the Python packages and find each other by the path.
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env={**os.environ, "PATH": path, **environ}
    )
    if done.returncode:
        fail(f"stopped: `{' '.join(str(part) for part in command)}` ended with {done.returncode}")


def manage(*arguments: str, **environ: str) -> None:
    execute(PYTHON, "manage.py", *arguments, **environ)


def digest(files: Iterable[Path]) -> str:
    """One hash over names and contents, in a fixed order."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def unless_unchanged(stamp: Path, state: str, name: str, work: Callable[[], None]) -> None:
    """Does `work` unless `stamp` says it was done for this very `state`. Stamped only after success."""
    if stamp.exists() and stamp.read_text() == state:
        return
    step(name, work)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)


# --- Python and node --------------------------------------------------------------------------


def make_venv() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode == 0:
        return
    # Debian keeps `ensurepip` in a package of its own.
    shutil.rmtree(VENV, ignore_errors=True)
    install(["python3-venv"])
    execute(sys.executable, "-m", "venv", VENV)


RUNTIME = ROOT / "requirements.txt"
WITH_TESTS = ROOT / "tests/requirements.txt"
INSTALLED = ROOT / "deploy/requirements.txt"
LOCK = ROOT / "project/python.lock"


def python_packages(wanted: Path = RUNTIME) -> None:
    if not PYTHON.exists():
        step("making a Python environment in .venv", make_venv)
    state = digest({RUNTIME, wanted, LOCK})
    name = f"installing the Python packages of {wanted.relative_to(ROOT)}"
    unless_unchanged(VENV / f"{wanted.parent.name}.sha256", state, name, lambda: pip_install(wanted))


def pip_install(wanted: Path) -> None:
    """Byte for byte what the lock names: a file that was exchanged on its way is refused by pip."""
    hashed = VAR / "made" / f"{wanted.parent.name}-hashed.txt"
    hashed.parent.mkdir(parents=True, exist_ok=True)
    lines = subprocess.run(
        [sys.executable, "-I", ROOT / "project/packages.py", "hashed", wanted.relative_to(ROOT)],
        stdout=subprocess.PIPE,
        text=True,
    )
    if lines.returncode:
        fail("project/python.lock does not name what the requirements pin: make lock")
    hashed.write_text(lines.stdout)
    execute(
        *(PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"),
        *("-r", hashed),
    )


def node_packages() -> None:
    state = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    command = (VENV / "bin/npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    unless_unchanged(
        ROOT / "node_modules/.made.sha256",
        state,
        "installing the packages of the phone app",
        lambda: execute(*command),
    )


def phone_sources() -> list[Path]:
    phone = ROOT / "mobile_api/phone"
    files = [
        file
        for file in phone.rglob("*")
        if file.is_file() and not {"node_modules", "dist"} & set(file.relative_to(phone).parts)
    ]
    return [*files, ROOT / "package.json", ROOT / "package-lock.json"]


def phone_app() -> None:
    built = VAR / "phone/index.html"
    stamp = VAR / "made/phone.sha256"
    if not built.exists():
        stamp.unlink(missing_ok=True)
    build = (VENV / "bin/npm", "run", "--silent", "build", "--", "--logLevel=warn")
    unless_unchanged(stamp, digest(phone_sources()), "building the phone app", lambda: execute(*build))


# --- the system's own packages -----------------------------------------------------------------


def install(packages: list[str]) -> None:
    words = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        fail(f"Missing on this machine: {words}\nAs root: apt-get update && apt-get install -y {words}")
    quiet = ("-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0")
    # One unreachable source must not stop us: whether the packages can be had is what counts.
    subprocess.run(["apt-get", *quiet, "update"], stdout=subprocess.DEVNULL)
    execute(
        "apt-get",
        *quiet,
        "install",
        "-y",
        "--no-install-recommends",
        *packages,
        DEBIAN_FRONTEND="noninteractive",
    )


def system_packages() -> None:
    missing = [package for package, present in SYSTEM if not present()]
    if missing:
        step(f"installing from Debian: {' '.join(missing)}", lambda: install(missing))


# --- faces for official papers -----------------------------------------------------------------

# Fandol, GPL with an exception for fonts, is in this package of every Debian, unchanged since 2015. 49 MB, of which three
# files are kept; nothing is installed. Without them documents are set in the face that comes with the packages.
FACES_FROM = "texlive-lang-chinese"
FACES = {
    "FandolFang-Regular.otf": "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9",
    "FandolHei-Regular.otf": "4afa97aa8751e0118617df88272b58d43691b5cffb7ea024c4580496e9f34d28",
    "FandolKai-Regular.otf": "ea7e7fb4f9b3ac694a68d43946e04d21deed6e8c29a7c2d3081e1a4138f2f827",
}


def faces_once() -> None:
    """Tried once by itself; what a machine cannot have is not asked for at every start."""
    tried = VAR / "made/faces.tried"
    if not tried.exists():
        faces()
        tried.parent.mkdir(parents=True, exist_ok=True)
        tried.touch()


def faces() -> None:
    """Only where apt can; what comes is believed by its hash."""
    folder = VAR / "made/faces"
    if all((folder / name).exists() for name in FACES):
        return
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        print("· no apt here: documents keep the face of the packages", flush=True)
        return
    step("fetching the faces of official papers from Debian", lambda: fetch_faces(folder))


def fetch_faces(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        found = unpacked(Path(made))
        if any(sha256_of(found.get(name)) != wanted for name, wanted in FACES.items()):
            print(
                "  not to be had (apt-get update first?): documents keep the face of the packages", flush=True
            )
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in FACES:
            shutil.copyfile(found[name], folder / name)


def unpacked(made: Path) -> dict[str, Path]:
    """Name → file of the package, where apt reaches it within ten seconds a try."""
    options = ("-q", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10")
    subprocess.run(["apt-get", *options, "download", FACES_FROM], cwd=made, capture_output=True)
    for archive in made.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, made], capture_output=True)
    return {file.name: file for file in made.rglob("Fandol*.otf")}


def sha256_of(file: Path | None) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file else ""


# --- the demo city -----------------------------------------------------------------------------


def demo_city(**environ: str) -> None:
    step("bringing the database up to date", lambda: manage("migrate", "--verbosity=0", **environ))
    if os.environ.get("DEMO", "1") == "1":
        step("filling the demo city (示例数据)", lambda: manage("demo_city", **environ))


def fresh_story() -> None:
    """An empty database: `manage.py story` sets a small stage of its own."""
    shutil.rmtree(VAR / "story", ignore_errors=True)
    own = {"DATA_DIR": str(VAR / "story"), "DATABASE_URL": "", "REDIS_URL": "", "DEMO": "1"}
    step("making an empty database for the story", lambda: manage("migrate", "--verbosity=0", **own))


def reset() -> None:
    if os.environ.get("DEMO", "1") != "1" or os.environ.get("DATABASE_URL", "").startswith("postgres"):
        fail("Only a demo city on SQLite is thrown away by a command.")
    DATA.mkdir(parents=True, exist_ok=True)
    with open(DATA / "serve.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fail(f"{DATA} is being served; stop it first (Ctrl-C where `make run` was started).")
        for entry in DATA.iterdir():
            if entry.name in MADE:
                continue
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    print(f"The demo city in {DATA} is gone; `make run` makes a new one.")


def packages_and_phone(wanted: Path = RUNTIME) -> None:
    python_packages(wanted)
    node_packages()
    phone_app()
    faces_once()


def run() -> None:
    packages_and_phone()
    demo_city()


def test() -> None:
    system_packages()
    packages_and_phone(WITH_TESTS)
    step("the databases that tests begin with", lambda: execute(PYTHON, "-m", "tests.template"))


def story() -> None:
    packages_and_phone()
    fresh_story()


TASKS: dict[str, Callable[[], None]] = {
    "run": run,
    "test": test,
    "python": lambda: python_packages(WITH_TESTS),
    "packages": lambda: packages_and_phone(INSTALLED),
    "story": story,
    "faces": faces,
    "reset": reset,
}


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever starts this may have an older Python)
        fail(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. PYTHON=… names another.")
    if len(sys.argv) != 2 or sys.argv[1] not in TASKS:
        fail(__doc__ or "")
    TASKS[sys.argv[1]]()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
