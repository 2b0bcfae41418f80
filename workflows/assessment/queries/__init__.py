"""Reading the assessment: a district sees its own line and the ranking, the city sees all evidence."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.registers.models import Row
from grid.scope import Actor, Right, in_areas, reaches
from grid.subjects.models import SORT_OF, Sort, Subject, SubjectKind
from grid.territory.models import Area
from tasks.coverage.models import Span
from workflows.assessment import rules
from workflows.assessment.models import Response, Result, Scheme, SchemeState, Stand
from workflows.assessment.queries.checking import line_in_words, stored_members
from workflows.assessment.queries.gates import first_day_to_show, is_running
from workflows.assessment.rules import Member

CHUNK = 1_000


@dataclass
class Ranked:
    area: Area
    results: list[Result]
    total: Decimal
    place: int = 0
    is_mine: bool = False


def scheme_of(viewer: Actor, year: int) -> Scheme:
    """Every official's to see. Raises NotHere for whoever has no cases to see, and for a year without a scheme."""
    require_reader(viewer)
    scheme = Scheme.objects.filter(year=year).select_related("proposed_by", "frozen_by").first()
    if scheme is None:
        raise problems.NotHere()
    return scheme


def require_reader(viewer: Actor) -> None:
    if not viewer.has(Right.SEE_CASES):
        raise problems.NotHere()


def years() -> list[int]:
    """This year, the last, and every year there is a scheme of."""
    now = today().year
    return sorted({now, now - 1, *Scheme.objects.values_list("year", flat=True)})


def ranking(viewer: Actor, scheme: Scheme) -> list[Ranked]:
    """Districts by total score; equal totals share a place."""
    require_reader(viewer)
    found: dict[str, list[Result]] = {}
    for result in (
        Result.objects.filter(indicator__scheme=scheme).select_related("indicator").order_by("indicator_id")
    ):
        found.setdefault(result.area, []).append(result)
    areas = Area.objects.in_bulk(found)
    lines = [
        Ranked(areas[code], rows, _total(rows), is_mine=reaches(viewer, code)) for code, rows in found.items()
    ]
    lines.sort(key=lambda line: (-line.total, line.area.code))
    for line in lines:
        line.place = 1 + sum(other.total > line.total for other in lines)
    return lines


def _total(rows: list[Result]) -> Decimal:
    return rules.total((row.score, row.indicator.weight) for row in rows)


# --- one number -----------------------------------------------------------------------------------------


def result_of(viewer: Actor, pk: int) -> Result:
    """Raises NotHere outside the viewer's territory."""
    result = Result.objects.select_related("indicator__scheme").filter(pk=pk).first()
    if result is None or not reaches(viewer, result.area, Right.SEE_CASES):
        raise problems.NotHere()
    return result


@dataclass(frozen=True)
class Figure:
    """One sort of subjects within a number. `share` in per cent, rounded down; None where nothing was due."""

    sort: str
    title: str
    reached: int
    due: int
    count: int

    @property
    def share(self) -> str:
        mille = self.reached * 1000 // self.due if self.due else 0
        return f"{mille // 10}.{mille % 10}%" if self.due else "—"


def figures_of(result: Result) -> list[Figure]:
    """A figure for each sort, in their order, then those of which no kind is known."""
    titles = [(str(sort), str(sort.label)) for sort in Sort] + [("", _("类型不详"))]
    return [Figure(sort, title, *result.sorts[sort]) for sort, title in titles if sort in result.sorts]


def members_of(result: Result, which: str = "", sort: str = "") -> list[Member]:
    """Those the number was made of, as they were stored: all, or only the `missed` or `counted`, or of one sort."""
    found = stored_members([result])
    wanted = {"missed": (True,), "counted": (False,)}.get(which, (True, False))
    return [m for m in found if m.is_missed in wanted and (not sort or SORT_OF.get(m.kind, "") == sort)]


@dataclass
class Named:
    """A member as people read it. `sources`: what it rests on, in words."""

    member: Member
    name: str
    code: str
    kind: str
    case: str
    sources: list[str] = field(default_factory=list)


def named(members: Sequence[Member]) -> list[Named]:
    """Four queries, however many."""
    subjects = Subject.objects.in_bulk({member.subject for member in members})
    words = _words(members)
    return [_named(member, subjects.get(member.subject), words) for member in members]


def _named(member: Member, subject: Subject | None, words: dict[str, str]) -> Named:
    is_case = "-" in member.key and "@" not in member.key
    kind = SubjectKind(member.kind).label if member.kind in SubjectKind.values else ""
    return Named(
        member, subject.name if subject else member.key, subject.code if subject else "", str(kind),
        member.key if is_case else "", [words[source] for source in member.sources if source in words],
    )  # fmt: skip


def _words(members: Iterable[Member]) -> dict[str, str]:
    """What each source says of itself: a register's line, a span of the account, an entry of the ledger."""
    ids: dict[str, list[int]] = {"row": [], "span": [], "entry": []}
    for member in members:
        for source in member.sources:
            what, pk = source.split(":")
            ids[what].append(int(pk))
    rows = Row.objects.filter(pk__in=ids["row"]).select_related("delivery")
    spans = Span.objects.filter(pk__in=ids["span"])
    entries = Entry.objects.filter(pk__in=ids["entry"])
    found = {f"row:{row.pk}": line_in_words(row) for row in rows}
    found |= {f"span:{s.pk}": _("覆盖账：自 {since} 起{state}").format(
        since=s.since, state=s.get_state_display()) for s in spans}  # fmt: skip
    found |= {f"entry:{e.pk}": _("台账第 {pk} 条：{words}").format(pk=e.pk, words=str(e)) for e in entries}
    return found


