"""Reading leads: for the desk, and the facts a comparison works on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, today
from grid.law.queries import Law, the_law
from grid.outside import whole
from grid.registers.models import Register, Row
from grid.registers.queries import Facts, facts_of_row
from grid.registers.rules import Data
from grid.registers.rules.layouts import LAYOUTS
from grid.scope import Actor, Right, in_area, in_areas, within
from grid.subjects.models import Subject
from tasks.comparison.models import LIVE, Comparison, Lead, LeadState
from tasks.comparison.rules import TITLES, TOLD, Hit, Known, Params, hits, speaking, unreviewed_of
from tasks.comparison.rules.beside import Beside, Bounds, Column, lines_of, month_of

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
        data.get("market"), data.get("social"), speaking(data.get("tax")),
    )  # fmt: skip


def hits_of(subject_ids: Collection[int], on: date) -> dict[int, list[Hit]]:
    """What the registers say now of these subjects by the rules of a day, leads or no leads; silent ones absent."""
    params, rows = params_of(the_law(on)), current_rows(subject_ids)
    found = {
        subject.pk: hits(known_of(subject, rows.get(subject.pk, {})), params, on)
        for subject in Subject.objects.filter(pk__in=subject_ids)
    }
    return {pk: those for pk, those in found.items() if those}


def subjects_with_leads(area: str) -> set[int]:
    """Subjects of an area about which a lead is alive."""
    rows = Lead.objects.filter(in_area(area), state__in=LIVE)
    return set(rows.values_list("subject", flat=True))


def subjects_rectified_by(register: str, lines: Mapping[int, Data | None], on: date) -> set[int]:
    """Of these subjects those about which a live lead would go, were the new lines of a register in force (None: it is
    silent from now on): by the rules by which the next comparison closes it."""
    live: dict[int, set[str]] = {}
    alive = Lead.objects.filter(subject__in=lines, state__in=LIVE).exclude(rule=TOLD)
    for pk, rule in alive.values_list("subject", "rule"):
        live.setdefault(pk, set()).add(rule)
    if not live:
        return set()
    params, rows = params_of(the_law(on)), current_rows(live)
    healed = set()
    for subject in Subject.objects.filter(pk__in=live):
        new, line = {**rows.get(subject.pk, {})}, lines[subject.pk]
        new.pop(register, None)
        if line is not None:
            new[register] = Row(register=register, data=line)
        found = {hit.rule for hit in hits(known_of(subject, new), params, on)}
        if live[subject.pk] - found:
            healed.add(subject.pk)
    return healed


# --- side by side -----------------------------------------------------------------------------------------


def beside(
    facts: Mapping[str, Facts],
    visit: Any = None,
    words: Mapping[str, str] | None = None,
    *,
    columns: Collection[str] = tuple(LAYOUTS),
) -> Beside:
    """What the registers named by `columns` say of one subject (registers.queries.facts_of), and a visit with its
    answers in words where there was one, fact by fact. Expects `visit.person` at hand; one query, for the law of the
    month."""
    shown = [_seen_by(visit)] if visit is not None else []
    for register in columns:
        said = facts.get(register)
        shown.append(Column(register, LAYOUTS[register].label, said.place if said else str(_("没有记录"))))
    lines = lines_of(
        visit.answers if visit is not None else {},
        words or {},
        {register: said.data for register, said in facts.items()},
        bounds_of(_month_of_base(facts)) if facts else Bounds(),
        f"{day_of(visit.counts_at):%Y-%m}" if visit is not None else "",
    )
    return Beside(shown, lines)


def _seen_by(visit: Any) -> Column:
    when = timezone.localtime(visit.counts_at)
    seen = _("{who} {when:%Y-%m-%d %H:%M}").format(who=visit.person.full_name, when=when)
    return Column("visit", _("走访"), f"{seen} {visit.code}")


def _month_of_base(facts: Mapping[str, Facts]) -> date:
    """The month the base is of, as a day: what its row says, else when the register stood, else today."""
    said = facts.get(Register.SOCIAL)
    if said is None:
        return today()
    month = month_of(said.data)
    return date(int(month[:4]), int(month[5:7]), 1) if month else said.as_of


def bounds_of(on: date) -> Bounds:
    """Between which sums the law of a day keeps a contribution base. A gap in the law bounds nothing. One query."""
    found = the_law(on).some("base.floor", "base.ceiling", "compare.beside_months")
    value = {key: Decimal(str(provision.value)) for key, provision in found.items()}
    months = int(value.get("compare.beside_months", 0))
    return Bounds(value.get("base.floor"), value.get("base.ceiling"), months)


# --- the desk -------------------------------------------------------------------------------------------


def leads_of(viewer: Actor, area: str = "", rule: str = "", state: str = "", run: str = "") -> QuerySet[Lead]:
    """Leads in the viewer's territory, the newest first; of a run those it found or closed. Wages stand in them: for
    those who may see cases."""
    rows = within(Lead.objects.select_related("subject"), viewer, Right.SEE_CASES)
    rows = rows.filter(in_area(area)) if area else rows
    rows = rows.filter(rule=rule) if rule else rows
    if run:
        number = whole(run) or 0
        rows = rows.filter(Q(comparison=number) | Q(closed_in=number))
    return (rows.filter(state=state) if state else rows).order_by("-found_on", "-pk")


def counts_by_rule(viewer: Actor) -> dict[str, int]:
    """Rule → open leads within the viewer's territory."""
    rows = leads_of(viewer, state="open").order_by().values_list("rule")
    return dict(rows.annotate(count=Count("pk")))


