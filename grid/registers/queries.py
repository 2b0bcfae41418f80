"""Reading registers: deliveries with their reports, and the facts of a subject with their provenance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet

from grid import problems
from grid.registers.layouts import LAYOUTS
from grid.registers.models import Delivery, RefusedLine, Row
from grid.registers.rules import Data, described
from grid.scope import Actor, Right, in_areas, within
from grid.subjects.models import Subject


@dataclass(frozen=True)
class Facts:
    """What one register says of one subject, and which line of which file said it."""

    register: str
    label: str
    row_id: int
    data: Data
    shown: list[tuple[str, str, str]]
    delivery_id: int
    file_name: str
    line: int
    as_of: date
    since: date

    @property
    def source(self) -> str:
        """`社会保险参保 2026-01-31 文件.csv 第12行`"""
        return f"{self.label} {self.place}"

    @property
    def place(self) -> str:
        """The source without the register's name, for where that stands above it."""
        return f"{self.as_of:%Y-%m-%d} {self.file_name} 第{self.line}行"


def facts_of_row(row: Row) -> Facts:
    """Expects `row.delivery` to be at hand (select_related)."""
    layout = LAYOUTS[row.register]
    return Facts(
        row.register, layout.label, row.pk, row.data, list(described(layout, row.data)), row.delivery_id,
        row.delivery.file_name, row.line, row.delivery.as_of, row.since,
    )  # fmt: skip


def facts_of(subject: Subject, on: date | None = None) -> dict[str, Facts]:
    """Register → what it says of the subject now, or said on a day; registers that are silent are absent. One query.

    The subject comes from a scoped query: who may see it may see its facts.
    """
    return facts_of_many([subject.pk], on).get(subject.pk, {})


def facts_of_many(subject_ids: Iterable[int], on: date | None = None) -> dict[int, dict[str, Facts]]:
    """As facts_of, for many subjects in one query. market, social, tax: always in this order."""
    valid = Q(until=None) if on is None else Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))
    rows = (
        Row.objects.filter(valid, subject__in=list(subject_ids))
        .select_related("delivery")
        .order_by("register")
    )
    found: dict[int, dict[str, Facts]] = {}
    for row in rows:
        found.setdefault(row.subject_id, {})[row.register] = facts_of_row(row)
    return {pk: {r: facts[r] for r in LAYOUTS if r in facts} for pk, facts in found.items()}


def versions_of(subject: Subject, register: str) -> list[Facts]:
    """All versions of one register about a subject, the newest first."""
    rows = subject.rows.filter(register=register).select_related("delivery").order_by("-since", "-pk")
    return [facts_of_row(row) for row in rows]


def deliveries_of(viewer: Actor) -> QuerySet[Delivery]:
    """Deliveries about areas where the viewer imports or sees cases, the newest first."""
    rows = Delivery.objects.all()
    if not viewer.machine:
        rows = rows.filter(in_areas({*viewer.areas(Right.IMPORT), *viewer.areas(Right.SEE_CASES)}))
    return rows.select_related("delivered_by").order_by("-delivered_at", "-pk")


def delivery_of(viewer: Actor, pk: int) -> Delivery:
    """Raises NotHere outside the viewer's territory."""
    found = deliveries_of(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def refusals_of(viewer: Actor, delivery: Delivery) -> QuerySet[RefusedLine]:
    """The refused lines of a delivery; raw lines may hold personal data, so only to those who may import."""
    rows = within(RefusedLine.objects.filter(delivery=delivery), viewer, Right.IMPORT, "delivery__area")
    return rows.order_by("line", "pk")


def refusal_counts(delivery: Delivery) -> list[tuple[str, str, int]]:
    """(code, first reason, lines) for each kind of refusal, the commonest first. The delivery is scoped already."""
    rows = delivery.refusals.order_by().values_list("code").annotate(n=Count("pk"), reason=Min("reason"))
    return sorted(((code, reason, n) for code, n, reason in rows), key=lambda row: -row[2])
