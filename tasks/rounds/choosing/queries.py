"""Whom criteria choose in an area, how many by each of them, and which choices and lists a planner may use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import end_of, today
from grid.law.queries import Law, the_law
from grid.law.rules.mandate import read_shipped, shipped_titles
from grid.ledger.bulk import among
from grid.registers.models import Register
from grid.registers.models import Row as RegisterRow
from grid.registers.standing import insured_heads
from grid.scope import Actor, Right, in_area, in_areas
from grid.subjects.models import Standing, Subject, SubjectKind
from grid.territory.succession.queries import ground_now
from tasks.comparison.models import Lead, LeadState
from tasks.comparison.rules import TITLES
from tasks.coverage.queries import closed_for_good
from tasks.rounds.choosing import rules
from tasks.rounds.choosing.models import CodeList, ListedLine, SavedChoice, Trouble
from tasks.rounds.choosing.rules import Criteria, criteria_from
from tasks.rounds.models import Round
from tasks.visits.models import Outcome, Visit

Named = TypeVar("Named", SavedChoice, CodeList)
# What ends a subject for good: no round sends anybody there.
ENDED = (Standing.CANCELLED, Standing.WITHDRAWN)
# Nobody was met by these: they do not count as having been seen.
UNMET = (Outcome.NOBODY_IN, Outcome.UNCLEAR)
CITY = 4
# Where the codes of areas end: city, district, street, community.
_ENDS = (4, 6, 9, 12)


class Condition(NamedTuple):
    name: str
    words: str
    q: Q


def criteria_of(round: Round) -> Criteria:
    """All criteria of a round; its lead rules have a column of their own."""
    return replace(criteria_from(round.criteria), rules=tuple(round.rules))


def chosen(round: Round, day: date, ground: Sequence[str]) -> QuerySet[Subject]:
    """Whom the round visits on its ground, as of `day`; nobody who is out of business for good."""
    rows = Subject.objects.filter(in_areas(ground)).exclude(_ended(ground))
    for condition in conditions(criteria_of(round), _looked_through(round.area, ground), day):
        rows = rows.filter(condition.q)
    return rows


def _ended(ground: Sequence[str]) -> Q:
    """Out of business for good, by the register or by what a visit found: no round sends anybody there."""
    return Q(standing__in=ENDED) | Q(pk__in=closed_for_good(ground).values("subject"))


def _looked_through(area: str, ground: Sequence[str]) -> str:
    """Where the rows of criteria are looked for: what follows an area that ended may lie anywhere in its city."""
    return area if list(ground) == [area] else area[:CITY]


def conditions(criteria: Criteria, area: str, day: date) -> list[Condition]:
    """Each criterion that is given, in words and as the database is asked; first what standing is meant."""
    law = the_law(day)
    questions = {
        "standings": lambda: Q(standing__in=[s for s in criteria.standings if s not in ENDED]),
        "kinds": lambda: Q(kind__in=criteria.kinds),
        "industries": lambda: _begins(rules.beginnings(criteria.industries)),
        "industry_law": lambda: _begins(_of_law(law, criteria.industry_law)),
        "lists": lambda: _listed(criteria.lists),
        "registers": lambda: _in_registers(criteria.registers, area),
        "missing": lambda: _in_no_register(criteria.missing, area),
        "rules": lambda: Q(pk__in=_leads(criteria, area).values("subject")),
        "lead_days": lambda: Q(pk__in=_old_leads(criteria, area, day).values("subject")),
        "unseen_days": lambda: ~_seen(area, day - timedelta(days=criteria.unseen_days)),
        "insured": lambda: _insured(area, criteria.insured_from, criteria.insured_to),
        "employees": lambda: _employing(area, criteria.employees_from, criteria.employees_to),
    }
    asked = [Condition(name, words, questions[name]()) for name, words in _described(criteria)]
    if criteria.standings:
        return asked
    words = _("登记状态：{values}").format(values=Standing.ACTIVE.label)
    return [Condition("standings", words, Q(standing=Standing.ACTIVE)), *asked]


def words_of(criteria: Criteria) -> list[str]:
    """The criteria as people read them."""
    return [words for _name, words in _described(criteria)]


def _described(criteria: Criteria) -> list[rules.Described]:
    lists = CodeList.objects.filter(pk__in=criteria.lists).values_list("pk", "name")
    names = rules.Names(
        {kind.value: str(kind.label) for kind in SubjectKind},
        {standing.value: str(standing.label) for standing in Standing},
        {register.value: str(register.label) for register in Register},
        {rule: f"{rule} {title}" for rule, title in TITLES.items()},
        dict(lists) if criteria.lists else {},
        shipped_titles(),
    )
    return rules.described(criteria, names)


# --- what the database is asked --------------------------------------------------------------------------


def _begins(codes: Iterable[str]) -> Q:
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(industry__startswith=code)
    return found


def _of_law(law: Law, key: str) -> tuple[str, ...]:
    provision = law.get(key)
    return tuple(provision.value) if provision and isinstance(provision.value, list) else ()


def _listed(lists: Sequence[int]) -> Q:
    rows = ListedLine.objects.filter(list__in=lists, subject__isnull=False)
    return Q(pk__in=rows.values("subject"))


def _in_registers(registers: Iterable[str], area: str) -> Q:
    found = Q()
    for register in registers:
        found &= Q(pk__in=_rows(register, area).values("subject"))
    return found


def _in_no_register(registers: Iterable[str], area: str) -> Q:
    found = Q()
    for register in registers:
        found &= ~Q(pk__in=_rows(register, area).values("subject"))
    return found


def _rows(register: str, area: str) -> QuerySet[RegisterRow]:
    return RegisterRow.objects.filter(in_area(area), register=register, until=None)


def _leads(criteria: Criteria, area: str) -> QuerySet[Lead]:
    leads = Lead.objects.filter(in_area(area), state=LeadState.OPEN)
    return leads.filter(rule__in=criteria.rules) if criteria.rules else leads


def _old_leads(criteria: Criteria, area: str, day: date) -> QuerySet[Lead]:
    return _leads(criteria, area).filter(found_on__lte=day - timedelta(days=criteria.lead_days))


def _seen(area: str, since: date) -> Q:
    """Whoever was met since a day. A visit keeps the area it was made in; the subject may have moved since."""
    visits = Visit.objects.filter(
        in_area(area, "subject__area"), counts_at__gte=end_of(since - timedelta(days=1))
    )
    return Q(pk__in=visits.exclude(outcome__in=UNMET).values("subject"))


def _insured(area: str, least: int | None, most: int | None) -> Q:
    """By heads insured today; who is in no register of the insured has nobody insured."""
    heads = _rows(Register.SOCIAL, area).values_list("subject", "data")
    fitting = {subject: rules.fits(insured_heads(data), least, most) for subject, data in heads.iterator()}
    if rules.fits(0, least, most):
        return ~Q(pk__in=among([subject for subject, fits in fitting.items() if not fits]))
    return Q(pk__in=among([subject for subject, fits in fitting.items() if fits]))


def _employing(area: str, least: int | None, most: int | None) -> Q:
    """By the heads declared for tax, else those of the business register; of nobody else the size is known."""
    heads: dict[int, int | None] = {}
    for register, field in ((Register.MARKET, "employees"), (Register.TAX, "heads")):
        for subject, data in _rows(register, area).values_list("subject", "data").iterator():
            if isinstance(count := data.get(field), int):
                heads[subject] = count
    return Q(pk__in=among([subject for subject, count in heads.items() if rules.fits(count, least, most)]))


# --- counts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choosing:
    """What criteria choose in an area: of `all` there, by each criterion, and how many have ended for good."""

    all: int
    by: list[rules.Counted]
    ended: int

    @property
    def chosen(self) -> int:
        return self.by[-1].so_far if self.by else self.all


def count_choice(criteria: Criteria, area: str) -> Choosing:
    """One pass over the area, however many criteria: each is asked once of each subject."""
    ground = ground_now(area)
    asked = conditions(criteria, _looked_through(area, ground), today())
    rows = Subject.objects.filter(in_areas(ground))
    marks = rows.exclude(_ended(ground)).annotate(
        **{f"fits{place}": _yes(condition.q) for place, condition in enumerate(asked)}
    )
    fields = [f"fits{place}" for place in range(len(asked))]
    found = list(marks.values_list(*fields))
    by = rules.counted([condition.words for condition in asked], found)
    return Choosing(len(found), by, rows.filter(_ended(ground)).count())


def _yes(q: Q) -> Case:
    return Case(When(q, then=Value(True)), default=Value(False), output_field=BooleanField())


# --- choices by name ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as it is listed. `key` is its number, or the name of a shipped one, which is everybody's."""

    key: str
    name: str
    area: str
    criteria: Criteria
    words: list[str]
    basis: str = ""
    reviewed: bool = True
    saved: SavedChoice | None = None


