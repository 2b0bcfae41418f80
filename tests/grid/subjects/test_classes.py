"""Every class of units in GB 32100 has its kind, written down; what is in no class is refused in its own words."""

import json
from pathlib import Path
from string import digits

import pytest

from grid.registers.rules import REASONS, Refused, read_line
from grid.registers.rules.headers import head_of
from grid.registers.rules.layouts import LAYOUTS
from grid.subjects import problems as subjects_problems
from grid.subjects.models import EMPLOYERS, SubjectKind
from grid.subjects.rules import Code, credit_check, kind_of, organisation_check, read_code
from grid.subjects.rules.classes import classes
from grid.tables.rules import Line

INPUT = json.loads((Path(__file__).parent / "inputs" / "e01_codes.json").read_text())
LETTERS = digits + "ABCDEFGHJKLMNPQRTUWXY"
# The table of the standard, by who registers; what was added later behind it.
STANDARD = {
    "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239" + "45", "6": "129", "7": "129", "8": "19", "9": "123" + "9",
    "A": "19", "N": "1239", "Y": "1",
}  # fmt: skip


def code_of(pair: str, organisation: str = "MABT0001") -> str:
    body = f"{pair}150302{organisation}{organisation_check(organisation)}"
    return body + credit_check(body)


def test_the_table_is_that_of_the_standard() -> None:
    assert set(classes()) == {first + second for first, seconds in STANDARD.items() for second in seconds}
    for known in classes().values():
        assert known.kind in EMPLOYERS and known.basis and known.authority and known.title


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        ("11", "institution"),
        ("12", "institution"),
        ("13", "social_organisation"),
        ("31", "social_organisation"),
        ("32", "institution"),
        ("35", "institution"),
        ("41", "social_organisation"),
        ("52", "social_organisation"),
        ("54", "institution"),
        ("55", "institution"),
        ("61", "social_organisation"),
        ("71", "social_organisation"),
        ("72", "social_organisation"),
        ("81", "social_organisation"),
        ("91", "enterprise"),
        ("92", "sole_trader"),
        ("93", "cooperative"),
        ("A1", "institution"),
        ("N1", "cooperative"),
        ("N2", "cooperative"),
        ("N3", "cooperative"),
        ("Y1", "social_organisation"),
    ],
)
def test_each_class_has_its_kind(pair: str, kind: str) -> None:
    assert kind_of(read_code(code_of(pair))) == kind


@pytest.mark.parametrize(("code", "said"), INPUT.items())
def test_none_of_the_codes_that_failed_is_an_enterprise(code: str, said: str) -> None:
    right = {"N": SubjectKind.COOPERATIVE, "5": SubjectKind.INSTITUTION, "8": SubjectKind.SOCIAL_ORGANISATION}
    assert kind_of(read_code(code)) == kind_of(read_code(code), said) == right[code[0]]


def test_only_what_the_market_office_registered_is_an_enterprise() -> None:
    assert {pair for pair, known in classes().items() if known.kind == "enterprise"} == {
        "91",
        "99",
    }


def test_a_pair_of_no_class_is_refused() -> None:
    taken = set()
    for pair in (first + second for first in LETTERS for second in LETTERS):
        try:
            assert read_code(code_of(pair)).credit
            taken.add(pair)
        except subjects_problems.UnknownUnitClass as refused:
            assert f"“{pair}”" in refused.detail and refused.code in REASONS, pair
    assert taken == set(classes())


def test_an_open_class_hears_the_register_first_and_a_closed_one_does_not() -> None:
    assert kind_of(read_code(code_of("Y1")), "事业单位") == "institution"
    assert kind_of(read_code(code_of("59")), "村民委员会") == "institution"
    assert kind_of(read_code(code_of("91")), "事业单位") == "enterprise"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("民办非企业单位", "social_organisation"),
        ("有限责任公司", "enterprise"),
        ("农村集体经济组织", "cooperative"),
        ("股份经济合作社", "cooperative"),
        ("基层工会", "social_organisation"),
        ("村民委员会", "institution"),
        ("律师事务所", "social_organisation"),
        ("", "enterprise"),
    ],
)
def test_without_a_code_the_register_s_word_counts(said: str, kind: str) -> None:
    assert kind_of(Code(), said) == kind


def test_an_old_number_says_whether_it_was_a_trader() -> None:
    assert kind_of(Code(legacy="150302600012345")) == "sole_trader"
    assert kind_of(Code(legacy="150302600012345"), employees=3) == "sole_trader_employing"
    assert kind_of(Code(legacy="150302000012345")) == "enterprise"
    assert kind_of(Code(legacy="150302600012345"), "有限责任公司") == "enterprise"


def test_numbers_from_before_are_called_by_their_name() -> None:
    organisation = "MABT0001" + organisation_check("MABT0001")
    with pytest.raises(subjects_problems.OrganisationCodeAlone) as alone:
        read_code(f"{organisation[:8]}-{organisation[8]}")
    with pytest.raises(subjects_problems.OldTaxNumber) as tax:
        read_code(f"150302{organisation}")
    for refused in (alone.value, tax.value):
        assert "18位统一社会信用代码" in f"{refused.detail}{refused.advice}" and refused.code in REASONS
    with pytest.raises(subjects_problems.MalformedCode) as other:
        read_code("12345678")
    assert other.value.code == "malformed-code"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (code_of("15"), "unknown-unit-class"),
        ("MABT00012", "malformed-code"),
        (code_of("91")[8:17], "organisation-code-alone"),
        (code_of("91")[2:17], "old-tax-number"),
    ],
)
def test_a_register_says_so_too(code: str, reason: str) -> None:
    cells = [code, "示例商贸有限公司", "海勃湾区"]
    layout, header = LAYOUTS["market"], ["统一社会信用代码", "企业名称", "住所"]
    with pytest.raises(Refused) as refused:
        read_line(layout, Line(2, cells, "", head=head_of(layout, [header])))
    assert refused.value.code == reason and code in refused.value.reason
