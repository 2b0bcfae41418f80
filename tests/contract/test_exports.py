"""No export hands a spreadsheet a code of digits alone as a number (docs/decisions/0023-codes-stay-text.md).

Every address is looked at: one whose view writes tables and that is not named here fails, until it is.
"""

import ast
import csv
import inspect
import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import openpyxl
import pytest
from django.test import Client

from grid.calendar.now import now, today
from grid.people.actions import keep_sheet
from grid.placing.batches.models import PlacingBatch
from grid.placing.models import PlaceName
from grid.recut.changes.models import AreaChange
from grid.registers.models import RefusedLine
from grid.sheets import KINDS
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from grid.territory.grids.models import AreaFile
from grid.territory.grids.rules.planning import Outcome
from grid.territory.models import Absence, Area
from tasks.rounds.choosing.actions import save_choice, take_list
from tasks.rounds.choosing.reading import CodeLine
from tasks.rounds.choosing.rules import Criteria
from tasks.visits.models import Visit
from tests.cast import GRID_1
from tests.contract.test_access import addresses
from tests.contract.world import a_follow_up, a_lead, a_plan, a_referral
from tests.doors import arrival, make_round, make_task, push
from tests.test_house import SOURCES, tree_of
from tests.workflows.conftest import Walk
from workflows.assessment.actions import compute_scheme, open_scheme
from workflows.assessment.models import Result
from workflows.cases.models import CaseState

pytestmark = pytest.mark.once

INPUT = json.loads((Path(__file__).parent / "inputs" / "f01_all_digit_code.json").read_text())
DIGITS = INPUT["cell"]
LIKE_NUMBERS = (DIGITS, "007", "9E12", "3-4", "1,234.5", "150302")
# address → (who, where): every address a person can take a table from.
EXPORTS: dict[str, tuple[str, str]] = {
    "cases/": ("sun", "/cases/"),
    "rounds/": ("sun", "/rounds/"),
    "rounds/<str:code>/plan/": ("sun", "/rounds/{round}/plan/?part=given"),
    "rounds/<str:code>/doors/": ("sun", "/rounds/{round}/doors/"),
    "rounds/compare/": ("sun", "/rounds/compare/?a={round}&b={round}&b_most=1"),
    "rounds/choices/": ("sun", "/rounds/choices/"),
    "rounds/lists/": ("sun", "/rounds/lists/"),
    "rounds/lists/<int:pk>/": ("sun", "/rounds/lists/{codes}/"),
    "targets/<int:year>/<str:code>/": ("wu", "/targets/2026/1503/"),
    "referrals/": ("qian", "/referrals/"),
    "assessment/results/<int:pk>/": ("wu", "/assessment/results/{result}/"),
    "registers/<int:pk>/changes.csv": ("wu", "/registers/{delivery}/changes.csv"),
    "registers/<int:pk>/refused.csv": ("wu", "/registers/{delivery}/refused.csv"),
    "areas/<str:code>/grids.<str:kind>": ("sun", "/areas/150302001/grids.xlsx"),
    "areas/changes/list.<str:kind>": ("qian", "/areas/changes/list.csv"),
    "areas/changes/<int:pk>/areas.<str:kind>": ("qian", "/areas/changes/{change}/areas.xlsx"),
    "areas/<str:code>/vacancies.<str:kind>": ("sun", "/areas/150302001/vacancies.xlsx"),
    "areas/<str:code>/absences.<str:kind>": ("sun", "/areas/150302001/absences.csv"),
    "areas/<str:code>/outlines/flaws.<str:kind>": ("sun", "/areas/150302001002/outlines/flaws.csv"),
    "people/import/postings.<str:kind>": ("qian", "/people/import/postings.xlsx"),
    "areas/files/<int:pk>/lines.<str:kind>": ("sun", "/areas/files/{file}/lines.csv"),
    "pool/table.xlsx": ("qian", "/pool/table.xlsx"),
    "pool/table.csv": ("qian", "/pool/table.csv"),
    "pool/names/table.<str:kind>": ("qian", "/pool/names/table.csv"),
    "pool/batches/<int:pk>/lines.<str:kind>": ("qian", "/pool/batches/{batch}/lines.csv"),
    "notices/seals.csv": ("qian", "/notices/seals.csv"),
    "claims/": ("zhao", "/claims/"),
    "claims/asked/": ("zhao", "/claims/asked/"),
    "follow-ups/": ("zhao", "/follow-ups/"),
    "people/import/<int:pk>/report.<str:kind>": ("qian", "/people/import/{people}/report.xlsx"),
}
# Tables with nothing in them that stood anywhere before: the columns to fill in, and codes shown on the answer that makes
# them. The walk over calls also names the pages that share a file of code with these.
OURS_ALONE = {
    "people/import/empty.<str:kind>",
    "certificates/import/empty.<str:kind>",
    # The law's own rows.
    "legal/unreviewed.csv",
    "outcomes/",
    "people/codes/",
    "people/import/<int:pk>/",
    "people/posts/",
}
# For programs, which read the letters: they ask for a token or a key, and stay exact to the letter.
FOR_PROGRAMS = {
    "public/listings/feed.csv": "the credit platform",
    "public/penalties/feed.csv": "the credit platform",
    "openrosa/<str:key>/media/<slug:form>/<str:name>": "ODK Collect, which is no spreadsheet",
}


