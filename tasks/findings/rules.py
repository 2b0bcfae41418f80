"""From what was seen at a door to the measures owed. Pure.

乌政〔2020〕17号 四(二)2: 未参保企业抓参保、未参保人员抓入保、参保企业抓漏保、断缴人员抓续保、贫困人员抓代缴.
A measure is owed on facts, quotes them, and is confirmed by a second person before anything follows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from tasks.forms.judging import Judgement
from tasks.forms.rules import COMPULSORY, Answers, Form, Known


class Measure(StrEnum):
    ENROL_UNIT = "抓参保"
    ENROL_PERSON = "抓入保"
    MISSED = "抓漏保"
    RESUME = "抓续保"
    PAY_FOR = "抓代缴"


CLAUSE: Final = "{mandate 四（二）2}"
ARTICLES: Final[Mapping[Measure, str]] = {
    Measure.ENROL_UNIT: "社会保险法第五十七条、第五十八条、第八十四条",
    Measure.ENROL_PERSON: "社会保险法第十条第二款、第二十条",
    Measure.MISSED: "社会保险法第五十八条、第六十条、第六十三条",
    Measure.RESUME: "社会保险法第六十条、第六十三条、第八十六条",
    Measure.PAY_FOR: "{mandate 四（一）4}",
}
_HARDSHIP: Final[Mapping[str, str]] = {
    "poor": "脱贫（建档立卡）人口",
    "low_income": "低保对象",
    "disabled": "重度残疾人",
    "extreme": "特困人员",
    "monitored": "返贫监测对象",
}
# Which question of a form a rule's lead is about. A form that does not ask it cannot dismiss the lead.
_ABOUT: Final[Mapping[str, str]] = {"R3": "wage_base", "R4": "types_seen", "R5": "lapsed"}
# Which measure settles which comparison rule (domain: R1 unregistered, R2 short, R3 base, R4 types, R5 lapsed,
# R13 pays tax but no premium).
RULE_MEASURES: Final[Mapping[str, frozenset[Measure]]] = {
    "R1": frozenset({Measure.ENROL_UNIT}),
    "R2": frozenset({Measure.MISSED, Measure.ENROL_UNIT}),
    "R3": frozenset({Measure.MISSED}),
    "R4": frozenset({Measure.MISSED}),
    "R5": frozenset({Measure.RESUME}),
    "R13": frozenset({Measure.ENROL_UNIT, Measure.RESUME}),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """A visit's outcome and sound answers beside what the registers knew that day."""

    outcome: str
    answers: Answers
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True)
class Owed:
    measure: Measure
    why: str

    def as_json(self) -> dict[str, str]:
        return {**asdict(self), "clause": CLAUSE, "articles": ARTICLES[self.measure]}


def measures_owed(facts: Facts) -> list[Owed]:
    """The measures these facts call for, each once, its reasons joined; empty when all is in order."""
    reasons: dict[Measure, list[str]] = {}
    for owed in _reasons(facts):
        reasons.setdefault(owed.measure, []).append(owed.why)
    return [Owed(measure, ";".join(why)) for measure, why in reasons.items()]


def _reasons(facts: Facts) -> Iterator[Owed]:
    if facts.outcome == "refused":
        yield from _of_refusal(facts.known)
    if facts.outcome != "done" or facts.answers.get("operating") in ("closed", "moved"):
        return
    yield from _of_heads(facts.answers, facts.known)
    yield from _of_hired(facts.answers)
    yield from _of_dust(facts.answers)
    yield from _of_site(facts.answers)
    yield from _of_insurance(facts.answers)
    yield from _of_owner(facts.answers)
    yield from _of_household(facts.answers)


def _of_refusal(known: Known) -> Iterator[Owed]:
    """Nobody answered, so the registers speak alone; the reviewer sees that it was a refusal."""
    taxed, insured = known.taxed or 0, known.insured or 0
    if taxed and not insured:
        yield Owed(Measure.ENROL_UNIT, _("拒访；税务申报 {taxed} 人，社保无参保人数").format(taxed=taxed))
    elif taxed > insured:
        text = _("拒访；税务申报 {taxed} 人，社保参保 {insured} 人")
        yield Owed(Measure.MISSED, text.format(taxed=taxed, insured=insured))


_EXEMPT: Final = ("exempt_retired", "exempt_students", "exempt_elsewhere", "exempt_platform")


def _of_heads(answers: Answers, known: Known) -> Iterator[Owed]:
    """Heads at work less those who need not be insured here, against heads insured (domain 8, R1 and R2)."""
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
    if insured == 0:
        yield Owed(Measure.ENROL_UNIT, words)
    else:
        yield Owed(Measure.MISSED, words + _("，相差 {gap} 人").format(gap=due - insured))


def _of_hired(answers: Answers) -> Iterator[Owed]:
    """有聘用人员的机关事业单位: staff outside the establishment; what registers count of them says nothing."""
    hired, insured = _count(answers, "hired"), _count(answers, "hired_insured")
    gap = hired - insured - sum(_count(answers, name) for name in _EXEMPT)
    if gap > 0:
        text = _("编外聘用 {hired} 人，参保 {insured} 人，相差 {gap} 人")
        words = text.format(hired=hired, insured=insured, gap=gap)
        yield Owed(Measure.MISSED if insured else Measure.ENROL_UNIT, words)


