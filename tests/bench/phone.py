"""The phone app in Chromium against a server of its own: what a worker with 1,000 doors and a cheap phone feels.

`make bench-phone`. Every number is printed with what was done for it and the aim of experience.md; one that misses
its aim fails the run.
"""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.bench.field import Worker, fill_field, server
from tests.bench.ground import fresh_database, machine, say
from tests.browsers import FLAGS, HOME, WIDTHS
from tests.servers import must_have

DOORS, CHANGED = 1_000, 50
SLOWER = 4
MEGABIT = 1_000_000 / 8
SCROLLS = 6

failed: list[str] = []

# Told by the page itself, as soon as the list with all its doors was painted.
WATCH = """(() => {
  const usable = () => {
    const count = document.querySelector('.hero-count strong')?.textContent ?? '';
    if (Number(count) < DOORS || !document.querySelector('main.today .row')) return requestAnimationFrame(usable);
    requestAnimationFrame(() => (window.usableAt = performance.now()));
  };
  requestAnimationFrame(usable);
})()""".replace("DOORS", str(DOORS))

USABLE = """async () => {
  while (!window.usableAt) await new Promise((soon) => setTimeout(soon, 20));
  return window.usableAt;
}"""

ENROL = """async (enrolment) => {
  const open = indexedDB.open('grid-canvass');
  const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const tx = db.transaction(['enrolments', 'facts'], 'readwrite');
  tx.objectStore('enrolments').put(enrolment);
  tx.objectStore('facts').put(enrolment.id, 'current');
  await new Promise((done) => (tx.oncomplete = done));
  db.close();
}"""

# Waits for a fetch that ended after `since`; polling the database costs the page next to nothing.
PULLED = """async (since) => {
  const open = indexedDB.open('grid-canvass');
  const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const read = () => new Promise((done) => {
    const get = db.transaction('facts').objectStore('facts').get('pulled_at');
    get.onsuccess = () => done(get.result ?? '');
  });
  while ((await read()) <= since) await new Promise((soon) => setTimeout(soon, 20));
  db.close();
}"""

