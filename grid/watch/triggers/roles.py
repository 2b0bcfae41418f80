"""Who may do what to the tables: an owner who migrates, the services who work, the clock that seals.

Three roles of PostgreSQL, because whoever owns a table can take its triggers off. The services may not change or
delete a line of the ledger, nor write what only the sealer writes; the clock may not either, but for the seal.
deploy/roles.sql makes the roles once, `manage.py database_roles` grants after every migrate; a start as a role that
could do more is refused (project/starting.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from grid.ledger.triggers import TABLES
from grid.watch.triggers import INSERT_ONLY

STAYS = (*TABLES, *INSERT_ONLY)
# Rows here change, and are never deleted (each has a guard that says so).
NEVER_DELETED = (
    "grid_casecounter", "grid_forgetting", "workflows_listing", "workflows_sanctionorder", "workflows_announcement",
    "workflows_number",
)  # fmt: skip
# What the sealer alone writes, and what the nightly check alone writes.
SEALERS = (
    "grid_leaf",
    "grid_node",
    "grid_checkpoint",
    "grid_sealstate",
    "grid_checkround",
    "grid_checkplace",
)
ALL = "SELECT, INSERT, UPDATE, DELETE"


def grants(service: str, clock: str) -> list[str]:
    """Statements of the owner, harmless to repeat: everything is given anew, then taken what nobody shall have."""
    quote = connection.ops.quote_name
    made = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"REVOKE TEMPORARY ON DATABASE {quote(connection.settings_dict['NAME'])} FROM PUBLIC",
    ]
    for name in (service, clock):
        role = quote(name)
        made += [
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            f"GRANT {ALL} ON ALL TABLES IN SCHEMA public TO {role}",
            # Without UPDATE nobody sets a sequence back.
            f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {ALL} ON TABLES TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
            f"REVOKE UPDATE, DELETE ON {_tables(STAYS)} FROM {role}",
            f"REVOKE DELETE ON {_tables(NEVER_DELETED)} FROM {role}",
            f"REVOKE UPDATE ON grid_subjectkey FROM {role}",
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ]
    return [
        *made,
        f"REVOKE INSERT, UPDATE, DELETE ON {_tables(SEALERS)} FROM {quote(service)}",
        f"REVOKE UPDATE, DELETE ON grid_statement FROM {quote(service)}",
    ]


def _tables(names: tuple[str, ...]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def faults(*, sealing: bool) -> list[str]:
    """What the role of this process could do and must not, each as a reason not to start. Empty on SQLite, and before
    the first migrate."""
    if connection.vendor != "postgresql" or not _query("SELECT to_regclass('grid_entry') IS NOT NULL"):
        return []
    return list(_powers()) + list(_privileges(sealing))


_POWERS = {
    "is a superuser, or may become one": "EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolsuper "
    "AND pg_has_role(current_user, r.oid, 'MEMBER'))",
    "may make roles": "(SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user)",
    "may replicate": "(SELECT rolreplication FROM pg_roles WHERE rolname = current_user)",
    "owns tables, so it could take triggers off": "EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n "
    "ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r' "
    "AND pg_has_role(current_user, c.relowner, 'MEMBER'))",
    "may make tables and functions in the schema": "has_schema_privilege(current_schema(), 'CREATE')",
}


def _powers() -> Iterator[str]:
    role = _query("SELECT current_user")
    for what, question in _POWERS.items():
        if _query(f"SELECT {question}"):
            yield f"the database role {role} {what}"
    if _query("SELECT current_setting('server_version_num')::int >= 150000") and _query(
        "SELECT has_parameter_privilege('session_replication_role', 'SET')"
    ):
        yield f"the database role {role} may set session_replication_role"


def _privileges(sealing: bool) -> Iterator[str]:
    role = _query("SELECT current_user")
    forbidden = [(table, right) for table in STAYS for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")]
    forbidden += [(table, right) for table in NEVER_DELETED for right in ("DELETE", "TRUNCATE", "TRIGGER")]
    if not sealing:
        forbidden += [(table, "INSERT") for table in ("grid_leaf", "grid_node", "grid_checkpoint")]
    for table, right in forbidden:
        if _query("SELECT has_table_privilege(%s, %s)", table, right):
            yield f"the database role {role} has {right} on {table}"
            return


def _query(question: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]
