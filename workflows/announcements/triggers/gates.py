"""The gates of an announcement that a row alone cannot say of itself, put in place with those of the list
(workflows/announcements/triggers): it is born as a proposal on a penalty that stands, published by its own office while
nothing stays that penalty, shows what was proposed, and never comes back."""

from __future__ import annotations

from collections.abc import Iterable

from grid.ledger.triggers.guards import Gate
from grid.scope import RIGHTS, Right
from workflows.listing.triggers import POSTED, Engine, changed, comes

ANNOUNCEMENT = "workflows_announcement"

# What the rule prescribes to be shown, and where it comes from: frozen when it is proposed.
PROPOSED = (
    "code", "case_id", "ground_id", "name", "credit_code", "address", "head", "facts", "handling",
    "proposed_by_id", "proposed_at",
)  # fmt: skip
UNBORN = ("decided_at", "refused_at", "batch_id", "objected_on", "removed_at")
DECIDING = (Right.DECIDE_DISTRICT, Right.DECIDE_CITY)


def announcement_gates(engine: Engine) -> list[Gate]:
    return [*_born(engine), *_on_its_way(engine), *_once(engine)]


def _born(engine: Engine) -> Iterable[Gate]:
    born = " OR ".join(f'NEW."{column}" IS NOT NULL' for column in UNBORN)
    again = ('"code" = NEW."code"', '"case_id" = NEW."case_id"', '"id" = NEW."id"')
    replaced = " OR ".join(f'EXISTS (SELECT 1 FROM "{ANNOUNCEMENT}" WHERE {same})' for same in again)
    unhandled = f"NOT {_penalised(engine)} OR {_fallen(engine)}"
    yield Gate("unborn", ANNOUNCEMENT, "INSERT", born, "an announcement begins with its proposal")
    yield Gate("replaced", ANNOUNCEMENT, "INSERT", replaced, "an announcement is never replaced")
    yield Gate("handled", ANNOUNCEMENT, "INSERT", unhandled, "only a case that was handled is announced")
    yield Gate("kept", ANNOUNCEMENT, "DELETE", "1 = 1", "an announcement is never deleted")


def _on_its_way(engine: Engine) -> Iterable[Gate]:
    roles = ", ".join(f"'{role}'" for role, rights in sorted(RIGHTS.items()) if rights & {*DECIDING})
    day = engine.day.format('NEW."decided_at"')
    held = POSTED.format(person="decided_by_id", roles=roles, day=day)
    standing = f"{_penalised(engine)} AND NOT {_fallen(engine)} AND NOT {_STAYED}"
    yield _when(
        "posting", f"({comes('decided_at')} OR {comes('decided_by_id')}) AND NOT {held}",
        "the district or the city decides in its territory",
    )  # fmt: skip
    yield _when(
        "standing", f"({comes('decided_at')} OR {comes('batch_id')}) AND NOT ({standing})",
        "nothing is announced on a penalty that fell or is stayed",
    )  # fmt: skip
    yield _when(
        "office",
        f"{comes('batch_id')} AND NOT {_OWN_OFFICE}",
        "an office publishes what is in its territory",
    )


def _once(engine: Engine) -> Iterable[Gate]:
    yield _when("as_proposed", changed(PROPOSED), "an announcement shows what was proposed")
    for column, also in (
        ("decided_at", "decided_by_id"),
        ("batch_id", "batch_id"),
        ("removed_at", "removed_why"),
    ):
        yield _when(
            column.partition("_")[0],
            f'OLD."{column}" IS NOT NULL AND ({changed((column, also))})',
            f"{column} of an announcement is settled once",
        )


def _when(name: str, refused: str, says: str) -> Gate:
    return Gate(name, ANNOUNCEMENT, "UPDATE", refused, says)


# --- conditions ------------------------------------------------------------------------------------

_STAYED = (
    'EXISTS (SELECT 1 FROM "workflows_remedy" m WHERE m."case_id" = NEW."case_id" AND m."target" = \'penalty\' '
    'AND m."stayed_on" IS NOT NULL AND m."decided_on" IS NULL)'
)
_OWN_OFFICE = (
    'EXISTS (SELECT 1 FROM "workflows_batch" b WHERE b."id" = NEW."batch_id" '
    'AND substr(NEW."area", 1, length(b."office")) = b."office")'
)


def _penalised(engine: Engine) -> str:
    return (
        'EXISTS (SELECT 1 FROM "workflows_case" c WHERE c."id" = NEW."case_id" '
        f"AND COALESCE({engine.penalty}, '') <> '')"
    )


def _fallen(engine: Engine) -> str:
    """As queries.fallen: quashed by a remedy that was filed after this penalty was decided."""
    decided_on = engine.penalty.replace("number", "decided_on")
    return (
        'EXISTS (SELECT 1 FROM "workflows_case" c JOIN "workflows_remedy" m ON m."case_id" = c."id" '
        'WHERE c."id" = NEW."case_id" AND m."target" = \'penalty\' AND m."outcome" = \'quashed\' '
        f'AND CAST(m."filed_on" AS text) >= ({decided_on}))'
    )
