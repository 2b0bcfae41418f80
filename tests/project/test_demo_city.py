"""The demo city: everything in it came through the acts, so everything must add up, and every paper is lawful."""

import fcntl
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import F, QuerySet
from django.test import Client

from grid.calendar.now import day_of, now
from grid.calendar.queries import workdays
from grid.law.models import Provision
from grid.ledger.models import Entry, Leaf
from grid.scope import Role
from grid.subjects.models import Subject
from grid.subjects.rules import read_code
from grid.territory.models import Area, Level, Person, Posting
from project.demo import city
from project.demo.accounts import ACCOUNTS, PASSWORD, accounts
from project.demo.employers import credit_code
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask, TaskState
from tasks.forms.judging import faults_of
from tasks.rounds.models import Round, RoundState
from tasks.visits.models import Visit
from tasks.visits.queries import form_of
from tests.contract.papers import faults_in_print, faults_of_paper
from workflows.announcements.models import Announcement
from workflows.audits.models import Audit, AuditState, TaxTransfer, TransferState
from workflows.cases.models import Case, CaseState
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as I
from workflows.inspections.records.models import InspectionRecord
from workflows.listing.models import Listing
from workflows.listing.models.proofs import Look
from workflows.notices.models import ApprovalWay, Notice, NoticeKind, Service

