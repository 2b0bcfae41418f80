"""Outside demo mode an unsafe environment does not start, and says each reason by name."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from grid.ledger import newkey

ROOT = Path(__file__).resolve().parent.parent
SAFE = {
    "DEMO": "0",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "CODES_KEY": secrets.token_urlsafe(60),
    "PRIVACY_KEY": secrets.token_hex(32),
    "BLIND_INDEX_KEY": secrets.token_hex(32),
    "LEDGER_PUBLIC_KEY": newkey.lines()[1].partition("=")[2],
    "ALLOWED_HOSTS": "grid.example.org",
    "ORIGIN": "https://grid.example.org",
    "DATABASE_URL": "postgresql://grid@db.example.org/grid",
    "REDIS_URL": "redis://cache.example.org/0",
    "CITY": "9902",
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
    "name",
    ["SECRET_KEY", "CODES_KEY", "PRIVACY_KEY", "BLIND_INDEX_KEY", "LEDGER_PUBLIC_KEY", "ALLOWED_HOSTS"],
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
        ("PROXIES", "0", "PROXIES is 0"),
        ("PROXIES", "one", "PROXIES must be a whole number"),
        ("SESSION_IDLE_MINUTES", "0", "SESSION_IDLE_MINUTES is not between 1 and 60"),
        ("SESSION_IDLE_MINUTES", "720", "SESSION_IDLE_MINUTES is not between 1 and 60"),
        ("PORT", "eight", "PORT must be a whole number"),
        ("LOG_LEVEL", "info", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'info'"),
        ("LOG_LEVEL", "VERBOSE", "LOG_LEVEL must be one of"),
        ("REDIS_URL", "", "REDIS_URL does not name a Redis"),
        ("PRIVACY_KEY", "abc", "PRIVACY_KEY is not 64 hexadecimal digits"),
        ("LEDGER_KEY", "abc", "LEDGER_KEY is neither a PEM nor 32 bytes in base64"),
        ("CODES_KEY_FALLBACKS", "only-for-the-demo-codes", "CODES_KEY_FALLBACKS holds the demo's key"),
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


def test_no_command_becomes_a_demo_beside_an_installation(tmp_path):
    """Whoever forgets the environment is told so, without a file made and without a traceback."""
    own = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    data, installed = tmp_path / "data", tmp_path / "etc"
    asked = [sys.executable, "manage.py", "showmigrations", "--plan"]
    environ = {**own, "DATA_DIR": str(data), "INSTALLATION": str(installed)}
    installed.mkdir(mode=0o000)
    refused = subprocess.run(asked, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert refused.returncode == 1 and "grid-manage" in refused.stderr and "Traceback" not in refused.stderr
    assert not data.exists()
    assert start(tmp_path, INSTALLATION=str(installed), DEMO="1").stdout == "demo\n"
