"""Reading visits, always within the viewer's territory."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from grid import outside, problems
from grid.calendar.now import day_of
from grid.keeping import stored
from grid.pictures.queries import handed_out
from grid.scope import Actor, Right, narrowed, within
from grid.subjects.models import Subject
from grid.subjects.rules import match_name, plain
from tasks.doors.models import CheckTask
from tasks.forms import tables
from tasks.forms.judging import Judgement, judge
from tasks.forms.rules import Form
from tasks.forms.rules.wording import answers_in_words
from tasks.outcomes.queries import form_with_reasons
from tasks.visits.models import AfterEnd, Evidence, Route, Verdict, Visit
from tasks.visits.states import FindingState

MOST = 30
_FORMER = (
    "task_id",
    "client_id",
    "outcome",
    "answers",
    "counts_at",
    "doubt",
    "recorded_at",
    "person__full_name",
)
_WITH = (
    "subject", "premise", "person", "posting__area", "task__round", "finding__reviewed_by", "replaces",
    "after_end__decided_by",
)  # fmt: skip


def visit(viewer: Actor, code: str) -> Visit:
    """One visit with all its page shows, or NotHere."""
    found = within(Visit.objects.select_related(*_WITH), viewer).filter(code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def form_of(visit: Visit) -> Form | None:
    """The form a visit was filled in on, with the questions of reasons where it gives one; None for an unknown one."""
    form = tables.known(visit.form, visit.form_version)
    return form_with_reasons(form, visit.answers, day_of(visit.counts_at))


def judged(visit: Visit) -> tuple[Form | None, Judgement]:
    """The form a visit was filled in on, None for an unknown one, and what it makes of the answers."""
    form = form_of(visit)
    return form, judge(form, visit.answers, visit.outcome, day_of(visit.recorded_at))


def evidence_of(viewer: Actor, code: str) -> QuerySet[Evidence]:
    """The photos a visit promised, arrived or not."""
    return within(Evidence.objects.filter(visit__code=code), viewer, field="visit__area").order_by("pk")


def photo(viewer: Actor, code: str, sha256: str) -> Evidence:
    """An arrived photo, or NotHere."""
    found = evidence_of(viewer, code).filter(sha256=sha256).exclude(received_at=None).first()
    if found is None:
        raise problems.NotHere()
    return found


def shown_file(evidence: Evidence) -> Path:
    """What is shown of a photo, or NotHere. The original is handed out to nobody (docs/decisions/0025); what was made of
    it and is gone is made again. Raises FileMissing."""
    if not evidence.shown_path:
        raise problems.NotHere()
    return handed_out(stored(evidence.path))


def visits_here(numbers: Collection[UUID]) -> set[UUID]:
    """Which of these visits have arrived."""
    return set(Visit.objects.filter(client_id__in=numbers).values_list("client_id", flat=True))


def is_evidence_of(visit: UUID, sha256: str) -> bool:
    """Whether this photo's bytes are here and belong to this visit."""
    rows = Evidence.objects.filter(visit__client_id=visit, sha256=sha256)
    return rows.exclude(received_at=None).exists()


def evidence_among(hashes: Collection[str]) -> set[str]:
    """Which of these photos are evidence of a visit. Reads through the whole table: for a job that runs seldom."""
    return set(Evidence.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))


def formers_of(task_ids: Collection[int]) -> dict[int, Visit]:
    """Task → the visit that speaks for its door. One query; the tasks come from a scoped one."""
    silent = (FindingState.REPLACED, FindingState.REJECTED, FindingState.CLASHING)
    rows = Visit.objects.filter(task__in=task_ids, finding__isnull=False).exclude(finding__state__in=silent)
    spoken = rows.select_related("person").only(*_FORMER).order_by("pk")
    return {visit.task_id: visit for visit in spoken if visit.task_id is not None}


def unclaimed(viewer: Actor, area: str = "") -> QuerySet[Visit]:
    """Visits to nobody known, waiting for somebody to say whom they were about."""
    return _for_a_person(viewer, NOBODY_S, area)


def clashes(viewer: Actor, area: str = "") -> QuerySet[Visit]:
    """Second visits to one door by another person, waiting for a decision."""
    return _for_a_person(viewer, UNDECIDED, area)


# What the index `visit_for_a_person` holds. SQLite takes a partial index only when its condition
# stands there word for word: with parameters it would read through every visit of a street.
_KEPT_APART = Q(RawSQL("""("tasks_visit"."route" IN ('clash', 'unknown_task'))""", [], BooleanField()))
NOBODY_S = Q(route=Route.UNKNOWN_TASK, subject=None, laid_aside=None)
UNDECIDED = Q(route=Route.CLASH, finding__state=FindingState.CLASHING)
WAITING = _KEPT_APART & (NOBODY_S | UNDECIDED)


