"""Reading registers: deliveries with their reports, and the facts of a subject with their provenance."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid import problems
from grid.calendar.now import today
from grid.registers.models import Delivery, DeliveryState, Preview, RefusedLine, Register, Row
from grid.registers.queries.owners import areas_to_deliver, may_deliver, require_deliverer
from grid.registers.rules import UNREAD, Data, described, described_masked, labels_of
from grid.registers.rules.layouts import LAYOUTS
from grid.scope import Actor, Right, in_areas, reaches
from grid.subjects.models import Subject


@dataclass(frozen=True)
class Facts:
    """What one register says of one subject, and which line of which file said it."""

    register: str
    label: str
    row_id: int
    data: Data
    shown: list[tuple[str, str, str]]
    personal: list[tuple[str, str]]
    delivery_id: int
    file_name: str
    sheet: str
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
        return f"{self.as_of:%Y-%m-%d} {self.file_name} {self.sheet}第{self.line}行"


def facts_of_row(row: Row) -> Facts:
    """Expects `row.delivery` to be at hand (select_related), and `row.personal`; facts of persons come masked."""
    layout = LAYOUTS[row.register]
    personal = described_masked(layout, json.loads(row.personal)) if row.personal else []
    return Facts(
        row.register, layout.label, row.pk, row.data, list(described(layout, row.data)), personal,
        row.delivery_id, row.delivery.file_name, row.sheet, row.line, row.delivery.as_of, row.since,
    )  # fmt: skip


def place_of(row: Row) -> str:
    """Where a row comes from: `社会保险参保 2026-01-31 文件.csv 第12行`."""
    return f"{row.delivery} {row.sheet} {_('第{n}行').format(n=row.line)}"


def facts_of(subject: Subject, on: date | None = None) -> dict[str, Facts]:
    """Register → what it says of the subject now, or said on a day; registers that are silent are absent. One query.

    The subject comes from a scoped query: who may see it may see its facts.
    """
    return facts_of_many([subject.pk], on).get(subject.pk, {})


def representative_of(subject: Subject) -> str:
    """Who represents a unit, as the first register that says so has it: market, social, tax. Empty where none does. For
    papers addressed to it; on screens facts of persons are masked. One query."""
    return _personal_of(subject, "representative")


def number_of_representative(subject: Subject) -> str:
    """The number of that person's identity card, for a court alone."""
    return _personal_of(subject, "representative_number")


def _personal_of(subject: Subject, fact: str) -> str:
    rows = Row.objects.filter(subject=subject, until=None, personal__isnull=False).defer(None)
    said = {row.register: json.loads(row.personal).get(fact, "") for row in rows if row.personal}
    return next((str(said[register]) for register in LAYOUTS if said.get(register)), "")


def facts_of_many(subject_ids: Iterable[int], on: date | None = None) -> dict[int, dict[str, Facts]]:
    """As facts_of, for many subjects in one query. market, social, tax: always in this order."""
    valid = Q(until=None) if on is None else Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))
    rows = (
        Row.objects.filter(valid, subject__in=list(subject_ids))
        .defer(None)
        .select_related("delivery")
        .order_by("register")
    )
    found: dict[int, dict[str, Facts]] = {}
    for row in rows:
        found.setdefault(row.subject_id, {})[row.register] = facts_of_row(row)
    return {pk: {r: facts[r] for r in LAYOUTS if r in facts} for pk, facts in found.items()}


def versions_of(subject: Subject, register: str) -> list[Facts]:
    """All versions of one register about a subject, the newest first."""
    rows = (
        subject.rows.filter(register=register)
        .defer(None)
        .select_related("delivery")
        .order_by("-since", "-pk")
    )
    return [facts_of_row(row) for row in rows]


def deliveries_of(viewer: Actor) -> QuerySet[Delivery]:
    """Deliveries about areas where the viewer sees cases, and those of registers that are the viewer's to deliver;
    the newest first."""
    rows = Delivery.objects.all()
    if not viewer.machine:
        seen = in_areas(viewer.areas(Right.SEE_CASES))
        for register in Register:
            own = in_areas(areas_to_deliver(viewer, register, today()))
            seen |= Q(register=register) & own
        rows = rows.filter(seen)
    return rows.select_related("delivered_by").order_by("-delivered_at", "-pk")


