"""Reading inspections: always within the viewer's territory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import today
from grid.law.queries import Law, the_law
from grid.law.rules import in_words
from grid.offices.rules import office_area
from grid.scope import RIGHTS, Actor, Right, Role, in_areas, within
from grid.territory.models import Level, Posting
from grid.territory.queries import valid_on
from grid.territory.rules import HEADS, level_of
from workflows.clocks.models import Clock
from workflows.clocks.terms import kinds_of
from workflows.engine.nodes import steps_with
from workflows.inspections import rules
from workflows.inspections.flow import InspectionFlow
from workflows.inspections.models import Inspection, Opinion, Payment, Recusal
from workflows.inspections.models import InspectionState as S
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.inspections.queries import weighing
from workflows.inspections.records.models import InspectionRecord
from workflows.inspections.records.queries import is_proven, unsigned_of
from workflows.inspections.rules.money import Reckoning
from workflows.notices.models import Notice, NoticeKind
from workflows.remedies.models import Remedy, RemedyTarget

# The steps as one reads them on the path, past or to come.
TITLES = {
    "filing": _("立案审批"),
    "investigating": _("调查取证"),
    "ordered": _("责令改正期限"),
    "order_expired": _("处罚事先告知"),
    "noticed": _("陈述申辩"),
    "hearing": _("听证"),
    "legal_review": _("法制审核"),
    "collective": _("集体讨论"),
    "deciding": _("负责人决定"),
    "decided": _("送达处罚决定"),
    "performing": _("履行"),
    "performed": _("履行完毕"),
    "demanded": _("催告"),
    "court": _("申请强制执行"),
    "enforced": _("强制执行"),
}


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
    """An inspection with what deciding its next acts needs; read once, no query after."""

    inspection: Inspection
    notices: list[Notice]
    clocks: list[Clock]
    opinions: list[Opinion]
    recusals: list[Recusal]
    payments: list[Payment] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    # Those the second officer has not signed.
    records: list[InspectionRecord] = field(default_factory=list)
    # Whether a record that proves something lies on file.
    is_proven: bool = False
    # Who may review it, where it waits for that.
    lawyers: frozenset[int] = frozenset()
    law: Law = field(default_factory=lambda: the_law(today()))

    def term(self, key: str) -> str:
        """`10 个工作日`: a term as the law has it today."""
        return in_words(self.law[key].value, self.law[key].unit)

    def unserved(self, kind: str) -> Notice | None:
        mine = (
            n for n in self.notices if n.kind == kind and not n.withdrawn_at and not hasattr(n, "service")
        )
        return next(mine, None)

    @property
    def open_remedy(self) -> Remedy | None:
        """The review or suit against the penalty that is still pending; one is answered before the next."""
        return next((remedy for remedy in self.remedies if remedy.decided_on is None), None)

    @property
    def is_payment_still(self) -> bool:
        """Whether the term for paying stands still, execution being stayed."""
        return any(c.kind == "penalty.payment" and c.is_still for c in self.clocks)

    def running(self, *kinds: str) -> bool:
        return any(c.kind in kinds and not c.fired_at and not c.stopped_at for c in self.clocks)


def inspection_at(viewer: Actor, code: str) -> Inspection:
    """The newest inspection of the case `code`. Raises NotHere outside the viewer's territory, and where there is none."""
    rows = within(Inspection.objects.all(), viewer, Right.SEE_CASES).filter(case__code=code)
    people = (
        "officer_1",
        "officer_2",
        "proposed_by",
        "filed_by",
        "reviewed_by",
        "decided_by",
        "hearing_chair",
    )
    found = rows.select_related("case__subject", "case__finding", "process", *people).order_by("-pk").first()
    if found is None:
        raise problems.NotHere()
    return found


def newest_of(case_id: int) -> Inspection | None:
    """For the page of a case that was read scoped."""
    return (
        Inspection.objects.filter(case=case_id)
        .select_related("officer_1", "officer_2")
        .order_by("-pk")
        .first()
    )


def file_of(inspection: Inspection) -> File:
    """The inspection with its papers, terms, opinions, recusals, payments, remedies and records: nine queries, ten at
    its review and when its order has run out."""
    remedies = Remedy.objects.filter(case=inspection.case_id, target=RemedyTarget.PENALTY)
    notices = Notice.objects.filter(case=inspection.case_id, issued_at__gte=inspection.proposed_at)
    return File(
        inspection,
        list(notices.select_related("service", "issued_by", "approval__by", "seal_use").order_by("pk")),
        clocks_of(inspection),
        list(inspection.opinions.select_related("person").order_by("pk")),
        list(inspection.recusals.select_related("person", "replaced_by", "decided_by").order_by("pk")),
        list(inspection.payments.order_by("pk")),
        list(remedies.order_by("pk")),
        unsigned_of(inspection),
        is_proven(inspection),
        frozenset(reviewers_at(inspection)) if inspection.state == S.LEGAL_REVIEW else frozenset(),
    )