class _Shipped(NamedTuple):
    key: str
    name: str
    basis: str
    reviewed: bool
    valid_from: str
    criteria: Criteria


@cache
def _shipped() -> list[_Shipped]:
    rows = read_shipped(Path(__file__).with_name("shipped.json"))
    return [
        _Shipped(
            row["key"], row["name"], row["basis"], row["reviewed"], row["valid_from"],
            criteria_from(row["criteria"]),
        )
        for row in rows
    ]  # fmt: skip


def choices_for(viewer: Actor) -> list[Choice]:
    """What the viewer may choose by: what is shipped, what was saved in the own territory, and by those above it."""
    day = today().isoformat()
    shipped = [
        Choice(row.key, row.name, "", row.criteria, words_of(row.criteria), row.basis, row.reviewed)
        for row in _shipped()
        if row.valid_from <= day
    ]
    saved = _in_reach(SavedChoice.objects.filter(retired_at=None).select_related("made_by"), viewer)
    return [*shipped, *(_saved(row) for row in saved.order_by("area", "name"))]


def _saved(row: SavedChoice) -> Choice:
    criteria = criteria_from(row.criteria)
    return Choice(str(row.pk), row.name, row.area, criteria, words_of(criteria), saved=row)


def choice_at(viewer: Actor, key: str) -> Choice:
    """Raises NotHere for one the viewer may not use, as for one that does not exist."""
    for choice in choices_for(viewer):
        if choice.key == key:
            return choice
    raise problems.NotHere()


