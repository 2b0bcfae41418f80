"""A form changed at the desk reaches the phone by its next pull, without an app update and without a query more."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grid.calendar.now import today
from grid.placing.adding.actions import Local, add_locals
from grid.subjects.models import SubjectKind
from tasks.findings.models import Finding
from tasks.forms import tables
from tasks.forms.actions import publish_form, upload_form, withdraw_form
from tasks.forms.rules import form_for
from tasks.visits.models import Visit
from tests.cast import GRID_1
from tests.doors import SHORT, make_task
from tests.mobile_api.phones import Phone, visit_json
from tests.shipped import at_version, day_beside

pytestmark = pytest.mark.once

NEW = at_version("employer", day_beside("employer", 1))


@pytest.fixture(autouse=True)
def shipped_only() -> Iterator[None]:
    yield
    tables.heed(None)


def pulled(phone: Phone, *held: str) -> dict[str, str]:
    answer = phone.get(f"changes?forms={','.join(held)}").json()
    return {form["code"]: form["version"] for form in answer.get("forms", [])}


def test_the_next_pull_brings_it(cast: Any, phone: Phone) -> None:
    held = pulled(phone)
    names = [f"{code}:{version}" for code, version in held.items()]
    assert pulled(phone, *names) == {}
    row = publish_form(upload_form("a.md", NEW.encode(), by=cast.by.wu), today(), by=cast.by.wu)
    assert pulled(phone, *names) == {"employer": row.version}
    names = [*(name for name in names if not name.startswith("employer:")), f"employer:{row.version}"]
    assert pulled(phone, *names) == {}
    withdraw_form(row, "问法不清", by=cast.by.wu)
    assert pulled(phone, *names) == {"employer": held["employer"]}


def test_a_visit_keeps_the_version_it_was_filled_with(
    cast: Any, phone: Phone, round: Any, make_employer: Any
) -> None:
    row = publish_form(upload_form("a.md", NEW.encode(), by=cast.by.wu), today(), by=cast.by.wu)
    task = make_task(round, make_employer(), cast.post.wang)
    phone.results(visit_json(task, form_version=row.version, answers=SHORT))
    withdraw_form(row, "问法不清", by=cast.by.wu)
    visit = Visit.objects.get()
    (result,) = phone.results(visit_json(form_version=row.version, task_id=task.pk, answers=SHORT))
    assert result["code"] != "stale-form-version"
    assert visit.form_version == row.version and Finding.objects.get(visit=visit).measures


def test_no_query_more(cast: Any, phone: Phone, round: Any, make_employer: Any) -> None:
    """Neither a pull nor a push asks for forms: what is new comes with the phone's own row."""

    def counted() -> tuple[int, int]:
        numbers = []
        for ask in (
            lambda: phone.get("changes?forms=x:1"),
            lambda: phone.results(visit_json(make_task(round, make_employer(), cast.post.wang))),
        ):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                ask()
            numbers.append(len(asked))
        return numbers[0], numbers[1]

    counted()
    before = counted()
    publish_form(upload_form("a.md", NEW.encode(), by=cast.by.wu), today(), by=cast.by.wu)
    phone.get("changes")
    assert counted() == before


def test_whoever_is_sent_to_a_person_knows_whom_to_ask_for(cast: Any, phone: Phone, round: Any) -> None:
    """On the phone of the door the full name, everywhere else the masked one; the fingerprint stays here."""
    rows = [
        Local(SubjectKind.HARDSHIP, "张示例", "示例000001", GRID_1, "1号楼"),
        Local(SubjectKind.CONSTRUCTION_SITE, "安置房二期", "1503022026001", GRID_1),
    ]
    for subject in add_locals(rows, area=GRID_1[:12], by=cast.by.zhao):
        make_task(round, subject, cast.post.wang, form=form_for(subject.kind))
    doors = {door["subject"]["name"]: door for door in phone.get("changes").json()["doors"]}
    zhang, site = doors["张示例"], doors["安置房二期"]
    assert (zhang["subject"]["credit_code"], zhang["subject"]["initials"], zhang["form"]) == (
        "",
        "zsl",
        "hardship",
    )
    assert (site["subject"]["credit_code"], site["form"]) == ("1503022026001", "construction_site")
    assert site["form_version"] == tables.current("construction_site").version
