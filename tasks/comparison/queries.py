"""Reading leads: for the desk, and the facts a comparison works on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet

from grid import problems
from grid.law.queries import Law, the_law
from grid.registers.models import Row
from grid.registers.queries import Facts, facts_of_row
from grid.scope import Actor, Right, in_area, within
from grid.subjects.models import Subject
from tasks.comparison.models import Comparison, Lead
from tasks.comparison.rules import Hit, Known, Params, hits, unreviewed_of

KEYS = (
    "compare.grace_days", "compare.head_gap", "compare.base_gap", "base.floor", "base.ceiling",
    "compulsory.types", "compare.unpaid_months",
)  # fmt: skip


def params_of(law: Law) -> Params:
    """The thresholds of a day. Raises KeyError for one that had no provision then."""
    return Params(
        grace_days=int(law["compare.grace_days"].value),
        head_gap=int(law["compare.head_gap"].value),
        base_gap=Decimal(str(law["compare.base_gap"].value)),
        floor=Decimal(str(law["base.floor"].value)),
        ceiling=Decimal(str(law["base.ceiling"].value)),
        types=tuple(law["compulsory.types"].value),
        unpaid_months=int(law["compare.unpaid_months"].value),
        unreviewed=frozenset(key for key in KEYS if not law[key].reviewed),
    )


def current_rows(subject_ids: Collection[int]) -> dict[int, dict[str, Row]]:
    """Subject → register → its current row. One query."""
    found: dict[int, dict[str, Row]] = {}
    for row in Row.objects.filter(subject__in=subject_ids, until=None):
        found.setdefault(row.subject_id, {})[row.register] = row
    return found


def known_of(subject: Subject, rows: dict[str, Row]) -> Known:
    data = {register: row.data for register, row in rows.items()}
    return Known(
        subject.kind, subject.standing, subject.established_on,
        data.get("market"), data.get("social"), data.get("tax"),
    )  # fmt: skip


def hits_of(subject_ids: Collection[int], on: date) -> dict[int, list[Hit]]:
    """What the registers say now of these subjects by the rules of a day, leads or no leads; silent ones absent."""
    params, rows = params_of(the_law(on)), current_rows(subject_ids)
    found = {
        subject.pk: hits(known_of(subject, rows.get(subject.pk, {})), params, on)
        for subject in Subject.objects.filter(pk__in=subject_ids)
    }
    return {pk: those for pk, those in found.items() if those}


# --- the desk -------------------------------------------------------------------------------------------


def leads_of(viewer: Actor, area: str = "", rule: str = "", state: str = "") -> QuerySet[Lead]:
    """Leads in the viewer's territory, the newest first. Wages stand in them: for those who may see cases."""
    rows = within(Lead.objects.select_related("subject"), viewer, Right.SEE_CASES)
    rows = rows.filter(in_area(area)) if area else rows
    rows = rows.filter(rule=rule) if rule else rows
    return (rows.filter(state=state) if state else rows).order_by("-found_on", "-pk")


def counts_by_rule(viewer: Actor) -> dict[str, int]:
    """Rule → open leads within the viewer's territory."""
    rows = leads_of(viewer, state="open").order_by().values_list("rule")
    return dict(rows.annotate(count=Count("pk")))


@dataclass(frozen=True)
class Detail:
    """A lead with the rows it came from, and the keys of thresholds that wait for the legal office."""

    lead: Lead
    left: Facts
    right: Facts | None
    waiting: list[str]


def lead_of(viewer: Actor, pk: int) -> Detail:
    """Raises NotHere outside the viewer's territory."""
    rows = leads_of(viewer).select_related("subject", "comparison", "left__delivery", "right__delivery")
    lead = rows.filter(pk=pk).first()
    if lead is None:
        raise problems.NotHere()
    right = facts_of_row(lead.right) if lead.right else None
    return Detail(lead, facts_of_row(lead.left), right, _waiting(lead))


def _waiting(lead: Lead) -> list[str]:
    law = the_law(lead.comparison.as_of)
    return [str(law[key].title) for key in unreviewed_of(lead.rule, params_of(law))]


def comparisons_of(viewer: Actor) -> QuerySet[Comparison]:
    rows = within(Comparison.objects.select_related("run_by"), viewer, Right.SEE_CASES)
    return rows.order_by("-run_at", "-pk")
