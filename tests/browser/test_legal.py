"""The lawyers' page and the certificates at every width: nothing runs out of the page, and axe finds no fault."""

from typing import Any

import pytest
from playwright.sync_api import Page

from grid.law.models import Provision
from tests.browser.everybody import serious
from tests.browsers import WIDTHS
from tests.workflows.conftest import Walk, certify, grounds, make_case, make_finding, walk
from workflows.cases.models import CaseState

__all__ = ["grounds", "make_case", "make_finding", "walk"]


@pytest.mark.timeout(900)
def test_they_fit_every_width(page: Page, sign_in: Any, cast: Any, make_case: Any, walk: Walk) -> None:
    walk.to(make_case(), CaseState.TERM)
    certify(cast)
    row = Provision.objects.get(key="urging.term").pk
    pages = {
        "fang": ("/legal/", "/legal/questions/3/", f"/legal/rows/{row}/"),
        "qian": ("/certificates/", "/certificates/new/", "/certificates/import/"),
    }
    faults = []
    for name, addresses in pages.items():
        sign_in(page, getattr(cast, name))
        for address in addresses:
            page.goto(address)
            for width in WIDTHS.values():
                page.set_viewport_size({"width": width, "height": 900})
                wide = page.evaluate("document.documentElement.scrollWidth")
                faults += [f"{address} at {width}: {wide} px wide"] if wide > width else []
            faults += [f"{address}: {fault}" for fault in serious(page)]
    assert faults == []
