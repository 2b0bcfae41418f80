"""A small ledger: one case of six entries among others, sealed in several passes."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from grid.accounts.verbs import AccountVerb
from grid.calendar.now import moved_to, now
from grid.ledger import keys, queries
from grid.ledger.actions import Line, record, sealer
from grid.ledger.models import Entry
from grid.ledger.verbs import Verb
from grid.scope import machine
from workflows.cases.verbs import CaseVerb
from workflows.notices.verbs import NoticeVerb

CASE, OTHER = "HBW-2026-000001", "HBW-2026-000002"
AREA = "150302001002001"
CLERK = machine("tests")
STEPS = [
    CaseVerb.CASE_OPENED, CaseVerb.CASE_APPROVED, CaseVerb.CASE_URGED, NoticeVerb.NOTICE_ISSUED, NoticeVerb.NOTICE_SERVED,
    CaseVerb.CASE_HEALED,
]  # fmt: skip


def write(verb: Verb = CaseVerb.CASE_OPENED, case: str = CASE, **facts: Any) -> Entry:
    with transaction.atomic():
        return record(verb, Line(AREA, case=case, **facts), by=CLERK)


@pytest.fixture
def sealed_case(db: None) -> None:
    """Six entries of CASE over six hours, between entries of OTHER and of no case, each hour sealed."""
    start = now() - timedelta(hours=6)
    for hour, verb in enumerate(STEPS):
        with moved_to(start + timedelta(hours=hour)):
            write(AccountVerb.SIGNED_IN, case="")
            write(verb, subject=7, data={"reason": f"第{hour + 1}步"})
            write(verb, case=OTHER)
            sealer.seal_pending()


@pytest.fixture
def exported(sealed_case: None) -> bytes:
    return queries.export(CLERK, CASE)


@pytest.fixture
def key_pem() -> str:
    return keys.public_key_pem()


Lines = list[dict[str, Any]]


def altered(content: bytes, change: Callable[[Lines], Any]) -> bytes:
    """The export after `change` worked on its lines in place."""
    lines = [json.loads(line) for line in content.splitlines()]
    change(lines)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
