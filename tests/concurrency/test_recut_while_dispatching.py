"""The ground is cut anew while a round is being dispatched: between the plan and its writing, and in the middle of it.

Whatever was planned for ground that ended goes to who has the ground now; no door is lost, none is sent twice.
"""

from typing import Any

import pytest

from grid.calendar.now import today
from grid.recut.actions import Part, recut_grid
from grid.recut.changes.actions import decide_change, draft_change
from grid.recut.changes.rules import MERGE, Asked
from grid.territory.models import Area
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask
from tasks.rounds import dispatch
from tasks.rounds.models import Round, RoundState
from tests.cast import GRID_1, GRID_2
from tests.doors import make_round

pytestmark = pytest.mark.django_db(transaction=True)
HERE, PARK = "150302001002", "150302001003"


@pytest.fixture
def round(cast: Any, make_employer: Any) -> Round:
    for _number in range(4):
        make_employer()
        make_employer(area=GRID_2)
    return make_round(cast.qian, state=RoundState.DISPATCHING)


def cut_before_chunk(monkeypatch: pytest.MonkeyPatch, number: int, cut: Any) -> None:
    """Somebody else's transaction commits before the chunk of this number is written."""
    plain, written = dispatch._write_chunk, []

    def write(*given: Any) -> bool:
        if len(written) == number:
            cut()
        written.append(given)
        return plain(*given)

    monkeypatch.setattr(dispatch, "_write_chunk", write)
    monkeypatch.setattr(dispatch, "CHUNK", 3)


def sent(round: Round) -> dict[str, set[str]]:
    """Where the doors lie → whose they are, and that each is there once, in the account as well."""
    tasks = list(CheckTask.objects.filter(round=round).select_related("posting__person", "subject"))
    assert len(tasks) == len({task.subject_id for task in tasks}) == 8
    assert all(task.area == task.subject.area for task in tasks)
    spans = Span.objects.filter(until=None).values_list("subject", "area")
    assert set(spans) == {(task.subject_id, task.area) for task in tasks}
    found: dict[str, set[str]] = {}
    for task in tasks:
        found.setdefault(task.area, set()).add(task.posting.person.username)
        assert task.posting.area_id == task.area
    return found


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_grid_is_cut(cast: Any, round: Round, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def cut() -> None:
        recut_grid(Area.objects.get(pk=GRID_1), [Part(name="新")], reason="重划", by=cast.by.sun)

    cut_before_chunk(monkeypatch, number, cut)
    assert dispatch.send_out(round.pk, by=cast.by.qian) == 8
    assert sent(round) == {"150302001002003": {"wang"}, GRID_2: {"li"}}


def test_its_community_joins_another(cast: Any, round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut() -> None:
        asked = Asked(MERGE, HERE, into=PARK)
        change = draft_change(
            asked, on=today(), reason="合并", document="海政发〔2026〕12号", by=cast.by.qian
        )
        decide_change(change, change.mark, by=cast.by.qian)

    cut_before_chunk(monkeypatch, 1, cut)
    assert dispatch.send_out(round.pk, by=cast.by.qian) == 8
    assert sent(round) == {f"{PARK}002": {"li"}, f"{PARK}003": {"wang"}} or sent(round) == {
        f"{PARK}002": {"wang"}, f"{PARK}003": {"li"},
    }  # fmt: skip
