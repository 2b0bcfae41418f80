"""`make deploy-test`: a city installs it, changes its version both ways under traffic, and loses nothing to kills.

    python -m tests.deploy            all of it, with the table
    python -m tests.deploy --keep     and leaves the machine running, saying where
    python -m tests.deploy --containers                 containers.py alone

tests/deploy/test_walk.py walks the short form in `make test`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.deploy import door, ground, guide, notice
from tests.deploy.machine import PARTS, Machine
from tests.deploy.traffic import Row, Traffic, printed
from tests.deploy.versions import add_a_column

# In the short form: one of two, and what works by itself.
SHORT_KILLS = ("grid-web@1.service", "grid-work.service")
# Left to the long form: the suite has the law that lets the version before go on (tests/contract/test_migration_law.py)
# and the drill (tests/project/backup) by themselves.
LONG_ALONE = {"rollback", "verify", "drill"}


class Walk:
    def __init__(self, short: bool) -> None:
        self.machine, self.short = Machine(), short
        self.table: list[Row] = []
        self.followed: set[str] = set()

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.table.append(Row(name, time.monotonic() - began))

    def follow(self, name: str) -> str:
        self.followed.add(name)
        return guide.follow(self.machine, name)

    # --- the stations

    def installs(self) -> None:
        with self.timed("a machine with Debian's packages"):
            self.machine.furnish()
        with self.timed("installed, by the guide"):
            self.follow("clone")
            self.follow("install")
            self.follow("escrow")

    def looks(self) -> None:
        """What the guide says one sees, and what stands at the door."""
        with self.timed("looked at: units, ledger, door"):
            assert self.follow("look").split()[-5:] == ["active"] * 5
            door.is_closed_to_strangers(self.machine)
            self.follow("close")
            door.says_that_it_is_closed(self.machine)
            self.follow("open")
            door.keeps_its_logs(self.machine)

    def first_notice(self) -> None:
        with self.timed("first admin to first notice"):
            notice.from_admin_to_notice(self.machine)

    def traffic(self, doors: int) -> Traffic:
        told = ground.phone_with_doors(self.machine, doors)
        return Traffic(self.machine, told["token"], told["tasks"])

    def upgrades(self, traffic: Traffic) -> None:
        """Forward to a version with one column more, and in the long form back, while phones push."""
        add_a_column(self.machine.upstream)
        self.machine.commit("v1.1")
        with traffic.during("upgrade under traffic", self.table):
            self.follow("upgrade")
        assert self.machine.release() == "v1.1"
        if self.short:
            return
        with traffic.during("rollback under traffic", self.table):
            self.follow("rollback")
        assert self.machine.release() == "v1.0"

    def kills(self, traffic: Traffic, parts: tuple[str, ...]) -> None:
        for part in parts:
            with traffic.during(f"kill -9 {part.removesuffix('.service')}", self.table):
                self.machine.kill(part)
                self.machine.wait_until_whole()

    def backs_up(self) -> None:
        with self.timed("backup"):
            self.follow("backup")
        self._opens_the_sealed_keys()
        if self.short:
            return
        with self.timed("every file against its row"):
            self.follow("verify")

    def _opens_the_sealed_keys(self) -> None:
        """With the half that lies in two envelopes, and here still in memory."""
        root = self.machine.root
        name, _is, private = (root / "run/grid-escrow").read_text().splitlines()[1].partition("=")
        (sealed,) = (root / "var/backups/grid").glob("*/keys.sealed")
        command = [".venv/bin/python", "-m", "project.backup.escrow", str(sealed), str(root / "tmp/keys")]
        self.machine.run(*command, cwd=root / "srv/grid/current", env={**self.machine.environ, name: private})
        for file in ("grid.env", "clock.env"):
            assert (root / "tmp/keys" / file).read_text() == (root / "etc/grid" / file).read_text()

    def restores_elsewhere(self, traffic: Traffic) -> None:
        """Proved by the restore itself, and here by what the phones were told."""
        with self.timed("restored into another place, proved"):
            said = self.follow("drill")
        assert "已恢复" in said, said
        assert traffic.lost_and_doubled("drill") == (0, 0)

    # --- what it came to

    def told(self, traffic: Traffic) -> str:
        lost, doubled = traffic.lost_and_doubled()
        words = [printed(self.table)]
        words.append(f"visits acknowledged: {len(traffic.acknowledged)}, lost: {lost}, doubled: {doubled}")
        return "\n".join(words)


def walk(short: bool, then: Callable[[Walk, Traffic], None], keep: bool = False) -> None:
    made = Walk(short)
    traffic = None
    try:
        made.installs()
        made.looks()
        if not short:
            made.first_notice()
        traffic = made.traffic(1500 if short else 4000)
        traffic.start()
        made.upgrades(traffic)
        made.kills(traffic, SHORT_KILLS if short else PARTS)
        traffic.stop()
        made.backs_up()
        if not short:
            made.restores_elsewhere(traffic)
        made.table.append(Row("all of it", time.monotonic() - made.machine.began))
        print(f"\n{made.told(traffic)}", flush=True)
        then(made, traffic)
    finally:
        if traffic:
            traffic.stop()
        if keep:
            print(f"kept: {made.machine.root}")
        else:
            made.machine.remove()


def holds(made: Walk, traffic: Traffic) -> None:
    """What is promised: changing the version costs nobody a request, and nothing acknowledged is ever lost."""
    assert traffic.lost_and_doubled() == (0, 0)
    assert not traffic.refused, traffic.refused[0]
    assert 20 < len(traffic.acknowledged) < len(traffic.tasks)
    failed = {row.name: row.kinds for row in made.table if "under traffic" in row.name and row.failed}
    assert not failed, failed
    left = LONG_ALONE if made.short else set()
    assert made.followed == set(guide.blocks()) - left, "the guide says more than was followed"
    made.machine.manage("check_ledger")