@dataclass(frozen=True)
class Detail:
    """A lead with the rows it came from, if any, and the keys of thresholds that wait for the legal office."""

    lead: Lead
    left: Facts | None
    right: Facts | None
    waiting: list[str]
    beside: Beside


def lead_of(viewer: Actor, pk: int) -> Detail:
    """Raises NotHere outside the viewer's territory."""
    rows = leads_of(viewer).select_related("subject", "comparison", "left__delivery", "right__delivery")
    lead = rows.filter(pk=pk).first()
    if lead is None:
        raise problems.NotHere()
    left, right = (facts_of_row(row) if row else None for row in (lead.left, lead.right))
    sides = {side.register: side for side in (left, right) if side}
    return Detail(lead, left, right, _waiting(lead), beside(sides, columns=sides))


def _waiting(lead: Lead) -> list[str]:
    law = the_law(lead.comparison.as_of if lead.comparison else lead.found_on)
    return [str(law[key].title) for key in unreviewed_of(lead.rule, params_of(law))]


def comparisons_of(viewer: Actor) -> QuerySet[Comparison]:
    """Finished runs about areas in reach, and those about wider ones: they looked at the viewer's as well."""
    rows = Comparison.objects.exclude(finished_at=None).select_related("run_by", "delivery")
    if not viewer.machine:
        codes = viewer.areas(Right.SEE_CASES)
        above = [code[:length] for code in codes for length in (4, 6, 9, 12) if length < len(code)]
        rows = rows.filter(in_areas(codes) | Q(area__in=above)) if codes else rows.none()
    return rows.order_by("-finished_at", "-pk")


@dataclass(frozen=True)
class Moved:
    """What became of the leads of one rule in a run: new, healed, dropped; and those still alive from before."""

    rule: str
    title: str
    found: int
    healed: int
    dropped: int
    kept: int = 0


@dataclass(frozen=True)
class Changed:
    """What one run changed within the viewer's territory."""

    run: Comparison
    rules: list[Moved]

    @property
    def found(self) -> int:
        return sum(rule.found for rule in self.rules)

    @property
    def healed(self) -> int:
        return sum(rule.healed for rule in self.rules)

    @property
    def dropped(self) -> int:
        return sum(rule.dropped for rule in self.rules)


def changes_of(viewer: Actor, runs: Sequence[Comparison]) -> list[Changed]:
    """For each run, in their order. Three queries, however many; what was kept is told of the first, the newest."""
    leads, ids = within(Lead.objects.all(), viewer, Right.SEE_CASES).order_by(), [run.pk for run in runs]
    new = leads.filter(comparison__in=ids).values_list("comparison", "rule").annotate(n=Count("pk"))
    gone = leads.filter(closed_in__in=ids).values_list("closed_in", "rule", "state").annotate(n=Count("pk"))
    found = {(run, rule): n for run, rule, n in new}
    closed = {(run, rule, state): n for run, rule, state, n in gone}
    alive = leads.filter(state__in=LIVE).exclude(comparison__in=ids[:1])
    kept = dict(alive.values_list("rule").annotate(n=Count("pk"))) if runs else {}
    return [
        Changed(
            run,
            [
                Moved(
                    rule,
                    title,
                    found.get((run.pk, rule), 0),
                    closed.get((run.pk, rule, LeadState.HEALED), 0),
                    closed.get((run.pk, rule, LeadState.DISMISSED), 0),
                    0 if at else kept.get(rule, 0),
                )
                for rule, title in TITLES.items()
            ],
        )
        for at, run in enumerate(runs)
    ]
