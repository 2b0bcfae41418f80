"""A complete delivery: who stands in the file, and that whoever does not has left the register on its day.

A line that was refused is no departure. Whom it is about is looked for by code, then by name; whoever it may mean
counts as present. A line of which nobody can tell that is counted as unread: with such lines in the file, an absentee
may be the unit of one of them, and a second person decides (registers.unread_rows).

Leaving the register of taxes or insurance is a fact: the unit does not declare, is not insured, from that day. Leaving
the business register cancels nothing: 注销 is an act of the registrar, and silence is not (市场主体登记管理条例 第31条).
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import F, Q, QuerySet

from grid import problems
from grid.hints import hint
from grid.registers.actions.turns import refuse_wrong_day, take_turn
from grid.registers.models import Delivery, DeliveryState, Row
from grid.registers.rules.values import text_of, width
from grid.scope import in_area
from grid.subjects.models import Subject
from grid.subjects.rules import clean_name, looks_like_name, match_name, read_code
from grid.tables.rules import Line

ENDED_AT_ONCE = 50_000
ASKED_AT_ONCE = 5_000
CREDIT = 18  # characters of a credit code
_CODE = re.compile(r"(?<![0-9A-Z])(?:[0-9A-Z]{18}|\d{15})(?![0-9A-Z])")
_BETWEEN = re.compile(r"[,\t;|\"]")


# --- whom a refused line is about -------------------------------------------------------------------------


def recognised(lines: Sequence[Line], area: str) -> tuple[set[int], int]:
    """(subjects that refused lines may mean, how many lines nobody can tell about). A credit code that reads well but
    is nobody's is of a unit we never had: such a line is read, and about none of ours."""
    codes = [codes_in(line) for line in lines]
    by_code = _ids_by(("credit_code", "legacy_code"), [code for found in codes for code in found], "")
    present = [_hits(found, by_code) for found in codes]
    nameless = [at for at, hits in enumerate(present) if not hits]
    names = {at: _names_in(lines[at]) for at in nameless}
    by_name = _ids_by(("match_name",), [name for found in names.values() for name in found], area)
    for at in nameless:
        present[at] = _hits(names[at], by_name)
    unread = sum(not present[at] and not any(len(code) == CREDIT for code in codes[at]) for at in nameless)
    return {pk for hits in present for pk in hits}, unread


def _hits(values: Iterable[str], known: Mapping[str, set[int]]) -> set[int]:
    return {pk for value in values for pk in known.get(value, ())}


def codes_in(line: Line) -> list[str]:
    """Credit codes and legacy numbers anywhere in a line, also one whose cells are shifted or half unreadable."""
    found = []
    for text in _CODE.findall(width(line.raw).upper()):
        try:
            code = read_code(text)
        except problems.Problem:
            continue
        found += [part for part in (code.credit, code.legacy) if part]
    return found


def _names_in(line: Line) -> list[str]:
    """Its name as compared; where its cells are shifted, every cell that looks like one."""
    at = line.head.columns.get("name", -1) if line.head else -1
    own = line.cells[at : at + 1] if not line.fault and at >= 0 else ()
    cells = own if any(looks_like_name(text_of(cell)) for cell in own) else _BETWEEN.split(line.raw)
    texts = [text_of(cell) for cell in cells]
    return [match_name(clean_name(text)[:200]) for text in texts if looks_like_name(text)]


def _ids_by(fields: Sequence[str], values: Sequence[str], area: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    wanted = sorted(set(values))
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        for field in fields:
            rows = Subject.objects.filter(**{f"{field}__in": wanted[start : start + ASKED_AT_ONCE]})
            rows = rows.filter(in_area(area)) if area else rows
            for value, pk in rows.values_list(field, "pk"):
                found.setdefault(value, set()).add(pk)
    return found


# --- who is present, who has left ---------------------------------------------------------------------------


def mark_seen(delivery: Delivery, subject_ids: Iterable[int]) -> None:
    """The file has a line about these, though none that changes theirs. Part of a batch."""
    rows = Row.objects.filter(register=delivery.register, subject__in=list(subject_ids), until=None)
    see(delivery, rows.exclude(delivery=delivery))


def see(delivery: Delivery, rows: QuerySet[Row]) -> None:
    """Marks them as still there; the mark of a later delivery, read at the same time, stays."""
    rows.filter(Q(seen_in=None) | Q(seen_in__lt=delivery.pk)).update(seen_in=delivery)


def current_in(delivery: Delivery) -> QuerySet[Row]:
    """The rows of its register in force about its area. A later day's row (of a unit that moved here) stands."""
    rows = Row.objects.filter(in_area(delivery.area), register=delivery.register, until=None)
    return rows.filter(since__lte=delivery.as_of)


def absentees(delivery: Delivery) -> QuerySet[Row]:
    """Rows that a complete delivery, read to its end, does not name; nor does one of the same day that came later."""
    rows = current_in(delivery).filter(delivery__lt=delivery.pk)
    return rows.filter(Q(seen_in=None) | Q(seen_in__lt=delivery.pk))


def end_absentees(delivery: Delivery) -> int:
    """Ends the rows of whoever is missing; how many in all. By statements over sets, in parts that each stand by
    themselves: cut off anywhere and called again, it comes to the same end. Part of an import.

    Raises OlderDelivery where newer facts came meanwhile."""
    if not delivery.is_complete:
        return 0
    while _end_some(delivery.pk):
        pass
    delivery.refresh_from_db(fields=["ended"])
    return delivery.ended


@transaction.atomic
def _end_some(pk: int) -> int:
    delivery = Delivery.objects.select_for_update().get(pk=pk)
    if delivery.state != DeliveryState.READING:
        return 0
    take_turn(delivery.area)
    refuse_wrong_day(delivery.register, delivery.area, delivery.as_of, delivery)
    # Up to a key, not by a list of keys: that would be joined, and badly on a table nobody has analysed yet.
    last = absentees(delivery).order_by("pk").values_list("pk", flat=True)[ENDED_AT_ONCE - 1 : ENDED_AT_ONCE]
    some = absentees(delivery).filter(pk__lte=last[0]) if last else absentees(delivery)
    ended = some.update(until=delivery.as_of, ended_by=delivery)
    if ended:
        Delivery.objects.filter(pk=pk).update(ended=F("ended") + ended)
        hint("delivery", delivery.area)
    return ended
