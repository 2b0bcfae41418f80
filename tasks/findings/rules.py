"""From what was seen at a door to the measures owed. Pure.

乌政〔2020〕17号 四(二)2: 未参保企业抓参保、未参保人员抓入保、参保企业抓漏保、断缴人员抓续保、贫困人员抓代缴.
A measure is owed on facts, quotes them, and is confirmed by a second person before anything follows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from grid.law.rules.asked import asked_about
from tasks.forms.judging import Judgement
from tasks.forms.rules import COMPULSORY, Answers, Form, Known
from tasks.outcomes.rules import Row, reviewed_outcome, state_of


class Measure(StrEnum):
    ENROL_UNIT = "抓参保"
    ENROL_PERSON = "抓入保"
    MISSED = "抓漏保"
    RESUME = "抓续保"
    PAY_FOR = "抓代缴"


CLAUSE: Final = "{mandate 四（二）2}"


class About(StrEnum):
    """What exactly was found: each has its row in the table of what is asked (`grid/law/asked.json`)."""

    REGISTRATION = "registration"
    MISSED = "missed"
    PENSION = "pension"
    UNEMPLOYMENT = "unemployment"
    INJURY = "injury"
    DUST = "dust"
    PROJECT = "project"
    ROSTER = "roster"
    BASE = "base"
    RESUME = "resume"
    OWN_JOIN = "own_join"
    OWN_RESUME = "own_resume"
    HOME_JOIN = "home_join"
    HOME_RESUME = "home_resume"
    PAY_FOR = "pay_for"


# What a measure was about before findings said so.
_ABOUT_OF: Final[Mapping[str, About]] = {
    Measure.ENROL_UNIT: About.REGISTRATION,
    Measure.ENROL_PERSON: About.HOME_JOIN,
    Measure.MISSED: About.MISSED,
    Measure.RESUME: About.RESUME,
    Measure.PAY_FOR: About.PAY_FOR,
}


def about_of(measure: Mapping[str, str]) -> str:
    """What a measure of a finding is about; one of a finding that did not say so, by its name."""
    return measure.get("about") or _ABOUT_OF[measure["measure"]]


_HARDSHIP: Final[Mapping[str, str]] = {
    "poor": "脱贫（建档立卡）人口",
    "low_income": "低保对象",
    "disabled": "重度残疾人",
    "extreme": "特困人员",
    "monitored": "返贫监测对象",
    # Of whom a list says it already, which of these is not asked again (个人信息保护法 第六条、第二十八条).
    "listed": "名单所列困难人员",
    "unsaid": "困难人员（由名单核对）",
}
# Which question of a form a rule's lead is about. A form that does not ask it cannot dismiss the lead.
_ABOUT: Final[Mapping[str, str]] = {"R3": "wage_base", "R4": "types_seen", "R5": "lapsed"}
# Which measure settles which comparison rule (domain: R1 unregistered, R2 short, R3 base, R4 types, R5 lapsed,
# R13 pays tax but no premium; R15 is what somebody told).
RULE_MEASURES: Final[Mapping[str, frozenset[Measure]]] = {
    "R1": frozenset({Measure.ENROL_UNIT}),
    "R2": frozenset({Measure.MISSED, Measure.ENROL_UNIT}),
    "R3": frozenset({Measure.MISSED}),
    "R4": frozenset({Measure.MISSED}),
    "R5": frozenset({Measure.RESUME}),
    "R13": frozenset({Measure.ENROL_UNIT, Measure.RESUME}),
    "R15": frozenset({Measure.ENROL_UNIT, Measure.MISSED}),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """A visit's outcome, its reason and sound answers beside what the registers knew that day."""

    outcome: str
    answers: Answers
    known: Known = field(default_factory=Known)
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    measure: Measure
    about: About
    why: str

    def as_json(self, on: date = date.max) -> dict[str, str]:
        """With the clauses of the day of the visit."""
        return {**asdict(self), "clause": CLAUSE, "articles": "、".join(asked_about(self.about, on).basis)}


def measures_owed(facts: Facts) -> list[Owed]:
    """The measures these facts call for, one for each thing found; empty when all is in order."""
    return list(dict.fromkeys(_reasons(facts)))


def _reasons(facts: Facts) -> Iterator[Owed]:
    if reviewed_outcome(facts.row, facts.outcome) == "refused":
        yield from _of_refusal(facts.known)
    if facts.outcome != "done" or facts.answers.get("operating") in ("closed", "moved"):
        return
    yield from _of_heads(facts.answers, facts.known)
    yield from _of_hired(facts.answers)
    yield from _of_dust(facts.answers)
    yield from _of_site(facts.answers)
    yield from _of_types(facts.answers, facts.known)
    yield from _of_base(facts.answers, facts.known)
    yield from _of_lapse(facts.answers)
    yield from _of_owner(facts.answers)
    yield from _of_household(facts.answers)


