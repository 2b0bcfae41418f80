"""Which backups stay, and who opens what was sealed: without a database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from project.backup import escrow, newkey
from project.backup.copying import walk
from project.backup.rules import DAILY, MONTHLY, WEEKLY, kept, name_of, time_of

CITY = ZoneInfo("Asia/Shanghai")
NEW = datetime(2026, 11, 30, 2, 15, tzinfo=UTC)


def nights(count: int) -> list[str]:
    return [name_of(NEW - timedelta(days=ago)) for ago in range(count)]


def test_a_year_of_nights() -> None:
    stay = sorted(kept(nights(400), CITY), reverse=True)
    assert stay[:DAILY] == nights(DAILY)
    # Twelve months reach back to the last night of December; nothing is older.
    assert stay[-1] == "20251231T021500Z" and len(stay) <= DAILY + WEEKLY + MONTHLY
    months = {time_of(name).astimezone(CITY).strftime("%Y-%m") for name in stay}
    assert len(months) == MONTHLY


def test_the_day_is_the_citys() -> None:
    """02:15 UTC and 17:00 UTC of one date are two days of the city's: both stay."""
    late, early = (name_of(datetime(2026, 11, 29, hour, tzinfo=UTC)) for hour in (17, 2))
    assert kept([late, early], CITY) == {late, early}
    assert kept([late, early], UTC) == {late}  # type: ignore[arg-type]


@given(st.sets(st.integers(0, 5_000), max_size=80))
def test_the_newest_stays_and_dropping_again_drops_nothing(hours: set[int]) -> None:
    names = {name_of(NEW - timedelta(hours=ago)) for ago in hours}
    stay = kept(names, CITY)
    assert stay <= names and kept(stay, CITY) == stay and len(stay) <= DAILY + WEEKLY + MONTHLY
    assert not names or max(names) in stay


@given(st.lists(st.integers(1, 48), min_size=1, max_size=120))
def test_dropping_each_time_keeps_what_dropping_once_keeps_of_the_last_week(pauses: list[int]) -> None:
    """Backups come and go one by one; the last seven days are there whatever was dropped on the way."""
    at, there, all_names = NEW, set(), set()
    for pause in pauses:
        at += timedelta(hours=pause)
        all_names.add(name_of(at))
        there = kept(there | {name_of(at)}, CITY)
    newest_of_days: dict[object, str] = {}
    for name in sorted(all_names, reverse=True):
        newest_of_days.setdefault(time_of(name).astimezone(CITY).date(), name)
    assert set(list(newest_of_days.values())[:DAILY]) <= there


# --- what is sealed ----------------------------------------------------------------------------------


def pair() -> tuple[str, X25519PrivateKey]:
    from base64 import b64decode

    public, private = (line.split("=", 1)[1] for line in newkey.lines())
    return public, X25519PrivateKey.from_private_bytes(b64decode(private))


@given(st.binary(max_size=300), st.data())
def test_only_the_other_half_opens_what_was_sealed_and_only_unaltered(
    content: bytes, data: st.DataObject
) -> None:
    public, private = pair()
    sealed = escrow.seal(content, escrow.public_of(public))
    assert escrow.unseal(sealed, private) == content
    at = data.draw(st.integers(0, len(sealed) - 1))
    altered = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
    for text, key in ((altered, private), (sealed, pair()[1]), (sealed[:at], private)):
        with pytest.raises(escrow.CannotOpen):
            escrow.unseal(text, key)


def test_what_is_taken_out_overwrites_nothing_and_leaves_no_folder(tmp_path: Path) -> None:
    escrow.write_out({"grid.env": "A=1", "../../evil.env": "B=2"}, tmp_path / "keys")
    assert {file.name for file in (tmp_path / "keys").iterdir()} == {"grid.env", "evil.env"}
    assert (tmp_path / "keys/grid.env").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        escrow.write_out({"grid.env": "A=2"}, tmp_path / "keys")


# --- the order of the list ---------------------------------------------------------------------------


@settings(max_examples=20)
@given(st.sets(st.from_regex(r"[ab.0-]{1,3}(/[ab.0-]{1,3}){0,2}", fullmatch=True), max_size=12))
def test_a_tree_is_walked_in_the_order_of_its_paths(
    tmp_path_factory: pytest.TempPathFactory, paths: set[str]
) -> None:
    """Two lists are compared side by side without holding either in memory: both must be in one order."""
    root = tmp_path_factory.mktemp("tree")
    for path in sorted(paths):
        file = root / path
        if set(path.split("/")) & {".", ".."} or any(up.is_file() for up in file.parents) or file.is_dir():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    walked = [path for path, _stat in walk(root)]
    assert walked == sorted(
        found.relative_to(root).as_posix() for found in root.rglob("*") if found.is_file()
    )