# Milliseconds of each frame while a finger moves through the list.
FRAMES = """() => {
  window.frames_ = [];
  let last = 0;
  const step = (now) => {
    if (last) window.frames_.push(now - last);
    last = now;
    if (window.frames_) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""


def told(what: str, value: float, unit: str, aim: float, workload: str) -> None:
    mark = "" if value <= aim else "   <-- misses its aim"
    say(f"{what}: {value:,.1f} {unit} (aim {aim:,g} {unit}; {workload}){mark}")
    if mark:
        failed.append(what)


@contextmanager
def hand(browser: Browser, url: str) -> Iterator[tuple[BrowserContext, Page, CDPSession]]:
    context = browser.new_context(
        base_url=url, viewport={"width": WIDTHS["phone"], "height": 740}, has_touch=True, is_mobile=True,
        device_scale_factor=2, **HOME,
    )  # fmt: skip
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.add_init_script(WATCH)
    yield context, page, context.new_cdp_session(page)
    context.close()


def first_load(page: Page, cdp: CDPSession) -> None:
    """Bytes over the wire until the first screen stands; what the service worker keeps for later is not in it."""
    bytes_: list[float] = []
    cdp.send("Network.enable")
    cdp.on("Network.loadingFinished", lambda event: bytes_.append(event["encodedDataLength"]))
    page.goto("/phone/")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    told("first load", sum(bytes_) / 1000, "kB", 300, f"{len(bytes_)} files, compressed, without the scanner")


def _network(cdp: CDPSession, rate: float) -> None:
    limits = {"offline": False, "latency": 60, "downloadThroughput": rate, "uploadThroughput": rate}
    cdp.send("Network.emulateNetworkConditions", limits)


def _usable(page: Page) -> float:
    return float(page.evaluate(USABLE))


def first_sync(page: Page, cdp: CDPSession, worker: Worker) -> None:
    enrolment = {
        "id": "bench", "token": worker.token, "person": {"name": "网格员0"}, "label": "手机",
        "posting": {"id": 1, "role": "WORKER", "area": "1503", "area_name": "乌海市"},
        "enrolled_at": "2026-01-01T00:00:00Z", "state": "active",
    }  # fmt: skip
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(ENROL, enrolment)
    _network(cdp, MEGABIT)
    page.reload()
    took = _usable(page)
    asked = page.evaluate("""() => performance.getEntriesByType('resource').filter((one) => one.name.includes('/changes?'))
      .map((one) => ({ size: one.encodedBodySize, start: one.startTime, end: one.responseEnd }))""")
    size, start = sum(request["size"] for request in asked) / 1000, asked[0]["start"]
    wire = f"{len(asked)} pages, {size:,.0f} kB, server and wire {asked[-1]['end'] - start:,.0f} ms"
    told("first sync", (took - start) / 1000, "s", 10, f"{DOORS} doors at 1 Mbit/s, 60 ms away; {wire}")


def _subjects_of(worker: Worker) -> list[int]:
    from tasks.doors.models import CheckTask

    return list(CheckTask.objects.filter(pk__in=worker.tasks).values_list("subject", flat=True))


def lifelike(worker: Worker) -> None:
    """Names, addresses and codes as different from each other as in a street: alike, they would shrink to nothing."""
    from grid.subjects.models import Subject

    dice = random.Random(1503)
    signs = "乌海市勃湾达南新华街昌盛和平建设祥润通安鑫源顺达宏宇恒信商贸餐饮物流装饰汽车服务酒店管理有限公司超市烟"
    subjects = list(Subject.objects.filter(pk__in=_subjects_of(worker)))
    for at, subject in enumerate(subjects):
        subject.name = "乌海市" + "".join(dice.choices(signs, k=8)) + "有限公司"
        subject.initials = "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=15))
        street = "".join(dice.choices(signs, k=2))
        subject.address = f"海勃湾区凤凰岭街道{street}路{dice.randint(1, 400)}号{at % 6 + 1}号楼{at}室"
    Subject.objects.bulk_update(subjects, ["name", "initials", "address"], batch_size=500)


def _touch_doors(worker: Worker) -> None:
    """Some doors change at the desk, with the number the phone's cursor counts."""
    from tasks.doors.actions.feed import raise_feeds
    from tasks.doors.models import CheckTask

    some = CheckTask.objects.filter(pk__in=worker.tasks[:: len(worker.tasks) // CHANGED])
    posting = some[0].posting_id
    feed = raise_feeds([posting])[posting]
    some.update(why="社保参保 0 人,请先去看", feed=feed)


def delta(page: Page, worker: Worker) -> None:
    runs = []
    for _run in range(3):
        _touch_doors(worker)
        since = page.evaluate("new Date().toISOString()")
        start = time.perf_counter()
        page.evaluate("void dispatchEvent(new Event('online'))")
        page.evaluate(PULLED, since)
        runs.append(time.perf_counter() - start)
    told("delta", median(runs), "s", 2, f"{CHANGED} of {DOORS} doors changed, at 1 Mbit/s, 60 ms away")


def off_line(context: BrowserContext, page: Page, cdp: CDPSession) -> None:
    """From opening the app to a list that can be used, with no network and a slow processor."""
    context.set_offline(True)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    runs = []
    for _run in range(7):
        page.reload()
        runs.append(_usable(page) / 1000)
        page.wait_for_timeout(300)
    spread = f"{min(runs):.2f} to {max(runs):.2f} s, n={len(runs)}"
    told("usable list off line", median(runs), "s", 1, f"{DOORS} doors, {SLOWER} times slower; {spread}")


def scrolling(page: Page, cdp: CDPSession, rate: int) -> None:
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    page.evaluate(FRAMES)
    gesture = {"x": 180, "y": 500, "yDistance": -4_000, "speed": 4_000, "gestureSourceType": "touch"}
    for _scroll in range(SCROLLS):
        cdp.send("Input.synthesizeScrollGesture", gesture)
    frames: list[float] = page.evaluate(
        "(() => { const all = window.frames_; window.frames_ = null; return all })()"
    )
    usual = 1000 / 60
    dropped = sum(max(round(frame / usual) - 1, 0) for frame in frames)
    share = dropped / (dropped + len(frames)) * 100
    where = f"{SCROLLS} sweeps of 4,000 px through {DOORS} doors, {rate} times slower"
    worst = f"{dropped} of {dropped + len(frames)}, longest {max(frames):.0f} ms"
    told("dropped frames", share, "%", 1 if rate == 1 else 5, f"{where}; {worst}")


# What a PIN costs at least: the fewest rounds the app ever takes (store/vault.ts).
STRETCH = """async () => {
  const bytes = (text) => new TextEncoder().encode(text);
  const base = await crypto.subtle.importKey('raw', bytes('258014'), 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes('0123456789abcdef'), iterations: 300_000 };
  const start = performance.now();
  await crypto.subtle.deriveBits(how, base, 256);
  return performance.now() - start;
}"""


def pin(page: Page) -> None:
    runs = [float(page.evaluate(STRETCH)) for _run in range(5)]
    told("stretching a PIN", median(runs), "ms", 1_000, "300,000 rounds, outside the throttled thread")


def stored(page: Page) -> None:
    kept = json.loads(page.evaluate("navigator.storage.estimate().then((told) => JSON.stringify(told))"))
    say(f"stored on the phone: {kept['usage'] / 1e6:.1f} MB with the app itself")


def main() -> int:
    from django.conf import settings

    # Playwright keeps an event loop in this thread, which Django would take for an async caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with fresh_database() as vendor:
        if not (Path(settings.PHONE_BUILD) / "index.html").exists():
            say("the phone app is not built; `make packages` builds it")
            return 1
        worker = fill_field(DOORS)[0]
        lifelike(worker)
        with server() as (port, what, _pid), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=must_have("chromium-headless-shell"), args=FLAGS
            )
            say(f"Chromium {browser.version}, {vendor}, {what}, {machine()}, load {os.getloadavg()[0]:.1f}")
            with hand(browser, f"http://127.0.0.1:{port}") as (context, page, cdp):
                first_load(page, cdp)
                first_sync(page, cdp, worker)
                delta(page, worker)
                off_line(context, page, cdp)
                scrolling(page, cdp, 1)
                scrolling(page, cdp, SLOWER)
                pin(page)
                stored(page)
            browser.close()
    # What SQLite keeps beside a database outlives it.
    for leftover in Path(settings.DATA).glob(f"bench-{os.getpid()}.sqlite3*"):
        leftover.unlink()
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
