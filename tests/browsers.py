"""Chromium for tests: `page` is a desk, `phone` is a phone in a hand. Asking for either marks a test `browser`."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.patience import PATIENCE
from tests.servers import InProcess, must_have

# Debian's Chromium inside a container: no sandbox, no GPU, and silent towards the outside.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # A picture instead of a camera, so that scanning can be driven.
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
HOME = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
WIDTHS = {"phone": 360, "tablet": 768, "desk": 1440}


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where nothing but Chromium is asked for, no file is imported that knows none."""
    if config.option.markexpr != "browser" or not collection_path.name.startswith("test_"):
        return None
    return None if _knows_a_browser(collection_path) else True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            if not _knows_a_browser(item.path):
                raise pytest.UsageError(
                    f"{item.path}: a test with a page says so by its types, from playwright"
                )
            item.add_marker(pytest.mark.browser)


@cache
def _knows_a_browser(path: Path) -> bool:
    return "from playwright" in path.read_text()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = must_have("chromium-headless-shell")
    expect.set_options(timeout=PATIENCE * 1000)
    # Playwright keeps an event loop in this thread, which Django would take for an async caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _complaints(page: Page) -> list[str]:
    """Filled while the page lives: uncaught errors, and anything the content security policy stopped."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "console",
        lambda message: heard.append(message.text) if "Content Security Policy" in message.text else None,
    )
    return heard


def _opened(context: BrowserContext) -> Iterator[Page]:
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    heard = _complaints(page)
    yield page
    context.close()
    assert not heard, heard


@pytest.fixture
def page(chromium: Browser, site: InProcess) -> Iterator[Page]:
    """A desk browser at `site`; relative addresses work: page.goto("/")."""
    desk = {"width": WIDTHS["desk"], "height": 900}
    yield from _opened(chromium.new_context(base_url=site.url, viewport=desk, **HOME))


@pytest.fixture
def phone(chromium: Browser, site: InProcess) -> Iterator[Page]:
    """A phone browser at `site`: 360 px wide, touch, its own storage."""
    hand = {"width": WIDTHS["phone"], "height": 740}
    context = chromium.new_context(
        base_url=site.url, viewport=hand, has_touch=True, is_mobile=True, device_scale_factor=2, **HOME
    )
    yield from _opened(context)


@pytest.fixture(scope="session")
def built_phone() -> None:
    """The phone app as `make test` builds it; without it no test of the phone means anything."""
    from django.conf import settings

    if not (Path(settings.PHONE_BUILD) / "index.html").exists():
        pytest.fail(f"the phone app is not built in {settings.PHONE_BUILD}; `make packages` builds it")


@pytest.fixture
def another_page(chromium: Browser, site: InProcess) -> Iterator[Callable[..., Page]]:
    """`another_page()` opens one more person's browser, with its own cookies."""
    contexts: list[BrowserContext] = []
    heard: list[list[str]] = []

    def opened(**options: Any) -> Page:
        contexts.append(chromium.new_context(base_url=site.url, **HOME, **options))
        contexts[-1].set_default_timeout(PATIENCE * 1000)
        page = contexts[-1].new_page()
        heard.append(_complaints(page))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not any(heard), heard


@pytest.fixture
def sign_in(site: InProcess) -> Callable[[Page, Any], Page]:
    """`sign_in(page, person)`: this browser is that person from now on, without the sign-in form."""
    from django.conf import settings
    from django.test import Client

    def signed(page: Page, person: Any) -> Page:
        client = Client()
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site.url}])
        return page

    return signed