class Listed(NamedTuple):
    """A list with its lines, and how many of them mean somebody."""

    codes: CodeList
    lines: int
    meant: int


def lists_for(viewer: Actor) -> QuerySet[CodeList]:
    """Lists the viewer may choose by, the newest first."""
    rows = CodeList.objects.filter(retired_at=None).select_related("made_by").order_by("-pk")
    return _in_reach(rows, viewer)


def with_counts(lists: Iterable[CodeList]) -> list[Listed]:
    """One query."""
    found = list(lists)
    meant = Count("pk", filter=Q(trouble=Trouble.NONE))
    rows = ListedLine.objects.filter(list__in=found).values_list("list").annotate(Count("pk"), meant=meant)
    counts = {pk: (lines, known) for pk, lines, known in rows}
    return [Listed(codes, *counts.get(codes.pk, (0, 0))) for codes in found]


def list_at(viewer: Actor, pk: int) -> CodeList:
    found = lists_for(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def lines_of(codes: CodeList, trouble: bool = False) -> QuerySet[ListedLine]:
    """The lines in their order; only those that mean nobody when asked so."""
    rows = codes.lines.select_related("subject").order_by("line")
    return rows.exclude(trouble=Trouble.NONE) if trouble else rows


def _in_reach(rows: QuerySet[Named], viewer: Actor) -> QuerySet[Named]:
    mine = viewer.areas(Right.PLAN)
    above = {code[:end] for code in mine for end in _ENDS}
    return rows.filter(in_areas(mine) | Q(area__in=above)) if mine else rows.none()
