"""Why it came to an outcome is asked at the door, by the table the phone was given, off line too."""

import pytest
from playwright.sync_api import expect

from grid.subjects.models import Subject
from tasks.coverage.models import Span
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.browser.conftest import FIRST
from tests.cast import FAR_GRID
from tests.journeys.people import Walker

pytestmark = pytest.mark.once


def test_moved_within_the_city_asks_where_to_and_the_answer_places_it_anew(
    walker: Walker, cast: object
) -> None:
    walker.opens(FIRST)
    walker.loses_the_network()
    walker.presses("没查成？选原因")
    walker.page.get_by_role("radio", name="已搬走", exact=True).click()
    walker.presses("保存")
    expect(walker.question("具体是哪种情况？")).to_contain_text("必填")
    walker.answers("具体是哪种情况？", "搬到外地")
    walker.answers("具体是哪种情况？", "搬到本市别处")
    walker.answers("新地址", "乌达区振华社区居委会3号")
    walker.answers("凭什么这样判断？", "房东、物业、邻居或居委会证实")
    walker.saves()
    walker.is_on_line_again()
    walker.presses("回到今天")
    walker.has_sent(1)
    visit = Visit.objects.get()
    assert visit.marks == "" and visit.answers["reason_moved"] == "moved_in"
    confirm_finding(Finding.objects.get(), by=cast.by.zhao)  # type: ignore[attr-defined]
    assert Subject.objects.get(pk=visit.subject_id).area == FAR_GRID
    assert Span.objects.get(subject=visit.subject_id, until=None).state == "not_sent"
