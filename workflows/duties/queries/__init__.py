"""Reading departments and referrals: a sender within the territory, a liaison what went to the own department."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.db.models import Count, F, Model, Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.outside import whole
from grid.scope import Actor, Right, in_area, in_areas, narrowed, within
from grid.subjects.models import Subject
from tasks.findings.models import Finding
from tasks.visits.states import FindingState
from workflows.cases.models import Case
from workflows.duties.models import (
    ENDED,
    WITH_DEPARTMENT,
    Attachment,
    Department,
    Duty,
    Referral,
    ReferralState,
)
from workflows.duties.queries.directory import Directory, answering, duties_of, held_for
from workflows.duties.reading import path_of
from workflows.duties.referring import About, Chosen

M = TypeVar("M", bound=Model)
RUNNING = Q(state__in=WITH_DEPARTMENT)


@dataclass(frozen=True)
class File:
    """A referral with the directory by which it is read."""

    referral: Referral
    directory: Directory


@dataclass(frozen=True)
class Sought:
    """What a list of referrals is limited to; empty means any. Read from the address bar."""

    state: str = ""
    department: str = ""
    area: str = ""
    text: str = ""
    late: bool = False
    batch: str = ""


def _readable(viewer: Actor, directory: Directory) -> QuerySet[Referral]:
    """Sent within the territory, or referred to the viewer's department. Two postings read both."""
    rows = Referral.objects.all()
    own = answering(viewer, directory)
    if not viewer.areas(Right.SEE_CASES):
        return rows.filter(own) if own is not None else rows.none()
    sent = within(rows, viewer, Right.SEE_CASES)
    return sent if own is None else sent | rows.filter(own)


def referrals_for(viewer: Actor, sought: Sought, directory: Directory) -> QuerySet[Referral]:
    """The latest deadline last; what has ended comes after what is open. Raises NotHere for whoever reads none."""
    if not viewer.has(Right.SEE_CASES) and not viewer.has(Right.ANSWER_REFERRAL):
        raise problems.NotHere()
    rows = _readable(viewer, directory).select_related("department", "subject", "case", "sent_by")
    if sought.state == "open":
        rows = rows.exclude(state__in=ENDED)
    elif sought.state:
        rows = rows.filter(state=sought.state)
    if sought.department:
        found = directory.by_code.get(sought.department)
        rows = (
            rows.filter(department__in=directory.line_of(directory.current(found.pk)))
            if found
            else rows.none()
        )
    rows = narrowed(rows, sought.area)
    if sought.late:
        rows = rows.filter(RUNNING, due_on__lt=today())
    if sought.batch:
        rows = rows.filter(batch=sought.batch)
    if sought.text:
        # Whom it is about is known to the sender's side only: a department may not find it out by asking.
        named = Q(subject__name__contains=sought.text) & in_areas(viewer.areas(Right.SEE_CASES))
        rows = rows.filter(Q(code__iexact=sought.text) | Q(title__contains=sought.text) | named)
    return rows.order_by(F("closed_at").asc(nulls_first=True), "due_on", "pk")


def referral_at(viewer: Actor, code: str, directory: Directory) -> Referral:
    """Raises NotHere outside the territory and for another department's, as for a code that does not exist."""
    rows = _readable(viewer, directory).select_related(
        "department", "duty", "subject", "case", "finding__visit", "sent_by", "accepted_by", "returned_to"
    )
    found = rows.filter(code=code).first()
    if found is None:
        raise problems.NotHere()
    return found


def is_sender(viewer: Actor, referral: Referral) -> bool:
    return viewer.can(Right.SEE_CASES, referral.area)


def is_readable(viewer: Actor, referral: Referral, directory: Directory) -> bool:
    """Of one referral what `_readable` asks of all."""
    own = held_for(viewer, referral.department_id, referral.area, directory)
    return own is not None or is_sender(viewer, referral)


def story_of(referral: Referral) -> list[Entry]:
    """Its entries in order. The referral comes from a scoped query: who may read it may read its story."""
    rows = Entry.objects.filter(case=referral.code, nth__isnull=False).select_related("leaf")
    return list(rows.order_by("nth")[:200])


def file_at(viewer: Actor, pk: int, directory: Directory) -> tuple[Attachment, Path]:
    """A file of a referral the viewer may read. Raises NotHere."""
    found = Attachment.objects.select_related("referral").filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    referral_at(viewer, found.referral.code, directory)
    path = path_of(found.sha256)
    if not path.is_file():
        raise problems.NotHere()
    return found, path


# --- what to refer -----------------------------------------------------------------------------------


