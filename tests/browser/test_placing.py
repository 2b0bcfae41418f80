"""Placing with the hands: a name half typed, a grid clicked or reached by the keyboard, and what was unticked stays so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from grid.subjects.models import Subject
from grid.territory.models import Area
from tests.browser.test_pages import square
from tests.cast import GRID_1, GRID_2

pytestmark = pytest.mark.browser
LABEL_1, LABEL_2 = (
    f"凤凰岭街 · 和平社区 · 和平社区第{n}网格（{code}）" for n, code in (("一", GRID_1), ("二", GRID_2))
)


def test_a_grid_is_typed_clicked_or_reached_by_keys(
    cast: Any, make_employer: Any, another_page: Callable[..., Page], sign_in: Any
) -> None:
    block = "乌海市海勃湾区凤凰岭西街北二街坊"
    stays, goes = (make_employer(f"示例{n}店", area="150302", address=f"{block}{n}号") for n in (1, 2))
    for place, (code, lng) in enumerate(((GRID_1, 106.80), (GRID_2, 106.81)), 1):
        assert Area.objects.filter(pk=code).update(outline=square(lng)) and place
    page = another_page(viewport={"width": 1440, "height": 900})
    sign_in(page, cast.qian)
    page.goto(f"{reverse('pool-group')}?key=150302:block:凤凰岭西街北2街坊")
    field = page.locator("input[name=grid]")
    field.press_sequentially("和平 第二")
    options = page.locator("#areas-grid option")
    expect(options).to_have_count(1)
    assert options.first.get_attribute("value") == LABEL_2
    page.locator(f"input[name=chosen][value='{stays.pk}']").uncheck()
    page.locator(f"[data-choose='{LABEL_2}']").click()
    expect(field).to_have_value(LABEL_2)
    page.locator(f"[data-choose='{LABEL_1}']").focus()
    page.keyboard.press("Enter")
    expect(field).to_have_value(LABEL_1)
    assert not page.locator(f"input[name=chosen][value='{stays.pk}']").is_checked()
    page.get_by_role("button", name="归格，看下一组").click()
    expect(page.locator("main")).to_contain_text("归格 1 户。")
    assert dict(Subject.objects.values_list("pk", "area")) == {stays.pk: "150302", goes.pk: GRID_1}
