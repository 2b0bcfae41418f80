"""Outside demo mode an unsafe environment does not start, and says each reason by name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAFE = {
    "DEMO": "0",
    "SECRET_KEY": "k" * 60,
    "CODES_KEY": "c" * 40,
    "PRIVACY_KEY": "2" * 64,
    "BLIND_INDEX_KEY": "3" * 64,
    "LEDGER_KEY": "4" * 64,
    "ALLOWED_HOSTS": "grid.example.org",
    "ORIGIN": "https://grid.example.org",
    "DATABASE_URL": "postgresql://grid@db.example.org/grid",
    "REDIS_URL": "redis://cache.example.org/0",
}


def start(tmp_path: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-c", "import project.settings as s; print('demo' if s.DEMO else 'real')"],
        cwd=ROOT,
        env={**own, "DATA_DIR": str(tmp_path), **changed},
        capture_output=True,
        text=True,
    )


def test_demo_mode_needs_nothing(tmp_path):
    assert start(tmp_path).stdout == "demo\n"


def test_a_safe_environment_starts(tmp_path):
    started = start(tmp_path, **SAFE)
    assert started.stdout == "real\n", started.stderr


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "CODES_KEY", "PRIVACY_KEY", "BLIND_INDEX_KEY", "LEDGER_KEY", "ALLOWED_HOSTS"]
)
def test_a_missing_secret_is_named(tmp_path, name):
    refused = start(tmp_path, **{**SAFE, name: ""})
    assert refused.returncode != 0
    assert f"{name} is not set" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is shorter than 50 characters"),
        ("ORIGIN", "http://grid.example.org", "ORIGIN does not begin with https://"),
        ("DATABASE_URL", "", "DATABASE_URL does not name a PostgreSQL database"),
        ("DATABASE_URL", "sqlite:////tmp/x.sqlite3", "DATABASE_URL does not name a PostgreSQL database"),
        ("DEMO", "no", "DEMO must be 0 or 1"),
        ("PORT", "eight", "PORT must be a whole number"),
    ],
)
def test_an_unsafe_value_is_named(tmp_path, name, value, reason):
    refused = start(tmp_path, **{**SAFE, name: value})
    assert refused.returncode != 0
    assert reason in refused.stderr


def test_a_foreign_database_is_named_even_in_demo_mode(tmp_path):
    refused = start(tmp_path, DATABASE_URL="mysql://db/grid")
    assert refused.returncode != 0
    assert "DATABASE_URL must begin with sqlite: or postgresql:" in refused.stderr


def test_every_reason_is_told_at_once(tmp_path):
    refused = start(tmp_path, DEMO="0")
    for name in ("SECRET_KEY", "CODES_KEY", "PRIVACY_KEY", "ALLOWED_HOSTS", "ORIGIN", "DATABASE_URL"):
        assert name in refused.stderr
