"""A private PostgreSQL and Redis for the length of one command.

    python tests/pg/with_servers.py [--durable] -- pytest tests …

Both listen on free ports of 127.0.0.1 only and live in a fresh folder that is removed at the end. The command
finds them in DATABASE_URL and REDIS_URL; its exit code is ours. Nothing is printed after the command has ended.
PostgreSQL refuses to run as root, so as root both servers run as the system's user `postgres`, else `nobody`.
By default nothing is synced to disk (tests); `--durable` keeps fsync on (benchmarks).
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
ALWAYS = ["max_connections=300", "shared_buffers=256MB", "unix_socket_directories=", "log_min_messages=fatal"]

# Where a container has memory for files, and how much of it must be free (bytes).
MEMORY, ROOM = Path("/dev/shm"), 4 << 30


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    """Newest PostgreSQL program in Debian's versioned folders, else whatever the path offers."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if not found:
        sys.exit(
            f"{name} is missing: `make test` installs it as root, or: apt-get install postgresql redis-server"
        )
    return found


def unprivileged() -> pwd.struct_passwd | None:
    """Whom to run as: nobody else unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("no user `postgres` or `nobody` to run the servers as")


def become(user: pwd.struct_passwd | None) -> Callable[[], None]:
    def change() -> None:
        # Ctrl-C is for the command; the servers are stopped by us afterwards.
        os.setpgrp()
        if user:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)

    return change


def reachable(folder: Path, user: pwd.struct_passwd) -> bool:
    test = subprocess.run(["test", "-x", str(folder)], preexec_fn=become(user))
    return test.returncode == 0


def in_memory_or(folder: Path) -> Path:
    """For what need not last, memory where there is room. A hundred tests copy a database of seven hundred files each,
    which takes a disk a second and memory a twentieth of it."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else folder


def fresh_folder(user: pwd.struct_passwd | None, durable: bool = False) -> Path:
    """In memory; on disk under var/, or in the system's temporary folder when the other user may not pass through our
    parents."""
    wanted = ROOT / "var/pg"
    parent = wanted if durable else in_memory_or(wanted)
    parent.mkdir(parents=True, exist_ok=True)
    if user is not None and not reachable(parent, user):
        parent = Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="grid-", dir=parent))
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def start(command: list[str], folder: Path, user: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    with open(folder / f"{Path(command[0]).name}.log", "wb") as log:
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, preexec_fn=become(user))


def initialise(folder: Path, user: pwd.struct_passwd | None) -> None:
    command = [program("initdb"), "-D", str(folder / "data"), "-U", "grid", "-A", "trust", "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(command, cwd=folder, preexec_fn=become(user), capture_output=True, text=True)
    if made.returncode:
        sys.exit(made.stderr)


def start_postgres(
    folder: Path, user: pwd.struct_passwd | None, durable: bool
) -> tuple[subprocess.Popen[bytes], int]:
    initialise(folder, user)
    port = free_port()
    options = ALWAYS + ([] if durable else FAST)
    command = [program("postgres"), "-D", str(folder / "data"), "-h", "127.0.0.1", "-p", str(port)]
    for option in options:
        command += ["-c", option]
    return start(command, folder, user), port


def start_redis(folder: Path, user: pwd.struct_passwd | None) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    return start([*command, "--save", "", "--appendonly", "no"], folder, user), port


def wait_for(server: subprocess.Popen[bytes], question: list[str]) -> None:
    """Until `question` succeeds: an open port alone may belong to a server that is still starting."""
    deadline = time.monotonic() + 60
    while subprocess.run(question, capture_output=True).returncode:
        if server.poll() is not None:
            sys.exit(f"{server.args!r} ended with {server.returncode} before it answered")
        if time.monotonic() > deadline:
            sys.exit(f"{question[0]} had no answer within 60 s")
        time.sleep(0.05)


def stop(servers: list[subprocess.Popen[bytes]]) -> None:
    for server in servers:
        if server.poll() is None:
            # SIGINT is PostgreSQL's fast shutdown; Redis takes it for a plain stop.
            server.send_signal(signal.SIGINT)
    for server in servers:
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()


def run(command: list[str], durable: bool) -> int:
    began = time.monotonic()
    user = unprivileged()
    folder = fresh_folder(user, durable)
    servers: list[subprocess.Popen[bytes]] = []
    try:
        postgres, pg_port = start_postgres(folder, user, durable)
        servers.append(postgres)
        redis, redis_port = start_redis(folder, user)
        servers.append(redis)
        wait_for(postgres, [program("pg_isready"), "-h", "127.0.0.1", "-p", str(pg_port)])
        wait_for(redis, [program("redis-cli"), "-p", str(redis_port), "ping"])
        say(f"PostgreSQL on port {pg_port}, Redis on port {redis_port} ({time.monotonic() - began:.1f} s)")
        environ = {
            **os.environ,
            "DATABASE_URL": f"postgresql://grid@127.0.0.1:{pg_port}/postgres",
            "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        }
        return subprocess.call(command, env=environ)
    except KeyboardInterrupt:
        return 130
    finally:
        stop(servers)
        shutil.rmtree(folder, ignore_errors=True)


def terminated(*_: object) -> None:
    sys.exit(143)


def main() -> int:
    arguments = sys.argv[1:]
    durable = "--durable" in arguments[: arguments.index("--")] if "--" in arguments else False
    command = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    if not command:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, terminated)
    return run(command, durable)


if __name__ == "__main__":
    sys.exit(main())
