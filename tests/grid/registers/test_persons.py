"""What registers say of persons: encrypted beside the row, masked on pages, shown by a recorded act, forgotten."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from grid import problems
from grid.ledger.models import Entry
from grid.personal.queries import has_personal
from grid.registers import problems as registers_problems
from grid.registers.actions import Meaning, import_delivery
from grid.registers.actions.revealing import forget_in_rows, reveal_line, reveal_row
from grid.registers.models import Delivery, RefusedLine, Row
from grid.registers.queries import facts_of
from grid.registers.rules.layouts import LAYOUTS
from grid.subjects.models import Subject
from tests.cast import credit_code

HEADER = "统一社会信用代码,企业名称,住所,法定代表人,联系电话,身份证号"
NAME, PHONE, NUMBER = "欧阳示例", "13800138000", "150302190001030228"
GOOD = f"{credit_code(1)},示例1号有限公司,海勃湾区公园社区1号,{NAME},{PHONE},{NUMBER}"
BAD = f"{credit_code(2)},,海勃湾区,{NAME},{PHONE},{NUMBER}"


@pytest.fixture
def taken(cast: Any, tmp_path: Path) -> Delivery:
    path = tmp_path / "名册.csv"
    path.write_text("\n".join([HEADER, GOOD, BAD, f'"{GOOD}', ""]), encoding="utf-8")
    return import_delivery(Meaning("market", "1503", date(2026, 1, 31)), path, by=cast.by.wu)


def stored() -> str:
    """Everything the tables of the room hold, as they hold it."""
    with connection.cursor() as cursor:
        told = []
        for table in ("grid_row", "grid_refusedline", "grid_preview", "grid_entry", "grid_subject"):
            cursor.execute(f"SELECT * FROM {table}")
            told += cursor.fetchall()
    return str(told)


def test_nothing_of_a_person_lies_in_the_open(taken: Delivery) -> None:
    assert (taken.accepted, taken.refused) == (1, 2)
    for secret in (NAME, PHONE, NUMBER):
        assert secret not in stored()
    row = Row.objects.get()
    assert json.loads(row.personal or "") == {
        "representative": NAME,
        "representative_number": NUMBER,
        "telephone": PHONE,
    }
    assert not {"representative", "representative_number", "telephone"} & set(row.data)


def test_a_refused_line_shows_nothing_of_a_person(cast: Any, client: Client, taken: Delivery) -> None:
    client.force_login(cast.wu)
    pages = [client.get(f"/registers/{taken.pk}/{end}").content.decode() for end in ("", "refused.csv")]
    for page in pages:
        assert NAME not in page and PHONE not in page and NUMBER not in page
        assert f"{credit_code(2)},,海勃湾区,…,…,…" in page


def test_facts_of_persons_are_masked(taken: Delivery) -> None:
    facts = facts_of(Subject.objects.get())["market"]
    assert facts.personal == [
        ("法定代表人", "欧阳**"),
        ("法定代表人证件号码", "150***********0228"),
        ("联系电话", "138****8000"),
    ]


def test_looking_is_recorded_with_its_reason(cast: Any, client: Client, taken: Delivery) -> None:
    row, line = Row.objects.get(), RefusedLine.objects.order_by("pk")[0]
    with pytest.raises(problems.ReasonMissing):
        reveal_row(row, "curious", by=cast.by.wu)
    client.force_login(cast.wu)
    address = f"/registers/rows/{row.pk}/persons/"
    assert NAME not in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(address, {"reason": "contact"})
    assert NAME in answer.content.decode() and "no-store" in answer["Cache-Control"]
    answer = client.post(f"/registers/{taken.pk}/refused/{line.pk}/", {"reason": "contact"})
    # What is no fact of ours is masked for good: who sent the line has it in full.
    assert NAME in answer.content.decode() and NUMBER not in answer.content.decode()
    first, second = Entry.objects.filter(verb="personal.revealed").order_by("pk")
    assert (first.subject, first.data["row"]) == (row.subject_id, row.pk)
    assert (second.data["delivery"], second.data["line"]) == (taken.pk, 3)
    assert NAME not in str(first.data) + str(second.data)


def test_who_may_look(cast: Any, client: Client, taken: Delivery) -> None:
    row, line = Row.objects.get(), RefusedLine.objects.order_by("pk")[0]
    for who, status in (("wu", 200), ("zhao", 404), ("zheng", 403), ("han", 404), ("feng", 404)):
        client.force_login(getattr(cast, who))
        assert client.get(f"/registers/rows/{row.pk}/persons/").status_code == status, who
    for who, status in (("wu", 200), ("zheng", 403), ("han", 404), ("feng", 404)):
        client.force_login(getattr(cast, who))
        assert client.get(f"/registers/{taken.pk}/refused/{line.pk}/").status_code == status, who
    with pytest.raises(registers_problems.NotYourRegister):
        reveal_line(line, "contact", by=cast.by.feng)


def test_a_changed_telephone_is_a_new_version_and_its_hash_tells_nothing(
    cast: Any, taken: Delivery, tmp_path: Path, settings: Any
) -> None:
    path = tmp_path / "later.csv"
    path.write_text("\n".join([HEADER, GOOD.replace("8000", "8001")]), encoding="utf-8")
    later = import_delivery(Meaning("market", "1503", date(2026, 2, 28)), path, by=cast.by.wu)
    assert (later.accepted, later.unchanged) == (1, 0)
    first, second = Row.objects.order_by("pk")
    assert first.data == second.data and first.hash != second.hash


def test_comparing_does_not_even_load_them() -> None:
    row = Row.objects.all()
    assert "personal" not in str(row.query)
    for layout in LAYOUTS.values():
        assert all(field.kind == "text" and not field.essential for field in layout.fields if field.personal)


def test_forgetting_a_unit_forgets_its_persons(taken: Delivery) -> None:
    subject = Subject.objects.get()
    assert has_personal(subject)
    assert forget_in_rows(subject) == 1
    assert not has_personal(subject) and Row.objects.get().personal is None


def test_the_page_of_a_subject_lists_where_they_stand(cast: Any, client: Client, taken: Delivery) -> None:
    client.force_login(cast.wu)
    page = client.get(f"/personal/subjects/{Subject.objects.get().pk}/").content.decode()
    assert "名册中的个人信息" in page and f"/registers/rows/{Row.objects.get().pk}/persons/" in page
    assert NAME not in page