def _unit(insured: int, why: str) -> Owed:
    """A unit that insured nobody has to register; one that left some out has to enrol them."""
    if insured == 0:
        return Owed(Measure.ENROL_UNIT, About.REGISTRATION, why)
    return Owed(Measure.MISSED, About.MISSED, why)


def _of_refusal(known: Known) -> Iterator[Owed]:
    """Nobody answered, so the registers speak alone; the reviewer sees that it was a refusal."""
    taxed, insured = known.taxed or 0, known.insured or 0
    if taxed and not insured:
        yield _unit(0, _("拒访；税务申报 {taxed} 人，社保无参保人数").format(taxed=taxed))
    elif taxed > insured:
        text = _("拒访；税务申报 {taxed} 人，社保参保 {insured} 人")
        yield _unit(insured, text.format(taxed=taxed, insured=insured))


_EXEMPT: Final = ("exempt_retired", "exempt_students", "exempt_elsewhere", "exempt_platform")


def _of_heads(answers: Answers, known: Known) -> Iterator[Owed]:
    """Heads at work less those who need not be insured here, against heads insured (domain 8, R1 and R2).

    Where the unit and the register say different numbers both are told, and on which of them it rests.
    """
    heads, seen = _count(answers, "employees"), _count(answers, "insured_seen")
    exempt = sum(_count(answers, name) for name in _EXEMPT)
    insured = min(seen, known.insured) if known.insured is not None else seen
    due = heads - exempt
    if due <= insured or due <= 0:
        return
    words = _("在岗 {heads} 人").format(heads=heads)
    if exempt:
        words += _("，其中 {exempt} 人不须在此参保").format(exempt=exempt)
    words += _("，自报参保 {seen} 人").format(seen=seen)
    if known.insured is not None:
        words += _("，社保登记 {insured} 人").format(insured=known.insured)
    if known.insured is not None and known.insured != seen:
        words += _("，两者不一致，以社保登记为准") if insured < seen else _("，两者不一致，以单位自报为准")
    yield _unit(insured, words + _("，相差 {gap} 人").format(gap=due - insured) if insured else words)


def _of_hired(answers: Answers) -> Iterator[Owed]:
    """有聘用人员的机关事业单位: staff outside the establishment; what registers count of them says nothing."""
    hired, insured = _count(answers, "hired"), _count(answers, "hired_insured")
    gap = hired - insured - sum(_count(answers, name) for name in _EXEMPT)
    if gap > 0:
        text = _("编外聘用 {hired} 人，参保 {insured} 人，相差 {gap} 人")
        yield _unit(insured, text.format(hired=hired, insured=insured, gap=gap))


def _of_dust(answers: Answers) -> Iterator[Owed]:
    """粉尘危害岗位 must have injury insurance, whoever else has what (人社部发〔2019〕125号): that and nothing else is
    asked for."""
    exposed, insured = _count(answers, "dust_workers"), _count(answers, "injury_insured")
    if exposed > insured:
        text = _("接触粉尘 {exposed} 人，参加工伤保险 {insured} 人")
        words = text.format(exposed=exposed, insured=insured)
        yield Owed(Measure.MISSED if insured else Measure.ENROL_UNIT, About.DUST, words)


def _of_site(answers: Answers) -> Iterator[Owed]:
    """先参保、再开工 (人社部发〔2014〕103号); everybody on the site is covered by name, through the general contractor."""
    heads = _count(answers, "site_workers")
    if answers.get("project_insured") == "no":
        words = _("项目已开工，未按项目参加工伤保险")
        words += _("，在场 {heads} 人").format(heads=heads) if heads else ""
        yield Owed(Measure.ENROL_UNIT, About.PROJECT, words)
    elif answers.get("project_insured") == "yes" and answers.get("roster") == "no":
        missed = sum(_count(crew, "crew_workers") for crew in _items(answers, "crews"))
        words = _("项目已参保，有工人不在实名制花名册上")
        words += _("，共 {missed} 人").format(missed=missed) if missed else ""
        yield Owed(Measure.MISSED, About.ROSTER, words)


