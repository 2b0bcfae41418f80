"""The heads of the body that decides discuss a weighty penalty together, and what they decide binds (行政处罚法57条)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from grid import problems
from grid.calendar.now import now, today
from grid.law.queries import Law, the_law
from grid.scope import Actor
from grid.territory.models import Person
from workflows.engine.actions.steps import act_on, record_on, step_of
from workflows.engine.acts import word_of
from workflows.inspections import problems as inspections_problems
from workflows.inspections import rules, states
from workflows.inspections.actions.steps import not_investigating, require_not_recused
from workflows.inspections.models import DiscussionOutcome, Inspection, Opinion
from workflows.inspections.queries import heads_at, weighing
from workflows.inspections.verbs import InspectionVerb


def call_members(inspection: Inspection, members: Sequence[int], *, by: Actor) -> list[Opinion]:
    """集体讨论: the head calls those who lead the body (by id) to give their opinions, later ones too; at least as many
    as the law asks, none of whom investigated (行政处罚法57条2款: 行政机关负责人).

    Raises DiscussionTooSmall, SamePersonTwice, OfficerExcluded, NotAHead.
    """
    with act_on(inspection, "members", by=by) as (fresh, held):
        called = set(fresh.opinions.values_list("person", flat=True))
        people = list(Person.objects.filter(pk__in=set(members) - called, is_active=True).order_by("pk"))
        require_not_recused(fresh, *members)
        heads = dict(heads_at(fresh))
        for person in people:
            if person.pk in (*fresh.officers, fresh.proposed_by_id):
                raise problems.SamePersonTwice(first=person.full_name)
            if person.pk not in heads:
                raise inspections_problems.NotAHead(name=person.full_name)
        least = int(the_law(today())["inspection.collective_members"].value)
        if len(called) + len(people) < least:
            raise inspections_problems.DiscussionTooSmall(n=least)
        made = [Opinion.objects.create(inspection=fresh, person=member, called_at=now()) for member in people]
        record_on(
            InspectionVerb.MEMBERS_CALLED, fresh, by, held, members=[member.full_name for member in people]
        )
        return made


def give_opinion(inspection: Inspection, text: str, *, by: Actor) -> Opinion:
    """One member's own words, given once. Raises ReasonMissing, NotCalled."""
    if not text.strip():
        raise problems.ReasonMissing(act=word_of(inspection, "opinion"))
    with act_on(inspection, "opinion", by=by) as (fresh, held):
        mine = fresh.opinions.select_for_update().filter(person=by.person_id, said_at=None).first()
        if mine is None:
            raise inspections_problems.NotCalled()
        mine.text, mine.said_at = text.strip(), now()
        mine.save(update_fields=["text", "said_at"])
        record_on(InspectionVerb.OPINION_GIVEN, fresh, by, held, opinion=text.strip())
        return mine


@dataclass(frozen=True)
class Concluded:
    """What a discussion came to, in words and as one of the outcomes; `times`: the milder multiple, where it is one."""

    summary: str
    outcome: str = DiscussionOutcome.AS_TOLD
    times: Decimal | None = None


def conclude_discussion(
    inspection: Inspection, concluded: Concluded, *, by: Actor, at: str = ""
) -> Inspection:
    """形成集体讨论意见, when everybody called has spoken; what they decided binds the decision.

    Raises ReasonMissing, DiscussionTooSmall, DiscussionOpen, NotMilder, OutsideTier.
    """
    if not concluded.summary.strip():
        raise problems.ReasonMissing(act=states.label_of("discuss"))
    with step_of(inspection, "discuss", by=by, at=at) as (fresh, held):
        not_investigating(fresh, by)
        given = list(fresh.opinions.values_list("person__full_name", "text"))
        least = int(the_law(today())["inspection.collective_members"].value)
        if len(given) < least:
            raise inspections_problems.DiscussionTooSmall(n=least)
        if silent := rules.unsaid(given):
            raise inspections_problems.DiscussionOpen(who="、".join(silent))
        fresh.collective_on, fresh.collective_members = today(), len(given)
        fresh.collective_summary = concluded.summary.strip()
        fresh.collective_outcome = DiscussionOutcome(concluded.outcome)
        if concluded.outcome == DiscussionOutcome.MILDER:
            _make_milder(fresh, concluded.times)
        facts = {"members": len(given), "outcome": str(fresh.get_collective_outcome_display())}
        record_on(InspectionVerb.PENALTY_DISCUSSED, fresh, by, held, opinion=concluded.summary, **facts)
    return inspection


def _make_milder(inspection: Inspection, times: Decimal | None) -> None:
    """Raises NotMilder, OutsideTier."""
    if times is None or inspection.times is None or times >= inspection.times:
        raise inspections_problems.NotMilder(told=weighing.chosen_words(inspection))
    weigh_again(inspection, times, the_law(today()))


def require_as_discussed(inspection: Inspection, ends: str, times: Decimal | None = None) -> None:
    """Whoever signs is bound by what the heads decided together. Raises DecidedTogether."""
    outcome = inspection.collective_outcome
    other = (outcome == DiscussionOutcome.SPARE) != (ends == DiscussionOutcome.SPARE)
    if outcome and (other or (times is not None and times != inspection.times)):
        raise inspections_problems.DecidedTogether(outcome=inspection.get_collective_outcome_display())


def weigh_again(inspection: Inspection, times: Decimal, law: Law) -> None:
    """The same facts at another multiple of the same tier."""
    assert inspection.arrears is not None and inspection.arrears_since is not None
    found = weighing.Found(
        facts=inspection.facts, violation=inspection.violation, arrears=inspection.arrears,
        since=inspection.arrears_since, times=times, **inspection.circumstances,
    )  # fmt: skip
    weighed = weighing.weigh(found, law, today(), is_person=inspection.case.subject.is_person)
    inspection.times, inspection.reckoning = weighed.times, weighed.lines
    inspection.fine, inspection.late_fee = weighed.fine, weighed.late_fee
