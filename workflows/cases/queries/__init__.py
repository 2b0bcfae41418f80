"""Reading cases: always within the viewer's territory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import today
from grid.registers.models import Register
from grid.registers.queries import Facts, facts_of
from grid.registers.rules import Data
from grid.registers.standing import insured_heads
from grid.scope import RIGHTS, Actor, Right, in_area, narrowed, within
from grid.territory.models import Area, Level, Posting
from grid.territory.queries import valid_on
from grid.territory.rules import level_of
from tasks.findings.models import Finding
from tasks.findings.queries import rests_on, speakers_of
from workflows.cases import rules
from workflows.cases.models import ENDED, Case, CaseState
from workflows.clocks.models import Clock, Pause
from workflows.engine.acts import step_right
from workflows.engine.kind import kind_of
from workflows.notices.models import Notice

# Who takes what is said to a 列入告知书, at the office of the city.
LISTERS = frozenset({Right.LEGAL_REVIEW, Right.DECIDE_CITY})
# Terms that stand still are left out.
RUNNING = Q(clocks__fired_at=None, clocks__stopped_at=None) & ~Q(
    clocks__in=Pause.objects.open().values("clock")
)
NEVER = date(9999, 12, 31)
# A term has run out here, and somebody has not acted on it yet.
RUN_OUT = (CaseState.ESCALATED,)


# The steps as one reads them on the path, past or to come.
TITLES = {
    "street_approval": _("街道审批"),
    "district_approval": _("区级审批"),
    "urging": _("制发并送达告知书"),
    "term": _("整改期限"),
    "escalated": _("逾期处置"),
    "inspected": _("劳动监察"),
    "penalised": _("处罚与列入提请"),
    "listing_proposed": _("列入告知"),
    "defence": _("陈述申辩"),
    "listing_review": _("法制审核"),
    "listing_district": _("区级列入决定"),
    "listing_city": _("市级列入决定"),
    "listing_service": _("送达列入决定"),
    "publication": _("公示"),
    "published": _("公示期"),
    "removed": _("移出名单"),
}


@dataclass(frozen=True)
class Sought:
    """What a list of cases is limited to; empty means any. Read from the address bar."""

    state: str = ""
    area: str = ""
    overdue: bool = False
    text: str = ""


@dataclass(frozen=True)
class Stage:
    """One step of the drawn path."""

    state: str
    label: str
    is_past: bool
    is_here: bool
    clocks: tuple[Clock, ...]


@dataclass(frozen=True)
class File:
    """A case with what deciding its next acts needs; read once, no query after."""

    case: Case
    # Its entry on the list, as that room keeps it.
    listing: Any
    notices: list[Notice]
    speakers: frozenset[int | None]
    # The last day of the term that the penalty set, when officers looked again, and whether other proof is on file.
    over_on: date | None = None
    seen_on: date | None = None
    has_proof: bool = False
    # Who hears the party of a listing: the legal office of the city, which decides, and the city itself.
    hearers: frozenset[int] = frozenset()

    def unserved(self, kind: str) -> Notice | None:
        waiting = (
            n for n in self.notices if n.kind == kind and not n.withdrawn_at and not hasattr(n, "service")
        )
        return next(waiting, None)


def cases_for(viewer: Actor, sought: Sought | None = None) -> QuerySet[Case]:
    """Cases in reach with `due_on`, the end of their running term; soonest first, then oldest."""
    sought = sought or Sought()
    rows = within(Case.objects.select_related("subject"), viewer, Right.SEE_CASES)
    rows = rows.annotate(due_on=Min("clocks__due_on", filter=RUNNING))
    if sought.state:
        rows = rows.filter(state=sought.state)
    rows = narrowed(rows, sought.area)
    if sought.overdue:
        rows = rows.filter(Q(state__in=RUN_OUT) | Q(due_on__lt=today()))
    if sought.text:
        named = Q(code__iexact=sought.text) | Q(subject__name__contains=sought.text)
        rows = rows.filter(named | Q(subject__credit_code=sought.text.upper()))
    return rows.order_by(Coalesce("due_on", NEVER), "opened_at", "pk")


def case_at(viewer: Actor, code: str) -> Case:
    """Raises NotHere outside the viewer's territory, as for a code that does not exist."""
    rows = within(Case.objects.all(), viewer, Right.SEE_CASES).select_related(
        "subject", "process", "finding__visit__person", "finding__recorded_by", "finding__reviewed_by",
        "street_by", "district_by", "announcement",
    )  # fmt: skip
    case = rows.filter(code=code).first()
    if case is None:
        raise problems.NotHere()
    return case


def file_of(case: Case) -> File:
    """The case with its listing and its documents: two queries, three where several spoke of its facts, one more once
    it was penalised, and one while the city hears. The case comes from a scoped query."""
    people = ("ground", "proposed_by", "reviewed_by", "district_by", "city_by")
    # The row itself again, with its entry on the list: that room stands above this one.
    found = Case.objects.select_related(*(f"listing__{name}" for name in people)).get(pk=case.pk)
    listing = getattr(found, "listing", None)
    if listing is not None:
        listing.case = case
    notices = Notice.objects.filter(case=case).select_related(
        "service__visit__person", "issued_by", "asked_by", "approval__by", "seal_use"
    )
    at_door = ("door_services__visit__person", "service__visit__evidence")
    papers = list(notices.prefetch_related(*at_door).order_by("pk"))
    file = File(case, listing, papers, frozenset(speakers_of(case.finding)))
    if case.state in rules.CASE_HEARS:
        file = replace(file, hearers=frozenset(hearers_at(case.area)))
    return _with_proof(file) if case.penalty else file


