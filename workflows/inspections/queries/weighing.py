"""From what was found to the sums a notice tells: the law of the day, the tiers, the late fee, each in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grid.calendar.now import today
from grid.law.models import Provision
from grid.law.queries import Law, the_law
from workflows.inspections import problems as inspections_problems
from workflows.inspections import rules
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.rules import money
from workflows.inspections.rules.dues import Short
from workflows.inspections.rules.offences import offence_of, require_unmet
from workflows.notices.documents import Calculation, Step
from workflows.remedies.models import Remedy, RemedyTarget

# On what the surcharge goes on after a part was paid, as the law row says (True: on the rest).
_PARTLY = {
    True: _l("部分缴纳的，自缴款次日起以未缴纳的罚款余额为基数"),
    False: _l("部分缴纳的，缴清前仍以全部罚款为基数"),
}
CORRECTED = (
    ("never", _("至今未改正")),
    ("after_term", _("责令期限届满后改正")),
    ("in_term", _("责令期限内改正")),
    ("before_filing", _("立案前已改正")),
)


@dataclass(frozen=True)
class TaxOrder:
    """The collector's own 限期缴纳 (社会保险法63、86条): its number, the day it was served, its last day."""

    number: str
    served_on: date
    due_on: date


@dataclass(frozen=True)
class Found:
    """What the officers found, as a notice needs it. `times`: the multiple chosen within the tier (its lowest).
    `source`: the paper that determined the sum the fine is reckoned on; `dues`: the lines it was reckoned by, which add up
    to it, and `roster`: for whom, one name a line."""

    facts: str
    violation: str
    arrears: Decimal
    since: date
    heads: int = 0
    first: bool = True
    obstructed: bool = False
    corrected: str = "never"
    times: Decimal | None = None
    source: str = ""
    tax: TaxOrder | None = None
    dues: tuple[Short, ...] = ()
    roster: str = ""

    @property
    def circumstances(self) -> dict[str, int | bool | str]:
        return {
            "heads": self.heads,
            "first": self.first,
            "obstructed": self.obstructed,
            "corrected": self.corrected,
            "source": self.source,
        }


@dataclass(frozen=True)
class Weighed:
    """`lines`: [{what, words, adds}], sums as text, ready to be kept and shown."""

    tier: money.Tier
    times: Decimal
    fine: Decimal
    late_fee: Decimal
    hearing_owed: bool
    lines: list[dict[str, str]]


def weigh(found: Found, law: Law, on: date, *, is_person: bool) -> Weighed:
    """The fine by the tiers of the law; the late fee up to `on`, which is the collector's and no part of it.

    Raises AmountMissing, NothingToPunish, NoTier, OutsideTier.
    """
    differs = bool(found.dues) and sum(short.amount for short in found.dues) != found.arrears
    if differs or found.arrears <= 0 or found.since > on or not found.facts.strip():
        raise inspections_problems.AmountMissing()
    offence = offence_of(law["inspection.violations"].value, found.violation)
    require_unmet(offence, found.corrected)
    facts = money.Facts(found.arrears, found.first, found.corrected, found.obstructed, found.heads)
    tier = money.tier_of(facts, money.tiers_of(law["inspection.tiers"].value, offence.tiers))
    fine = money.fine(found.arrears, tier, found.times, found.source)
    late = money.late_fee_in_words(
        found.arrears, found.since, on, late_rates(), bool(law["inspection.cap_late_fee"].value)
    )
    owed_late = late if offence.tiers != Violation.OBSTRUCTION else money.reckoning(())
    return Weighed(
        tier=tier,
        times=tier.low if found.times is None else found.times,
        fine=fine.amount,
        late_fee=owed_late.amount,
        hearing_owed=money.hearing_owed(fine.amount, is_person, law["inspection.hearing_threshold"].value),
        lines=_kept(_("罚款"), fine.lines),
    )


def late_rates() -> list[money.DayRate]:
    """The late fee's rates in order of time: days before the Law bear the older one."""
    rows = Provision.objects.filter(key="inspection.late_fee_rate").order_by("valid_from")
    return money.day_rates(rows)


def _kept(what: str, lines: Sequence[money.Line]) -> list[dict[str, str]]:
    return [{"what": what, "words": line.words, "adds": str(line.adds)} for line in lines]


def is_weighty(inspection: Inspection, law: Law) -> bool:
    """Whether the review passes the matter on to the collective discussion, or to the head (行政处罚法57条2款)."""
    return rules.needs_collective(
        inspection.fine or money.NOTHING,
        money.number(law["inspection.collective_fine"].value),
        heard=inspection.hearing_held_on is not None,
    )


