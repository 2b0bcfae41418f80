"""That the one who looks for us sees anything."""

from playwright.sync_api import Page

from tests.browser.everybody import serious


def test_what_somebody_could_not_use_is_found_on_the_first_page_and_on_the_next(page: Page) -> None:
    for _ in range(2):
        page.goto("/accounts/login/")
        assert serious(page) == []
        page.evaluate("document.querySelector('main').append(document.createElement('button'))")
        (found,) = serious(page)
        assert found.startswith("button-name <button")
