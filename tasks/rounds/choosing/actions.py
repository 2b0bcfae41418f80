"""Saying whom a round visits, keeping choices by name, and taking lists of codes."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, in_area, require, require_person
from grid.subjects import problems as subjects_problems
from grid.subjects.models import PERSONS, Subject
from grid.subjects.rules import read_code
from grid.territory.queries import current_area
from tasks.rounds import problems as rounds_problems
from tasks.rounds import states
from tasks.rounds.actions import change_round, plan_round
from tasks.rounds.choosing import queries
from tasks.rounds.choosing.models import CodeList, ListedLine, SavedChoice, Trouble
from tasks.rounds.choosing.reading import CodeLine
from tasks.rounds.choosing.rules import Chosen, Criteria, Terms
from tasks.rounds.models import Round
from tasks.rounds.verbs import RoundVerb

BATCH = 1_000


@transaction.atomic
def choose_subjects(round: Round, criteria: Criteria, joins: bool, *, by: Actor) -> Round:
    """Says whom a draft visits beside its lead rules, and whether who comes to its area later joins it.

    Whoever says so answers for the round, and may not approve it. Raises NotHere/NotYourPost, OutOfOrder.
    """
    fresh = Round.objects.select_for_update().get(pk=round.pk)
    held = require(by, Right.PLAN, fresh.area)
    if fresh.state not in states.DRAFTS:
        raise states.out_of_order(fresh, _("修改"))
    stored = {name: value for name, value in criteria.as_json().items() if name != "rules"}
    if (fresh.criteria or {}, bool(fresh.joins)) != (stored, joins):
        fresh.criteria, fresh.joins, fresh.planned_by_id = stored, joins, require_person(by)
        fresh.save(update_fields=["criteria", "joins", "planned_by"])
        data = {"round": fresh.code, "title": fresh.title, "words": "；".join(queries.words_of(criteria))}
        data["joining"] = _("后来归格的自动加入") if joins else ""
        line = Line(fresh.area, case=fresh.code, data=data | {"criteria": stored})
        record(RoundVerb.ROUND_CHOSEN, line, by=by, held=held)
        hint("round", fresh.area)
    round.refresh_from_db()
    return round


# --- choices by name -----------------------------------------------------------------------------------


@transaction.atomic
def save_choice(name: str, area: str, criteria: Criteria, *, by: Actor) -> SavedChoice:
    """Keeps criteria under a name, for whoever plans in `area`. Raises NotHere/NotYourPost, AreaNotCurrent,
    ChoiceNameTaken."""
    held = require(by, Right.PLAN, area)
    current_area(area)
    try:
        with transaction.atomic():
            choice = SavedChoice.objects.create(
                name=name.strip(), area=area, criteria=criteria.as_json(), made_by_id=require_person(by), made_at=now()
            )  # fmt: skip
    except IntegrityError as taken:
        raise rounds_problems.ChoiceNameTaken(name=name) from taken
    data = {"name": choice.name, "words": "；".join(queries.words_of(criteria)), "criteria": choice.criteria}
    record(RoundVerb.CHOICE_SAVED, Line(area, data=data), by=by, held=held)
    return choice


@transaction.atomic
def retire_choice(choice: SavedChoice, *, by: Actor) -> None:
    """Takes a choice out of use; rounds planned with it keep their criteria. Raises NotHere/NotYourPost, ChoiceRetired."""
    fresh = SavedChoice.objects.select_for_update().get(pk=choice.pk)
    held = require(by, Right.PLAN, fresh.area)
    _retire(fresh)
    record(RoundVerb.CHOICE_RETIRED, Line(fresh.area, data={"name": fresh.name}), by=by, held=held)


@transaction.atomic
def retire_list(codes: CodeList, *, by: Actor) -> None:
    """Takes a list out of use; rounds and choices that name it go on. Raises NotHere/NotYourPost, ChoiceRetired."""
    fresh = CodeList.objects.select_for_update().get(pk=codes.pk)
    held = require(by, Right.PLAN, fresh.area)
    _retire(fresh)
    record(RoundVerb.CODES_RETIRED, Line(fresh.area, data={"name": fresh.name}), by=by, held=held)


def _retire(fresh: SavedChoice | CodeList) -> None:
    if fresh.retired_at is not None:
        raise rounds_problems.ChoiceRetired(name=fresh.name)
    fresh.retired_at = now()
    fresh.save(update_fields=["retired_at"])


# --- lists of codes ----------------------------------------------------------------------------------------


@transaction.atomic
def take_list(name: str, area: str, file_name: str, lines: Sequence[CodeLine], *, by: Actor) -> CodeList:
    """Keeps a list of codes and whom each line means in `area`; every line is accounted for.

    Of a line that means nobody only a unit's code is kept. Raises NotHere/NotYourPost, UnknownArea, AreaNotCurrent.
    """
    held = require(by, Right.PLAN, area)
    current_area(area, today())
    codes = CodeList.objects.create(
        name=name.strip(), area=area, file_name=file_name[:200], made_by_id=require_person(by), made_at=now()
    )
    read = list(_judged(codes, lines, _known(lines, area)))
    ListedLine.objects.bulk_create(read, batch_size=BATCH)
    meant = sum(line.subject_id is not None for line in read)
    data = {"name": codes.name, "file": codes.file_name, "lines": len(read), "meant": meant}
    record(RoundVerb.CODES_LISTED, Line(area, data=data), by=by, held=held)
    return codes


def _known(lines: Iterable[CodeLine], area: str) -> dict[str, int]:
    """Code → subject of the area, of whatever kind of code. People have none that is written in a list."""
    wanted = sorted({text for line in lines for text in (line.code, _plain(line.code)) if text})
    known: dict[str, int] = {}
    rows = Subject.objects.filter(in_area(area), same_as=None).exclude(kind__in=PERSONS)
    for field in ("local_code", "legacy_code", "credit_code"):
        for start in range(0, len(wanted), BATCH):
            some = {f"{field}__in": wanted[start : start + BATCH]}
            known |= dict(rows.filter(**some).values_list(field, "pk"))
    return known


def _judged(codes: CodeList, lines: Iterable[CodeLine], known: dict[str, int]) -> Iterator[ListedLine]:
    seen: set[int] = set()
    for line in lines:
        subject = known.get(line.code) or known.get(_plain(line.code))
        trouble = _trouble(line) if subject is None else Trouble.TWICE if subject in seen else Trouble.NONE
        kept = subject is not None or trouble == Trouble.UNKNOWN
        found = None if trouble else subject
        seen |= {subject} if subject else set()
        yield ListedLine(
            list=codes, line=line.line, code=line.code[:64] if kept else "", subject_id=found, trouble=trouble,
            name="" if trouble == Trouble.PERSON else line.name,
        )  # fmt: skip


def _plain(code: str) -> str:
    try:
        return read_code(code).text
    except problems.Problem:
        return ""


def _trouble(line: CodeLine) -> Trouble:
    if line.is_faulty:
        return Trouble.FAULTY
    try:
        read_code(line.code)
    except subjects_problems.PersonNumber:
        return Trouble.PERSON
    except problems.Problem:
        return Trouble.UNREAD
    return Trouble.UNKNOWN


# --- a round with its choice ---------------------------------------------------------------------------


@transaction.atomic
def plan_chosen(area: str, terms: Terms, chosen: Chosen, *, by: Actor) -> Round:
    """Drafts a round over `area` for those the criteria choose. Raises what plan_round, choose_subjects and save_choice
    raise."""
    round = plan_round(area=area, lead_rules=chosen.criteria.rules, by=by, **terms._asdict())
    return _with(round, chosen, by)


@transaction.atomic
def change_chosen(round: Round, terms: Terms, chosen: Chosen, *, by: Actor) -> Round:
    """Changes a draft and whom it visits. Raises what change_round, choose_subjects and save_choice raise."""
    change_round(round, lead_rules=chosen.criteria.rules, by=by, **terms._asdict())
    return _with(round, chosen, by)


def _with(round: Round, chosen: Chosen, by: Actor) -> Round:
    if chosen.save_as.strip():
        save_choice(chosen.save_as, round.area, chosen.criteria, by=by)
    return choose_subjects(round, chosen.criteria, chosen.joins, by=by)
