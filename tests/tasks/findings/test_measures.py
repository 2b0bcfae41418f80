"""Which measures a visit's facts call for, and the words that say why."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.law.rules import asked
from grid.law.rules.asked import asked_about
from tasks.findings.rules import (
    CLAUSE,
    About,
    Facts,
    Measure,
    employer_named_in,
    lead_verdict,
    measures_owed,
    settled_state,
)
from tasks.forms.rules import Known
from tests.doors import IN_ORDER, SHORT, UNINSURED

OWNER = {"operating": "yes", "employees": 0, "own_insurance": "none", "lapsed": "no"}
CASES = [
    ("in order", "done", IN_ORDER, Known(), []),
    ("nobody insured", "done", UNINSURED, Known(), ["抓参保"]),
    ("some missed", "done", SHORT, Known(), ["抓漏保"]),
    ("says 12, register 3", "done", IN_ORDER, Known(insured=3), ["抓漏保"]),
    ("the gap is exempt", "done", {**SHORT, "exempt_retired": 4, "exempt_elsewhere": 5}, Known(), []),
    ("types chosen", "done", {**IN_ORDER, "types_seen": ["pension", "injury"]}, Known(), ["抓漏保"]),
    ("base too low", "done", {**IN_ORDER, "wage_base": "below"}, Known(), ["抓漏保"]),
    ("lapsed", "done", {**IN_ORDER, "lapsed": "yes"}, Known(), ["抓续保"]),
    ("both", "done", {**SHORT, "lapsed": "yes"}, Known(), ["抓漏保", "抓续保"]),
    ("owner uninsured", "done", OWNER, Known(), ["抓入保"]),
    ("owner in hardship", "done", {**OWNER, "hardship": "low_income"}, Known(), ["抓代缴"]),
    ("owner lapsed", "done", {**OWNER, "own_insurance": "flexible", "lapsed": "yes"}, Known(), ["抓续保"]),
    ("closed down", "done", {**UNINSURED, "operating": "closed"}, Known(), []),
    ("refused, taxed, unregistered", "refused", {}, Known(taxed=12), ["抓参保"]),
    ("refused, short", "refused", {}, Known(taxed=12, insured=3), ["抓漏保"]),
    ("refused, nothing known", "refused", {}, Known(), []),
    ("moved", "moved", {}, Known(taxed=12), []),
    ("platform workers are nobody's employees", "done", {**SHORT, "exempt_platform": 9}, Known(), []),
    ("hired by an institution", "done", {"hired": 8, "hired_insured": 5}, Known(insured=60), ["抓漏保"]),
    ("hired, none insured", "done", {"hired": 8, "hired_insured": 0}, Known(), ["抓参保"]),
    ("hired through an agency", "done", {"hired": 8, "hired_insured": 5, "exempt_elsewhere": 3}, Known(), []),
    ("a site without insurance", "done", {"progress": "building", "site_workers": 40, "project_insured": "no"},
     Known(), ["抓参保"]),
    ("workers off the roster", "done", {"progress": "building", "project_insured": "yes", "roster": "no",
     "crews": [{"crew": "钢筋班", "crew_workers": 6}, {"crew": "x"}]}, Known(), ["抓漏保"]),
    ("a site in order", "done", {"progress": "building", "project_insured": "yes", "roster": "yes"}, Known(), []),
    ("dust without injury insurance", "done",
     {"operating": "yes", "employees": 9, "insured_seen": 9, "dust_workers": 4, "injury_insured": 0}, Known(),
     ["抓参保"]),
    ("some dust workers missed", "done",
     {"operating": "yes", "employees": 9, "insured_seen": 9, "dust_workers": 4, "injury_insured": 3}, Known(),
     ["抓漏保"]),
    ("a rider insured nowhere", "done", {"work": "platform", "own_insurance": "none"}, Known(), ["抓入保"]),
    ("a household", "done", {"all_insured": "no", "members": [
        {"relation": "self", "gap": "lapsed"}, {"relation": "spouse", "gap": "never", "hardship": "disabled"},
        {"relation": "child", "gap": "never", "hardship": "no"}]}, Known(), ["抓续保", "抓代缴", "抓入保"]),
    ("an employer seen from home", "done", {"all_insured": "yes", "unit_uninsured": "yes"}, Known(), []),
    ("staff of a unit", "done", {"work": "unit", "own_insurance": "none"}, Known(), []),
    ("a household in order", "done", {"all_insured": "yes", "unit_uninsured": "no"}, Known(), []),
    ("hardship, nobody paid", "done", {"hardship": "extreme", "own_insurance": "resident", "paid_by": "nobody"},
     Known(), ["抓代缴"]),
    ("hardship, paid for", "done", {"hardship": "extreme", "own_insurance": "resident", "paid_by": "government"},
     Known(), []),
    ("hardship, drawing a pension", "done", {"hardship": "poor", "own_insurance": "pensioner"}, Known(), []),
    ("no hardship any more", "done", {"hardship": "no", "own_insurance": "resident", "paid_by": "nobody"}, Known(),
     ["抓续保"]),
    ("nothing posted", "done", {"posted": "no"}, Known(), []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "answers", "known", "owed"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_measures(outcome: str, answers: dict, known: Known, owed: list[str]) -> None:
    found = measures_owed(Facts(outcome, answers, known))
    assert [measure.measure for measure in found] == owed
    assert all(measure.as_json()["clause"] == CLAUSE and measure.as_json()["articles"] for measure in found)


def test_the_reason_quotes_the_numbers() -> None:
    (owed,) = measures_owed(Facts("done", {**SHORT, "exempt_retired": 1}, Known(insured=2)))
    assert (
        owed.why
        == "在岗 12 人，其中 1 人不须在此参保，自报参保 3 人，社保登记 2 人，两者不一致，以社保登记为准，相差 9 人"
    )


plain = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text(), max_size=3))
inside = st.sampled_from(["relation", "gap", "hardship", "crew_workers", "x"])
anything = st.one_of(plain, st.lists(st.dictionaries(inside, plain, max_size=3), max_size=3))
names = st.sampled_from(
    [*IN_ORDER, "types_seen", "lapsed_count", "exempt_retired", "own_insurance", "hardship", "hired", "members",
     "crews", "project_insured", "roster", "dust_workers", "all_insured", "unit_uninsured", "workplace", "paid_by"]
)  # fmt: skip


@given(
    outcome=st.sampled_from(["done", "refused", "closed"]),
    answers=st.dictionaries(names, anything),
    known=st.builds(Known, *[st.one_of(st.none(), st.integers(0, 10**6))] * 2),
)
def test_no_answer_is_too_odd(outcome: str, answers: dict, known: Known) -> None:
    """The rules are asked inside the push: an answer that broke them would cost the visit."""
    found = measures_owed(Facts(outcome, answers, known))
    assert len(set(found)) == len(found)


def test_the_reasons_name_whom_they_are_about() -> None:
    members = [
        {"relation": "spouse", "gap": "never", "hardship": "low_income"},
        {"relation": "parent", "gap": "lapsed"},
    ]
    owed = {
        measure.measure: measure.why
        for measure in measures_owed(Facts("done", {"all_insured": "no", "members": members}))
    }
    assert owed == {"抓代缴": "配偶没有参加养老保险，属低保对象", "抓续保": "父母今年断缴"}
    (site,) = measures_owed(Facts("done", {"project_insured": "no", "site_workers": 40}))
    assert site.why == "项目已开工，未按项目参加工伤保险，在场 40 人"


def test_what_a_finding_makes_of_a_lead() -> None:
    assert lead_verdict("R2", [Measure.MISSED], "done") == "confirmed"
    assert lead_verdict("R2", [], "done") == "dismissed"
    assert lead_verdict("R5", [Measure.MISSED], "done") == "dismissed"
    assert lead_verdict("R2", [], "refused") == "open"


def test_a_form_that_did_not_ask_dismisses_nothing() -> None:
    assert lead_verdict("R3", [], "done", {"operating": "yes"}) == "open"
    assert lead_verdict("R3", [], "done", {"operating": "yes", "wage_base": "full"}) == "dismissed"
    assert lead_verdict("R3", [], "done", {"operating": "closed"}) == "dismissed"
    assert lead_verdict("R1", [], "done", {"operating": "yes"}) == "dismissed"
    assert lead_verdict("R3", [], "not_found", {}) == "dismissed"


def test_where_a_subject_ends_up() -> None:
    assert settled_state("done", IN_ORDER, []) == "compliant"
    assert settled_state("done", SHORT, [{}]) == "found"
    assert settled_state("done", {"operating": "moved"}, []) == "moved"
    assert settled_state("refused", {}, [{}]) == "refused"
    assert settled_state("done", {"progress": "finished"}, []) == "closed"


# --- 14, 13, 36: what is asked follows from what was found --------------------------------------------


def found_by(answers: dict, known: Known | None = None) -> dict[str, str]:
    """About → why."""
    return {str(owed.about): owed.why for owed in measures_owed(Facts("done", answers, known or Known()))}


def test_law_14_every_finding_has_its_row_in_the_table() -> None:
    rows = json.loads(asked.FILE.read_text())
    assert {row["about"] for row in rows} == {str(about) for about in About}


def test_law_14_two_insurances_lacking_are_asked_for_by_name_and_nothing_else() -> None:
    found = found_by({**IN_ORDER, "types_seen": ["pension"]})
    assert found == {"unemployment": "未参加失业保险", "injury": "未参加工伤保险"}
    bases = {about: asked_about(about, date(2026, 12, 1)).basis for about in found}
    assert bases == {"unemployment": ("社会保险法第四十四条",), "injury": ("社会保险法第三十三条",)}


def test_law_14_what_the_register_counts_is_relied_on_and_both_are_told() -> None:
    seen = {**IN_ORDER, "types_seen": ["pension"]}
    found = found_by(seen, Known(insured=12, types={"pension": 12, "unemployment": 0, "injury": 5}))
    assert found == {
        "unemployment": "未参加失业保险，社保登记也没有该险种参保人数",
        "injury": "自报未参加工伤保险，社保登记该险种 5 人，两者不一致，以社保登记为准，尚有 7 人未参加",
    }
    assert found_by(seen, Known(insured=12, types={"unemployment": 12, "injury": 12})) == {}


def test_law_14_a_base_that_is_lawful_is_not_asked_for() -> None:
    seen = {**IN_ORDER, "wage_base": "below"}
    floor = Decimal("4907.40")
    assert found_by(seen, Known(insured=12, base=floor, base_due=floor)) == {}
    found = found_by(seen, Known(insured=12, base=floor, base_due=Decimal("6200.50")))
    assert found["base"].endswith("登记的月人均缴费基数 4,907.40 元，按申报工资应为 6,200.50 元")
    assert found_by(seen) == {"base": "自报缴费基数低于实际工资"}


def test_law_13_a_site_and_a_dust_employer_are_asked_for_injury_insurance_alone() -> None:
    site = found_by({"progress": "building", "project_insured": "no", "site_workers": 40})
    dust = found_by({**IN_ORDER, "dust_workers": 4, "injury_insured": 0})
    assert set(site) == {"project"} and set(dust) == {"dust"}
    for about in ("project", "dust"):
        told = asked_about(about, date(2026, 12, 1))
        assert "工伤保险" in told.asks and "养老" not in told.asks
        assert "社会保险法第三十三条" in told.basis and not told.is_voluntary
    assert "施工总承包单位" in asked_about("project", date(2026, 12, 1)).asks


def test_law_36_nothing_is_demanded_of_persons() -> None:
    for about in ("own_join", "own_resume", "home_join", "home_resume"):
        told = asked_about(about, date(2026, 12, 1))
        assert told.is_voluntary and not told.consequences and "可以" in told.asks
        assert "社会保险法第十条第二款" in told.basis


def test_law_36b_an_employee_at_home_is_a_lead_on_the_employer() -> None:
    said = {"all_insured": "yes", "unit_uninsured": "yes", "workplace": "示例商贸有限公司"}
    assert employer_named_in("done", said) == "示例商贸有限公司"
    assert employer_named_in("done", {"work": "unit", "own_insurance": "none"}) == ""
    assert employer_named_in("done", {"all_insured": "yes", "unit_uninsured": "no"}) is None
    assert employer_named_in("refused", said) is None
