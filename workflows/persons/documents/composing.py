"""What the papers of a responsible person say: the employer's facts, their own part in them, their own fine."""

from decimal import Decimal

from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.queries import the_law
from grid.offices.queries import office_at
from workflows.inspections.actions.filing import officers_of
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.queries import offences
from workflows.inspections.records.queries import record_words
from workflows.inspections.rules import money
from workflows.notices.documents import Letterhead
from workflows.notices.documents.composing import remedies_of
from workflows.persons import problems as persons_problems
from workflows.persons.documents import PersonDecision, PersonNotice
from workflows.persons.models import ResponsiblePerson


def weighed(inspection: Inspection, chosen: Decimal | None) -> tuple[money.Tier, money.Reckoning]:
    """The tier for persons by the facts of the employer's violation, and the sum within it.

    Raises PersonsNotLiable, OutsideTier, PersonHearingOwed.
    """
    law = the_law(today())
    offence = offences.offence_in(inspection, law)
    if not offence.persons:
        raise persons_problems.PersonsNotLiable(violation=Violation(offence.key).label)
    known = inspection.circumstances
    facts = money.Facts(
        inspection.arrears or money.NOTHING, bool(known.get("first", True)), str(known.get("corrected", "never")),
        bool(known.get("obstructed")), int(known.get("heads") or 0),
    )  # fmt: skip
    tier = money.tier_of(facts, money.tiers_of(law["inspection.tiers"].value, offence.persons))
    reckoned = money.fine(facts.amount, tier, chosen)
    if money.hearing_owed(reckoned.amount, True, law["inspection.hearing_threshold"].value):
        raise persons_problems.PersonHearingOwed(fine=reckoned.amount)
    return tier, reckoned


def notice(letter: Letterhead, person: ResponsiblePerson) -> PersonNotice:
    law, inspection = the_law(today()), person.inspection
    offence = offences.offence_in(inspection, law)
    return PersonNotice(
        letter=letter,
        name=person.name,
        role=str(person.get_role_display()),
        post=person.post,
        found=(inspection.facts,),
        duty=person.duty,
        evidence=_evidence(person),
        breached=offence.breached,
        basis=offences.power_to_punish(offence),
        proposed=(_imposed(person),),
        statement=law["inspection.statement"],
        officers=officers_of(inspection),
    )


def decision(letter: Letterhead, person: ResponsiblePerson) -> PersonDecision:
    law, inspection = the_law(today()), person.inspection
    offence = offences.offence_in(inspection, law)
    return PersonDecision(
        letter=letter,
        name=person.name,
        number=person.number,
        role=str(person.get_role_display()),
        post=person.post,
        employer_number=inspection.decision_number,
        found=(inspection.facts,),
        duty=person.duty,
        evidence=_evidence(person),
        heard=_defence_of(person),
        breached=offence.breached,
        basis=offences.power_to_punish(offence),
        discretion=(_("裁量档次“{tier}”").format(tier=person.tier),),
        imposed=(_imposed(person),),
        fine=person.fine or Decimal(0),
        payment=law["penalty.payment"],
        remedies=remedies_of(law, office_at(inspection.area, letter.issued_on)),
    )


def _imposed(person: ResponsiblePerson) -> str:
    return _("罚款人民币 {fine} 元").format(fine=f"{person.fine:,.2f}")


def _evidence(person: ResponsiblePerson) -> tuple[str, ...]:
    """The record that names the responsibility first, then the others that both officers signed."""
    rest = person.inspection.records.exclude(pk=person.record_id)
    return tuple(record_words(record) for record in (person.record, *rest) if record.is_evidence)


def _defence_of(person: ResponsiblePerson) -> tuple[str, ...]:
    told = _("处罚事先告知书已于 {on} 送达，告知了陈述、申辩的权利。").format(on=person.noticed_on)
    if person.statement_on is None:
        return told, _("当事人在规定期限内没有提出陈述、申辩。")
    said = _("当事人于 {on} 提出：{text}").format(on=person.statement_on, text=person.statement)
    return told, said, _("经复核：{text}").format(text=person.statement_answer)
