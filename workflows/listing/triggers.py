"""Gates of the list that a row alone cannot say of itself, refused by the database whoever holds the connection.

What one row can say is a check constraint (models.py). What follows needs other rows: the ground and its day, the
case's penalty, the notice and its service, the term that ran. Each rule is one condition under which a statement is
refused, written once for both engines; SQLite gets a trigger for each, PostgreSQL one function for each table.

SQLite drops triggers when a migration rebuilds a table: such a migration ends with `install` again, and
tests/workflows/listing/test_triggers.py notices a missing one.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

LISTING, ORDER = "workflows_listing", "workflows_sanctionorder"

# Columns of the due process: what a published entry was decided on stays as it was decided.
SETTLED = (
    "code", "case_id", "subject_id", "area", "ground_id", "facts", "needs_penalty", "penalty_number",
    "circumstances", "proposed_at", "proposed_by_id", "noticed_on", "defence", "defence_on", "defence_answer",
    "defence_closed_on", "reviewed_by_id", "reviewed_at", "review_opinion", "district_by_id", "district_at",
    "city_by_id", "city_at", "decided_on", "served_on", "published_at", "ends_on", "dropped_at", "dropped_why",
)  # fmt: skip
# No listing is born past its proposal.
UNBORN = (
    "noticed_on", "defence_on", "defence_closed_on", "reviewed_at", "district_at", "city_at", "decided_on",
    "served_on", "published_at", "ends_on", "removed_at", "dropped_at", "stayed_at", "revoked_at",
)  # fmt: skip

_SERVED = (
    'EXISTS (SELECT 1 FROM "workflows_notice" n JOIN "workflows_service" s ON s."notice_id" = n."id" '
    'WHERE n."case_id" = NEW."case_id" AND n."kind" = \'{kind}\' AND n."withdrawn_at" IS NULL '
    'AND s."effective_on" = NEW."{on}"{also})'
)
_GROUND = (
    'EXISTS (SELECT 1 FROM "workflows_ground" g JOIN "grid_subject" u ON u."id" = NEW."subject_id" '
    'WHERE g."id" = NEW."ground_id" AND {condition})'
)
_PENALISED = (
    'EXISTS (SELECT 1 FROM "workflows_case" c WHERE c."id" = NEW."case_id" AND c."healed_on" IS NULL '
    'AND NEW."penalty_number" <> \'\' AND {number} = NEW."penalty_number")'
)
_TERM_OVER = (
    'EXISTS (SELECT 1 FROM "workflows_clock" k WHERE k."case_id" = NEW."case_id" '
    'AND k."kind" = \'listing.defence\' AND k."fired_at" IS NOT NULL '
    'AND k."due_on" = NEW."defence_closed_on" AND k."started_on" = NEW."noticed_on")'
)
_BASED = (
    'EXISTS (SELECT 1 FROM "workflows_sanction" m WHERE m."id" = NEW."sanction_id" AND m."basis" <> \'\' '
    'AND m."basis" = NEW."basis" AND {listed} AND m."valid_to" IS NULL '
    'AND m."valid_from" <= {day})'
)
_PUBLIC = (
    'EXISTS (SELECT 1 FROM "workflows_listing" l WHERE l."id" = NEW."listing_id" '
    'AND l."published_at" IS NOT NULL AND l."removed_at" IS NULL)'
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every trigger in place; harmless to repeat."""
    remove(connection)
    is_postgresql = connection.vendor == "postgresql"
    rules = _rules(is_postgresql)
    _run(connection, _postgresql(rules) if is_postgresql else _sqlite(rules))


def remove(connection: BaseDatabaseWrapper) -> None:
    """For a migration that rebuilds a table, and for emptying a test database."""
    on = "" if connection.vendor == "sqlite" else ' ON "{table}"'
    _run(
        connection,
        [
            f'DROP TRIGGER IF EXISTS "{name}"' + on.format(table=table)
            for name, table in _names(connection.vendor)
        ],
    )


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of triggers that should exist and do not."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return {name for name, _ in _names(connection.vendor)} - present


Rule = tuple[str, str, str, str, str]


