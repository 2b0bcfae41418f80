"""What measures the tests: which files are quick, and how branches are added up by room."""

import json

from tests import durations
from tests.covered import PHONE, ROOT, by_room, counted


def test_the_quickest_files_are_asked_first_and_no_more_than_there_is_time_for():
    recorded = {"a": 1.0, "b": durations.QUICK, "c": 2.0, "d": durations.QUICK - 4.0}
    assert durations.quick(recorded) == {"a", "c", "d"}
    assert durations.quick({}) == set()


def test_every_recorded_file_is_there():
    recorded = json.loads(durations.FILE.read_text())
    assert [name for name in recorded if not (durations.ROOT / name).exists()] == []
    assert len(durations.quick(recorded)) > 30


def test_branches_are_added_up_by_room_and_by_kind_of_file():
    def counted(taken, branches):
        return {"covered_branches": taken, "num_branches": branches}

    files = {
        "grid/ledger/rules.py": counted(3, 4),
        "grid/ledger/views.py": counted(1, 4),
        "workflows/cases/actions/opening.py": counted(2, 2),
        "tasks/apps.py": counted(0, 0),
    }
    rows = {row.room: (row.taken, row.branches) for row in by_room(files)}
    assert rows == {
        "grid/ledger": (4, 8), "*/rules": (3, 4), "workflows/cases": (2, 2), "*/actions": (2, 2),
    }  # fmt: skip
    assert by_room(files)[0].room == "grid/ledger" and by_room(files)[0].share == 50


def test_the_rooms_of_the_phone_stand_in_the_same_table():
    def summed(taken, branches):
        return {"branches": {"total": branches, "covered": taken}}

    report = {
        "total": summed(7, 12),
        f"{ROOT}/{PHONE}/store/db.ts": summed(3, 4),
        f"{ROOT}/{PHONE}/store/doors.ts": summed(2, 4),
        f"{ROOT}/{PHONE}/parts/fields/TextField.vue": summed(1, 2),
        f"{ROOT}/{PHONE}/ids.ts": summed(1, 2),
    }
    python = {"files": {"grid/ledger/rules.py": {"summary": {"covered_branches": 1, "num_branches": 9}}}}
    rows = {row.room: (row.taken, row.branches) for row in by_room(counted(python) | counted(report))}
    assert rows == {
        "grid/ledger": (1, 9), "*/rules": (1, 9),
        f"{PHONE}/store": (5, 8), f"{PHONE}/parts": (1, 2), f"{PHONE}/ids": (1, 2),
    }  # fmt: skip