def _for_a_person(viewer: Actor, which: Q, area: str) -> QuerySet[Visit]:
    rows = within(Visit.objects.filter(_KEPT_APART, which), viewer, Right.REVIEW)
    rows = narrowed(rows, area)
    return rows.select_related("person", "subject", "premise").order_by("received_at", "pk")


def held_words(viewer: Actor, area: str = "", person: str = "") -> QuerySet[AfterEnd]:
    """What came after the end of its authority and waits for a named person, the oldest first."""
    rows = within(AfterEnd.objects.filter(verdict=Verdict.WAITING), viewer, Right.REVIEW)
    rows = narrowed(rows, area)
    if person:
        rows = rows.filter(visit__person=outside.whole(person))
    return rows.select_related("visit__person", "visit__premise").order_by("visit__received_at", "pk")


def held_word(viewer: Actor, code: str) -> AfterEnd:
    """One of them, decided or not, or NotHere."""
    rows = AfterEnd.objects.exclude(verdict__in=(Verdict.TAKEN, Verdict.AT_SERVICE)).filter(visit__code=code)
    named = ("visit__person", "visit__premise", "visit__posting__area", "decided_by")
    found = within(rows.select_related(*named), viewer, Right.REVIEW).first()
    if found is None:
        raise problems.NotHere()
    return found


def claimed_subject(visit: Visit) -> Subject | None:
    """Whom a visit that waits says it was about; the visit comes from a scoped query."""
    task = CheckTask.objects.filter(pk=visit.claim.get("task", 0)).select_related("subject").first()
    if task is not None:
        return task.subject
    return Subject.objects.filter(pk=visit.claim.get("subject", 0)).first()


def clash(viewer: Actor, code: str) -> Visit:
    """A second visit to a door, decided or not, or NotHere."""
    return _one(viewer, code, Route.CLASH)


def nobody_s(viewer: Actor, code: str) -> Visit:
    """A visit that came without a known subject, claimed or not, or NotHere."""
    return _one(viewer, code, Route.UNKNOWN_TASK)


def _one(viewer: Actor, code: str, route: str) -> Visit:
    rows = Visit.objects.select_related(*_WITH, "laid_aside__by").filter(code=code, route=route)
    found = within(rows, viewer, Right.REVIEW).first()
    if found is None:
        raise problems.NotHere()
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """One question and what each of two visits answered to it, in words; empty where it was not answered."""

    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Both answered, and not the same; who was not asked contradicts nobody."""
        return bool(self.first and self.second) and self.first != self.second


def side_by_side(first: Visit | None, second: Visit) -> list[Compared]:
    """The answers of two visits to one door, question by question, beginning with what came of them."""
    before, after = (_in_words(first) if first else {}), _in_words(second)
    labels = dict.fromkeys([*before, *after])
    return [Compared(label, before.get(label, ""), after.get(label, "")) for label in labels]


def _in_words(visit: Visit) -> dict[str, str]:
    outcome = {str(_("结果")): str(visit.get_outcome_display())}
    return outcome | dict(answers_in_words(form_of(visit), visit.answers))


def subjects_for(viewer: Actor, words: str) -> list[Subject]:
    """Subjects a visit may have been about, where the viewer reviews: by code, or part of name or address."""
    rows = within(Subject.objects.filter(same_as=None), viewer, Right.REVIEW)
    code, name, text = plain(words), match_name(words), words.strip()
    if not text:
        return []
    exact = list(rows.filter(Q(credit_code=code) | Q(legacy_code=code))[:MOST])
    by_name = Q(match_name__contains=name) if name else Q(pk__in=[])
    alike = rows.filter(by_name | Q(address__contains=text)).order_by("match_name", "pk")
    return exact or list(alike[:MOST])


def likely_subjects(viewer: Actor, visit: Visit) -> list[Subject]:
    """Those the phone itself pointed at: the subject it named, and whoever is behind the door it scanned."""
    near = Q(pk=visit.claim.get("subject", 0))
    if visit.premise_id:
        near |= Q(premise=visit.premise_id)
    return list(
        within(Subject.objects.filter(near), viewer, Right.REVIEW).order_by("match_name", "pk")[:MOST]
    )


def claimable(viewer: Actor, pk: int) -> Subject:
    """A subject the viewer may connect a visit with, or NotHere."""
    found = within(Subject.objects.filter(pk=pk), viewer, Right.REVIEW).first()
    if found is None:
        raise problems.NotHere()
    return found
