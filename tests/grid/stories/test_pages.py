"""The auditor searches, reads a story, proves one entry and takes the case home; nobody else may."""

import subprocess
import sys

import pytest
from django.db import transaction

from grid.ledger.actions import Line, record
from grid.ledger.actions.sealer import seal_pending
from grid.ledger.models import Entry
from tasks.comparison.verbs import ComparisonVerb
from tests.cast import FAR_GRID
from workflows.cases.verbs import CaseVerb

CASE = "HBW-2026-000001"


@pytest.fixture
def told(cast, make_employer):
    employer = make_employer("示例洗煤有限公司")
    with transaction.atomic():
        record(ComparisonVerb.LEAD_FOUND, Line(employer.area, subject=employer.pk), by=cast.by.wu)
        record(CaseVerb.CASE_OPENED, Line(employer.area, subject=employer.pk, case=CASE), by=cast.by.zhao)
        record(CaseVerb.CASE_APPROVED, Line(employer.area, subject=employer.pk, case=CASE), by=cast.by.sun)
    seal_pending()
    return employer


def test_a_name_or_a_number_leads_to_the_story(cast, told, client):
    client.force_login(cast.zheng)
    for sought in ("洗煤", told.credit_code, told.credit_code.lower(), CASE):
        assert CASE in client.get("/audit/", {"q": sought}).content.decode()
    story = client.get(f"/audit/cases/{CASE}/").content.decode()
    assert story.index("吴霞") < story.index("赵敏") < story.index("孙强")
    assert story.count("已封存") == 3


def test_one_click_proves_one_entry(cast, told, client):
    client.force_login(cast.zheng)
    entry = Entry.objects.filter(case=CASE).first()
    assert "核验通过" in client.get(f"/audit/entries/{entry.pk}/check/").content.decode()


def test_the_export_is_proven_by_the_standalone_program(cast, told, client, tmp_path):
    client.force_login(cast.zheng)
    answer = client.post(f"/audit/cases/{CASE}/export/")
    file, key = tmp_path / "case.jsonl", tmp_path / "key.pem"
    file.write_bytes(answer.content)
    key.write_bytes(client.get("/public/ledger/key.pem").content)
    run = subprocess.run(
        [sys.executable, "-m", "grid.ledger.verify", str(file), "--key", str(key)],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_supervisors_do_not_search_the_ledger(cast, told, client):
    client.force_login(cast.sun)
    assert client.get("/audit/").status_code == 403
    assert client.get(f"/audit/cases/{CASE}/").status_code == 404
    assert client.post(f"/audit/cases/{CASE}/export/").status_code == 404


def test_the_story_costs_few_queries(cast, told, client, django_assert_max_num_queries):
    client.force_login(cast.zheng)
    client.get(f"/audit/cases/{CASE}/")
    with django_assert_max_num_queries(10):
        client.get(f"/audit/cases/{CASE}/")


def test_a_story_outside_the_area_is_not_there(cast, make_employer, client):
    far = make_employer(area=FAR_GRID)
    client.force_login(cast.qian)
    assert client.get(f"/audit/subjects/{far.pk}/").status_code == 404