def calculation_of(inspection: Inspection, law: Law) -> Calculation:
    """The reckoning kept with the inspection as a document prints it."""
    steps = tuple(
        Step(line["what"], line["words"], Decimal(line["adds"]))
        for line in inspection.reckoning
        if Decimal(line["adds"])
    )
    told = [line["words"] for line in inspection.reckoning if not Decimal(line["adds"])]
    return Calculation(steps, note="；".join(told), reviewed=law["inspection.tiers"].reviewed)


def chosen_words(inspection: Inspection) -> str:
    """Where within its tier the fine lies: a multiple, or a sum where the tiers are sums of their own."""
    if inspection.violation in (Violation.OBSTRUCTION, Violation.DEFIANCE) or inspection.times is None:
        return _("罚款 {sum}").format(sum=money.yuan(inspection.fine or money.NOTHING))
    return _("{n} 倍").format(n=f"{inspection.times.normalize():f}")


@dataclass(frozen=True)
class Imposed:
    """A fine as its surcharge asks: how much, until when it was to be paid, what came in, and which remedies kept it
    still, from the day each was accepted to the day it ended."""

    fine: Decimal
    due_on: date
    payments: Sequence[tuple[date, Decimal]]
    remedies: Sequence[tuple[date, date | None]] = ()


def surcharge_of(inspection: Inspection, law: Law, until: date) -> money.Reckoning:
    """What late payment has added to the fine by `until`: nothing before its last day, nor while review or suit run,
    nor after the day on which the fine itself was paid. Two queries."""
    if not inspection.due_on or not inspection.fine or until <= inspection.due_on:
        return money.reckoning(())
    payments = list(inspection.payments.filter(paid_on__lte=until).values_list("paid_on", "amount"))
    remedies = Remedy.objects.filter(case=inspection.case_id, target=RemedyTarget.PENALTY)
    pending = [(remedy.filed_on, remedy.ended_on) for remedy in remedies]
    return surcharge_on(Imposed(inspection.fine, inspection.due_on, payments, pending), law, until)


def surcharge_on(imposed: Imposed, law: Law, until: date) -> money.Reckoning:
    """The same of any fine, be it of an employer or of a person."""
    fine, payments = imposed.fine, imposed.payments
    paid_on = rules.paid_up_on(fine, payments)
    last = min(until, paid_on) if paid_on else until
    late = rules.days_late(imposed.due_on, last, imposed.remedies)
    if not late:
        return money.reckoning(())
    on_rest = bool(law["inspection.surcharge_on_rest"].value)
    added = money.surcharge(
        fine,
        rules.late_spans(fine, late, payments, on_rest=on_rest),
        money.number(law["inspection.surcharge_rate"].value),
    )
    beside = _beside(len(rules.days_late(imposed.due_on, last)) - len(late), paid_on)
    if any(on < late[-1] for on, _sum in payments):
        beside.append(money.Line(str(_PARTLY[on_rest])))
    if added.amount >= money.to_cent(fine):
        beside.append(money.Line(_("加处罚款已达到罚款数额，不再增加")))
    return money.reckoning([*added.lines, *beside])


def surcharge_is_reviewed(law: Law, *, is_partly_paid: bool) -> bool:
    """Whether every row it is reckoned by is beyond doubt; the one for part payments where there were any."""
    used = ["inspection.surcharge_rate"] + ["inspection.surcharge_on_rest"] * is_partly_paid
    return all(law[key].reviewed for key in used)


def is_settled(inspection: Inspection) -> bool:
    """Whether everything owed is paid. The whole fine paid, the surcharge is fixed; until then it is not asked for."""
    added = surcharge_of(inspection, the_law(today()), today()).amount
    return rules.is_settled(inspection.paid, inspection.fine or money.NOTHING, added)


def _beside(spared: int, paid_on: date | None) -> list[money.Line]:
    """What adds nothing: the days that bear none, and the day from which no more are counted."""
    sentences = []
    if spared:
        words = _("另有复议、诉讼期间 {n} 日不计算加处罚款（《中华人民共和国行政处罚法》第七十三条第三款）")
        sentences.append(words.format(n=spared))
    if paid_on:
        words = _(
            "罚款已于 {on} 缴清，加处罚款计算至该日（《中华人民共和国行政处罚法》第七十二条第一款第（一）项）"
        )
        sentences.append(words.format(on=paid_on))
    return [money.Line(sentence) for sentence in sentences]