def clocks_of(inspection: Inspection) -> list[Clock]:
    """Its terms, run out or not, with their pauses and extensions; two queries."""
    rows = Clock.objects.filter(case=inspection.case_id, kind__in=kinds_of("inspection")).order_by("pk")
    return list(rows.select_related("extension__approved_by").prefetch_related("pauses"))


def surcharge_now(inspection: Inspection) -> Reckoning:
    """What late payment has added until today."""
    return weighing.surcharge_of(inspection, the_law(today()), today())


def path_of(inspection: Inspection, clocks: Iterable[Clock]) -> list[Stage]:
    """The lawful path with the current step; hearing, discussion and enforcement only where they are walked."""
    running = tuple(c for c in clocks if not c.fired_at and not c.stopped_at)
    path = [state for state in rules.PATH if _is_walked(inspection, state)]
    if inspection.state in rules.ENFORCING:
        path[path.index("performed") :] = rules.ENFORCING
    at = path.index(inspection.state) if inspection.state in path else -1
    ended = inspection.state in (S.PERFORMED, S.ENFORCED)
    return [
        Stage(
            state, str(TITLES[state]), place < at, place == at, running if place == at and not ended else ()
        )
        for place, state in enumerate(path)
    ]


def _is_walked(inspection: Inspection, state: str) -> bool:
    if state == "hearing":
        return inspection.state == S.HEARING or inspection.hearing_asked_on is not None
    if state == "collective":
        return inspection.state == S.COLLECTIVE or inspection.collective_needed
    return True


# --- people to choose from ----------------------------------------------------------------------


def _posted_at(area: str, roles: Iterable[str], on: date) -> QuerySet[Posting]:
    above = [area[:length] for length in (4, 6, 9, 12, 15) if length <= len(area)]
    rows = Posting.objects.filter(valid_on(on), role__in=roles, area_id__in=above, person__is_active=True)
    return rows.select_related("person").order_by("person_id")


def inspectors_at(area: str) -> list[tuple[int, str]]:
    """Inspectors of the place with a certificate valid today, as choices."""
    on = today()
    shown = Certificate.objects.filter(kind=CertificateKind.ENFORCEMENT, person=OuterRef("person"))
    valid = shown.filter(valid_from__lte=on, valid_to__gte=on)
    rows = _posted_at(area, (Role.INSPECTOR,), on).filter(Exists(valid))
    return list(dict.fromkeys((row.person_id, row.person.full_name) for row in rows))


def cards_at(area: str) -> dict[int, str]:
    """Inspectors of the place by their id, each with the number of a card valid today: `周正（蒙C-0101）`."""
    on, people = today(), dict(inspectors_at(area))
    cards = Certificate.objects.filter(kind=CertificateKind.ENFORCEMENT, person__in=people)
    valid = cards.filter(valid_from__lte=on, valid_to__gte=on).order_by("valid_to")
    return {card.person_id: f"{people[card.person_id]}（{card.number}）"[:40] for card in valid}


def chairs_at(inspection: Inspection) -> list[tuple[int, str]]:
    """Legal officers of the body that decides, the district's own, who did not investigate, as choices."""
    roles = [role for role, rights in RIGHTS.items() if Right.CHAIR in rights]
    rows = _posted_at(inspection.area, roles, today()).filter(area=office_area(inspection.area))
    barred = {*inspection.officers, inspection.proposed_by_id}
    return list({row.person_id: row.person.full_name for row in rows if row.person_id not in barred}.items())


def reviewers_at(inspection: Inspection) -> set[int]:
    """Legal officers of the body that decides with a 法律职业资格 (行政处罚法58条2款)."""
    roles, on = [role for role, rights in RIGHTS.items() if Right.LEGAL_REVIEW in rights], today()
    held = Certificate.objects.filter(kind=CertificateKind.LAW, person=OuterRef("person"))
    qualified = Exists(held.filter(valid_from__lte=on, valid_to__gte=on))
    posts = _posted_at(inspection.area, roles, on).filter(qualified, area=office_area(inspection.area))
    return set(posts.values_list("person", flat=True))


def heads_at(inspection: Inspection) -> list[tuple[int, str]]:
    """Those who lead the body that decides, marked so on their posts, and did not investigate, as choices: they and
    nobody else discuss a weighty penalty (行政处罚法57条2款)."""
    rows = _posted_at(inspection.area, HEADS, today()).filter(is_head=True, area=office_area(inspection.area))
    barred = {*inspection.officers, inspection.proposed_by_id}
    return list({row.person_id: row.person.full_name for row in rows if row.person_id not in barred}.items())


