"""What documents about a case share: its own facts and the law's parameters, as their fields take them."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.models import Provision
from grid.law.queries import Law
from grid.law.rules.asked import Asked, asked_about
from grid.offices.queries import Office
from grid.registers.queries import Facts
from grid.registers.rules.layouts import LAYOUTS
from tasks.findings.rules import About, about_of
from workflows.notices.documents import Citation, FactTable, Remedies, citation

# Which facts of a register bear on what was found; whatever else it says of a party is no evidence and is not printed.
_SOCIAL, _TAX = ("period", "status", "insured"), ("period", "heads", "exempt_heads")
_BEARING: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    About.REGISTRATION: {"market": ("standing", "established_on"), "social": _SOCIAL, "tax": _TAX},
    About.MISSED: {"social": _SOCIAL, "tax": _TAX},
    About.PENSION: {"social": (*_SOCIAL, "pension")},
    About.UNEMPLOYMENT: {"social": (*_SOCIAL, "unemployment")},
    About.INJURY: {"social": (*_SOCIAL, "injury")},
    About.DUST: {"social": (*_SOCIAL, "injury")},
    About.BASE: {"social": ("period", "insured", "base"), "tax": ("period", "heads", "wages")},
    About.RESUME: {
        "social": (*_SOCIAL, "pension_paid_to"),
        "tax": ("period", "premium_due", "premium_paid", "premium_owed"),
    },
}


def cited_by(provision: Provision) -> tuple[Citation, ...]:
    """The clauses a document rests on where the lawyers still have to confirm them: a row of the law, one text each."""
    return tuple(citation(clause, reviewed=provision.reviewed) for clause in provision.value)


def remedies_of(law: Law, office: Office) -> Remedies:
    review, suit = law["remedy.review_days"], law["remedy.suit_months"]
    return Remedies(
        office.review_body,
        int(review.value),
        office.court,
        int(suit.value),
        review.reviewed and suit.reviewed,
    )


def found_of(measures: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(m["why"] for m in measures)


def clauses_of(measures: Sequence[Mapping[str, str]]) -> tuple[Citation, ...]:
    """The clauses of what was found, each once; one is reviewed where every row that cites it is."""
    reviewed: dict[str, bool] = {}
    for asked in _asked(measures):
        for clause in asked.basis:
            reviewed[clause] = reviewed.get(clause, True) and asked.reviewed
    return tuple(citation(clause, reviewed=passed) for clause, passed in reviewed.items())


def asked_of(measures: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """What is asked for each thing found, and nothing besides."""
    return tuple(dict.fromkeys(asked.asks for asked in _asked(measures)))


def consequences_of(measures: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """What follows where nothing is done; nothing does where the law leaves it to the person."""
    return tuple(dict.fromkeys(words for asked in _asked(measures) for words in asked.consequences))


def is_voluntary(measures: Sequence[Mapping[str, str]]) -> bool:
    """Whether the law leaves everything asked to the person (社会保险法 第十条第二款、第二十条、第二十二条: 可以)."""
    found = _asked(measures)
    return bool(found) and all(asked.is_voluntary for asked in found)


def _asked(measures: Sequence[Mapping[str, str]]) -> list[Asked]:
    on = today()
    return [asked_about(about_of(measure), on) for measure in measures]


def table_of(facts: Mapping[str, Facts], measures: Sequence[Mapping[str, str]] = ()) -> FactTable | None:
    """What the registers say that bears on what was found, fact by fact, each with its register and day (see
    registers.queries.facts_of); without `measures` what bears on anything that may be found."""
    abouts = [about_of(measure) for measure in measures] or list(_BEARING)
    bearing = [(register, names) for about in abouts for register, names in _BEARING.get(about, {}).items()]
    rows = [
        (label, value, f"{said.label} {said.as_of}")
        for register, said in facts.items()
        for name, label, value in said.shown
        if any(register == other and name in names for other, names in bearing)
    ]
    if measures and "social" not in facts and any(register == "social" for register, _names in bearing):
        rows.append((_("社会保险登记"), _("没有记录"), LAYOUTS["social"].label))
    columns = (_("事项"), _("登记情况"), _("来源"))
    return FactTable(columns, tuple(rows)) if rows else None