def _of_household(answers: Answers) -> Iterator[Owed]:
    """未参保人员抓入保, 断缴人员抓续保, 贫困人员抓代缴, member by member of a household.

    Who works for a unit that does not insure them owes nothing: that is the unit's duty (社会保险法 第五十八条), and
    what the household said is a lead on it (`employer_named_in`).
    """
    members = _items(answers, "members")
    for member in members:
        who = _RELATIONS.get(str(member.get("relation")), _("家人"))
        lapsed = member.get("gap") == "lapsed"
        state = who + (_("今年断缴") if lapsed else _("没有参加养老保险"))
        yield _person(state, _HARDSHIP.get(str(member.get("hardship"))), lapsed=lapsed, at_home=True)
    told_of_unit = answers.get("unit_uninsured") == "yes"
    if answers.get("all_insured") == "no" and not members and not told_of_unit:
        yield _person(_("家中有人没有参加养老保险"), None, lapsed=False, at_home=True)


def _person(state: str, hardship: str | None, *, lapsed: bool, at_home: bool) -> Owed:
    """Persons may join (社会保险法 第十条第二款、第二十条、第二十二条): nobody has to."""
    if hardship:
        return Owed(
            Measure.PAY_FOR, About.PAY_FOR, _("{state}，属{hardship}").format(state=state, hardship=hardship)
        )
    if lapsed:
        return Owed(Measure.RESUME, About.HOME_RESUME if at_home else About.OWN_RESUME, state)
    return Owed(Measure.ENROL_PERSON, About.HOME_JOIN if at_home else About.OWN_JOIN, state)


def employer_named_in(outcome: str, answers: Answers) -> str | None:
    """The unit of which somebody said at home that it does not insure them, as they named it; empty where they did not
    name it, None where nobody said so. Whoever said it is told to nobody (监察条例 第九条)."""
    tells = answers.get("unit_uninsured") == "yes" or (
        answers.get("work") == "unit" and answers.get("own_insurance") == "none"
    )
    where = answers.get("workplace")
    return (where if isinstance(where, str) else "") if outcome == "done" and tells else None


_RELATIONS: Final[Mapping[str, str]] = {
    "self": "户主本人",
    "spouse": "配偶",
    "child": "子女",
    "parent": "父母",
    "other": "家人",
}


def _of_types(answers: Answers, known: Known) -> Iterator[Owed]:
    """选择性参保 (乌政〔2020〕17号 四(四)1), insurance by insurance: what is lacking is asked for, and nothing besides.

    Where the register counts heads in an insurance that the unit says it does not have, both are told, and the
    register is relied on.
    """
    types = answers.get("types_seen")
    if not isinstance(types, list) or not types:
        return
    for name, label in COMPULSORY.items():
        if name in types:
            continue
        counted = known.types.get(name)
        if not counted:
            words = _("未参加{type}保险").format(type=label)
            words += "" if counted is None else _("，社保登记也没有该险种参保人数")
            yield Owed(Measure.MISSED, About(name), words)
        elif (rest := (known.insured or 0) - counted) > 0:
            text = _(
                "自报未参加{type}保险，社保登记该险种 {counted} 人，两者不一致，以社保登记为准，尚有 {rest} 人未参加"
            )
            yield Owed(Measure.MISSED, About(name), text.format(type=label, counted=counted, rest=rest))


def _of_base(answers: Answers, known: Known) -> Iterator[Owed]:
    """少报基数 (乌政〔2020〕17号 四(四)1). A base at or above what is due is lawful, whatever was said at the door."""
    if answers.get("wage_base") != "below":
        return
    if known.base is None or known.base_due is None:
        yield Owed(Measure.MISSED, About.BASE, _("自报缴费基数低于实际工资"))
    elif known.base < known.base_due:
        text = _("自报缴费基数低于实际工资；登记的月人均缴费基数 {base} 元，按申报工资应为 {due} 元")
        words = text.format(base=f"{known.base:,.2f}", due=f"{known.base_due:,.2f}")
        yield Owed(Measure.MISSED, About.BASE, words)


def _of_lapse(answers: Answers) -> Iterator[Owed]:
    """断缴 of a unit's staff."""
    if answers.get("lapsed") == "yes" and "own_insurance" not in answers:
        count = _count(answers, "lapsed_count")
        words = _("{count} 人今年中断缴费").format(count=count) if count else _("有职工今年中断缴费")
        yield Owed(Measure.RESUME, About.RESUME, words)


