"""A letter that is declared badly is found before it is issued: each fault by its own number, with the file to mend."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.checks.registry import registry
from django.core.exceptions import ImproperlyConfigured

from workflows.inspections.models import Inspection
from workflows.listing.models import Listing
from workflows.notices import letters
from workflows.notices.actions import keep_service
from workflows.notices.checks import check_letters
from workflows.notices.letters import Act, Addressee, Letter, Signer, letter_of
from workflows.notices.models import NoticeKind as K


def changed(kind: str, **fields: Any) -> Letter:
    return replace(letter_of(kind), **fields)


def elsewhere(letter: Letter) -> Letter:
    assert letter.issued_by
    return replace(letter, issued_by=Act(letter.issued_by.page, "nowhere"))


FAULTS: list[tuple[str, Callable[[], Letter], str, str]] = [
    ("E103", lambda: changed(K.ORDER, word=" "), "has no word", "letters.py"),
    ("E104", lambda: changed(K.ORDER, follows=None), "nobody takes its service", "keep_service"),
    ("E105", lambda: changed(K.FILING, follows=keep_service), "is not served", "letters.py"),
    ("E106", lambda: elsewhere(letter_of(K.ORDER)), "which the page inspection has not", "acts.py"),
    ("E108", lambda: changed(K.ORDER, word="督告"), "shares its word", "letters.py"),
    (
        "E109",
        lambda: changed(K.ORDER, issued_by=letter_of(K.DEMAND).issued_by),
        "shares its act",
        "letters.py",
    ),
]


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> dict[str, Letter]:
    """The letters declared, to be changed until the test ends."""
    copy = dict(letters._letters)
    monkeypatch.setattr(letters, "_letters", copy)
    return copy


def test_the_letters_of_the_product_lack_nothing() -> None:
    assert check_letters() == []
    assert check_letters in registry.get_checks()


@pytest.mark.parametrize("number, make, fault, file", FAULTS, ids=[number for number, *_rest in FAULTS])
def test_a_fault_is_named_with_the_file_to_mend(
    declared: dict[str, Letter], number: str, make: Callable[[], Letter], fault: str, file: str
) -> None:
    wrong = make()
    declared[wrong.kind.value] = wrong
    found = [letter for letter in check_letters() if f"letter {wrong.kind.value} " in letter.msg]
    assert [letter.id for letter in found] == [f"workflows.{number}"]
    assert fault in found[0].msg and file in str(found[0].hint)


def test_a_kind_nobody_declares_is_named(declared: dict[str, Letter]) -> None:
    del declared["order"]
    (found,) = check_letters()
    assert (found.id, found.msg) == ("workflows.E101", "The letter order is declared nowhere.")


def test_a_letter_without_template_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, declared: dict[str, Letter]
) -> None:
    monkeypatch.setattr(letters, "PRINT", tmp_path)
    assert {letter.id for letter in check_letters()} == {"workflows.E102"}
    assert any("templates/print/hearing-notice.typ" in str(letter.hint) for letter in check_letters())


def test_a_kind_is_declared_once(declared: dict[str, Letter]) -> None:
    with pytest.raises(ImproperlyConfigured, match="order is declared twice"):
        letters.register(letter_of("order"))


def test_what_is_not_served_falls_with_nothing() -> None:
    for letter in letters.letters():
        to_somebody = letter.to in (Addressee.PARTY, Addressee.PERSON)
        assert letter.is_served == to_somebody == (letter.follows is not None)
    assert letters.falling_with(Inspection) == ("order", "penalty_notice", "hearing_notice", "person_notice")
    assert letters.falling_with(Listing) == ("listing_notice", "listing_decision", "repair_advice")


def test_the_office_that_signs() -> None:
    assert Signer.CITY.code_in("150302001") == "1503"
    assert Signer.DISTRICT.code_in("150302001") == Signer.AGENCY.code_in("150302001") == "150302"
    assert letter_of(K.URGING).series("示范人社") == "示范人社督告"
