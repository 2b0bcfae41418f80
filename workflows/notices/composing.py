"""What a document about a case says: the case's own facts and the law's parameters, put into its shape."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grid.law.models import Provision
from grid.law.queries import Law
from grid.offices.queries import Office
from workflows.clocks.rules import unit_of
from workflows.notices.documents import (
    Citation,
    FactTable,
    InspectionOrder,
    Letter,
    ListingDecision,
    ListingNotice,
    Officer,
    Remedies,
    RemovalDecision,
    Term,
    Urging,
)

# Facts the head of every document names already.
ON_THE_HEAD = frozenset({"name", "credit_code", "address"})
LIST_NAME = "社会保险领域严重失信人名单"
# What each of the 五抓 asks of the unit (乌政〔2020〕17号 四(二)2; 社会保险法 第57、58、60条).
ASKED = {
    "抓参保": _lazy("办理社会保险登记，并为全部职工参加基本养老、失业和工伤保险。"),
    "抓入保": _lazy("办理参保登记，参加基本养老保险。"),
    "抓漏保": _lazy("为漏保职工办理参保登记，各险种全员参加，按实际工资申报缴费基数。"),
    "抓续保": _lazy("恢复缴费，并补缴中断期间应缴的社会保险费。"),
    "抓代缴": _lazy("向所在社区提交材料，由政府按规定代缴养老保险费。"),
}
_CLAUSE = re.compile(r"《?(?P<law>[^》第 ]+)》?\s*(?P<article>.*)")


def citation(clause: str, *, reviewed: bool = True) -> Citation:
    """
    >>> citation("社会保险法第五十七条、第五十八条")
    Citation(law='社会保险法', article='第五十七条、第五十八条', text='', reviewed=True)
    """
    found = _CLAUSE.fullmatch(clause.strip())
    return (
        Citation(found["law"], found["article"], reviewed=reviewed)
        if found
        else Citation(clause, "", reviewed=reviewed)
    )


def cited_by(provision: Provision) -> tuple[Citation, ...]:
    """The clauses a document rests on where the lawyers still have to confirm them: a row of the law, one text each."""
    return tuple(citation(clause, reviewed=provision.reviewed) for clause in provision.value)


def term_of(provision: Provision) -> Term:
    unit: Literal["d", "wd"] = "wd" if unit_of(provision.unit) == "wd" else "d"
    return Term(int(provision.value), unit, provision.reviewed)


def remedies_of(law: Law, office: Office) -> Remedies:
    review, suit = law["remedy.review_days"], law["remedy.suit_months"]
    return Remedies(
        office.review_body,
        int(review.value),
        office.court,
        int(suit.value),
        review.reviewed and suit.reviewed,
    )


def cited(clauses: Sequence[str | Citation]) -> tuple[Citation, ...]:
    """Clauses as text or as citations, each once."""
    read = [one if isinstance(one, Citation) else citation(one) for one in clauses]
    return tuple(dict.fromkeys(read))


def lines(texts: Sequence[str]) -> tuple[str, ...]:
    """What is said, without the empty ones."""
    return tuple(text for text in texts if text.strip())


def found_of(measures: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(m["why"] for m in measures)


def clauses_of(measures: Sequence[Mapping[str, str]]) -> tuple[Citation, ...]:
    return tuple(
        citation(clause) for clause in dict.fromkeys(m.get("articles", m["clause"]) for m in measures)
    )


def asked_of(measures: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(str(ASKED.get(m["measure"], m["why"])) for m in measures)


def table_of(facts: Mapping[str, Any]) -> FactTable | None:
    """What the registers say, fact by fact, each with its register and day (see registers.queries.facts_of)."""
    rows = [
        (label, value, f"{said.label} {said.as_of}")
        for said in facts.values()
        for name, label, value in said.shown
        if name not in ON_THE_HEAD
    ]
    columns = (_("事项"), _("登记情况"), _("来源"))
    return FactTable(columns, tuple(rows)) if rows else None


def urging(
    letter: Letter, measures: list[dict[str, str]], law: Law, facts: FactTable | None = None
) -> Urging:
    return Urging(
        letter=letter,
        facts=facts,
        found=found_of(measures),
        asked=asked_of(measures),
        basis=clauses_of(measures),
        term=term_of(law["urging.term"]),
        consequences=(_("逾期未改正的，移送劳动保障监察机构依法责令限期改正。"),),
    )


def order(
    letter: Letter,
    measures: list[dict[str, str]],
    officers: tuple[Officer, ...],
    law: Law,
    office: Office,
    facts: FactTable | None = None,
) -> InspectionOrder:
    return InspectionOrder(
        letter=letter,
        facts=facts,
        found=found_of(measures),
        breached=clauses_of(measures),
        basis=(citation("社会保险法第八十四条"), citation("劳动保障监察条例第十八条")),
        orders=asked_of(measures),
        term=term_of(law["order.term"]),
        officers=officers,
        consequences=(_("逾期不改正的，依法给予行政处罚。"),),
        remedies=remedies_of(law, office),
    )


def listing_notice(letter: Letter, listing: Any, law: Law) -> ListingNotice:
    ground = listing.ground
    return ListingNotice(
        letter=letter,
        list_name=LIST_NAME,
        ground=ground.title,
        found=(listing.facts,),
        basis=(citation(ground.basis, reviewed=ground.reviewed),),
        measures=(_("在公示网站公布，并依法实施信用惩戒。"),),
        period=_("自决定列入之日起{months}个月").format(months=ground.months),
        defence=term_of(law["listing.defence"]),
    )


def listing_decision(
    letter: Letter, listing: Any, law: Law, office: Office, ends_on: date
) -> ListingDecision:
    ground = listing.ground
    return ListingDecision(
        letter=letter,
        list_name=LIST_NAME,
        ground=ground.title,
        found=(listing.facts,),
        heard=_heard(listing),
        basis=(citation(ground.basis, reviewed=ground.reviewed),),
        starts_on=letter.issued_on,
        ends_on=ends_on,
        published=(f"{settings.ORIGIN}/public/listings/", _("“信用中国”网站（按规定共享）")),
        measures=(_("在公示网站公布，并依法实施信用惩戒。"),),
        repair=(_("改正违法行为、履行法定义务后，可以向作出决定的机关申请信用修复。"),),
        remedies=remedies_of(law, office),
    )


def removal_decision(letter: Letter, listing: Any, listed_number: str, why: str) -> RemovalDecision:
    ground, over = listing.ground, listing.ends_on < letter.issued_on
    reason = _("{why}，公示至{on}。") if over else _("{why}。原公示期至{on}。")
    return RemovalDecision(
        letter=letter,
        list_name=LIST_NAME,
        listed_number=listed_number,
        listed_on=listing.decided_on,
        reasons=(reason.format(why=why, on=listing.ends_on),),
        basis=(citation(ground.basis, reviewed=ground.reviewed),),
        removed_on=letter.issued_on,
        effects=(_("停止公示和共享该条失信信息。"), _("停止依据该条信息采取的惩戒措施。")),
    )


def _heard(listing: Any) -> tuple[str, ...]:
    notice = _("列入告知书已于{on}送达，并告知了陈述、申辩的权利。").format(on=listing.noticed_on)
    if not listing.defence_on:
        return (notice, _("在规定期限内没有提出陈述、申辩。"))
    return (
        notice,
        _("于{on}提出陈述、申辩：{text}").format(on=listing.defence_on, text=listing.defence),
        _("答复：{text}").format(text=listing.defence_answer),
    )
