"""Every address with every role, inside and outside the territory.

`access.csv` is the table of who gets which answer; a new address without its line fails here, and so does a
changed answer. Rewrite it with `REWRITE=1 pytest tests/contract/test_access.py` and read the difference.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from grid.calendar.now import now, today
from grid.law.models import Provision
from grid.ledger.models import Entry
from grid.ledger.sealer import seal_pending
from grid.registers.models import Delivery, Register, Row
from grid.subjects.models import Premise, Subject
from grid.subjects.moves import Move, announce
from grid.territory.models import Absence
from tasks.comparison.models import Comparison, Lead
from tests.cast import GRID_1
from workflows.assessment.actions import compute_scheme, open_scheme
from workflows.cases.models import CaseState
from workflows.counter.actions import hand_in
from workflows.duties.actions import refer
from workflows.duties.filing import Given
from workflows.duties.loading import load_shipped_duties
from workflows.duties.models import Department, Referral
from workflows.duties.targets.actions import check_plan, draft_plan, issue_plan
from workflows.duties.targets.models import Plan
from workflows.notices.models import DoorService, Fate

pytestmark = pytest.mark.slow

TABLE = Path(__file__).with_name("access.csv")
INSIDE = ["wang", "zhao", "sun", "qian", "zhou", "wu", "zheng", "feng", "fang"]
OUTSIDE = ["liu", "chen", "han"]
SECRET = "示例边界内商贸有限公司"
# The ranking of districts is for every official to see; its numbers open only within the own territory.
CITY_WIDE = {
    "assessment/<int:year>/",
    # The law and the calendar are the same everywhere, and no secret.
    "law/<str:key>/",
    "calendar/<int:year>/",
}
# allauth's own pages hold nothing of a territory; they are tested where they are made.
NOT_OURS = ("accounts/", "static/")
# Answers there are files without a viewer's data.
PUBLIC = (
    "public/",
    "v/",
    "phone",
    "source/",
    "problems/",
    "api/v1/openapi.json",
    "api/v1/enrol",
    "api/v1/uploads/",
)


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, path)
        elif not path.startswith(NOT_OURS):
            yield path, each


@pytest.fixture
def world(cast: Any, make_case: Any, make_finding: Any, make_employer: Any, walk: Any) -> SimpleNamespace:
    """One of everything inside wang's grid, with a name no answer to an outsider may hold."""
    premise = Premise.objects.create(code="TESTDOOR", area=GRID_1, label=SECRET)
    subject = make_employer(SECRET, premise=premise)
    announce([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    case = walk.to(make_case(subject), CaseState.TERM)
    finding = make_finding(make_employer(SECRET))
    scheme = open_scheme(2026, "1503", by=cast.by.wu)
    compute_scheme(scheme, "1503", by=cast.by.wu)
    seal_pending()
    lead = a_lead(subject)
    return SimpleNamespace(
        case=case,
        finding=finding,
        visit=finding.visit,
        subject=subject,
        result=scheme.indicators.first().results.get(area="150302"),
        premise=premise,
        lead=lead,
        delivery=lead.left.delivery,
        pooled=make_employer(SECRET, area="150302001002"),
        round=finding.visit.task.round,
        posting=cast.post.wang,
        carried=DoorService.objects.create(
            visit=finding.visit, area=finding.area, fate=Fate.WAITING, taken_at=now()
        ),
        submission=hand_in(case.notices.first(), "correction", SECRET, SECRET)[0],
        referral=a_referral(cast),
        plan=a_plan(cast),
        absence=Absence.objects.create(posting=cast.post.wang, first_day=today(), last_day=today()),
    )


def a_referral(cast: Any) -> Referral:
    """To the tax office, by the district, with a file."""
    load_shipped_duties()
    tax = Department.objects.get(code="tax")
    return refer(
        tax, tax.duties.first(), title=SECRET, question=SECRET, area="150302", by=cast.by.qian,
        files=[Given("材料.pdf", b"%PDF-1.7")],
    )  # fmt: skip


def a_plan(cast: Any) -> Plan:
    plan = draft_plan(2026, "1503", {"new_units": 10}, by=cast.by.wu)
    return issue_plan(check_plan(plan, by=cast.by.wu), by=cast.by.wu)


def a_lead(subject: Subject) -> Lead:
    delivery = Delivery.objects.create(
        register=Register.MARKET,
        area="1503",
        file_name="名册.csv",
        sha256="1" * 64,
        as_of=today(),
        delivered_at=now(),
    )
    row = Row.objects.create(
        register=Register.MARKET,
        subject=subject,
        area=subject.area,
        delivery=delivery,
        line=1,
        data={"name": SECRET},
        since=today(),
    )
    run = Comparison.objects.create(area="1503", as_of=today(), run_at=now())
    return Lead.objects.create(
        comparison=run,
        subject=subject,
        area=subject.area,
        rule="R1",
        why=SECRET,
        clause="",
        left=row,
        found_on=today(),
    )


def values(path: str, world: SimpleNamespace) -> dict[str, Any]:
    """What stands in the place of each <name> of an address, by what the address is about."""
    by_start = {
        "audit/entries/": Entry.objects.filter(case=world.case.code).first().pk,
        "audit/subjects/": world.subject.pk,
        "assessment/results/": world.result.pk,
        "findings/": world.finding.pk,
        "visits/facts/": world.subject.pk,
        "notices/": world.case.notices.first().pk,
        "pool/": world.pooled.pk,
        "leads/": world.lead.pk,
        "registers/": world.delivery.pk,
        "areas/postings/": world.posting.pk,
        "areas/absences/": world.absence.pk,
        "referrals/files/": world.referral.files.get().pk,
        "targets/plans/": world.plan.pk,
        "clocks/": world.case.clocks.order_by("pk").first().pk,
        "law/versions/": Provision.objects.get(key="urging.term").pk,
    }
    pk = next((value for start, value in by_start.items() if path.startswith(start)), 0)
    code = {
        "coverage/": GRID_1,
        "areas/": GRID_1,
        "rounds/": world.round.code,
        "referrals/": world.referral.code,
        "targets/": "150302",
        "visits/": world.visit.code,
        "notices/door/": world.carried.visit.code,
        "v/": "ABCDEFGHJKLM",
        "public/": "L-2026-000001",
    }
    return {
        "pk": pk,
        "code": next((value for start, value in code.items() if path.startswith(start)), world.case.code),
        "case": world.case.code,
        "key": "urging.term",
        "year": 2026,
        "posting_id": world.posting.pk,
        "state": "not_sent",
        "name": "approve",
        "premise_code": world.premise.code,
        "sha256": "0" * 64,
        "receipt": world.submission.receipt,
    }


def filled(path: str, pattern: URLPattern, world: SimpleNamespace) -> str:
    known = values(path, world)
    text = path
    for name, converter in pattern.pattern.converters.items():
        value = known.get(name, "1")
        for spelling in (
            f"<{name}>",
            *(f"<{kind}:{name}>" for kind in ("str", "int", "slug", "path", "uuid")),
        ):
            text = text.replace(spelling, str(value))
        text = text.replace(f"<uuidstr:{name}>", "00000000-0000-0000-0000-000000000001")
        del converter
    return "/" + text.rstrip("$")


def is_public(path: str) -> bool:
    return path.startswith(PUBLIC)


@pytest.fixture
def as_everyone(cast: Any) -> dict[str, Client]:
    clients = {"anonymous": Client(raise_request_exception=False)}
    for name in INSIDE + OUTSIDE:
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(getattr(cast, name))
    return clients


def test_every_address_answers_every_role_as_the_table_says(world, as_everyone):
    found = {}
    for path, pattern in addresses():
        address = filled(path, pattern, world)
        found[path] = [str(client.get(address).status_code) for client in as_everyone.values()]
    header = ["address", *as_everyone]
    if os.environ.get("REWRITE"):
        with TABLE.open("w", encoding="utf8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(
                [header, *([p, *c] for p, c in sorted(found.items()))]
            )
    with TABLE.open(encoding="utf8") as file:
        written = {row[0]: row[1:] for row in csv.reader(file)}
    assert written.pop("address") == header[1:]
    assert found == written


def test_nothing_of_a_territory_is_told_outside_it(world, as_everyone):
    told = []
    for path, pattern in addresses():
        address = filled(path, pattern, world)
        for name in [*OUTSIDE, "anonymous"]:
            answer = as_everyone[name].get(address)
            content = answer.getvalue().decode(errors="replace")
            is_object = bool(pattern.pattern.converters) and path not in CITY_WIDE and not is_public(path)
            about_it = is_object and answer.status_code == 200
            if SECRET in content or about_it:
                told.append((path, name, answer.status_code))
    assert told == []


def test_who_may_only_read_changes_nothing_by_any_post(world, as_everyone):
    """The auditor, and everybody outside, post to every address: since every act writes an entry, none was done."""
    before = Entry.objects.count()
    for path, pattern in addresses():
        if not is_public(path) and path != "audit/cases/<str:case>/export/":
            for name in ["zheng", *OUTSIDE, "anonymous"]:
                as_everyone[name].post(filled(path, pattern, world))
    assert Entry.objects.count() == before


def test_no_answer_is_a_crash(world, as_everyone):
    crashed = []
    for path, pattern in addresses():
        address = filled(path, pattern, world)
        for name, client in as_everyone.items():
            for answer in (client.get(address), client.post(address)):
                if answer.status_code >= 500:
                    crashed.append((path, name, answer.status_code))
    assert crashed == []