def hearers_at(area: str) -> set[int]:
    """Posted at the office of the city, which decides on the list and hears its party (国办发〔2020〕49号 四(八)); a district's
    legal officer is of another body."""
    roles = [role for role, rights in RIGHTS.items() if rights & LISTERS]
    rows = Posting.objects.filter(valid_on(today()), role__in=roles, area=area[:4], person__is_active=True)
    return set(rows.values_list("person", flat=True))


def hearing_areas(viewer: Actor) -> list[str]:
    """Cities at whose office the viewer hears the parties of listings."""
    codes = {held.area for held in viewer.held if any(held.grants(right) for right in LISTERS)}
    return sorted(code for code in codes if level_of(code) == Level.CITY)


def _with_proof(file: File) -> File:
    """In one query: of several penalties the last one served counts, whose term ends last."""
    terms = (f"inspections__{column}" for column in rules.PENALTY_TERMS)
    proof = Case.objects.filter(pk=file.case.pk).aggregate(
        over_on=Max(Coalesce(*terms)), seen_on=Max("looks__on"), proofs=Count("proofs")
    )
    return replace(file, over_on=proof["over_on"], seen_on=proof["seen_on"], has_proof=proof["proofs"] > 0)


def clocks_of(case: Case) -> list[Clock]:
    """The terms of the case with their pauses and extensions; two queries."""
    rows = case.clocks.select_related("extension__approved_by").prefetch_related("pauses")
    return list(rows.order_by("pk"))


def facts_beside(case: Case) -> dict[str, Facts]:
    """What each register says of the subject now, with its provenance."""
    return facts_of(case.subject)


def path_of(case: Case, clocks: Iterable[Clock]) -> list[Stage]:
    """The lawful path with the current step. A case sent back stands where it will return to."""
    here = case.returned_to if case.state == CaseState.CORRECTION else case.state
    here = "inspected" if here == CaseState.AUDITED else here
    # What is owed at the employer's window is no step of the path.
    own = (c for c in clocks if not c.kind.startswith("counter."))
    running = tuple(c for c in own if not c.fired_at and not c.stopped_at)
    at = rules.PATH.index(here) if here in rules.PATH else -1
    return [
        Stage(state, str(_title_of(case, state)), place < at, place == at, running if place == at else ())
        for place, state in enumerate(rules.PATH)
    ]


def _title_of(case: Case, state: str) -> Promise:
    """An audit stands where an inspection would."""
    audited = state == CaseState.INSPECTED and case.state == CaseState.AUDITED
    return _("社会保险稽核") if audited else TITLES[state]


# What rooms above show on the page of a case, by its name in the template.
_SHOWN: dict[str, Callable[[Case], object]] = {}


def show_beside(name: str, query: Callable[[Case], object]) -> None:
    """Called when the apps are ready."""
    _SHOWN[name] = query


def shown_by_others(case: Case) -> dict[str, object]:
    return {name: query(case) for name, query in _SHOWN.items()}


def area_names(area: str) -> list[str]:
    """The names from the city down to the grid."""
    codes = [area[:length] for length in (6, 9, 12, 15) if len(area) >= length]
    return list(Area.objects.filter(code__in=codes).order_by("code").values_list("short_name", flat=True))


def deciding_right(state: str) -> Right:
    """Whose the decision is for which a case waits in one of the approval states."""
    right = step_right(kind_of(Case), state)
    assert right is not None
    return right


def to_approve(viewer: Actor, state: str) -> QuerySet[Case]:
    """Cases in one approval state that `viewer` may decide by post and was no part of before."""
    rows = within(Case.objects.filter(state=state), viewer, deciding_right(state)).select_related(
        "subject", "finding"
    )
    me = viewer.person_id
    own = Finding.objects.filter(rests_on(me), pk=OuterRef("finding"))
    mine = Exists(own) | Q(finding__reviewed_by=me)
    if state == CaseState.DISTRICT_APPROVAL:
        mine |= Q(street_by=me)
    return rows.exclude(mine).order_by("opened_at", "pk")


# --- what a register would close -------------------------------------------------------------------------


def subjects_with_cases(area: str) -> set[int]:
    """Subjects of an area with a case that a register may still close."""
    rows = Case.objects.filter(in_area(area), healed_on=None).exclude(state__in=ENDED)
    return set(rows.values_list("subject", flat=True))


def subjects_closed_by(register: str, lines: Mapping[int, Data | None], _on: date) -> set[int]:
    """Of these subjects those whose case the heads in new lines of the social register would close."""
    if register != Register.SOCIAL:
        return set()
    cases = Case.objects.filter(subject__in=lines, healed_on=None).exclude(state__in=ENDED)
    return {
        case.subject_id
        for case in cases.select_related("finding__visit")
        if rules.is_rectified(
            case.finding.seen.outcome, case.finding.seen.answers, insured_heads(lines[case.subject_id])
        )
    }
