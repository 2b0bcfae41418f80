"""The content policy in a real browser: pages hear of changes from their own host alone, and only the phone compiles."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.servers import InProcess

# Resolves to "open" or "error", without waiting for anything else.
DIAL = """address => new Promise(done => {
  let socket
  try { socket = new WebSocket(address) } catch { return done('error') }
  socket.onopen = () => done('open'); socket.onerror = () => done('error')
})"""
BLOCKED = """() => new Promise(done => {
  document.addEventListener('securitypolicyviolation', seen => done(seen.effectiveDirective), { once: true })
  try { new WebSocket('ws://other.example:9/live/') } catch { /* refused at once */ }
  fetch('http://other.example:9/').catch(() => 0)
  setTimeout(() => done('nothing'), 3000)
})"""
# The smallest module there is.
COMPILE = (
    "() => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => 'yes', () => 'no')"
)


@pytest.fixture
def bare(chromium: Browser, site: InProcess) -> Iterator[Page]:
    """A browser whose complaints about the policy are what is looked for."""
    context = chromium.new_context(base_url=site.url)
    yield context.new_page()
    context.close()


def test_the_desk_hears_its_own_host_and_compiles_nothing(
    bare: Page, site: InProcess, cast: Any, sign_in: Any
) -> None:
    sign_in(bare, cast.sun).goto("/cases/")
    assert bare.evaluate(DIAL, f"ws://{site.url.split('//')[1]}/live/") == "open"
    assert bare.evaluate(BLOCKED) == "connect-src"
    assert bare.evaluate(COMPILE) == "no"


def test_the_phone_s_scanner_may_be_compiled(bare: Page, built_phone: None) -> None:
    bare.goto("/phone/")
    assert bare.evaluate(COMPILE) == "yes"
    assert bare.evaluate(BLOCKED) == "connect-src"
