"""The letter is issued, previewed, served, followed, issued anew and withdrawn like every other, and counted."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from grid.calendar.now import today
from tests.approving import approved
from tests.reading import codes_of, words_of
from tests.workflows.notices.interview.actions import call_interview
from tests.workflows.notices.interview.kinds import Kind
from tests.workflows.notices.interview.letters import LETTERS
from workflows.inspections import actions
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.notices import letters
from workflows.notices import problems as notices_problems
from workflows.notices.actions import Receipt, record_service, reissue_notice
from workflows.notices.checks import check_letters
from workflows.notices.models import Notice
from workflows.notices.queries import check, to_serve

pytestmark = pytest.mark.once

PLACE = "人社局三楼会议室"


@pytest.fixture(autouse=True)
def interview(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The letter registered, and its template where the product's are, until the test ends."""
    templates = tmp_path / "print"
    shutil.copytree(letters.PRINT, templates)
    shutil.copy(Path(__file__).with_name("interview.typ"), templates)
    monkeypatch.setattr(letters, "PRINT", templates)
    monkeypatch.setattr(letters, "_letters", dict(letters._letters))
    letters.register(*LETTERS)
    yield


@pytest.fixture
def inspection(inspection_at: Callable[..., Inspection]) -> Inspection:
    return inspection_at(S.INVESTIGATING)


def called(inspection: Inspection, cast: Any) -> Notice:
    return call_interview(inspection, today() + timedelta(days=7), PLACE, by=cast.by.zhou)


def test_it_lives_as_every_letter_does(inspection: Inspection, cast: Any, client: Any) -> None:
    case = inspection.case
    client.force_login(cast.zhou)
    preview = client.post(f"/cases/{case.code}/preview/interview/", {"place": PLACE})
    assert (preview.status_code, preview["Content-Type"]) == (200, "application/pdf")
    shown = words_of(preview.content)
    assert PLACE in shown and "待法制审核" in shown and codes_of(preview.content) == []
    assert not case.notices.filter(kind=Kind.INTERVIEW).exists()

    notice = called(inspection, cast)
    assert notice.number == f"乌海勃人社约谈〔{today().year}〕1号"
    words = words_of((Path(settings.FILES) / notice.path).read_bytes())
    assert "约谈通知书" in words and "待法制审核" not in words and PLACE in words
    approved(notice)
    assert check(notice.code).title == notice.get_kind_display() == "约谈通知书"
    with pytest.raises(notices_problems.NoticeUnserved):
        called(inspection, cast)

    anew = reissue_notice(notice, "地点写错", by=cast.by.zhou, mend=(PLACE, "二楼会议室"))
    assert anew.values["place"] == "二楼会议室" and anew.values["about"] == notice.values["about"]

    receipt = Receipt(way="direct", served_on=today(), receiver="王经理")
    record_service(approved(to_serve(case, Kind.INTERVIEW)), receipt, by=cast.by.zhou)
    assert case.clocks.filter(kind="inspection.statement", fired_at=None, stopped_at=None).exists()
    assert client.get(f"/notices/{anew.pk}/").status_code == 200


def test_it_falls_with_its_matter(inspection: Inspection, cast: Any) -> None:
    notice = called(inspection, cast)
    actions.withdraw_inspection(inspection, "违法事实不能成立", by=cast.by.qian)
    notice.refresh_from_db()
    assert notice.withdrawn_at is not None


def test_it_lacks_nothing() -> None:
    assert check_letters() == []


def test_the_recipe_counts_at_most_eight_places() -> None:
    text = (settings.ROOT / "CONTRIBUTING.md").read_text(encoding="utf8")
    recipe = text.split("## A new letter", 1)[1].split("\n## ", 1)[0]
    places = re.findall(r"^\d+\. `([^`]+)`", recipe, re.M)
    assert 0 < len(places) <= 8
    rooms = ("cases", "audits", "inspections", "listing", "reminders")
    for place in places:
        path = place.replace("<kind>", "hearing-notice")
        assert any((settings.ROOT / path.replace("<room>", room)).exists() for room in rooms), place
