"""No file of this repository holds the number of a living person."""

import subprocess
from pathlib import Path

import pytest

from tests.specimens import main, strangers

ROOT = Path(__file__).resolve().parent.parent
# Hashes of packages; nothing a person wrote.
LOCKS = {"package-lock.json", "project/python.lock"}


def test_no_file_holds_a_strangers_number(capsys: pytest.CaptureFixture[str]) -> None:
    listed = subprocess.run(
        ["git", "grep", "-lIE", "1[0-9]{10}|[0-9]{17}"], cwd=ROOT, capture_output=True, text=True
    )
    if not listed.stdout:
        pytest.skip("not a git checkout")
    names = [str(ROOT / name) for name in listed.stdout.splitlines() if name not in LOCKS]
    assert main(names) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证 150302198803072213。", []),
        ("身份证 15030219880307221" + "8。", ["15030219880307221" + "8"]),
        ("11010519491231002X", []),
        ("150302190001030228", []),
        ("电话 139" + "47301288", ["139" + "47301288"]),
        ("电话 13800138000", []),
        ("91150302MABT00011R 9115030201234567891", []),
        ("a139" + "47301288f", []),
    ],
)
def test_whose_number_it_is(text: str, found: list[str]) -> None:
    assert list(strangers(text)) == found
