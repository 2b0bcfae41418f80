"""Files against rows: each fault is found and named, and a whole city has none."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from grid.keeping import keep_file, stored
from project.backup import reports
from tests.project.backup.test_drill import run
from workflows.notices.models import Notice


def test_missing_altered_and_nobodys_are_told_apart(paper: Notice, files: Path) -> None:
    assert "缺失 0，改动 0，无人引用 0" in run("verify_files")
    young, old = files / "evidence/aa/young", files / "evidence/aa/old"
    for file in (young, old, files / "shown/aa/old.jpg"):
        keep_file(file, [b"x"])
    os.utime(old, (time.time() - 7200,) * 2)
    old.chmod(0o644)
    content = stored(paper.path).read_bytes()
    stored(paper.path).write_bytes(content[:-1] + b"?")
    said = failing("verify_files")
    # What is young may get its row yet, and what was made of a picture is made again.
    assert f"【改动】文书 {paper.number}：{paper.path}" in said and "【无人引用】evidence/aa/old" in said
    assert "缺失 0，改动 1，无人引用 1（0 KB），其他用户可读 1" in said
    stored(paper.path).unlink()
    assert f"【缺失】文书 {paper.number}" in failing("verify_files")
    noted = reports.last("files")
    assert noted is not None and (noted["missing"], noted["names"]) == (1, [paper.path])


def failing(command: str) -> str:
    from io import StringIO

    from django.core.management import call_command

    said = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(command, stdout=said)
    assert end.value.code == 1
    return said.getvalue()


@pytest.mark.django_db
def test_every_row_that_names_a_file_is_on_a_shelf(django_assert_num_queries: Any) -> None:
    """A column that names a stored file, and that no shelf reads, would be lost without anybody hearing of it."""
    from django.apps import apps
    from django.db.models import CharField

    from project.backup.shelves import SHELVES

    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ("grid", "tasks", "workflows", "mobile_api")
        for field in model._meta.get_fields()
        if isinstance(field, CharField) and (field.name == "path" or field.name.endswith("_path"))
    }
    known = {
        "workflows.Notice.path", "workflows.Service.slip_path", "workflows.Reminder.path", "tasks.Evidence.path",
        "tasks.Evidence.shown_path",  # derived
        "workflows.Material.path", "workflows.RecordFile.path", "workflows.HearingFile.path",
        "workflows.LookFile.path", "workflows.ProofFile.path",
    }  # fmt: skip
    assert columns == known
    # And reading them all is a statement for each, whatever the number of rows.
    with django_assert_num_queries(len(SHELVES)):
        assert [row for shelf in SHELVES for row in shelf.rows()] == []
