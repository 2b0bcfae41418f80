"""The gates of the list, each as one condition under which the database refuses a statement.

workflows/announcements/triggers puts them in place, with its own.

Both engines are asked the same; where they say a thing differently, `Engine` says it. Roles are written into the
triggers when they are installed: whoever gives a right of RIGHTS to another role installs them anew by a migration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grid.ledger.triggers.guards import Gate
from grid.scope import RIGHTS, Right
from workflows.cases.rules import PENALTY_TERMS

LISTING, ORDER = "workflows_listing", "workflows_sanctionorder"

# What an entry is decided on. While its decision stands it stays so; a file that begins again has no decision.
DECIDED_ON = (
    "code", "case_id", "subject_id", "area", "ground_id", "facts", "needs_penalty", "penalty_number",
    "circumstances", "proposed_at", "proposed_by_id", "noticed_on", "defence", "defence_on", "defence_answer",
    "defence_closed_on", "reviewed_by_id", "reviewed_at", "review_opinion", "district_by_id", "district_at",
    "city_by_id", "city_at", "decided_on",
)  # fmt: skip
# The due process of a published entry, to its end.
SETTLED = (*DECIDED_ON, "served_on", "published_at", "ends_on", "dropped_at", "dropped_why")
# No listing is born past its proposal.
UNBORN = (
    "noticed_on", "defence_on", "defence_closed_on", "reviewed_at", "district_at", "city_at", "decided_on",
    "served_on", "published_at", "ends_on", "removed_at", "dropped_at", "stayed_at", "revoked_at",
)  # fmt: skip
# Who decides, by the column of the person and of the moment.
POSTINGS = (
    ("reviewed_by_id", "reviewed_at", Right.LEGAL_REVIEW, "the legal office reviews"),
    ("district_by_id", "district_at", Right.DECIDE_DISTRICT, "the district decides in its territory"),
    ("city_by_id", "city_at", Right.DECIDE_CITY, "the city decides in its territory"),
)


@dataclass(frozen=True, slots=True)
class Engine:
    """How one database says what both are asked."""

    # The city's day of a timestamp; the column's name goes into the braces.
    day: str
    # Whether a boolean holds, the column in braces.
    true: str
    # Number of the penalty in the case `c`.
    penalty: str
    # Whether the kind of the subject `u` is among those of the ground `g`.
    fits: str
    # Rows of a JSON array, as `alias.value`.
    each: str
    # Of a test `t` of a ground: what it asks of, and whether it asks for a number over, or for something given.
    fact: str
    over: str
    given: str
    # Whether what was found of it is more than asked, is there, or is as asked.
    is_over: str
    is_given: str
    is_as_asked: str


SQLITE = Engine(
    day="date({0}, '+8 hours')",
    true="{0} = 1",
    penalty="json_extract(c.\"penalty\", '$.number')",
    fits='EXISTS (SELECT 1 FROM json_each(g."subject_kinds") j WHERE j.value = u."kind")',
    each="json_each({0})",
    fact="json_extract(t.value, '$.fact')",
    over="json_type(t.value, '$.over') IS NOT NULL",
    given="json_type(t.value, '$.given') IS NOT NULL",
    is_over="CAST(json_extract(NEW.\"circumstances\", '$.' || {fact}) AS NUMERIC) > json_extract(t.value, '$.over')",
    is_given="trim(json_extract(NEW.\"circumstances\", '$.' || {fact})) <> ''",
    is_as_asked="COALESCE(json_type(NEW.\"circumstances\", '$.' || {fact}), 'false') = json_type(t.value, '$.is')",
)
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$"
POSTGRESQL = Engine(
    day="({0} AT TIME ZONE 'Asia/Shanghai')::date",
    true="{0}",
    penalty="c.\"penalty\" ->> 'number'",
    fits='jsonb_exists(g."subject_kinds", u."kind")',
    each="jsonb_array_elements({0})",
    fact="(t.value ->> 'fact')",
    over="jsonb_exists(t.value, 'over')",
    given="jsonb_exists(t.value, 'given')",
    is_over='CASE WHEN NEW."circumstances" ->> {fact} ~ \''
    + _NUMBER.replace("{", "{{").replace("}", "}}")
    + "' "
    "THEN (NEW.\"circumstances\" ->> {fact})::numeric > (t.value ->> 'over')::numeric END",
    is_given="btrim(NEW.\"circumstances\" ->> {fact}) <> ''",
    is_as_asked="COALESCE(NEW.\"circumstances\" -> {fact}, 'false'::jsonb) = t.value -> 'is'",
)


def gates(engine: Engine, *, with_proof: bool = True) -> list[Gate]:
    """Every gate, in the order of the way. `with_proof` False: as before there were tables of proof, for the migrations
    of that time."""
    return [
        *_born(),
        *_on_its_ground(engine),
        *([_proven(engine)] if with_proof else []),
        *_has_defence(engine),
        *_by_its_posting(engine),
        *_as_decided(engine),
        *_leaving(engine),
        *_measures(engine),
    ]


def _born() -> Iterable[Gate]:
    born = " OR ".join(f'NEW."{column}" IS NOT NULL' for column in UNBORN)
    again = ('"code" = NEW."code"', '"case_id" = NEW."case_id"', '"id" = NEW."id"')
    replaced = " OR ".join(f'EXISTS (SELECT 1 FROM "{LISTING}" WHERE {same})' for same in again)
    yield Gate("unborn", LISTING, "INSERT", born, "a listing begins with its proposal")
    yield Gate("replaced", LISTING, "INSERT", replaced, "a listing is never replaced")
    yield Gate("kept", LISTING, "DELETE", "1 = 1", "a listing is never deleted")


def _on_its_ground(engine: Engine) -> Iterable[Gate]:
    """The ground of the day of decision, what it asks for, and the penalty it may stand on."""
    decided, published = comes("decided_on"), comes("published_at")
    number = f'{engine.penalty} = NEW."penalty_number" AND NEW."penalty_number" <> \'\''
    penalised = _case(f'c."healed_on" IS NULL AND {number}')
    unpenalised = engine.true.format('NEW."needs_penalty"') + f" AND NOT {penalised}"
    in_force = 'g."valid_from" <= NEW."decided_on" AND COALESCE(g."valid_to" >= NEW."decided_on", 1 = 1)'
    says = {
        "ground_asks": ('g."needs_penalty" = NEW."needs_penalty"', "the ground says whether a penalty comes first"),
        "ground_in_force": (in_force, "the ground is in force on the day of decision"),
        "ground_route": ("g.\"route\" = 'list'", "the ground allows listing"),
        "ground_fits": (engine.fits, "the ground fits the subject"),
        "ground_met": (_conditions_met(engine), "the conditions of the ground are met by facts on file"),
    }  # fmt: skip
    yield _when(
        "penalty", f"({decided} OR {published}) AND {unpenalised}", "the penalty is decided and not corrected"
    )
    for name, (condition, why) in says.items():
        yield _when(name, f"{decided} AND NOT {_ground(condition)}", why)


def _conditions_met(engine: Engine) -> str:
    """As rules.unmet: of every condition one test is enough, and a ground without conditions lists nobody."""
    uncorrected = _case('c."healed_on" IS NULL')
    met = (
        f"CASE WHEN {engine.fact} = 'penalty' THEN NEW.\"penalty_number\" <> '' "
        f"WHEN {engine.fact} = 'uncorrected' THEN {uncorrected} "
        f"WHEN {engine.over} THEN {engine.is_over} WHEN {engine.given} THEN {engine.is_given} "
        f"ELSE {engine.is_as_asked} END"
    ).format(fact=engine.fact)
    conditions, tests = engine.each.format('g."conditions"'), engine.each.format("a.value")
    lacking = f"NOT EXISTS (SELECT 1 FROM {tests} t WHERE {met})"
    some = f"EXISTS (SELECT 1 FROM {conditions} a)"
    return f"{some} AND NOT EXISTS (SELECT 1 FROM {conditions} a WHERE {lacking})"


def _proven(engine: Engine) -> Gate:
    """The party is told on proof only: a look again after the term of the penalty that found nothing corrected; a document
    where no penalty comes first."""
    penalised = engine.true.format('NEW."needs_penalty"')
    corrected = engine.true.format('k."is_corrected"')
    over_on = ", ".join(f'i."{column}"' for column in PENALTY_TERMS)
    seen = (
        'EXISTS (SELECT 1 FROM "workflows_look" k JOIN "workflows_inspection" i ON i."case_id" = k."case_id" '
        f'WHERE k."case_id" = NEW."case_id" AND NOT ({corrected}) AND i."served_on" IS NOT NULL '
        f'AND i."decision_number" = NEW."penalty_number" AND k."on" > COALESCE({over_on}))'
    )
    filed = 'EXISTS (SELECT 1 FROM "workflows_proof" d WHERE d."case_id" = NEW."case_id")'
    proven = f"(({penalised}) AND {seen}) OR (NOT ({penalised}) AND {filed})"
    return _when("proven", f"{comes('noticed_on')} AND NOT ({proven})", "the ground is proven on file")


def _has_defence(engine: Engine) -> Iterable[Gate]:
    """The notice that was served and stands, the term of defence to its end, and the service of the decision."""
    decided, published = comes("decided_on"), comes("published_at")
    noticed, closed, reviewed = comes("noticed_on"), comes("defence_closed_on"), comes("reviewed_at")
    notice = _served("listing_notice", "noticed_on")
    counts = ' AND s."effective_on" <= ' + engine.day.format('NEW."published_at"')
    decision = _served("listing_decision", "served_on", counts)
    reviewed_on = engine.day.format('NEW."reviewed_at"')
    yield _when(
        "notice",
        f"({noticed} OR {decided} OR {published}) AND NOT {notice}",
        "a notice was served and stands",
    )
    yield _when(
        "defence",
        f"({closed} OR {decided} OR {published}) AND NOT {_TERM_OVER}",
        "the term of defence is over",
    )
    yield _when(
        "review_day",
        f'{reviewed} AND NEW."defence_closed_on" >= {reviewed_on}',
        "nobody reviews within the term of defence",
    )
    yield _when("decision_served", f"{published} AND NOT {decision}", "the decision was served and counts")


def _by_its_posting(engine: Engine) -> Iterable[Gate]:
    """Everybody under a posting the law names, and nobody twice (models.py has the rest of the latter)."""
    for person, at, right, says in POSTINGS:
        roles = ", ".join(f"'{role}'" for role, rights in sorted(RIGHTS.items()) if right in rights)
        held = POSTED.format(person=person, roles=roles, day=engine.day.format(f'NEW."{at}"'))
        yield _when(person.removesuffix("_id"), f"({comes(at)} OR {comes(person)}) AND NOT {held}", says)
    twice = 'NEW."district_by_id" = NEW."reviewed_by_id" OR NEW."city_by_id" = NEW."proposed_by_id"'
    yield _when("another", twice, "who proposed or reviewed does not decide")


def _as_decided(engine: Engine) -> Iterable[Gate]:
    decided = 'OLD."decided_on" IS NOT NULL AND NEW."decided_on" IS NOT NULL'
    yield _when(
        "decided", f"{decided} AND ({changed(DECIDED_ON)})", "a decided listing stays as it was decided"
    )
    published = 'OLD."published_at" IS NOT NULL'
    yield _when(
        "settled", f"{published} AND ({changed(SETTLED)})", "a published listing stays as it was decided"
    )


def _leaving(engine: Engine) -> Iterable[Gate]:
    """Nobody is taken off, or hidden, without what the law asks for; and nobody comes back."""
    removed_on = engine.day.format('NEW."removed_at"')
    granted = engine.true.format('r."granted"')
    causes = (
        f'NEW."ends_on" < {removed_on}',
        f'EXISTS (SELECT 1 FROM "workflows_repair" r WHERE r."listing_id" = NEW."id" AND {granted})',
        'EXISTS (SELECT 1 FROM "workflows_objection" o WHERE o."listing_id" = NEW."id" AND o."verdict" = \'revoked\')',
        _remedy("m.\"outcome\" = 'quashed'"),
    )
    yield _when(
        "caused", f'OLD."removed_at" IS NULL AND NEW."removed_at" IS NOT NULL AND NOT ({" OR ".join(causes)})',
        "an entry leaves when its period is over, repaired or revoked",
    )  # fmt: skip
    stay = _remedy('m."target" = \'listing\' AND m."stayed_on" IS NOT NULL AND m."decided_on" IS NULL')
    yield _when(
        "stayed", f"{comes('stayed_at')} AND NOT {stay}", "an entry is hidden by an order to stay only"
    )
    for column in ("removed", "revoked"):
        differs = changed((f"{column}_at", f"{column}_why"))
        yield _when(
            column, f'OLD."{column}_at" IS NOT NULL AND ({differs})', f"a {column} listing never comes back"
        )


def _measures(engine: Engine) -> Iterable[Gate]:
    listed, day = engine.true.format('m."in_national_list"'), engine.day.format('NEW."ordered_at"')
    fixed = changed(("listing_id", "sanction_id", "department", "basis", "ordered_at"))
    yield Gate(
        "based", ORDER, "INSERT", "NOT " + _BASED.format(listed=listed, day=day),
        "a measure without a basis in force cannot be chosen",
    )  # fmt: skip
    yield Gate("of_public", ORDER, "INSERT", f"NOT {_PUBLIC}", "measures follow a published listing only")
    yield Gate("fixed", ORDER, "UPDATE", fixed, "an order stays as it was given")
    yield Gate("kept", ORDER, "DELETE", "1 = 1", "an order is never deleted")


# --- conditions ------------------------------------------------------------------------------------

_TERM_OVER = (
    'EXISTS (SELECT 1 FROM "workflows_clock" k WHERE k."case_id" = NEW."case_id" '
    'AND k."kind" = \'listing.defence\' AND k."fired_at" IS NOT NULL '
    'AND k."due_on" = NEW."defence_closed_on" AND k."started_on" = NEW."noticed_on")'
)
# A posting of that day, the own one or a colleague's that is covered (territory.queries.held_by).
POSTED = (
    'EXISTS (SELECT 1 FROM "grid_posting" p WHERE p."role" IN ({roles}) '
    'AND substr(NEW."area", 1, length(p."area_id")) = p."area_id" '
    'AND p."valid_from" <= {day} AND COALESCE(p."valid_to" >= {day}, 1 = 1) '
    'AND (p."person_id" = NEW."{person}" OR EXISTS (SELECT 1 FROM "grid_absence" a '
    'JOIN "grid_posting" q ON q."id" = a."cover_id" WHERE a."posting_id" = p."id" '
    'AND q."person_id" = NEW."{person}" AND a."first_day" <= {day} AND a."last_day" >= {day})))'
)
_BASED = (
    'EXISTS (SELECT 1 FROM "workflows_sanction" m WHERE m."id" = NEW."sanction_id" AND m."basis" <> \'\' '
    'AND m."basis" = NEW."basis" AND {listed} AND m."valid_to" IS NULL '
    'AND m."valid_from" <= {day})'
)
_PUBLIC = (
    'EXISTS (SELECT 1 FROM "workflows_listing" l WHERE l."id" = NEW."listing_id" '
    'AND l."published_at" IS NOT NULL AND l."removed_at" IS NULL AND l."stayed_at" IS NULL)'
)


def _when(name: str, refused: str, says: str) -> Gate:
    return Gate(name, LISTING, "UPDATE", refused, says)


def comes(column: str) -> str:
    return f'NEW."{column}" IS NOT NULL AND OLD."{column}" IS DISTINCT FROM NEW."{column}"'


def changed(columns: Iterable[str]) -> str:
    return " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)


def _ground(condition: str) -> str:
    return (
        'EXISTS (SELECT 1 FROM "workflows_ground" g JOIN "grid_subject" u ON u."id" = NEW."subject_id" '
        f'WHERE g."id" = NEW."ground_id" AND {condition})'
    )


def _case(condition: str) -> str:
    return f'EXISTS (SELECT 1 FROM "workflows_case" c WHERE c."id" = NEW."case_id" AND {condition})'


def _remedy(condition: str) -> str:
    return f'EXISTS (SELECT 1 FROM "workflows_remedy" m WHERE m."case_id" = NEW."case_id" AND {condition})'


def _served(kind: str, on: str, also: str = "") -> str:
    return (
        'EXISTS (SELECT 1 FROM "workflows_notice" n JOIN "workflows_service" s ON s."notice_id" = n."id" '
        f'WHERE n."case_id" = NEW."case_id" AND n."kind" = \'{kind}\' AND n."withdrawn_at" IS NULL '
        f'AND s."effective_on" = NEW."{on}"{also})'
    )
