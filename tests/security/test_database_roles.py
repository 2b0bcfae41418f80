"""The roles of deploy/roles.sql on PostgreSQL: what the services' role may not do, and that all of the work is done as it.

The roles live in the test's transaction and go with it; `SET ROLE` puts the connection in their place.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from grid.ledger import keys
from grid.ledger import problems as ledger_problems
from grid.ledger.actions import Line, export_case, record, sealer, statements
from grid.ledger.models import Checkpoint, Entry, Statement, SubjectKey
from grid.ledger.verify import check
from grid.watch import actions as watch
from grid.watch.triggers import roles
from tests.cast import GRID_1, PASSWORD
from workflows.cases.models import CaseState
from workflows.cases.verbs import CaseVerb

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f'SET ROLE "{role}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@pytest.fixture
def role(db: None) -> SimpleNamespace:
    """service and clock, granted as after a migrate. Names of their own: roles belong to the whole server."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    suffix = connection.settings_dict["NAME"]
    names = SimpleNamespace(service=f"service_{suffix}", clock=f"clock_{suffix}")
    with connection.cursor() as cursor:
        for name in (names.service, names.clock):
            cursor.execute(f'CREATE ROLE "{name}" NOSUPERUSER NOCREATEROLE')
    for _ in range(2):
        call_command("database_roles", service=names.service, clock=names.clock, verbosity=0)
    return names


@pytest.fixture
def written(role: SimpleNamespace, cast: Any) -> None:
    with transaction.atomic():
        record(
            CaseVerb.CASE_OPENED,
            Line(GRID_1, subject=7, case="HBW-2026-000001", personal={"phone": "1"}),
            by=cast.by.zhao,
        )
    with acting_as(role.clock):
        assert sealer.seal_pending() == 1


ATTACKS = {
    "rows": "UPDATE grid_entry SET actor_name = 'x'",
    "triggers off": "ALTER TABLE grid_entry DISABLE TRIGGER ALL",
    "trigger dropped": "DROP TRIGGER grid_entry_no_rows ON grid_entry",
    "function replaced": "CREATE OR REPLACE FUNCTION grid_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN NULL; END $$",
    "counter set back": "UPDATE grid_casecounter SET count = 0",
    "keys deleted": "DELETE FROM grid_subjectkey",
    "keys spoilt": "UPDATE grid_subjectkey SET wrapped = 'x'",
    "deleted": "DELETE FROM grid_entry",
    "emptied": "TRUNCATE grid_entry CASCADE",
    "keys emptied": "TRUNCATE grid_subjectkey",
    "replica": "SET session_replication_role = replica",
    "leaf": "UPDATE grid_leaf SET hash = 'x'",
    "own checkpoint": "INSERT INTO grid_checkpoint SELECT size + 1, root, at, origin, key_id, signature FROM grid_checkpoint",
    "sealer's mark": "UPDATE grid_sealstate SET low = 1000000",
    "check put to sleep": "UPDATE grid_checkplace SET taken_until = '2099-01-01'",
    "alarm": "DELETE FROM grid_alarm",
    "sequence": "SELECT setval('grid_entry_id_seq', 1)",
    "table dropped": "DROP TABLE grid_alarm CASCADE",
    "new table": "CREATE TABLE own (id int)",
    "shadow": "CREATE TEMP TABLE grid_entry (id int)",
    "trigger made": "CREATE TRIGGER x BEFORE INSERT ON grid_alarm FOR EACH ROW EXECUTE FUNCTION grid_ledger_refuse()",
    "rule": "CREATE RULE x AS ON INSERT TO grid_alarm DO INSTEAD NOTHING",
    "migrations": "DELETE FROM django_migrations",
    "numbers": "DELETE FROM workflows_number",
    "another role": "ALTER ROLE grid NOLOGIN",
}


# What the sealer and the nightly check do by their trade.
BY_TRADE = {"own checkpoint", "sealer's mark", "check put to sleep"}


def test_none_of_the_attacks_succeeds(written: None, role: SimpleNamespace) -> None:
    went_through = {
        (who, name)
        for who in (role.service, role.clock)
        for name, statement in ATTACKS.items()
        if succeeds(who, statement)
    }
    assert went_through <= {(role.clock, name) for name in BY_TRADE}


def succeeds(who: str, statement: str) -> bool:
    with acting_as(who):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                raise ZeroDivisionError
        except ZeroDivisionError:
            return True
        except DatabaseError:
            return False


def test_the_start_names_what_a_role_could_do(role: SimpleNamespace, written: None) -> None:
    told = "; ".join(roles.faults(sealing=False))
    assert "superuser" in told and "owns tables" in told and "session_replication_role" in told
    with acting_as(role.clock):
        assert roles.faults(sealing=True) == []
        assert ["INSERT on grid_leaf" in why for why in roles.faults(sealing=False)] == [True]
    with acting_as(role.service):
        assert roles.faults(sealing=False) == []
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT UPDATE ON grid_entry TO "{role.service}"')
    with acting_as(role.service):
        assert ["UPDATE on grid_entry" in why for why in roles.faults(sealing=False)] == [True]


