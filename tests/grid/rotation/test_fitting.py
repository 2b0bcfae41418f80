"""A restored or mistyped key is a good key, only another one: what was written says so, before the first write."""

import secrets
from types import SimpleNamespace
from typing import Any

import pytest

from grid.ledger import newkey
from grid.ledger.actions import sealer
from grid.ledger.actions.personal import keys_for
from grid.rotation.queries.fitting import misfits
from grid.subjects.models import Subject
from tests.grid.ledger.conftest import write
from workflows.reminders.actions import note_phone

pytestmark = pytest.mark.once


def faults() -> list[str]:
    return [str(misfit) for misfit in misfits()]


@pytest.fixture
def written(cast: SimpleNamespace, make_employer: Any) -> Subject:
    """Something under each of the keys: a sealed entry, an encrypted column, a subject's key, a blind index."""
    subject: Subject = make_employer()
    note_phone(subject, "13800000001", "示例", "名册", by=cast.by.sun)
    keys_for([subject.pk])
    write()
    sealer.seal_pending()
    return subject


def test_nothing_written_fits_every_key(db: None) -> None:
    assert faults() == []


def test_each_foreign_key_is_noticed(written: Subject, settings: Any) -> None:
    assert faults() == []
    settings.LEDGER_PUBLIC_KEY = newkey.lines()[1].partition("=")[2]
    assert faults() == ["LEDGER_PUBLIC_KEY is not the key that signed the last checkpoint (2 entries)"]
    settings.LEDGER_PUBLIC_KEY = ""
    settings.BLIND_INDEX_KEY = secrets.token_hex(32)
    assert faults() == ["BLIND_INDEX_KEY is not the key of the newest fingerprints"]


def test_another_privacy_key_is_noticed_by_every_column(written: Subject, settings: Any) -> None:
    former, settings.PRIVACY_KEY = settings.PRIVACY_KEY, secrets.token_hex(32)
    told = " ".join(faults())
    assert "workflows_phone.number" in told and "grid_subjectkey" in told
    settings.PRIVACY_KEY = f"{settings.PRIVACY_KEY},{former}"
    assert faults() == []


def test_the_log_of_another_city_is_noticed(written: Subject, settings: Any) -> None:
    settings.CITY = "310115"
    assert "the last checkpoint is of grid-canvass/1503" in faults()[0]
