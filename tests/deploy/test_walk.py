"""The large size, installed as the guide says: on this machine, in a folder of its own."""

import subprocess
from pathlib import Path

import pytest

from tests.deploy.walk import Walk, holds, walk
from tests.servers import must_have

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_city_installs_it_and_goes_over_without_a_lost_push(capfd: pytest.CaptureFixture[str]) -> None:
    """`make deploy-test` in its short form: installed, closed and opened, upgraded under traffic, killed, backed up."""
    for program in ("/usr/sbin/nginx", "redis-server", "git", "openssl", "psql"):
        must_have(program)
    with capfd.disabled():
        walk(short=True, then=holds)


def test_units_are_spelt_right_and_closed() -> None:
    analyse = must_have("systemd-analyze")
    for file in sorted((ROOT / "deploy").glob("*.service")):
        said = subprocess.run([analyse, "verify", str(file)], capture_output=True, text=True).stderr
        # The program and other units are not here; a word systemd does not know would be named with its line.
        assert "Unknown" not in said and "Failed to parse" not in said and "Invalid" not in said, said
        rated = subprocess.run(
            [analyse, "security", "--offline=true", "--threshold=25", str(file)],
            capture_output=True,
            text=True,
        )
        assert rated.returncode == 0, rated.stdout[-300:]


def test_every_station_of_the_walk_is_a_block_of_the_guide() -> None:
    from tests.deploy.guide import blocks

    wanted = {
        "clone", "install", "escrow", "look", "upgrade", "rollback", "close", "open", "backup", "verify", "drill",
    }  # fmt: skip
    assert wanted == set(blocks())
    assert Walk.follow  # the blocks are run by it, and by nothing else