def test_tables_to_come_have_the_rights_of_their_kind(role: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE to_come (id bigserial PRIMARY KEY)")
    with acting_as(role.service), connection.cursor() as cursor:
        cursor.execute("INSERT INTO to_come DEFAULT VALUES")


def test_a_guard_that_is_missing_is_named_and_put_back_when_asked(role: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER grid_entry_no_rows ON grid_entry")
    names = {"service": role.service, "clock": role.clock, "verbosity": 0}
    with pytest.raises(CommandError, match="restore-guards"):
        call_command("database_roles", **names)
    call_command("database_roles", restore_guards=True, **names)
    assert watch.look_quickly() == []


@pytest.mark.timeout(900)
def test_a_case_goes_its_whole_way_as_the_service_sealed_by_the_clock(
    role: SimpleNamespace, make_case: Any, walk: Any, cast: Any, client: Any
) -> None:
    with acting_as(role.service):
        sign_in = {"login": "sun", "password": PASSWORD}
        assert client.post("/accounts/login/", sign_in, REMOTE_ADDR="10.0.0.9").status_code == 302
        case = make_case()
        assert client.get(f"/cases/{case.code}/").status_code == 200
        assert client.post(f"/cases/{case.code}/approve/", {"at": case.state}).status_code == 302
        case.refresh_from_db()
        assert case.state == CaseState.DISTRICT_APPROVAL
        walk.to(case, CaseState.REMOVED)
        with pytest.raises(DatabaseError), transaction.atomic():
            sealer.seal_pending()
    with acting_as(role.clock):
        assert sealer.seal_pending() > 30
        assert watch.watch_ledger() == []
    with acting_as(role.service):
        client.force_login(cast.zheng)
        assert client.get("/watch/").status_code == 200
        exported = client.post(f"/audit/cases/{case.code}/export/")
        assert not check(exported.content, keys.public_key_pem()).findings


def test_the_export_is_signed_by_the_clock(
    written: None, role: SimpleNamespace, cast: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page holds the public half alone; here the clock answers while the page sleeps."""
    pem, private = keys.public_key_pem(), keys.signing_key()
    answered: list[int] = []

    def clock(seconds: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'SET ROLE "{role.clock}"')
        monkeypatch.setattr(keys, "signing_key", lambda: private)
        answered.append(statements.answer_waiting())
        with connection.cursor() as cursor:
            cursor.execute(f'SET ROLE "{role.service}"')

    settings.DEMO, settings.LEDGER_KEY, settings.LEDGER_PUBLIC_KEY = False, "", pem
    with pytest.raises(keys.NoSigningKey):
        keys.signing_key()
    monkeypatch.setattr(statements.time, "sleep", clock)
    with acting_as(role.service):
        content = export_case("HBW-2026-000001", by=cast.by.zhao)
    assert answered == [1] and check(content, pem).findings == []
    monkeypatch.setattr(statements, "PATIENCE", 0.0)
    with acting_as(role.service), pytest.raises(ledger_problems.SealerSilent):
        export_case("HBW-2026-000001", by=cast.by.zhao)
    assert Statement.objects.filter(size=None).count() == 1
    assert Checkpoint.objects.count() == Entry.objects.filter(leaf__isnull=False).count() == 1
    assert SubjectKey.objects.count() == 1


def test_the_owner_migrates_and_grants(role: SimpleNamespace) -> None:
    """deploy/roles.sql and the commands of deploy/README.md, for real: an owner that is no superuser."""
    url = os.environ["DATABASE_URL"]
    parts = urlsplit(url)
    name = f"owned_{os.getpid()}"
    owner = urlunsplit(parts._replace(path=f"/{name}", netloc=f"{name}@{parts.hostname}:{parts.port}"))
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        for made in (name, f"{name}_service", f"{name}_clock"):
            server.execute(f'CREATE ROLE "{made}" LOGIN')  # type: ignore[call-overload]
        server.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')  # type: ignore[call-overload]
        try:
            environ = {**os.environ, "DATABASE_URL": owner, "DEMO": "1"}
            for line in (
                ["migrate"],
                ["database_roles", "--service", f"{name}_service", "--clock", f"{name}_clock"],
            ):
                done = subprocess.run(
                    [sys.executable, "manage.py", *line, "--verbosity=0"],
                    cwd=ROOT,
                    env=environ,
                    capture_output=True,
                )
                assert done.returncode == 0, done.stderr.decode()
            with psycopg.connect(urlunsplit(parts._replace(path=f"/{name}"))) as inside:
                inside.execute(f'SET ROLE "{name}_service"')  # type: ignore[call-overload]
                inside.execute("SELECT 1 FROM grid_entry")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    inside.execute("UPDATE grid_entry SET id = id")
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]
            for made in (f"{name}_service", f"{name}_clock", name):
                server.execute(f'DROP ROLE "{made}"')  # type: ignore[call-overload]