@pytest.fixture
def world(cast: Any, make_case: Any, make_employer: Any, walk: Walk) -> SimpleNamespace:
    subject = make_employer("示例商贸有限公司")
    Subject.objects.filter(pk=subject.pk).update(credit_code=DIGITS, name="150302")
    sealed = make_employer("另一家商贸有限公司")
    walk.to(make_case(sealed), CaseState.TERM)
    Subject.objects.filter(pk=sealed.pk).update(name="007")
    case, lead, referral = make_case(subject), a_lead(subject), a_referral(cast)
    type(referral).objects.filter(pk=referral.pk).update(title=DIGITS)
    a_plan(cast)
    delivery = lead.left.delivery
    for line, raw in enumerate(LIKE_NUMBERS, 101):
        RefusedLine.objects.create(
            delivery=delivery, line=line, code="missing-name", reason="没有单位名称", raw=raw, shown=raw
        )
    subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    year = compute_scheme(open_scheme(2026, "1503", by=cast.by.wu), "1503", by=cast.by.wu)
    result = Result.objects.get(indicator__scheme=year, indicator__formula="enrolment", area="150302")
    Area.objects.filter(pk=GRID_1).update(name="150302")
    make_employer("150302", area="150302")
    PlaceName.objects.create(
        district="150302", kind="compound", name="007", area=GRID_1, valid_from="2026-01-01"
    )
    old, claimed = now() - timedelta(days=30), make_employer("9E12", area=GRID_1[:12])
    make_employer("007", area=GRID_1[:12], added_at=old)
    said = arrival(subject_id=claimed.pk, form="pool_claim", form_version="1", answers={}, grid=GRID_1)
    push(cast.post.wang, cast.by.wang, said)
    line = Outcome(1, name="150302", code=GRID_1).told()
    file = AreaFile.objects.create(what="grids", area="150302001", state="taken", outcome=[line], at=now())
    shape = {"role": "", "area": "", "phone": "", "first": "", "last": "", "department": ""}
    round = make_round(cast.qian, area="150302001", title="007", state="planned")
    for number in range(3):
        make_employer(f"3-{number + 4}")
    save_choice("007", "150302001", Criteria(), by=cast.by.sun)
    codes = take_list("007", "150302001", "名单.csv", [CodeLine(2, "GD-1", "007", False)], by=cast.by.sun)
    people = keep_sheet("人员.csv", [shape | {"line": 2, "name": "150302", "username": DIGITS}], cast.by.qian)
    a_follow_up(Visit.objects.filter(subject=subject).latest("pk"))
    batch = PlacingBatch.objects.create(way="ticked", what="示例", area="150302", by=cast.qian, at=now())
    batch.lines.create(subject=subject, before="150302", before_why="", after=GRID_1)
    make_task(round, subject, cast.post.wang)
    return SimpleNamespace(
        case=case, delivery=delivery.pk, result=result.pk, file=file.pk, people=people.pk, batch=batch.pk,
        change=_ground(cast), round=round.code, codes=codes.pk,
    )  # fmt: skip


