"""What the phone keeps: sealed in the database, whole without a service worker, untouched by a new version."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from grid.codes import grouped
from grid.subjects.actions.moves import Move, subjects_moved
from mobile_api.devices.actions import invite_phone
from tasks.visits.models import Visit
from tests.browser.conftest import FIRST, SECOND
from tests.browsers import HOME
from tests.journeys.people import Walker
from tests.servers import InProcess

# Everything in the phone's database as text, bytes read as if they were text too.
EVERYTHING = """async () => {
  const open = indexedDB.open('grid-canvass');
  const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const read = (name) => new Promise((done) => {
    const all = db.transaction(name).objectStore(name).getAll();
    all.onsuccess = () => done(all.result);
  });
  const text = (_key, value) =>
    value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder().decode(value) : value;
  const stores = await Promise.all([...db.objectStoreNames].map(async (name) => [name, await read(name)]));
  db.close();
  return JSON.stringify(stores, text);
}"""
WAITS = "navigator.serviceWorker.getRegistration().then((one) => one.waiting !== null)"


def fill_in(walker: Walker, name: str) -> None:
    walker.opens(name)
    walker.answers("现在是否在经营", "在经营")
    walker.answers("在岗人数", 8)
    walker.answers("自报参保人数", 0)


def test_nothing_on_the_phone_can_be_read_in_its_database(walker: Walker) -> None:
    walker.loses_the_network()
    fill_in(walker, FIRST)
    walker.saves()
    walker.presses("回到今天")
    fill_in(walker, SECOND)
    walker.question("备注").get_by_role("textbox").fill("老板出差")
    walker.sees("草稿已自动保存")
    kept = walker.page.evaluate(EVERYTHING)
    for word in (FIRST, SECOND, "凤凰岭街道", "老板出差", '"employees":'):
        assert word not in kept, word
    walker.is_on_line_again()
    walker.page.goto("/phone/")
    walker.sees("全部已发送", "填了一半")
    assert Visit.objects.get().subject.name == FIRST


@pytest.fixture
def plain_walker(
    chromium: Browser,
    site: InProcess,
    built_phone: None,
    plan: Callable[..., Any],
    make_employer: Any,
    cast: Any,
) -> Any:
    """wang in an in-app browser that has no service worker."""
    for name in (FIRST, SECOND):
        subject = make_employer(name, address="海勃湾区凤凰岭街道和平社区第一网格")
        subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    plan(sent=True)
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    context = chromium.new_context(
        base_url=site.url, viewport={"width": 360, "height": 740}, service_workers="block", **HOME
    )
    context.set_default_timeout(10_000)
    context.add_init_script("delete Navigator.prototype.serviceWorker")
    hand = Walker(context.new_page())
    hand.enrols(grouped(code))
    hand.sees(FIRST, SECOND)
    yield hand
    context.close()


def test_an_in_app_browser_without_a_service_worker_keeps_its_outbox(plain_walker: Walker) -> None:
    walker = plain_walker
    assert walker.page.evaluate("!('serviceWorker' in navigator)")
    walker.loses_the_network()
    fill_in(walker, FIRST)
    walker.saves()
    walker.presses("回到今天")
    walker.sees("还有 1 条待发送")
    again = walker.page.context.new_page()
    walker.page.close(run_before_unload=False)
    walker.page = again
    walker.is_on_line_again()
    again.goto("/phone/")
    walker.has_sent(1)
    assert Visit.objects.get().subject.name == FIRST


@pytest.fixture
def own_build(built_phone: None, settings: Any, tmp_path: Path) -> Path:
    """The built app in a folder of this test, to be released anew in its middle."""
    folder = tmp_path / "phone"
    shutil.copytree(settings.PHONE_BUILD, folder)
    settings.PHONE_BUILD = folder
    return folder


def test_a_new_version_waits_until_nothing_is_half_typed(own_build: Path, walker: Walker) -> None:
    page = walker.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    fill_in(walker, FIRST)
    worker = own_build / "sw.js"
    worker.write_text(worker.read_text() + "\n// released anew\n")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true)")
    walker.sees("新版本已下载好")
    expect(page.get_by_role("button", name="现在更新")).to_have_count(0)
    assert page.evaluate(WAITS)
    expect(walker.question("在岗人数").get_by_role("textbox")).to_have_value("8")
    walker.saves()
    walker.presses("回到今天")
    walker.sees("全部已发送")
    with page.expect_navigation():
        walker.presses("现在更新")
    walker.sees("还剩 1 户", SECOND)
    assert not page.evaluate(WAITS)
    assert Visit.objects.get().subject.name == FIRST
