from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from grid.privacy import CannotDecrypt, EncryptedTextField, blind_index, decrypt, encrypt, masked


class Holder(models.Model):
    phone = EncryptedTextField(blank=True)
    other = EncryptedTextField(null=True)

    class Meta:
        app_label = "privacy_tests"
        managed = False


def field(name: str) -> Any:
    return Holder._meta.get_field(name)


@given(st.binary(), st.text())
def test_what_is_sealed_opens_where_it_belongs(content: bytes, belongs: str) -> None:
    sealed = encrypt(content, belongs)
    assert decrypt(sealed, belongs) == content
    with pytest.raises(CannotDecrypt):
        decrypt(sealed, belongs + "!")


def test_a_field_stores_no_plain_text_and_never_the_same_twice() -> None:
    stored = field("phone").get_prep_value("15000000012")
    assert stored.startswith("v1:") and "15000000012" not in stored
    assert stored != field("phone").get_prep_value("15000000012")
    assert field("phone").from_db_value(stored, None, None) == "15000000012"
    with pytest.raises(CannotDecrypt):
        field("other").from_db_value(stored, None, None)


@pytest.mark.parametrize("empty", ["", None])
def test_empty_and_null_stay(empty: Any) -> None:
    assert field("other").from_db_value(field("other").get_prep_value(empty), None, None) == empty


def test_a_field_is_not_searched() -> None:
    with pytest.raises(FieldError, match="blind index"):
        Holder.objects.filter(phone="1")
    with pytest.raises(FieldError, match="blind index"):
        Holder.objects.filter(phone__startswith="1")
    assert "IS NULL" in str(Holder.objects.filter(other__isnull=True).query)


def test_keys_can_be_changed_without_losing_old_values(settings: Any) -> None:
    old = encrypt("甲".encode(), "x")
    settings.PRIVACY_KEY = "ab" * 32 + "," + settings.PRIVACY_KEY
    new = encrypt("乙".encode(), "x")
    assert old.split(":")[1] != new.split(":")[1]
    assert decrypt(old, "x") == "甲".encode()
    settings.PRIVACY_KEY = "ab" * 32
    assert decrypt(new, "x") == "乙".encode()
    with pytest.raises(CannotDecrypt, match="no key"):
        decrypt(old, "x")


@pytest.mark.parametrize("bad", ["ab", "zz" * 32])
def test_a_key_of_the_wrong_form_is_refused(settings: Any, bad: str) -> None:
    settings.PRIVACY_KEY = bad
    with pytest.raises(ValueError):
        encrypt(b"x", "x")


@pytest.mark.parametrize("damaged", ["", "v1:", "v2:00000000:AAAA", "plain text"])
def test_damaged_values_are_refused(damaged: str) -> None:
    with pytest.raises(CannotDecrypt):
        decrypt(damaged, "x")


def test_an_altered_value_does_not_open() -> None:
    sealed = encrypt(b"content", "x")
    flipped = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    with pytest.raises(CannotDecrypt):
        decrypt(flipped, "x")


def test_a_blind_index_levels_spelling_but_not_purpose(settings: Any) -> None:
    one = blind_index("15030219800101001x", "identity")
    assert one == blind_index(" １５０３０２ 19800101 001X", "identity")
    assert len(one) == 64
    assert one != blind_index("15030219800101001x", "phone")
    settings.BLIND_INDEX_KEY = "22" * 32
    assert one != blind_index("15030219800101001x", "identity")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("15000000012", "150****0012"), ("1234567", "*******"), ("12345678", "123*5678"), ("", "")],
)
def test_a_masked_number_keeps_head_and_tail(value: str, shown: str) -> None:
    assert masked(value) == shown