def delivery_of(viewer: Actor, pk: int) -> Delivery:
    """Raises NotHere outside the viewer's territory."""
    found = deliveries_of(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def refusals_of(viewer: Actor, delivery: Delivery) -> QuerySet[RefusedLine]:
    """The refused lines of a delivery, without what they held in full; only to those who deliver this register."""
    rows = RefusedLine.objects.filter(delivery=delivery).defer("raw")
    if not may_deliver(viewer, delivery.register, delivery.area, today()):
        rows = rows.none()
    return rows.order_by("pk")


def refused_line(viewer: Actor, delivery: Delivery, pk: int) -> RefusedLine:
    """One of them. Raises NotHere."""
    found = refusals_of(viewer, delivery).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def row_with_persons(viewer: Actor, pk: int) -> Row:
    """A row that holds facts of persons, where the viewer may see its subject. Raises NotHere, NotYourPost."""
    row = Row.objects.filter(pk=pk, personal__isnull=False).select_related("subject", "delivery").first()
    if row is None or not reaches(viewer, row.area):
        raise problems.NotHere()
    if not reaches(viewer, row.area, Right.REVEAL):
        raise problems.NotYourPost(right=Right.REVEAL.value)
    return row


def preview_of(viewer: Actor, delivery: Delivery) -> Preview | None:
    """The first lines of an uploaded file; None until it was looked at. Raises NotYourRegister, NotYourPost."""
    require_deliverer(viewer, delivery.register, delivery.area, today())
    found = Preview.objects.filter(delivery=delivery).first()
    return found if found and found.sample else None


NOTES = {"noted": UNREAD, "doubted": "doubts"}


@dataclass(frozen=True)
class Noted:
    """A row of a delivery about which something is to be looked at again."""

    subject_id: int
    name: str
    code: str
    place: str
    words: str


def noted_rows(delivery: Delivery, kind: str) -> QuerySet[Row]:
    """The rows with facts that could not be read (`noted`), or with a code in doubt (`doubted`). The delivery is scoped
    already."""
    rows = Row.objects.filter(delivery=delivery, data__has_key=NOTES[kind])
    return rows.select_related("subject", "delivery").order_by("sheet", "line")


def remarks_of(row: Row, kind: str) -> Noted:
    """What is to be looked at again, in words."""
    labels = labels_of(LAYOUTS[row.register])
    remarks = row.data[NOTES[kind]]
    words = (
        "；".join(f"{labels.get(name, name)}：{text}" for name, text in remarks.items())
        if kind == "noted"
        else "；".join(str(DOUBTS.get(code, code)) for code in remarks)
    )
    place = f"{row.sheet} {_('第{n}行').format(n=row.line)}".strip()
    return Noted(row.subject_id, row.subject.name, row.subject.code, place, words)


DOUBTS = {
    "legacy-check": gettext_lazy("注册号的校验位不符，可能是较早发放的号码"),
    "organisation-check": gettext_lazy("代码中的主体标识码校验不符，请核对证照"),
}


def remark_words(remark: Mapping[str, Any]) -> str:
    """What a delivery says of what was not among its lines, or of how they were read."""
    words = {
        "hidden-sheet": _("隐藏的工作表“{sheet}”（{rows} 行）没有读取。"),
        "no-header": _("工作表“{sheet}”没有表头，{rows} 行没有读取。"),
        "hidden-rows": _("工作表“{sheet}”中被隐藏或筛选掉的 {rows} 行照常读取。"),
        "unused-columns": _("没有用到的列：{columns}。"),
    }[remark["code"]]
    named = (
        f"{_('工作表')}“{remark['sheet']}”" if remark["code"] == "unused-columns" and remark["sheet"] else ""
    )
    return named + words.format(**remark)


def waiting_for(viewer: Actor) -> QuerySet[Delivery]:
    """Deliveries this person may decide about: of registers one may deliver, above the brake those brought by another,
    below it those to be looked at."""
    if viewer.person_id is None:
        return Delivery.objects.none()
    mine = Q(pk__in=[])
    for register in Register:
        mine |= Q(register=register) & in_areas(areas_to_deliver(viewer, register, today()))
    braked = Q(state=DeliveryState.WAITING) & ~Q(delivered_by=viewer.person_id)
    rows = Delivery.objects.filter(mine, braked | Q(state=DeliveryState.READY))
    return rows.select_related("delivered_by").order_by("delivered_at", "pk")


def refusal_counts(delivery: Delivery) -> list[tuple[str, str, int]]:
    """(code, first reason, lines) for each kind of refusal, the commonest first. The delivery is scoped already."""
    rows = delivery.refusals.order_by().values_list("code").annotate(n=Count("pk"), reason=Min("reason"))
    return sorted(((code, reason, n) for code, n, reason in rows), key=lambda row: -row[2])
