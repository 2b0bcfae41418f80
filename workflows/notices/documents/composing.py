"""What documents about a case share: its own facts and the law's parameters, as their fields take them."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grid.law.models import Provision
from grid.law.queries import Law
from grid.offices.queries import Office
from grid.registers.queries import Facts
from workflows.notices.documents import Citation, FactTable, Remedies, citation

# Facts the head of every document names already.
ON_THE_HEAD = frozenset({"name", "credit_code", "address"})
# What each of the 五抓 asks of the unit (乌政〔2020〕17号 四(二)2; 社会保险法 第57、58、60条).
ASKED = {
    "抓参保": _lazy("办理社会保险登记，并为全部职工参加基本养老、失业和工伤保险。"),
    "抓入保": _lazy("办理参保登记，参加基本养老保险。"),
    "抓漏保": _lazy("为漏保职工办理参保登记，各险种全员参加，按实际工资申报缴费基数。"),
    "抓续保": _lazy("恢复缴费，并补缴中断期间应缴的社会保险费。"),
    "抓代缴": _lazy("向所在社区提交材料，由政府按规定代缴养老保险费。"),
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
    return tuple(
        citation(clause) for clause in dict.fromkeys(m.get("articles", m["clause"]) for m in measures)
    )


def asked_of(measures: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(str(ASKED.get(m["measure"], m["why"])) for m in measures)


def table_of(facts: Mapping[str, Facts]) -> FactTable | None:
    """What the registers say, fact by fact, each with its register and day (see registers.queries.facts_of)."""
    rows = [
        (label, value, f"{said.label} {said.as_of}")
        for said in facts.values()
        for name, label, value in said.shown
        if name not in ON_THE_HEAD
    ]
    columns = (_("事项"), _("登记情况"), _("来源"))
    return FactTable(columns, tuple(rows)) if rows else None
