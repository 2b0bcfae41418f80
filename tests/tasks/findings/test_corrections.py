"""A confirmed visit is corrected: every number that rests on it moves, and what was known before stays known of then.

READERS is the one list of who reads what a visit found out. A new reader has to be put there, or on the list of those
that read no number (see test_the_list_of_readers_is_whole).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grid.calendar.now import CITY_TIME, moved_to, now, today
from grid.ledger.models import Entry
from grid.registers.standing import held_on
from grid.scope import Role
from grid.territory.actions import give_posting
from grid.territory.rules import Post
from mobile_api.devices.actions import acting, enrol_phone, invite_phone
from tasks.comparison.actions import run_comparison
from tasks.comparison.models import Lead
from tasks.coverage.models import Span
from tasks.coverage.queries import account_of
from tasks.facts.queries import at_door, confirmed_for, subject_facts
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding, FindingState
from tasks.findings.rules import GROUND
from tasks.rounds.queries import counts_of
from tests.cast import SINCE
from tests.conftest import ROOT
from tests.doors import IN_ORDER, arrival, make_round, make_task, push
from tests.mobile_api.phones import Phone
from tests.tasks.comparison.test_run import say
from workflows.assessment.actions import compute_scheme, open_scheme
from workflows.assessment.models import Result
from workflows.assessment.queries.evidence import members
from workflows.cases.actions import confirm_and_open
from workflows.cases.models import Case
from workflows.cases.queries import subjects_closed_by
from workflows.cases.queries.answers import answers_of
from workflows.duties.actions.loading import load_shipped_duties
from workflows.duties.models import Department
from workflows.duties.queries import findings_to_refer
from workflows.duties.queries.releasing import releasable
from workflows.duties.referring import Chosen
from workflows.duties.targets.queries.measuring import Frame, measured

__all__ = ["say"]
FIRST, SECOND = 10, 5  # days ago
# The registers say: twelve taxed, three insured, of whom two for injuries.
FEW = {**IN_ORDER, "employees": 3, "insured_seen": 3}
SHORT = {**FEW, "employees": 12}


# --- who reads it --------------------------------------------------------------------------------------


def current(world: Any) -> Finding:
    rows = Finding.objects.select_related("visit__person", "subject")
    return rows.get(subject=world.subject, state=FindingState.CONFIRMED)


def of_coverage(world: Any, on: date | None = None) -> Any:
    whole = account_of(world.cast.by.wu, world.cast.post.zhao.area, on).whole()
    return {state: n for state, n in whole.counts.items() if n}


def of_the_map_and_the_list(world: Any, on: date | None = None) -> Any:
    return list(Span.objects.filter(held_on(on or today())).values_list("state", flat=True))


def of_leads(world: Any, on: date | None = None) -> Any:
    return dict(Lead.objects.values_list("rule", "state"))


def of_findings(world: Any, on: date | None = None) -> Any:
    finding = current(world)
    return [measure["why"] for measure in finding.measures], finding.settles, finding.without_measures


def of_the_review(world: Any, on: date | None = None) -> Any:
    return [(answer.name, answer.value) for answer in answers_of(current(world).seen)]


def of_facts(world: Any, on: date | None = None) -> Any:
    found = confirmed_for([world.subject.pk], on)
    return {name: fact.value for name, fact in found.get(world.subject.pk, {}).items()}


def of_the_subject_page(world: Any, on: date | None = None) -> Any:
    _subject, doors = subject_facts(world.cast.by.zhao, world.subject.pk)
    rows = [row for _title, door in doors for row in door.rows]
    return {row.field: [cell.value for cell in row.cells if cell and cell.why == "holds"] for row in rows}


def of_the_door(world: Any, on: date | None = None) -> Any:
    door = at_door(world.cast.by.zhao, current(world).visit)
    return {
        row.field: [cell.value for cell in row.cells if cell and cell.why == "holds"] for row in door.rows
    }


def of_the_round(world: Any, on: date | None = None) -> Any:
    return [(state, n) for state, _label, n in counts_of(world.task.round)]


def of_targets(world: Any, on: date | None = None) -> Any:
    frame = Frame("1503", 6, today().year, on or today())
    return {formula: measured(formula, frame) for formula in ("leads", "healed", "doors")}


def of_the_assessment(world: Any, on: date | None = None) -> Any:
    day = on or today()
    return {formula: members(formula, "1503", day.year, day) for formula in ("coverage", "leads")}


def of_referrals(world: Any, on: date | None = None) -> Any:
    department = Department.objects.first()
    rows = findings_to_refer(world.cast.by.qian, department, Chosen("150302", "51"))
    return [releasable(row.subject, row) for row in rows.select_related("visit", "subject")]


def of_the_case(world: Any, on: date | None = None) -> Any:
    case = Case.objects.select_related("finding__visit").first()
    return case and (case.finding.seen.outcome, dict(case.finding.seen.answers))


def of_the_phone(world: Any, on: date | None = None) -> Any:
    (door,) = world.phone.get("changes").json()["doors"]
    return {name: known["value"] for name, known in door["prefill"].items()}


@dataclass(frozen=True)
class Reader:
    """`files`: where it reads. `as_of`: it also answers for a day that is past."""

    read: Callable[..., Any]
    files: tuple[str, ...]
    as_of: bool = False


READERS = {
    "coverage": Reader(of_coverage, ("tasks/coverage/queries.py",), as_of=True),
    "map": Reader(of_the_map_and_the_list, ("tasks/coverage/queries.py",), as_of=True),
    "leads": Reader(of_leads, ("tasks/findings/actions.py",)),
    "findings": Reader(of_findings, ("tasks/findings/models.py", "workflows/findings/queries.py")),
    "review": Reader(of_the_review, ("workflows/findings/queries.py", "workflows/findings/views.py")),
    "facts": Reader(of_facts, ("tasks/facts/queries/__init__.py",), as_of=True),
    "subject page": Reader(of_the_subject_page, ("tasks/facts/queries/__init__.py",)),
    "door": Reader(of_the_door, ("tasks/facts/queries/__init__.py",)),
    "round": Reader(of_the_round, ("tasks/rounds/queries/__init__.py",)),
    "targets": Reader(of_targets, ("workflows/duties/targets/queries/measuring.py",), as_of=True),
    "assessment": Reader(of_the_assessment,
                         ("workflows/assessment/queries/evidence.py", "workflows/assessment/queries/__init__.py"),
                         as_of=True),
    "referrals": Reader(of_referrals, ("workflows/duties/queries/__init__.py", "workflows/duties/queries/releasing.py")),
    "case": Reader(of_the_case, ("workflows/cases/queries/__init__.py", "workflows/cases/views.py",
                                 "workflows/cases/actions/opening.py", "workflows/cases/actions/rectified.py",
                                 "workflows/cases/letters.py", "workflows/audits/actions/auditing.py",
                                 "workflows/cases/queries/foreseeing.py", "workflows/notices/queries/spans.py")),
    "phone": Reader(of_the_phone, ("mobile_api/sync/queries/__init__.py",)),
}  # fmt: skip
# They look at findings, and at nothing that was found: what waits, who said it, which look a repair or a delivery rests
# on; or they keep the account itself.
NO_NUMBERS = {
    "tasks/coverage/actions.py", "tasks/facts/actions/__init__.py", "tasks/facts/actions/merging.py", "tasks/findings/queries.py",
    "tasks/arrivals/queries/batch.py", "tasks/visits/queries/__init__.py", "workflows/listing/queries.py",
    "workflows/listing/actions/repairing.py", "tasks/findings/waiting.py", "tasks/findings/resting.py",
    # Counts them, and lays those that wait where their subject lies.
    "tasks/ground/actions.py",
    # These look again at a penalty's term, not at a door.
    "workflows/listing/acts.py", "workflows/listing/actions/proving.py",
}  # fmt: skip
READS = re.compile(
    r"Finding\.objects|\.seen\b|confirmed_for|Span\.objects|finding__|FROM tasks_(finding|span)"
)


def test_the_list_of_readers_is_whole() -> None:
    listed = {file for reader in READERS.values() for file in reader.files} | NO_NUMBERS
    for package in ("tasks", "workflows", "mobile_api", "project"):
        for path in Path(ROOT / package).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if "/migrations/" in name or name.startswith("project/demo/"):
                continue
            if READS.search(path.read_text()):
                assert name in listed, f"{name} reads what visits found: put it among READERS"
    assert all((ROOT / file).exists() for file in listed)


# --- one of each kind of answer ------------------------------------------------------------------------

PEOPLE = [{"surname": "张", "job": "焊工", "insured": "no"}]
OTHERS = [
    {"surname": "王", "job": "焊工", "insured": "no"},
    {"surname": "李", "job": "司机", "insured": "no"},
]
EVERY = {"findings", "review", "facts", "subject page", "door", "phone", "referrals"}
SETTLED = {"coverage", "map", "leads"}

# kind → (what was confirmed, what it is corrected in, which readers move).
CORRECTED: dict[str, tuple[dict[str, Any], dict[str, Any], set[str]]] = {
    "heads": (SHORT, {**SHORT, "employees": 20}, EVERY | {"case"}),
    "heads, all in order": (SHORT, FEW, EVERY | SETTLED | {"case"}),
    "heads, no more in order": (FEW, SHORT, EVERY | SETTLED | {"case"}),
    "insured heads": (SHORT, {**SHORT, "insured_seen": 1}, EVERY | {"case"}),
    "kind of insurance": (
        {**FEW, "types_seen": ["pension"]}, {**FEW, "types_seen": ["pension", "unemployment", "injury"]},
        EVERY | SETTLED | {"case"},
    ),
    "operating state": (SHORT, {"operating": "closed", GROUND: "sealed"}, EVERY | SETTLED | {"case"}),
    "outcome": (SHORT, {"outcome": "not_a_subject", GROUND: "not_employer"}, EVERY | SETTLED | {"case"}),
    "outcome, a gap": (
        SHORT, {"outcome": "not_found", GROUND: "no_address"}, EVERY | SETTLED | {"case", "assessment"},
    ),
    "named persons": ({**SHORT, "people": PEOPLE}, {**SHORT, "people": OTHERS}, {"review", "case"}),
}  # fmt: skip


@pytest.fixture
def world(cast: Any, make_employer: Any, say: Any, client: Any) -> Any:
    load_shipped_duties()
    subject = make_employer(industry="5111")
    task = make_task(make_round(cast.qian), subject, cast.post.wang)
    day = today() - timedelta(FIRST + 5)
    say("market", subject, day, name=subject.name)
    say("tax", subject, day, heads=12)
    say("social", subject, day, pension=3, unemployment=3, injury=2)
    with moved_to(at(FIRST + 3)):
        run_comparison("150302", by=cast.by.qian, as_of=day)
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, token = enrol_phone(code, "手机", "0.1.0")
    return SimpleNamespace(cast=cast, subject=subject, task=task, phone=Phone(client, token, device))


def at(days_ago: int) -> datetime:
    return datetime.combine(today() - timedelta(days_ago), time(10), CITY_TIME)


def said(world: Any, answers: dict[str, Any], days_ago: int, **more: Any) -> Finding:
    """A visit on that day, confirmed on it."""
    told = dict(answers)
    with moved_to(at(days_ago)):
        visit = arrival(
            world.task, outcome=told.pop("outcome", "done"), answers=told, recorded_at=now(), **more
        )
        push(world.cast.post.wang, world.cast.by.wang, visit)
        finding = Finding.objects.select_related("visit").get(visit__client_id=visit.client_id)
        confirm_and_open(finding, by=world.cast.by.zhao)
    return finding


def read(world: Any, on: date | None = None) -> dict[str, Any]:
    return {name: reader.read(world, on) for name, reader in READERS.items() if on is None or reader.as_of}


@pytest.mark.once
@pytest.mark.parametrize("kind", CORRECTED)
def test_a_correction_moves_every_number_and_the_old_ones_stay_as_of_their_day(world: Any, kind: str) -> None:
    before, after, moves = CORRECTED[kind]
    between = today() - timedelta(SECOND + 2)
    first = said(world, before, FIRST)
    then, known_then = read(world), read(world, between)
    second = said(world, after, SECOND, replaces=first.visit.client_id)
    first.refresh_from_db()
    assert (first.state, second.visit.replaces_id) == (FindingState.CORRECTED, first.visit_id)
    assert first.corrected_at is not None
    today_s = read(world)
    still = {name for name in moves if today_s[name] == then[name]}
    assert not still, f"{still} did not move"
    assert read(world, between) == known_then
    entries = Entry.objects.filter(verb="finding.confirmed").order_by("id")
    assert [entry.data.get("corrects") for entry in entries] == [None, [first.pk]]


def test_leads_turn_round_and_open_again_and_are_counted_where_they_were(world: Any) -> None:
    first = said(world, SHORT, FIRST)
    lead = Lead.objects.get()
    assert (lead.state, lead.closed_on) == ("confirmed", None)
    second = said(world, FEW, SECOND, replaces=first.visit.client_id)
    after = Lead.objects.get()
    assert (after.state, after.closed_on) == ("dismissed", today() - timedelta(SECOND))
    assert after.verified_at == lead.verified_at
    third = said(world, {"outcome": "unclear"}, 4, replaces=second.visit.client_id)
    assert of_leads(world) == {"R2": "open"}
    said(world, SHORT, 3, replaces=third.visit.client_id)
    assert of_leads(world) == {"R2": "confirmed"}
    assert Finding.objects.filter(state=FindingState.CORRECTED).count() == 3


def test_a_lead_another_comparison_raised_meanwhile_is_not_doubled(world: Any) -> None:
    first = said(world, FEW, FIRST)
    assert of_leads(world) == {"R2": "dismissed"}
    gone = Lead.objects.get()
    Lead.objects.create(
        comparison=gone.comparison, subject=world.subject, area=gone.area, rule="R2", why="x", clause="y",
        left=gone.left, found_on=today(),
    )  # fmt: skip
    said(world, SHORT, SECOND, replaces=first.visit.client_id)
    assert sorted(Lead.objects.values_list("state", flat=True)) == ["confirmed", "dismissed"]


def test_a_correction_of_somebody_else_s_visit_counts_as_well(world: Any) -> None:
    cast = world.cast
    first = said(world, SHORT, FIRST)
    post = give_posting(cast.li, Post(Role.WORKER, world.task.area, SINCE), by=cast.by.qian)
    with moved_to(at(SECOND)):
        told = arrival(world.task, answers=FEW, shown=SHORT, recorded_at=now())
        push(post, acting(post), told)
        confirm_finding(Finding.objects.get(visit__client_id=told.client_id), by=cast.by.zhao)
    first.refresh_from_db()
    assert first.state == FindingState.CORRECTED
    assert of_facts(world)["employees"] == 3
    assert of_facts(world, today() - timedelta(FIRST - 1))["employees"] == 12


def test_a_case_rests_on_the_corrected_facts(world: Any) -> None:
    first = said(world, SHORT, FIRST)
    case = Case.objects.get()
    assert case.finding == first
    said(world, {**SHORT, "employees": 5}, SECOND, replaces=first.visit.client_id)
    case.refresh_from_db()
    assert case.finding.seen.answers["employees"] == 5
    assert "在岗 5 人" in case.measures[0]["why"]
    line = {"pension": 5, "unemployment": 5, "injury": 5}
    assert subjects_closed_by("social", {world.subject.pk: line}, today()) == {world.subject.pk}


def test_the_phone_hears_what_holds_now_without_starting_over(world: Any) -> None:
    first = said(world, SHORT, FIRST)
    known = world.phone.get("changes").json()["cursor"]
    said(world, FEW, SECOND, replaces=first.visit.client_id)
    (door,) = world.phone.get(f"changes?cursor={known}").json()["doors"]
    assert door["prefill"]["employees"]["value"] == 3


def test_the_members_behind_a_number_are_exported_as_they_hold_now(world: Any, client: Any) -> None:
    def exported() -> str:
        office = world.cast.by.wu
        year = compute_scheme(open_scheme(today().year, "1503", by=office), "1503", by=office)
        result = Result.objects.get(indicator__scheme=year, indicator__formula="coverage", area="150302")
        client.force_login(world.cast.wu)
        answer = client.get(f"/assessment/results/{result.pk}/", {"export": "csv"})
        return b"".join(answer).decode("utf-8-sig")

    first = said(world, SHORT, FIRST)
    before = exported()
    said(world, {"outcome": "unclear"}, SECOND, replaces=first.visit.client_id)
    assert world.subject.name in before and before != exported()