def _of_owner(answers: Answers) -> Iterator[Owed]:
    """A person, or the owner of a small business, is to be won over, not a unit to be urged (四(二)1)."""
    kind = answers.get("own_insurance")
    unpaid = answers.get("lapsed") == "yes" or answers.get("paid_by") == "nobody"
    if "own_insurance" not in answers or not (kind == "none" or unpaid):
        return
    if kind == "none" and answers.get("work") == "unit":
        return  # the unit's duty, see _of_household
    hardship = _HARDSHIP.get(str(answers.get("hardship")))
    at_home = kind == "resident" or "paid_by" in answers
    yield _person(_state_of(answers, kind == "none"), hardship, lapsed=kind != "none", at_home=at_home)


def _state_of(answers: Answers, uninsured: bool) -> str:
    if not uninsured:
        return _("今年中断缴费") if answers.get("lapsed") == "yes" else _("今年的保费还没有缴")
    return _("经营者未参加养老保险") if "operating" in answers else _("本人未参加养老保险")


def _items(answers: Answers, name: str) -> list[Answers]:
    """The items of a repeat; whatever else came there counts as none."""
    value = answers.get(name)
    return [answer for answer in value if isinstance(answer, Mapping)] if isinstance(value, list) else []


def _count(answers: Answers, name: str) -> int:
    value = answers.get(name)
    return value if isinstance(value, int) and value > 0 else 0


# Whoever reports one of these says that nobody need come again.
ENDINGS: Final = frozenset({"closed", "moved", "not_found", "not_a_subject"})
GROUND: Final = "end_ground"


def ends_duty(outcome: str, answers: Answers) -> bool:
    """Whether a visit, once confirmed, ends the check of its door without one: nobody and nothing was checked there."""
    gone = answers.get("operating") in ("closed", "moved") or answers.get("progress") == "finished"
    return outcome in ENDINGS or (outcome == "done" and gone)


def lacks_ground(form: Form | None, outcome: str, said: Answers, judged: Judgement, photos: int) -> bool:
    """Whether a visit ends the check of its door and does not say on what ground: what the form demands of whoever says
    so (a reason of its list, with some of them a photo or a remark). 四(二)2: 检查不漏一户.

    A form that does not ask for the ground takes a remark or a photo for one.
    """
    if not ends_duty(outcome, {**said, **judged.sound}):
        return False
    if form is None or form.question(GROUND) is None:
        return not (photos or str(said.get("remark") or "").strip())
    return judged.failed or any(
        fault.kind == "missing" or fault.name == GROUND for fault in judged.faults if not fault.of
    )


def lead_verdict(rule: str, measures: list[str], outcome: str, answers: Answers | None = None) -> str:
    """What a confirmed finding makes of a lead: confirmed, dismissed, or open as before.

    A refused or empty door proves nothing against a lead; only a visit that saw the unit can dismiss one, and
    only one that asked what the lead is about (`answers` None: that is not known, and it counts as asked).
    """
    if RULE_MEASURES.get(rule, frozenset()) & set(measures):
        return "confirmed"
    unasked = answers is not None and outcome == "done" and _ABOUT.get(rule, "operating") not in answers
    gone = answers is not None and answers.get("operating") in ("closed", "moved")
    if outcome in ("refused", "nobody_in", "unclear") or (unasked and rule in _ABOUT and not gone):
        return "open"
    return "dismissed"


def matter(measures: Sequence[Mapping[str, str]]) -> list[str]:
    """What a finding, or the case it opens, is about, in the words of its measures, each once."""
    return list(dict.fromkeys(m["measure"] for m in measures))


def without_measures(
    outcome: str, outcome_words: str, is_ungrounded: bool = False, names_employer: bool = False
) -> str:
    """What a visit that calls for no measure says: in order, nothing to judge yet, what became of the door, or that it
    told of an employer."""
    if names_employer:
        return _("单位没有为其参保：属单位的义务，作为对单位的线索（来源保密）")
    if is_ungrounded:
        return _("{outcome}，没有写明依据，不作结论，仍待查").format(outcome=outcome_words)
    if outcome == "done":
        return _("没有需要处理的事项")
    if outcome in ("refused", "nobody_in", "unclear"):
        return _("{outcome}，还不能判断").format(outcome=outcome_words)
    return outcome_words


def settled_state(outcome: str, answers: Answers, measures: Sequence[object], row: Row | None = None) -> str:
    """The coverage state once a finding is confirmed: what was seen decides; where nothing was, the law's `row`."""
    if outcome == "done" and answers.get("operating") in ("closed", "moved"):
        return str(answers["operating"])
    if outcome == "done" and answers.get("progress") == "finished":
        return "closed"
    if outcome != "done":
        return state_of(row, outcome)
    return "found" if measures else "compliant"