def _of_dust(answers: Answers) -> Iterator[Owed]:
    """粉尘危害岗位 must have injury insurance, whoever else has what (人社部发〔2019〕125号)."""
    exposed, insured = _count(answers, "dust_workers"), _count(answers, "injury_insured")
    if exposed > insured:
        text = _("接触粉尘 {exposed} 人，参加工伤保险 {insured} 人")
        words = text.format(exposed=exposed, insured=insured)
        yield Owed(Measure.MISSED if insured else Measure.ENROL_UNIT, words)


def _of_site(answers: Answers) -> Iterator[Owed]:
    """先参保、再开工 (人社部发〔2014〕103号); everybody on the site is covered by name."""
    heads = _count(answers, "site_workers")
    if answers.get("project_insured") == "no":
        words = _("项目已开工，未按项目参加工伤保险")
        yield Owed(Measure.ENROL_UNIT, words + _("，在场 {heads} 人").format(heads=heads) if heads else words)
    elif answers.get("project_insured") == "yes" and answers.get("roster") == "no":
        missed = sum(_count(crew, "crew_workers") for crew in _items(answers, "crews"))
        words = _("项目已参保，有工人不在实名制花名册上")
        yield Owed(Measure.MISSED, words + _("，共 {missed} 人").format(missed=missed) if missed else words)


def _of_household(answers: Answers) -> Iterator[Owed]:
    """未参保人员抓入保, 断缴人员抓续保, 贫困人员抓代缴, member by member of a household."""
    if answers.get("unit_uninsured") == "yes":
        where = answers.get("workplace")
        words = _("家人在单位上班，单位未给参保")
        yield Owed(Measure.ENROL_PERSON, f"{words}（{where}）" if isinstance(where, str) and where else words)
    members = _items(answers, "members")
    for member in members:
        hardship = _HARDSHIP.get(str(member.get("hardship")))
        who = _RELATIONS.get(str(member.get("relation")), _("家人"))
        state = _("今年断缴") if member.get("gap") == "lapsed" else _("没有参加养老保险")
        if hardship:
            yield Owed(
                Measure.PAY_FOR,
                _("{who}{state}，属{hardship}").format(who=who, state=state, hardship=hardship),
            )
        else:
            measure = Measure.RESUME if member.get("gap") == "lapsed" else Measure.ENROL_PERSON
            yield Owed(measure, f"{who}{state}")
    if answers.get("all_insured") == "no" and not members:
        yield Owed(Measure.ENROL_PERSON, _("家中有人没有参加养老保险"))


_RELATIONS: Final[Mapping[str, str]] = {
    "self": "户主本人",
    "spouse": "配偶",
    "child": "子女",
    "parent": "父母",
    "other": "家人",
}


def _of_insurance(answers: Answers) -> Iterator[Owed]:
    """选择性参保, 少报基数, 断缴 (乌政〔2020〕17号 四(四)1)."""
    types = answers.get("types_seen")
    lacking = [label for name, label in COMPULSORY.items() if isinstance(types, list) and name not in types]
    if types and lacking:
        yield Owed(Measure.MISSED, _("未参加{types}保险").format(types="、".join(lacking)))
    if answers.get("wage_base") == "below":
        yield Owed(Measure.MISSED, _("缴费基数低于实际工资"))
    if answers.get("lapsed") == "yes" and "own_insurance" not in answers:
        count = _count(answers, "lapsed_count")
        yield Owed(
            Measure.RESUME,
            _("{count} 人今年中断缴费").format(count=count) if count else _("有职工今年中断缴费"),
        )


def _of_owner(answers: Answers) -> Iterator[Owed]:
    """A person, or the owner of a small business, is to be won over, not a unit to be urged (四(二)1)."""
    uninsured = answers.get("own_insurance") == "none"
    unpaid = answers.get("lapsed") == "yes" or answers.get("paid_by") == "nobody"
    if "own_insurance" not in answers or not (uninsured or unpaid):
        return
    state = _state_of(answers, uninsured)
    hardship = _HARDSHIP.get(str(answers.get("hardship")))
    if hardship:
        yield Owed(Measure.PAY_FOR, _("{state}，属{hardship}").format(state=state, hardship=hardship))
    else:
        yield Owed(Measure.ENROL_PERSON if uninsured else Measure.RESUME, state)


def _state_of(answers: Answers, uninsured: bool) -> str:
    if not uninsured:
        return _("今年中断缴费") if answers.get("lapsed") == "yes" else _("今年的保费还没有缴")
    state = _("经营者未参加养老保险") if "operating" in answers else _("本人未参加养老保险")
    return state + _("，在单位上班") if answers.get("work") == "unit" else state


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


def without_measures(outcome: str, outcome_words: str, is_ungrounded: bool = False) -> str:
    """What a visit that calls for no measure says: in order, nothing to judge yet, or what became of the door."""
    if is_ungrounded:
        return _("{outcome}，没有写明依据，不作结论，仍待查").format(outcome=outcome_words)
    if outcome == "done":
        return _("没有需要处理的事项")
    if outcome in ("refused", "nobody_in", "unclear"):
        return _("{outcome}，还不能判断").format(outcome=outcome_words)
    return outcome_words


def settled_state(outcome: str, answers: Answers, measures: Sequence[object]) -> str:
    """The coverage state once a finding is confirmed: what was seen at the door decides."""
    if outcome == "done" and answers.get("operating") in ("closed", "moved"):
        return str(answers["operating"])
    if outcome == "done" and answers.get("progress") == "finished":
        return "closed"
    if outcome == "unclear":
        return "to_check"
    if outcome != "done":
        return outcome
    return "found" if measures else "compliant"
