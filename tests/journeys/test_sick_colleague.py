"""A colleague is ill: the community's reviewer hands her doors over, with the mouse alone."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tasks.doors.models import CheckTask
from tasks.rounds.models import RoundState
from tests.doors import make_round, make_task
from tests.journeys.people import Clerk, People, fill

MOST_CLICKS = 4


class Mouse:
    """Clicks, and how many."""

    def __init__(self) -> None:
        self.clicks = 0

    def on(self, place: Locator) -> None:
        place.click()
        self.clicks += 1


@pytest.fixture
def tasks(cast: Any, behind: Any, make_employer: Any) -> list[CheckTask]:
    """Three doors of wang's in a round of the street, and one of li's."""
    round = make_round(
        cast.qian, area="150302001", title="岁末专项核查", state=RoundState.WORKED, dispatch_total=4
    )
    doors = [make_task(round, make_employer(), cast.post.wang) for _ in range(3)]
    return [*doors, make_task(round, make_employer(area="150302001002002"), cast.post.li)]


def test_from_the_menu_over_the_round(people: People, tasks: list[CheckTask], cast: Any) -> None:
    zhao, mouse = people.zhao, Mouse()
    mouse.on(zhao.page.get_by_role("navigation").get_by_role("link", name="轮次", exact=True))
    mouse.on(zhao.row("岁末专项核查").get_by_role("link", name="4 户"))
    for task in tasks[:2]:
        zhao.page.get_by_label(task.subject.name).check()
    hands_over(zhao, mouse, "2 户")
    assert mouse.clicks <= MOST_CLICKS
    held = CheckTask.objects.filter(pk__in=[task.pk for task in tasks]).order_by("pk")
    assert [task.posting_id for task in held] == [cast.post.li.pk] * 2 + [cast.post.wang.pk, cast.post.li.pk]


def test_from_the_absence_of_whoever_is_ill(people: People, tasks: list[CheckTask], cast: Any) -> None:
    zhao, mouse = people.zhao, Mouse()
    zhao.opens(f"/areas/{cast.post.wang.area_id}/")
    mouse.on(zhao.row("王建国").get_by_role("link", name="登记缺勤"))
    zhao.sees("轮次“岁末专项核查”：3 户待走访", "不指定代班的，等本人回来，或者现在转派")
    mouse.on(zhao.page.locator("main").get_by_role("link", name="查看与转派"))
    mouse.on(zhao.page.get_by_label("全选"))
    hands_over(zhao, mouse, "3 户")
    assert mouse.clicks <= MOST_CLICKS


def hands_over(zhao: Clerk, mouse: Mouse, count: str) -> None:
    form = zhao.page.locator("main form[method=post]")
    fill(form, {"转给": "李秀英", "理由": "病假"})
    mouse.on(form.get_by_role("button", name="转派"))
    zhao.sees(f"已转派 {count}给李秀英")
    expect(zhao.page.locator("main")).to_contain_text("李秀英")