def _ground(cast: Any) -> int:
    """A change of divisions, an absence, outlines that do not fit, a community nobody reviews in."""
    Area.objects.filter(pk="150302001003").update(name="007")
    Area.objects.filter(pk="150302001002").update(outline=_square(106.80, 106.82))
    Area.objects.filter(pk=GRID_1).update(outline=_square(106.81, 106.83))
    Absence.objects.create(posting=cast.post.wang, first_day=today(), last_day=today())
    told = {"old": GRID_1, "name": "150302", "new": "150302001002009", "becomes": "新网格", "joins": False}
    change = AreaChange.objects.create(
        kind="transfer", area="150302", title="划入", asked={}, document="150302", reason="007", on=today(),
        made_by=cast.qian, made_at=now(), rehearsal={"touched": {}, "areas": [told]},
    )  # fmt: skip
    return change.pk


def _square(west: float, east: float) -> dict[str, Any]:
    ring = [[west, 39.60], [east, 39.60], [east, 39.61], [west, 39.61], [west, 39.60]]
    return {"type": "Polygon", "coordinates": [ring]}


def writes_tables(view: Callable[..., Any]) -> bool:
    """Whether the view, or what it calls in its own file, makes a spreadsheet's file."""
    view = inspect.unwrap(view)
    file = Path(inspect.getsourcefile(view) or "") if inspect.isfunction(view) else None
    if file not in SOURCES:
        return False  # of a package; what our phone asks for answers in JSON
    functions = {part.name: part for part in ast.walk(tree_of(file)) if isinstance(part, ast.FunctionDef)}
    seen: set[str] = set()
    waiting = [view.__name__]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Name | ast.Attribute):
                word = node.id if isinstance(node, ast.Name) else node.attr
                if word in ("as_table", "as_csv", "as_workbook", "writer", "DictWriter", "Workbook"):
                    return True
                waiting.append(word)
            elif isinstance(node, ast.Constant) and "text/csv" in str(node.value):
                return True
    return False


def test_every_address_that_writes_a_table_is_known() -> None:
    found = {path for path, pattern in addresses() if pattern.callback and writes_tables(pattern.callback)}
    assert found == EXPORTS.keys() | FOR_PROGRAMS.keys() | OURS_ALONE


def cells_of_csv(content: bytes) -> list[str]:
    return [cell for row in csv.reader(StringIO(content.decode("utf-8-sig"))) for cell in row]


@pytest.mark.parametrize("address", EXPORTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_code_of_digits_stays_a_text(
    cast: Any, client: Client, world: SimpleNamespace, address: str, kind: str
) -> None:
    who, where = EXPORTS[address]
    client.force_login(getattr(cast, who))
    path, _mark, query = where.format(**vars(world)).partition("?")
    answer = client.get(path, dict(parse_qsl(query)) | {"export": kind})
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if "csv" in answer["Content-Type"]:
        cells = cells_of_csv(content)
        assert any(cell.strip() in LIKE_NUMBERS for cell in cells), cells
        for cell in cells:
            # A text that looks like a number is followed by a tab, or a spreadsheet would round it.
            assert cell not in LIKE_NUMBERS
            assert not (cell.isascii() and cell.isdigit() and len(cell) > 11)
        return
    book = openpyxl.load_workbook(BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(cell.value in LIKE_NUMBERS for cell in cells)
    for cell in cells:
        assert not isinstance(cell.value, float | int) or abs(cell.value) < 10**11
        if isinstance(cell.value, str):
            assert (cell.data_type, cell.number_format) == ("s", "@")
