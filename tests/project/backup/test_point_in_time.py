"""The database to a second: a real server, its archived log, and the scripts of deploy/backup. Without our tables."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.patience import PATIENCE, until
from tests.pg import with_servers as servers
from tests.small_disk import small_disk

SCRIPTS = Path(__file__).resolve().parent.parent.parent.parent / "deploy/backup"


class Cluster:
    """Servers of one test, in a folder their user may read, with the scripts beside them."""

    def __init__(self) -> None:
        self.user = servers.unprivileged()
        self.folder = servers.fresh_folder(self.user)
        self.running: list[subprocess.Popen[bytes]] = []
        for name in ("archive-wal", "base-backup", "restore-to-time"):
            shutil.copy(SCRIPTS / name, self.folder / name)
        self.as_user("mkdir wal base")

    def as_user(self, line: str, **environ: str) -> None:
        binaries = str(Path(servers.program("initdb")).parent)
        subprocess.run(
            ["sh", "-ec", line], cwd=self.folder, check=True, preexec_fn=servers.become(self.user),
            env={**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", **environ},
        )  # fmt: skip

    def start(self, data: str, *options: str) -> int:
        port = servers.free_port()
        command = [
            servers.program("postgres"),
            "-D",
            str(self.folder / data),
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
        ]
        for option in (*servers.ALWAYS, *servers.FAST, *options):
            command += ["-c", option]
        self.running.append(servers.start(command, self.folder, self.user))
        servers.wait_for(
            self.running[-1], [servers.program("pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
        )
        return port

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(PATIENCE)


@pytest.fixture
def cluster(must_have: Callable[[str], str]) -> Iterator[Cluster]:
    must_have("pg_basebackup")
    made = Cluster()
    yield made
    made.stop()
    shutil.rmtree(made.folder, ignore_errors=True)


def ask(port: int, *queries: str) -> list[Any]:
    with closing(psycopg.connect(f"postgresql://grid@127.0.0.1:{port}/postgres", autocommit=True)) as server:
        answers = [server.execute(query) for query in queries]  # type: ignore[call-overload]
        return [answer.fetchall() if answer.description else [] for answer in answers]


def test_back_to_the_second_before_a_mistake(cluster: Cluster) -> None:
    servers.initialise(cluster.folder, cluster.user)
    archive = f'sh {cluster.folder}/archive-wal "%p" "%f" {cluster.folder}/wal'
    port = cluster.start("data", "archive_mode=on", f"archive_command={archive}", "wal_level=replica")
    ask(port, "CREATE TABLE t (what text)", "INSERT INTO t VALUES ('before the base')")
    base = "sh base-backup base wal 1"
    where = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "grid"}
    cluster.as_user(base, **where)
    time.sleep(1.1)  # a name is a second
    cluster.as_user(base, **where)
    (kept,) = (cluster.folder / "base").iterdir()
    _in, ((moment,),) = ask(port, "INSERT INTO t VALUES ('kept')", "SELECT clock_timestamp()::text")
    _mistake, ((last,),) = ask(port, "DELETE FROM t", "SELECT pg_walfile_name(pg_switch_wal())")
    until(lambda: (cluster.folder / f"wal/{last}.gz").exists())
    # What the one base backup left does not need is gone from the archive.
    assert (
        min(piece.name for piece in (cluster.folder / "wal").glob("*[0-9A-F].gz"))
        == "000000010000000000000003.gz"
    )
    cluster.stop()

    cluster.as_user(f"sh restore-to-time base/{kept.name} {cluster.folder}/wal restored '{moment}'")
    port = cluster.start("restored")
    until(lambda: ask(port, "SELECT pg_is_in_recovery()") == [[(False,)]])
    assert ask(port, "SELECT what FROM t ORDER BY what") == [[("before the base",), ("kept",)]]


def archived(piece: Path, folder: Path) -> int:
    return subprocess.run(
        ["sh", SCRIPTS / "archive-wal", piece, piece.name, folder], capture_output=True
    ).returncode


def test_the_archive_promises_only_what_is_there(tmp_path: Path) -> None:
    piece, folder = tmp_path / "000000010000000000000001", tmp_path / "wal"
    piece.write_bytes(os.urandom(50_000))
    assert archived(piece, folder) != 0
    folder.mkdir()
    assert archived(piece, folder) == 0 == archived(piece, folder)
    piece.write_bytes(b"another server's")
    assert archived(piece, folder) != 0
    assert [path.name for path in folder.iterdir()] == [f"{piece.name}.gz"]


def test_a_full_archive_promises_nothing_and_keeps_no_half(tmp_path: Path) -> None:
    piece = tmp_path / "000000010000000000000002"
    piece.write_bytes(os.urandom(200_000))
    with small_disk(tmp_path / "wal", 64) as folder:
        assert archived(piece, folder) != 0 and list(folder.iterdir()) == []