def about(viewer: Actor, asked: Mapping[str, str]) -> About:
    """Reads `case` (code), `finding` or `subject` (number) from the address. Raises NotHere."""
    if code := asked.get("case"):
        cases = within(Case.objects.all(), viewer, Right.REFER).select_related("subject", "finding__visit")
        case = _one(cases.filter(code=code))
        return About(case=case)
    if pk := whole(asked.get("finding")):
        findings = within(Finding.objects.all(), viewer, Right.REFER).select_related("subject", "visit")
        finding = _one(findings.filter(pk=pk))
        return About(finding=finding)
    if pk := whole(asked.get("subject")):
        subject = _one(within(Subject.objects.all(), viewer, Right.REFER).filter(pk=pk))
        return About(subject=subject)
    if not viewer.has(Right.REFER):
        raise problems.NotYourPost(right=Right.REFER.value)
    return About()


def _one(rows: QuerySet[M]) -> M:
    found = rows.first()
    if found is None:
        raise problems.NotHere()
    return found


def duty_of(pk: int) -> Duty:
    found = Duty.objects.select_related("department").filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def findings_to_refer(viewer: Actor, department: Department, chosen: Chosen) -> QuerySet[Finding]:
    """Confirmed findings with measures that were chosen, whose subject's industry the department answers for, without
    those an open referral has taken there already."""
    confirmed = Finding.objects.filter(in_area(chosen.area), state=FindingState.CONFIRMED)
    rows = within(confirmed, viewer, Right.REFER)
    rows = rows.exclude(measures=[]).filter(_of_industry(department, chosen.prefix))
    if chosen.since:
        rows = rows.filter(reviewed_at__date__gte=chosen.since)
    taken = Referral.objects.filter(department=department, finding__isnull=False).exclude(state__in=ENDED)
    return rows.exclude(pk__in=taken.values("finding")).order_by("pk")


def _of_industry(department: Department, prefix: str) -> Q:
    if prefix:
        return Q(subject__industry__startswith=prefix)
    fits = Q()
    for answer in department.answers_for:
        if answer["kinds"]:
            fits |= Q(subject__kind__in=answer["kinds"])
        for start in answer["prefixes"]:
            fits |= Q(subject__industry__startswith=start)
    return fits


# --- who owes what -----------------------------------------------------------------------------------


@dataclass
class Standing:
    """A department with its duties, and how its referrals stand in the viewer's territory."""

    department: Department
    duties: list[Duty] = field(default_factory=list)
    formerly: list[Department] = field(default_factory=list)
    open: int = 0
    late: int = 0
    escalated: int = 0
    answered: int = 0
    on_time: int = 0
    total: int = 0


COUNTS = {
    "total": Count("pk"),
    "open": Count("pk", filter=RUNNING),
    "answered": Count("pk", filter=Q(answered_at__isnull=False)),
    "on_time": Count("pk", filter=Q(answered_at__date__lte=F("due_on"))),
    "escalated": Count("pk", filter=RUNNING & Q(escalated_at__isnull=False)),
}


def standings(viewer: Actor, directory: Directory) -> list[Standing]:
    """Every department in force, in the order of the mandate; counts go to whoever carries the duties today."""
    if not viewer.has(Right.SEE_CASES):
        raise problems.NotHere()
    found = {department.pk: Standing(department) for department in directory.in_force()}
    for row in directory.rows:
        carrying = found.get(directory.current(row.pk).pk)
        if carrying and row.pk != carrying.department.pk:
            carrying.formerly.append(row)
    for duty in duties_of(directory.rows):
        if carrying := found.get(directory.current(duty.department_id).pk):
            carrying.duties.append(duty)
    late = Count("pk", filter=RUNNING & Q(due_on__lt=today()))
    rows = within(Referral.objects.all(), viewer, Right.SEE_CASES).order_by().values_list("department")
    for pk, *counts in rows.annotate(**COUNTS, late=late):
        if carrying := found.get(directory.current(pk).pk):
            for name, count in zip((*COUNTS, "late"), counts, strict=True):
                setattr(carrying, name, getattr(carrying, name) + count)
    return list(found.values())


def own_duties(viewer: Actor, directory: Directory) -> list[Duty]:
    """What a liaison's departments owe."""
    ids = {
        pk
        for held in viewer.held
        if held.grants(Right.ANSWER_REFERRAL)
        for pk in directory.ids_of(held.department)
    }
    return duties_of([directory.by_id[pk] for pk in ids]) if ids else []


def counts_of(rows: QuerySet[Referral]) -> list[tuple[str, str, int]]:
    """(state, label, how many) of a list, in the order of the path. One query."""
    found = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return [(state.value, str(state.label), found.get(state.value, 0)) for state in ReferralState]