def _rules(is_postgresql: bool) -> list[Rule]:
    """(name, table, event, refused when, says)."""

    def day(column: str) -> str:
        if is_postgresql:
            return f"({column} AT TIME ZONE 'Asia/Shanghai')::date"
        return f"date({column}, '+8 hours')"

    number = "c.\"penalty\" ->> 'number'" if is_postgresql else "json_extract(c.\"penalty\", '$.number')"
    listed = 'm."in_national_list"' if is_postgresql else 'm."in_national_list" = 1'
    fitting = (
        'jsonb_exists(g."subject_kinds", u."kind")'
        if is_postgresql
        else 'EXISTS (SELECT 1 FROM json_each(g."subject_kinds") j WHERE j.value = u."kind")'
    )
    in_force = (
        'g."valid_from" <= NEW."decided_on" AND (g."valid_to" IS NULL OR g."valid_to" >= NEW."decided_on")'
    )

    def lacks(condition: str) -> str:
        return "NOT " + _GROUND.format(condition=condition)

    def comes(column: str) -> str:
        return f'NEW."{column}" IS NOT NULL AND OLD."{column}" IS DISTINCT FROM NEW."{column}"'

    penalised = _PENALISED.format(number=number)
    unpenalised = f'NEW."needs_penalty" AND NOT {penalised}'
    if not is_postgresql:
        unpenalised = f'NEW."needs_penalty" = 1 AND NOT {penalised}'
    effective = ' AND s."effective_on" <= ' + day('NEW."published_at"')
    settled = " OR ".join(f'OLD."{one}" IS DISTINCT FROM NEW."{one}"' for one in SETTLED)
    born = " OR ".join(f'NEW."{one}" IS NOT NULL' for one in UNBORN)
    decided, published = comes("decided_on"), comes("published_at")
    again = ('"code" = NEW."code"', '"case_id" = NEW."case_id"', '"id" = NEW."id"')
    replaced = " OR ".join(f'EXISTS (SELECT 1 FROM "{LISTING}" WHERE {same})' for same in again)
    rules = [
        ("unborn", LISTING, "INSERT", born, "a listing begins with its proposal"),
        ("replaced", LISTING, "INSERT", replaced, "a listing is never replaced"),
        (
            "penalty", LISTING, "UPDATE",
            f"({decided} OR {published}) AND {unpenalised}",
            "the penalty is decided and not corrected",
        ),
        (
            "ground_asks", LISTING, "UPDATE",
            f"{decided} AND " + lacks('g."needs_penalty" = NEW."needs_penalty"'),
            "the ground says whether a penalty comes first",
        ),
        (
            "ground_in_force", LISTING, "UPDATE",
            f"{decided} AND {lacks(in_force)}",
            "the ground is in force on the day of decision",
        ),
        (
            "ground_route", LISTING, "UPDATE",
            f"{decided} AND " + lacks("g.\"route\" = 'list'"),
            "the ground allows listing",
        ),
        (
            "ground_fits", LISTING, "UPDATE",
            f"{decided} AND {lacks(fitting)}",
            "the ground fits the subject",
        ),
        (
            "notice", LISTING, "UPDATE",
            f"({comes('noticed_on')} OR {decided} OR {published}) AND NOT "
            + _SERVED.format(kind="listing_notice", on="noticed_on", also=""),
            "a notice was served and stands",
        ),
        (
            "defence", LISTING, "UPDATE",
            f"({comes('defence_closed_on')} OR {decided} OR {published}) AND NOT {_TERM_OVER}",
            "the term of defence is over",
        ),
        (
            "review_day", LISTING, "UPDATE",
            comes("reviewed_at") + ' AND NEW."defence_closed_on" >= ' + day('NEW."reviewed_at"'),
            "nobody reviews within the term of defence",
        ),
        (
            "decision_served", LISTING, "UPDATE",
            f"{published} AND NOT "
            + _SERVED.format(kind="listing_decision", on="served_on", also=effective),
            "the decision was served and counts",
        ),
        (
            "settled", LISTING, "UPDATE",
            f'OLD."published_at" IS NOT NULL AND ({settled})',
            "a published listing stays as it was decided",
        ),
        (
            "removed", LISTING, "UPDATE",
            'OLD."removed_at" IS NOT NULL AND (OLD."removed_at" IS DISTINCT FROM NEW."removed_at" '
            'OR OLD."removed_why" IS DISTINCT FROM NEW."removed_why")',
            "a removed listing never comes back",
        ),
        (
            "revoked", LISTING, "UPDATE",
            'OLD."revoked_at" IS NOT NULL AND (OLD."revoked_at" IS DISTINCT FROM NEW."revoked_at" '
            'OR OLD."revoked_why" IS DISTINCT FROM NEW."revoked_why")',
            "a revoked listing never comes back",
        ),
        ("kept", LISTING, "DELETE", "1 = 1", "a listing is never deleted"),
        (
            "based", ORDER, "INSERT",
            "NOT " + _BASED.format(listed=listed, day=day('NEW."ordered_at"')),
            "a measure without a basis in force cannot be chosen",
        ),
        ("of_public", ORDER, "INSERT", f"NOT {_PUBLIC}", "measures follow a published listing only"),
        (
            "fixed", ORDER, "UPDATE",
            " OR ".join(
                f'OLD."{one}" IS DISTINCT FROM NEW."{one}"'
                for one in ("listing_id", "sanction_id", "department", "basis", "ordered_at")
            ),
            "an order stays as it was given",
        ),
        ("kept", ORDER, "DELETE", "1 = 1", "an order is never deleted"),
    ]  # fmt: skip
    return rules


def _full_name(name: str, table: str) -> str:
    return f"{table}_gate_{name}"


def _names(vendor: str) -> list[tuple[str, str]]:
    if vendor == "postgresql":
        return [
            (_full_name(kind, table), table) for table in (LISTING, ORDER) for kind in ("rows", "truncate")
        ]
    return [(_full_name(name, table), table) for name, table, *_rest in _rules(False)]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite(rules: list[Rule]) -> list[str]:
    return [
        f'CREATE TRIGGER "{_full_name(name, table)}" BEFORE {event} ON "{table}" WHEN {refused} '
        f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        for name, table, event, refused, says in rules
    ]


def _postgresql(rules: list[Rule]) -> list[str]:
    made = []
    for table in (LISTING, ORDER):
        body = " ".join(
            f"IF TG_OP = '{event}' THEN IF {refused} THEN RAISE EXCEPTION '{says}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF;"
            for _name, of, event, refused, says in rules
            if of == table
        )
        function = f"{table}_gates"
        made += [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'never emptied' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"{body} RETURN NEW; END $$"
        ]
        for kind, events, each in (
            ("rows", "INSERT OR UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            name = _full_name(kind, table)
            made += [
                f'CREATE TRIGGER "{name}" BEFORE {events} ON "{table}" '
                f"FOR EACH {each} EXECUTE FUNCTION {function}()",
                f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"',
            ]
    return made
