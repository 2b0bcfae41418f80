"""36b: what a household says of an employer is a lead on the employer, and nobody learns who said it."""

from collections.abc import Callable
from typing import Any

import pytest

from grid.ledger.models import Entry
from grid.subjects.models import Subject
from grid.subjects.rules import match_name
from tasks.comparison.actions import run_comparison
from tasks.comparison.models import Lead, LeadState
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding
from tests.workflows.conftest import make_finding as make_finding

HOME = {"adults": 2, "all_insured": "yes", "unit_uninsured": "yes", "workplace": "乌海（示例）商贸有限公司"}


@pytest.fixture
def told(make_employer: Callable[..., Subject], make_finding: Callable[..., Finding], cast: Any) -> Finding:
    home = make_employer(kind="resident", credit_code=None, local_code="home", name="张**")
    finding = make_finding(home, measures=[])
    visit = finding.visit
    visit.form, visit.form_version, visit.answers = "resident", "unknown", HOME
    visit.save()
    return finding


@pytest.mark.once
def test_law_36b_the_employer_has_a_lead_and_the_household_nothing(
    told: Finding, make_employer: Callable[..., Subject], cast: Any
) -> None:
    employer = make_employer(name=HOME["workplace"], match_name=match_name(str(HOME["workplace"])))
    confirm_finding(told, by=cast.by.zhao)
    lead = Lead.objects.get()
    assert (lead.subject, lead.rule, lead.state) == (employer, "R15", LeadState.OPEN)
    assert "来源保密" in lead.why and "来源保密" in told.without_measures
    # Neither the lead nor what is recorded of it names the door it came from.
    entry = Entry.objects.get(verb="lead.told")
    for word in (told.subject.name, told.visit.code, str(told.subject_id)):
        assert word not in lead.why and word not in str(entry.data.get("why"))
    assert str(entry.subject) == str(employer.pk)
    # A comparison neither finds what was told nor closes it.
    run_comparison(employer.area[:6], by=cast.by.qian, as_of=lead.found_on)
    lead.refresh_from_db()
    assert lead.state == LeadState.OPEN


@pytest.mark.once
def test_law_36b_a_name_nobody_bears_is_not_guessed_at(told: Finding, cast: Any) -> None:
    confirm_finding(told, by=cast.by.zhao)
    assert not Lead.objects.exists()