# `make run` serves it from SQLite; its acts are tested one by one on both.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def said(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Built by the first test of all processes, which takes over a minute, and copied for the others."""
    folder = tmp_path_factory.getbasetemp()
    kept = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "demo-city.sqlite3"
    with open(kept.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_built = kept.exists()
        if not is_built:
            assert city.fill(lambda _line: None)
        connection.ensure_connection()
        with closing(sqlite3.connect(kept)) as copy:
            source, target = (copy, connection.connection) if is_built else (connection.connection, copy)
            source.backup(target)
        files, own = kept.with_suffix(".files"), Path(settings.FILES)
        source_files, target_files = (files, own) if is_built else (own, files)
        shutil.copytree(source_files, target_files, dirs_exist_ok=True)


def test_the_city_adds_up_and_is_filled_once(said: None) -> None:
    assert Area.objects.filter(level=Level.DISTRICT).count() == 3
    assert 700 < Area.objects.filter(level=Level.GRID).count() < 860
    _everybody_is_there_and_marked()
    everybody = Subject.objects.count()
    assert Subject.objects.filter(is_sample=True).count() == everybody
    assert min(dict(Counter(Subject.objects.filter(local_code__gt="").values_list("kind"))).values()) >= 24
    assert Subject.objects.filter(local_code=None).count() >= 260
    assert Span.objects.filter(until=None).count() == everybody, "each subject in exactly one state"
    _every_form_is_met()
    _work_stands_in_the_middle()
    _papers_went_out_approved()
    assert Leaf.objects.count() == Entry.objects.count() and Entry.objects.latest("id").at <= now()
    lines: list[str] = []
    Provision.objects.filter(key="registers.rhythm_market").delete()
    assert not city.fill(lines.append) and "已有数据" in lines[0]
    assert Provision.objects.filter(key="registers.rhythm_market").exists(), (
        "what a newer version brings of the law"
    )
    _sign_in_page_names_the_accounts()


def _everybody_is_there_and_marked() -> None:
    assert not Person.objects.filter(is_sample=False).exists()
    assert {role for _name, role, _place in accounts()} == {str(role.label) for role in Role}
    manned = Posting.objects.filter(role=Role.WORKER).values("area").distinct().count()
    assert manned == Area.objects.filter(level=Level.GRID).count()
    bulk = Person.objects.exclude(username__in=[account.username for account in ACCOUNTS])
    assert not any(person.has_usable_password() for person in bulk[:20])


def _work_stands_in_the_middle() -> None:
    states = set(Round.objects.values_list("state", flat=True))
    assert {RoundState.CLOSED, RoundState.WORKED, RoundState.DISTRICT_APPROVAL} <= states
    assert Case.objects.count() > 5 and Case.objects.filter(closed_at=None).exists()
    mine = CheckTask.objects.filter(posting__person__username="wang", state=TaskState.OPEN)
    assert mine.exists(), "the demo's phone has doors to go to"


def _papers_went_out_approved() -> None:
    """Law 34: by somebody else than who drafted them, or by the decision whose text they are."""
    served = Service.objects.select_related("notice__approval", "notice__seal_use")
    assert served and all(service.notice.is_approved for service in served)
    signed = [service.notice for service in served if service.notice.approval.way == ApprovalWay.SIGNED]
    assert signed and all(notice.approval.by_id != notice.issued_by_id for notice in signed)


def _every_form_is_met() -> None:
    """Whoever tries the phone as one of the named workers opens a door of every kind."""
    doors = CheckTask.objects.filter(posting__person__username="wang", state=TaskState.OPEN)
    rare = {
        "institution",
        "dust_employer",
        "construction_site",
        "resident",
        "flexible_worker",
        "hardship",
        "announcement",
    }
    assert rare <= set(doors.values_list("form", flat=True))
    visited = set(Visit.objects.values_list("form", flat=True))
    assert {"employer", "resident", "announcement", "construction_site"} <= visited
    doubtful = [
        (visit.form, fault.name, fault.kind)
        for visit in Visit.objects.all()
        if (form := form_of(visit))
        for fault in faults_of(form, visit.answers, visit.outcome)
    ]
    assert doubtful == [], "what the demo's workers write is what the forms ask"


def _sign_in_page_names_the_accounts() -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert PASSWORD in page and all(account.username in page for account in ACCOUNTS)
    assert PASSWORD not in Client().get("/public/listings/").content.decode()


# How matters of the city came to their ends, and where each is looked up.
ENDS: dict[str, Callable[[], QuerySet[Any]]] = {
    "告知后名册显示已改正": lambda: Case.objects.filter(
        state=CaseState.HEALED, inspections=None, audits=None
    ),
    "责令期限内改正，撤销立案": lambda: inspected(I.WITHDRAWN, order_met_on__isnull=False),
    "期限届满后改正，撤销立案": lambda: inspected(I.WITHDRAWN, order_expired_on__isnull=False),
    "撤案": lambda: Case.objects.filter(state=CaseState.WITHDRAWN, inspections=None, audits=None),
    "不予立案": lambda: inspected(I.WITHDRAWN, filed_on=None),
    "不予处罚": lambda: inspected(I.SPARED),
    "罚款缴清，随后改正": lambda: inspected(I.PERFORMED, case__state=CaseState.HEALED),
    "逾期缴清罚款和加处罚款": lambda: inspected(I.PERFORMED, paid__gt=F("fine")),
    "听证后处罚": lambda: inspected(I.PERFORMED, hearing_held_on__isnull=False),
    "人民法院强制执行": lambda: inspected(I.ENFORCED),
    "已申请人民法院强制执行": lambda: inspected(I.COURT),
    "人民法院撤销处罚": lambda: inspected(I.QUASHED),
    "移送有管辖权的机关": lambda: inspected(I.TRANSFERRED),
    "税务机关征收入库": lambda: TaxTransfer.objects.filter(state=TransferState.COLLECTED),
    "税务机关缓缴协议": lambda: TaxTransfer.objects.filter(state=TransferState.AGREED),
    "税务机关无法征收": lambda: TaxTransfer.objects.filter(state=TransferState.FAILED),
    "稽核未发现问题": lambda: Audit.objects.filter(state=AuditState.CLEAN),
    "稽核后改正": lambda: Audit.objects.filter(state=AuditState.CORRECTED),
    "列入名单，公示中": lambda: Case.objects.filter(state=CaseState.PUBLISHED),
    "公示期满移出": lambda: left("公示期满"),
    "信用修复移出": lambda: left("信用修复"),
    "异议成立，撤销列入": lambda: Listing.objects.filter(revoked_at__isnull=False, objections__isnull=False),
    "不予列入": lambda: Listing.objects.filter(dropped_at__isnull=False),
    "按季度公布": lambda: Announcement.objects.filter(batch__isnull=False),
}


def inspected(state: str, **facts: Any) -> QuerySet[Inspection]:
    return Inspection.objects.filter(state=state, **facts)


def left(why: str) -> QuerySet[Listing]:
    return Listing.objects.filter(removed_at__isnull=False, removed_why=why)


def test_law_49_one_matter_of_each_kind_of_end(said: None) -> None:
    assert [end for end, matters in ENDS.items() if not matters().exists()] == []


def test_law_49_nothing_is_written_served_or_recorded_on_a_day_off(said: None) -> None:
    """What the clock itself issues is dated when its term is over, whatever day that is."""
    table = workdays()
    written = [(notice.number, day_of(notice.issued_at)) for notice in Notice.objects.exclude(issued_by=None)]
    served = list(Service.objects.values_list("notice__number", "served_on"))
    looked = list(InspectionRecord.objects.values_list("inspection__code", "on"))
    looked += list(Look.objects.values_list("case__code", "on"))
    held = list(Inspection.objects.exclude(hearing_on=None).values_list("code", "hearing_on"))
    held += list(Audit.objects.values_list("code", "held_on"))
    assert len(written) > 20 < len(served)
    assert [(what, day) for what, day in (*written, *served, *looked, *held) if not table.works(day)] == []


def test_law_49_the_files_hold_the_evidence(said: None) -> None:
    """Whoever was told of a penalty: two officers had been there, the slips are back, and nobody was fined for arrears
    alone."""
    told = Inspection.objects.exclude(noticed_on=None)
    assert told.exists()
    for inspection in told:
        assert [record for record in inspection.records.all() if record.is_evidence and record.files.exists()]
        assert {measure["measure"] for measure in inspection.case.measures} != {"抓续保"}
    slips = Service.objects.filter(notice__kind__in=(NoticeKind.ORDER, NoticeKind.PENALTY_DECISION))
    assert slips.exists() and not slips.filter(slip_sha256="").exists()


def test_every_paper_of_the_city_is_lawful(said: None) -> None:
    papers = Notice.objects.select_related("case__subject", "case__finding").order_by("pk")
    assert len({notice.kind for notice in papers}) > 18
    assert [fault for notice in papers for fault in faults_of_paper(notice)] == []


def test_papers_of_the_city_are_printed_lawfully(said: None) -> None:
    """The newest two of each kind, as they were set."""
    kinds = Notice.objects.values_list("kind", flat=True).distinct().order_by("kind")
    newest = [notice for kind in kinds for notice in Notice.objects.filter(kind=kind).order_by("-pk")[:2]]
    assert [fault for notice in newest for fault in faults_in_print(notice)] == []


def test_demo_command_refuses_outside_demo_mode(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="演示模式"):
        call_command("demo_city")


def test_generated_codes_pass_their_check() -> None:
    for number in range(1, 200):
        assert read_code(credit_code(number, "150302", "92")).doubts == ()
