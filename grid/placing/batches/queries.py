"""Reading batches: within the territory in which one places."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME
from grid.ledger.models import Entry
from grid.placing.batches.models import LineState, PlacingBatch, PlacingLine
from grid.scope import Actor, Right, narrowed, within
from grid.subjects.verbs import SubjectVerb
from grid.territory.queries import names_of

PLACED = (LineState.PLACED, LineState.RESTORED, LineState.KEPT)


def batches_of(viewer: Actor, area: str = "") -> QuerySet[PlacingBatch]:
    """The newest first."""
    rows = narrowed(within(PlacingBatch.objects.all(), viewer, Right.PLACE), area)
    return rows.select_related("by", "undone_by").order_by("-pk")


def sizes_of(batches: Collection[PlacingBatch]) -> dict[int, tuple[int, int]]:
    """PlacingBatch → how many it placed, and how many of them went back. One query."""
    rows = PlacingLine.objects.filter(batch__in=batches).order_by().values_list("batch", "state")
    sizes: dict[int, tuple[int, int]] = {}
    for batch, state, n in rows.annotate(n=Count("pk")):
        placed, back = sizes.get(batch, (0, 0))
        sizes[batch] = placed + n * (state in PLACED), back + n * (state == LineState.RESTORED)
    return sizes


def last_of(viewer: Actor) -> PlacingBatch | None:
    """The viewer's own last act of placing, if it stands: what one may have done wrong a moment ago."""
    own = batches_of(viewer).filter(by=viewer.person_id).first() if viewer.person_id else None
    return None if own is None or own.undone_at else own


def batch_of(viewer: Actor, pk: int) -> PlacingBatch:
    """Raises NotHere."""
    found = (
        within(PlacingBatch.objects.select_related("by", "undone_by"), viewer, Right.PLACE)
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise problems.NotHere()
    return found


def counts_of(batch: PlacingBatch) -> list[tuple[str, str, int]]:
    """(state, its name, how many) of the lines there are."""
    counts = dict(batch.lines.order_by().values_list("state").annotate(n=Count("pk")))
    return [
        (state.value, str(state.label), counts[state.value]) for state in LineState if state.value in counts
    ]


def lines_of(batch: PlacingBatch, state: str = "") -> QuerySet[PlacingLine]:
    rows = batch.lines.select_related("subject").order_by("pk")
    return rows.filter(state=state) if state in LineState.values else rows


def table_of(batch: PlacingBatch) -> Iterator[Sequence[object]]:
    """What became of each of them, and of each line that was not followed."""
    yield [_("名称"), _("代码"), _("地址"), _("原来在"), _("归入"), _("结果"), _("说明")]
    lines = list(lines_of(batch))
    names = names_of({area for line in lines for area in (line.before, line.after)})
    for line in lines:
        yield (
            line.subject.name, line.subject.code, line.subject.address, names.get(line.before, line.before),
            names.get(line.after, line.after), line.get_state_display(), line.why,
        )  # fmt: skip
    for row in batch.report:
        words = _("第 {number} 行").format(number=row["number"])
        yield row["name"], "", "", "", "", _("不采用"), f"{words}：{row['why']}"


@dataclass(frozen=True, slots=True)
class LastPlacing:
    """Who placed a subject last, when and where."""

    who: str
    at: datetime
    area: str

    @property
    def when(self) -> str:
        return f"{self.at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"


def last_placings(subjects: Collection[int]) -> dict[int, LastPlacing]:
    """Subject → its last placing, as the ledger has it. One query."""
    rows = Entry.objects.filter(subject__in=subjects, verb=SubjectVerb.SUBJECT_PLACED).order_by("id")
    return {
        subject: LastPlacing(who, at, area)
        for subject, who, at, area in rows.values_list("subject", "actor_name", "at", "area")
        if subject is not None
    }