def head_of(inspection: Inspection) -> str:
    """Who signs for the body that decided: its head by the posts, and of several the one who decided."""
    on = today()
    posts = _posted_at(inspection.area, HEADS, on).filter(is_head=True, area=office_area(inspection.area))
    heads = {row.person_id: row.person.full_name for row in posts}
    decided_by = inspection.decided_by
    if decided_by is not None and (decided_by.pk in heads or not heads):
        return str(decided_by.full_name)
    return next(iter(heads.values()), "")


# --- the inbox ----------------------------------------------------------------------------------


def waiting_for(viewer: Actor) -> QuerySet[Inspection]:
    """Inspections in which `viewer` has to act: by post at the state, called to a discussion and yet silent, to
    sign a record, or to serve the decision that ended one."""
    me = viewer.person_id
    waiting = Q(pk__in=[])
    for right in (Right.APPROVE_DISTRICT, Right.INSPECT, Right.DECIDE_DISTRICT):
        if viewer.has(right) and (
            states := [s for s in steps_with(InspectionFlow, right) if s != S.COLLECTIVE]
        ):
            waiting |= Q(state__in=states) & in_areas(viewer.areas(right))
    # Legal review is of the body that decides: the city's lawyers are not asked.
    waiting |= Q(state=S.LEGAL_REVIEW) & in_areas(_own_bodies(viewer, Right.LEGAL_REVIEW))
    # Who investigates calls the hearing; once the party knows of it, its chair holds it and reports.
    waiting |= Q(state=S.HEARING, hearing_noticed_on=None) & in_areas(viewer.areas(Right.INSPECT))
    waiting |= Q(state=S.HEARING, hearing_noticed_on__isnull=False, hearing_chair=me)
    if viewer.has(Right.INSPECT):
        late = (Q(state=S.PERFORMING, due_on__lt=today()) & ~_challenged()) | Q(
            state__in=(S.DEMANDED, S.COURT)
        )
        waiting |= (late | _end_unserved()) & in_areas(viewer.areas(Right.INSPECT))
        waiting |= _unseconded(me)
    if viewer.has(Right.DECIDE_DISTRICT):
        met = Q(state=S.INVESTIGATING, order_expired_on=None, case__healed_on__isnull=False)
        waiting |= met & in_areas(viewer.areas(Right.DECIDE_DISTRICT))
    waiting |= Q(state=S.COLLECTIVE) & _discussed_by(viewer)
    barred = Q(officer_1=me) | Q(officer_2=me) | Q(proposed_by=me)
    mine = ~(Q(state__in=(S.FILING, S.LEGAL_REVIEW, S.DECIDING)) & barred)
    return Inspection.objects.filter(waiting, mine).order_by("proposed_at", "pk")


def _own_bodies(viewer: Actor, right: Right) -> list[str]:
    """Districts in whose own office the viewer holds `right`: penalties are theirs, not the city's."""
    held = {held.area for held in viewer.held if held.grants(right)}
    return [area for area in held if level_of(area) == Level.DISTRICT]


def _unseconded(me: int | None) -> Q:
    """While the order's term runs nobody has the step; a record of the other officer waits to be signed all the same."""
    own = Q(officer_1=me) | Q(officer_2=me)
    records = InspectionRecord.objects.filter(own, inspection=OuterRef("pk"), seconded_at=None)
    return Q(state=S.ORDERED) & own & Q(Exists(records.exclude(author=me)))


def _challenged() -> Q:
    """Nothing is demanded until the review or the suit is over."""
    open_ones = Remedy.objects.filter(target=RemedyTarget.PENALTY, decided_on=None)
    return Q(Exists(open_ones.filter(case=OuterRef("case"))))


def _end_unserved() -> Q:
    """Ended without a penalty, and the party has not been handed the decision that says so."""
    kinds = (NoticeKind.NO_PENALTY, NoticeKind.CASE_WITHDRAWN)
    papers = Notice.objects.filter(kind__in=kinds, withdrawn_at=None, service=None)
    mine = papers.filter(case=OuterRef("case"), issued_at__gte=OuterRef("proposed_at"))
    return Q(state__in=(S.SPARED, S.WITHDRAWN)) & Q(Exists(mine))


def _discussed_by(viewer: Actor) -> Q:
    """Called and silent; or the head, when nobody is called yet or everybody has spoken."""
    opinions = Opinion.objects.filter(inspection=OuterRef("pk"), said_at=None)
    called = Q(Exists(opinions.filter(person=viewer.person_id)))
    if not viewer.has(Right.DECIDE_DISTRICT):
        return called
    return called | (in_areas(viewer.areas(Right.DECIDE_DISTRICT)) & ~Q(Exists(opinions)))
