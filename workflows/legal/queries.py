"""Everything no lawyer has passed yet, what rests on it, and what was answered. Counts are the viewer's territory's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, day_of, end_of, today
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.law.rules import in_words
from grid.law.rules.questions import GROUND, LAW, MEASURE, OFFICE, Question, questions
from grid.offices.models import Part
from grid.scope import Actor, Right, within
from workflows.clocks.models import Clock
from workflows.clocks.terms import terms
from workflows.legal.models import LawAnswer
from workflows.legal.rules import papers_by
from workflows.listing.models import Ground, Listing
from workflows.notices.models import Notice
from workflows.sanctions.models import Sanction, SanctionOrder

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rests:
    """What was done by a row: papers issued, matters with a term by it, the first and the last day."""

    papers: int = 0
    matters: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def weight(self) -> int:
        return self.papers + self.matters

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1 if self.first and self.last else 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row that waits. `place`: as questions name it (`law:urging.term`)."""

    place: str
    sort: str
    title: str
    value: str
    basis: str
    valid_from: date
    rests: Rests
    pk: int
    questions: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        return self.place.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its newest answer, and how many rows wait that it touches."""

    question: Question
    answer: LawAnswer | None
    waiting: int


def require_reader(viewer: Actor) -> None:
    """Whoever keeps or confirms the law, and the auditor. Raises NotHere, NotYourPost."""
    if not any(map(viewer.has, (Right.EDIT_LAW, Right.CONFIRM_LAW, Right.RETELL))):
        raise problems.NotYourPost(right=Right.CONFIRM_LAW.value) if viewer.held else problems.NotHere()


def waiting_rows(viewer: Actor) -> list[Row]:
    """Every row no lawyer has passed, what most rests on first. Nine queries. Raises NotHere, NotYourPost."""
    require_reader(viewer)
    asked = questions(today())
    rows = [*_provisions(viewer), *_grounds(viewer), *_measures(viewer)]
    named = [
        Row(
            row.place, row.sort, row.title, row.value, row.basis, row.valid_from, row.rests, row.pk,
            tuple(question.number for question in asked if question.touched(_sort_of(row.place), [row.key])),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(named, key=lambda row: (-row.rests.weight, row.place, row.valid_from))


def _sort_of(place: str) -> str:
    return place.partition(":")[0] + ":"


def _provisions(viewer: Actor) -> Iterator[Row]:
    versions = Provision.objects.filter(reviewed=False).order_by("key", "valid_from")
    papers, clocks = _papers(viewer), _clocks(viewer)
    for version in versions:
        yield Row(
            LAW + version.key, _("参数"), version.title, in_words(version.value, version.unit), version.basis,
            version.valid_from, _rests_on(version, papers, clocks), version.pk,
        )  # fmt: skip


_Days = Mapping[tuple[str, date], int]


def _papers(viewer: Actor) -> _Days:
    """(kind, day) → how many were issued: by their days each falls to the version it was issued under."""
    rows = within(Notice.objects.all(), viewer, Right.SEE_CASES).order_by()
    counted = rows.annotate(day=TruncDate("issued_at", tzinfo=CITY_TIME)).values("kind", "day")
    return {(row["kind"], row["day"]): row["n"] for row in counted.annotate(n=Count("pk"))}


def _clocks(viewer: Actor) -> _Days:
    """(parameter, day) → how many terms of cases began."""
    rows = within(Clock.objects.filter(case__isnull=False), viewer, Right.SEE_CASES, "case__area")
    counted = rows.order_by().values("kind", "started_on").annotate(n=Count("case", distinct=True))
    known = {key: term.parameter for key, term in terms().items()}
    found: dict[tuple[str, date], int] = {}
    for row in counted:
        place = known.get(row["kind"], row["kind"]), row["started_on"]
        found[place] = found.get(place, 0) + row["n"]
    return found


def _rests_on(version: Provision, papers: _Days, clocks: _Days) -> Rests:
    kinds = papers_by(version.key)
    issued = [(day, n) for (kind, day), n in papers.items() if kind in kinds and _is_under(version, day)]
    began = [(day, n) for (key, day), n in clocks.items() if key == version.key and _is_under(version, day)]
    days = [day for day, _n in (*issued, *began)]
    return Rests(
        sum(n for _day, n in issued), sum(n for _day, n in began), min(days, default=None), max(days, default=None)
    )  # fmt: skip


def _is_under(version: Provision, day: date) -> bool:
    return version.valid_from <= day and (version.valid_to is None or day <= version.valid_to)


def _grounds(viewer: Actor) -> Iterator[Row]:
    listed = within(Listing.objects.all(), viewer, Right.SEE_CASES).order_by().values("ground")
    counted = listed.annotate(n=Count("pk"), first=Min("proposed_at"), last=Max("proposed_at"))
    facts = {row["ground"]: _span(row["n"], row["first"], row["last"]) for row in counted}
    for ground in Ground.objects.filter(reviewed=False, valid_to=None).order_by("code"):
        words = _("公示 {n} 个月").format(n=ground.months)
        yield Row(
            GROUND + ground.code, _("列入情形"), ground.title, words, ground.basis, ground.valid_from,
            facts.get(ground.pk, Rests()), ground.pk,
        )  # fmt: skip


def _measures(viewer: Actor) -> Iterator[Row]:
    ordered = within(SanctionOrder.objects.all(), viewer, Right.SEE_CASES).order_by().values("sanction")
    counted = ordered.annotate(
        n=Count("listing", distinct=True), first=Min("ordered_at"), last=Max("ordered_at")
    )
    facts = {row["sanction"]: _span(row["n"], row["first"], row["last"]) for row in counted}
    for measure in Sanction.objects.filter(reviewed=False, valid_to=None).order_by("pk"):
        words = "、".join(measure.departments)
        yield Row(
            MEASURE + measure.code, _("惩戒措施"), measure.title, words, measure.basis, measure.valid_from,
            facts.get(measure.pk, Rests()), measure.pk,
        )  # fmt: skip


def _span(matters: int, first: datetime, last: datetime) -> Rests:
    return Rests(0, matters, day_of(first), day_of(last))


# --- the questions --------------------------------------------------------------------------------


def asked_of(viewer: Actor, rows: Sequence[Row]) -> list[Asked]:
    """Every question with its newest answer; one query. Raises NotHere, NotYourPost."""
    require_reader(viewer)
    newest: dict[int, LawAnswer] = {}
    for answer in LawAnswer.objects.select_related("answered_by", "confirmed_by").order_by("pk"):
        newest[answer.question] = answer
    return [
        Asked(question, newest.get(question.number), sum(question.number in row.questions for row in rows))
        for question in questions(today())
    ]


def question_at(viewer: Actor, number: int) -> Question:
    """Raises NotHere, NotYourPost."""
    require_reader(viewer)
    found = next((question for question in questions(today()) if question.number == number), None)
    if found is None:
        raise problems.NotHere()
    return found


def answers_to(number: int) -> QuerySet[LawAnswer]:
    rows = LawAnswer.objects.filter(question=number).select_related("answered_by", "confirmed_by")
    return rows.prefetch_related("versions").order_by("-pk")


def parameters_of(question: Question) -> list[Provision]:
    """The parameters it touches, as they are in force; one query."""
    law = dict(the_law(today()).items())
    return [law[key] for key in question.touched(LAW, sorted(law))]


def parts_of(question: Question) -> list[str]:
    """The offices it touches, in words."""
    return [str(Part(part).label) for part in question.touched(OFFICE, Part.values)]


def answers_to_confirm(viewer: Actor) -> QuerySet[LawAnswer]:
    """The newest answers that wait for a second person, who the viewer may be."""
    if not viewer.can(Right.CONFIRM_LAW, settings.CITY):
        return LawAnswer.objects.none()
    newest = LawAnswer.objects.order_by().values("question").annotate(last=Max("pk")).values("last")
    return LawAnswer.objects.filter(pk__in=newest, confirmed_by=None).exclude(answered_by=viewer.person_id)


# --- what rests on one row --------------------------------------------------------------------------


def papers_resting(viewer: Actor, version: Provision) -> QuerySet[Notice]:
    """The papers issued under one version, the newest first. Raises NotHere, NotYourPost."""
    require_reader(viewer)
    rows = within(Notice.objects.filter(kind__in=papers_by(version.key)), viewer, Right.SEE_CASES)
    rows = rows.filter(issued_at__gte=end_of(version.valid_from - DAY))
    if version.valid_to:
        rows = rows.filter(issued_at__lt=end_of(version.valid_to))
    return rows.select_related("case__subject").order_by("-pk")


def terms_resting(viewer: Actor, version: Provision) -> QuerySet[Clock]:
    """The terms of cases that began under one version, the newest first. Raises NotHere, NotYourPost."""
    require_reader(viewer)
    kinds = [key for key, term in terms().items() if term.parameter == version.key]
    rows = Clock.objects.filter(case__isnull=False, kind__in=kinds, started_on__gte=version.valid_from)
    if version.valid_to:
        rows = rows.filter(started_on__lte=version.valid_to)
    return within(rows, viewer, Right.SEE_CASES, "case__area").select_related("case__subject").order_by("-pk")
