"""Documents as the worker's phone shows them: what to hand over at a door, and its text to read out."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grid.codes import notice_address
from workflows.notices.models import Notice, Way
from workflows.notices.rules import DOOR_WAYS

WAYS = [way.value for way in (Way.DIRECT, Way.LEFT)]
assert set(WAYS) <= set(DOOR_WAYS.values())
UNITS = {"d": _lazy("日"), "wd": _lazy("个工作日")}


def notices_for(subject_ids: Collection[int]) -> dict[int, list[dict[str, object]]]:
    """subject → the issued documents still to be handed over at its door, the oldest first. One query; the
    subjects come from a scoped one."""
    rows = Notice.objects.filter(
        case__subject__in=subject_ids, asked_at__isnull=False, withdrawn_at=None, service=None
    )
    found: dict[int, list[dict[str, object]]] = {}
    for notice in rows.select_related("case").order_by("issued_at", "pk"):
        found.setdefault(notice.case.subject_id, []).append(as_json(notice))
    return found


def as_json(notice: Notice) -> dict[str, object]:
    kind = str(notice.get_kind_display())
    return {
        "number": notice.number,
        "kind": notice.kind,
        "kind_label": kind,
        "title": kind,
        "text": plain_lines(notice.values),
        "issued_on": notice.dated_on.isoformat(),
        "url": notice_address(notice.code),
        "case": notice.case.code,
        "ways": WAYS,
    }


def plain_lines(values: dict[str, Any]) -> list[str]:
    """The document in lines of plain text, from the values it was set with; what it lacks is left out."""
    letter = values["letter"]
    party = letter["party"]
    lines = [f"{letter['authority']} {letter['number']}", f"{party['name']} {party['code']}".strip()]
    for head, name in ((_("核对情况"), "found"), (_("请办理的事项"), "asked")):
        if sentences := values.get(name):
            lines += [f"{head}：", *sentences]
    if term := values.get("term"):
        lines.append(
            _("期限：自送达次日起 {length} {unit}").format(length=term["length"], unit=UNITS[term["unit"]])
        )
    if basis := values.get("basis"):
        lines.append(_("依据：") + "；".join(f"《{source['law']}》{source['article']}" for source in basis))
    lines += values.get("consequences") or []
    contact = letter["contact"]
    lines.append(_("联系：{office} {phone}").format(office=contact["office"], phone=contact["phone"]))
    return lines
