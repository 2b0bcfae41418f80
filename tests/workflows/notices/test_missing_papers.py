"""A paper whose file is gone is said to be missing; and what a case leaves on the disk is nobody else's to read."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grid import keeping
from grid.registers.actions import Meaning
from grid.registers.uploads.actions import receive_upload
from tests.approving import approved
from tests.security.test_kept_files import wide
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.notices.models import Notice

pytestmark = pytest.mark.once


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    before = os.umask(0)
    yield settings.FILES
    os.umask(before)


@pytest.fixture
def urging(files: Path, case_at: Callable[..., Case], cast: Any) -> Notice:
    return approved(actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao))


def test_a_missing_paper_is_a_problem_of_its_own(urging: Notice, cast: Any, client: Any, caplog: Any) -> None:
    address = f"/notices/{urging.pk}.pdf"
    client.force_login(cast.zhao)
    assert client.get(address).status_code == 200
    keeping.stored(urging.path).unlink()
    missing = client.get(address)
    assert missing.status_code == 404 and "文件暂时取不到" in missing.content.decode()
    assert any("a stored file is missing" in line for line in caplog.messages)
    # Outside the territory it is what it always was: not here.
    client.force_login(cast.chen)
    elsewhere = client.get(address)
    assert elsewhere.status_code == 404 and "文件暂时取不到" not in elsewhere.content.decode()


def test_a_case_leaves_nothing_readable_for_others(urging: Notice, files: Path, cast: Any) -> None:
    lines = "统一社会信用代码,企业名称,住所\n1,示例1号有限公司,海勃湾区\n".encode()
    receive_upload(Meaning("market", "1503", date(2026, 1, 31)), "a.csv", [lines], by=cast.by.wu)
    assert sum(path.is_file() for path in files.rglob("*")) == 2
    assert wide(files, 0o700) == []
