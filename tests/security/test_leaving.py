"""What leaves the house: tables that run nothing and keep their codes, pages nobody keeps, logs that open nothing."""

import csv
import logging
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.test import Client

from grid.registers.models import RefusedLine
from grid.sheets import KINDS, XLSX, as_csv, as_table
from grid.subjects.models import Subject
from grid.subjects.rules import read_code
from project.logs import Discreet, masked
from tests.cast import check_character
from tests.contract.test_access import addresses, filled, is_public
from workflows.duties.actions import refer
from workflows.duties.models import Department
from workflows.duties.referring import About, Question

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
# A name that runs where a spreadsheet lets it; a code of digits alone, which one would round.
FORMULA = '＝HYPERLINK("http://x")'
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def all_digit_code() -> str:
    bodies = (f"91150302{number:09d}" for number in range(1, 99))
    return next(body + end for body in bodies if (end := check_character(body)).isdigit())


def cells_of(answer: Any) -> list[list[Any]]:
    content = answer.getvalue()
    if answer["Content-Type"] == XLSX:
        sheet = openpyxl.load_workbook(BytesIO(content)).active
        assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
        return [[cell.value for cell in row] for row in sheet]
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def exports(world: Any, browser_of: Any, cast: Any) -> list[tuple[str, Any]]:
    """Whatever answers a table, found by asking every address for one in each form."""
    Subject.objects.filter(pk__in=[world.subject.pk, world.listed.subject_id]).update(name=FORMULA)
    Subject.objects.filter(pk=world.subject.pk).update(credit_code=all_digit_code())
    RefusedLine.objects.create(
        delivery=world.delivery, line=3, code="x", reason=FORMULA, raw=all_digit_code()
    )
    tax = Department.objects.get(code="tax")
    asked = Question("007", "请核对")
    refer(tax, tax.duties.order_by("pk")[0], About("150302"), asked, by=cast.by.qian)
    found = []
    for path, _pattern in addresses():
        if path.startswith(("api/v1/", "openrosa/")):
            continue
        address = filled(path, world)
        for query in ("", *(f"?export={kind}" for kind in KINDS)):
            for name in ("wu", "qian"):
                answer = browser_of(name).get(address + query)
                if answer.headers.get("Content-Type", "").startswith(("text/csv", XLSX)):
                    found.append((f"{address}{query}", answer))
                    break
    return found


def test_every_export_runs_nothing_and_keeps_its_codes(exports):
    assert len(exports) >= 8, [address for address, _answer in exports]
    for address, answer in exports:
        assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"], (
            address
        )
        rows = cells_of(answer)
        texts = [cell for row in rows for cell in row if isinstance(cell, str)]
        if answer["Content-Type"] == XLSX:
            assert all(isinstance(cell, str) for row in rows for cell in row if str(cell) == all_digit_code())
            continue
        assert [cell for cell in texts if cell.startswith(RUNS)] == [], address
        if "feed.csv" not in address:
            assert [cell for cell in texts if len(cell) > 11 and cell.isdigit()] == [], address
    everything = str([cells_of(answer) for address, answer in exports if "/cases/" in address])
    assert all_digit_code() in everything and "007" in str(
        [cells_of(export) for at, export in exports if "referrals" in at]
    )


def test_a_table_comes_back_as_it_went():
    code, rows = all_digit_code(), [["代码", "名称", "户数"], [all_digit_code(), FORMULA, 12]]
    rows += [["0150", "3-4", 1.5], ["9E12", "\n=1", -3]]
    back = cells_of(as_csv("t", rows))
    assert read_code(back[1][0]).credit == code and back[1][2] == "12" and back[3][2] == "-3"
    assert [back[2][0], back[2][1], back[3][0]] == ["0150\t", "3-4\t", "9E12\t"] and back[3][1] == "'\n=1"
    sheet = cells_of(as_table("xlsx", "t", rows))
    assert sheet == rows


def test_nobody_keeps_what_is_not_public(world, browser_of):
    kept = []
    for path, _pattern in addresses():
        for name in ("wu", "anonymous"):
            answer = browser_of(name).get(filled(path, world))
            if "no-store" not in answer.headers.get("Cache-Control", ""):
                kept.append(path)
    # What everybody gets alike says so itself.
    assert set(kept) <= {
        "phone/",
        "phone/<path:path>",
        "phone/settings.json",
        "api/v1/openapi.json",
        "source/",
    }
    assert all(is_public(path) for path in kept)


def test_pages_speak_to_their_own_host_alone_and_only_the_phone_compiles(
    client: Client, tmp_path: Any, settings: Any, db: None
) -> None:
    settings.PHONE_BUILD = tmp_path
    (tmp_path / "index.html").write_text("<p>网格走访</p>")
    desk, phone = (client.get(path)["Content-Security-Policy"] for path in ("/accounts/login/", "/phone/"))
    own = "ws" + settings.ORIGIN.removeprefix("http")
    assert f"connect-src 'self' {own};" in f"{desk};" and f"connect-src 'self' {own};" in f"{phone};"
    assert (
        "wasm-unsafe-eval" not in desk and "wasm-unsafe-eval" in phone and "unsafe-inline" not in desk + phone
    )


def test_no_log_opens_anything(client: Client, caplog: Any, db: None) -> None:
    client.get("/openrosa/geheim-1/media/employer/../x")
    client.get("/openrosa/geheim-1")
    lines = [Discreet().format(record) for record in caplog.records]
    assert any("/openrosa/…" in line for line in lines) and "geheim" not in "".join(lines)
    try:
        raise ValueError("GET //openrosa/geheim-2/formList Authorization: Bearer geheim-3")
    except ValueError:
        told = "验证码 123456，Cookie: sessionid=geheim-4; a=b"
        record = logging.LogRecord("x", logging.ERROR, "", 1, told, None, sys.exc_info())
    line = Discreet().format(record)
    assert "geheim" not in line and "123456" not in line and "a=b" in line
    assert masked("GET /cases/HBW-2026-000042/") == "GET /cases/HBW-2026-000042/"
    assert settings.LOGGING["formatters"]["line"]["()"] == "project.logs.Discreet"


def test_nginx_writes_no_key_either() -> None:
    servers = (ROOT / "deploy/nginx.conf").read_text().split("\nserver {")[1:]
    # One more answers this machine alone, and of it only whether it is ready.
    watching = [server for server in servers if "listen 127.0.0.1:8001" in server]
    assert len(watching) == 1 and "openrosa" not in watching[0]
    for server in (block for block in servers if block not in watching):
        here = server.split("location /openrosa/ {")[1].split("}")[0]
        assert "access_log off;" in here and "error_log  /dev/null" in here
        assert "if=$grid_logged" in server.split("location")[0]