def exported(result: Result, members: Sequence[Member]) -> Iterator[list[object]]:
    """The head, then every member with what it rests on."""
    yield [
        _("年度"), _("指标"), _("对象编号"), _("名称"), _("代码"), _("类型"), _("区划代码"), _("案号"), _("计入"), _("应计"),
        _("在保人数"), _("依据"), _("依据编号"),
    ]  # fmt: skip
    for start in range(0, len(members), CHUNK):
        for row in named(members[start : start + CHUNK]):
            m = row.member
            yield [
                result.indicator.scheme.year, result.indicator.title, m.subject, row.name, row.code, row.kind, m.area,
                row.case, m.reached, m.due, m.heads, "；".join(row.sources), " ".join(m.sources),
            ]  # fmt: skip


# --- its way to the end ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """What has to be done, by whom, by when. `is_past` and `is_here` as on the path of a case."""

    label: str
    words: str
    is_past: bool
    is_here: bool


def stages_of(scheme: Scheme, responses: Sequence[Response]) -> list[Stage]:
    """`responses`: those of the showing that runs."""
    first = first_day_to_show(scheme.year)
    open_ones = sum(response.state in (Stand.WAITING, Stand.OBJECTED) for response in responses)
    told = [
        (_("试算"), _("市扩面办随时可以重新计算")),
        (_("公示，各区回应"), _shown_words(scheme, first, open_ones)),
        (_("提请封定"), _("异议都已答复、各区都已回应或异议期满后，由市扩面办一人提请")),
        (_("封定"), _("由市扩面办另一人决定；数字、名单和指纹记入台账，不再改变")),
    ]
    place = PLACES[SchemeState(scheme.state)]
    if scheme.state == SchemeState.SHOWN and not (open_ones and is_running(scheme)):
        place += 1
    return [
        Stage(label, words, number < place, number == place) for number, (label, words) in enumerate(told)
    ]


# Which of the four stages somebody has to act in now; behind the last one nobody has.
PLACES = {SchemeState.OPEN: 0, SchemeState.SHOWN: 1, SchemeState.PROPOSED: 3, SchemeState.FROZEN: 4}


def _shown_words(scheme: Scheme, first: date, open_ones: int) -> str:
    if scheme.due_on is None:
        return _("{first} 起由市扩面办公示，各区在异议期内确认或者提出异议").format(first=first)
    if open_ones:
        return _("各区在 {until} 前确认或者提出异议，还有 {n} 个区待回应或待答复").format(
            until=scheme.due_on, n=open_ones
        )
    return _("异议期至 {until}，各区都已回应").format(until=scheme.due_on)


@dataclass
class DistrictResponse:
    """One district's response, and whether its reasons are this viewer's to read."""

    response: Response
    is_mine: bool
    may_read: bool

    @property
    def key(self) -> str:
        return str(self.response.pk)


def responses_of(viewer: Actor, scheme: Scheme) -> list[DistrictResponse]:
    """Those of every showing, the newest first: an objection that was upheld stays beside what followed."""
    rows = scheme.responses.select_related("given_by", "answered_by", "indicator", "scheme")
    return [
        DistrictResponse(
            row,
            viewer.allowing(Right.ANSWER_ASSESSMENT, row.area) is not None
            and row.showing == scheme.showing
            and is_running(scheme),
            reaches(viewer, row.area, Right.SEE_CASES),
        )
        for row in rows.order_by("-showing", "area")
    ]


def response_of(viewer: Actor, pk: int) -> Response:
    """Raises NotHere outside the viewer's territory."""
    found = Response.objects.select_related("scheme", "indicator").filter(pk=pk).first()
    if found is None or not reaches(viewer, found.area, Right.SEE_CASES):
        raise problems.NotHere()
    return found


def waiting_responses(viewer: Actor) -> QuerySet[Response]:
    """Responses that the viewer's districts have yet to give while the term runs."""
    own = in_areas(viewer.areas(Right.ANSWER_ASSESSMENT))
    rows = Response.objects.filter(own, state=Stand.WAITING, scheme__state=SchemeState.SHOWN)
    return rows.select_related("scheme").order_by("scheme__due_on", "pk")


def history_of(scheme: Scheme) -> list[Entry]:
    """What the ledger tells of a year, oldest first. The ranking is for every official to see, and so is how it came
    about; reasons of objections stand beside their responses, for those who may read them."""
    rows = Entry.objects.select_related("leaf").filter(verb__in=TOLD, data__year=scheme.year)
    return list(rows.order_by("-id")[:50])[::-1]


TOLD = (
    "scheme.opened", "assessment.computed", "assessment.shown", "assessment.agreed", "assessment.taken_back",
    "assessment.proposed", "assessment.freeze_refused", "assessment.frozen",
)  # fmt: skip


def is_ours(viewer: Actor) -> bool:
    return viewer.can(Right.ASSESS, settings.CITY)
