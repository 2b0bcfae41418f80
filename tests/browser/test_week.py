"""A hard week on the phone. After each of these moments the server holds every visit exactly once, photos and all."""

import re
import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from grid.calendar.now import moved_to, now
from grid.codes import grouped
from mobile_api.devices.actions import invite_phone
from tasks.doors.models import CheckTask
from tasks.visits.models import Evidence, Visit
from tests.browser.bad_moments import arrived, is_refused, many_doors, picture
from tests.concurrency.test_kill_push import ground
from tests.journeys.people import Walker
from tests.patience import PATIENCE
from tests.servers import Served

DAYS, A_DAY = 6, 20  # 120 visits in a week without a network
SAVE_AND_DIE = """(wait) => {
    document.querySelector('.savebar button').click()
    setTimeout(() => location.replace('about:blank'), wait)
}"""
PUSH, UPLOADS = "**/api/v1/visits", "**/api/v1/uploads/**"


@pytest.fixture
def doors(cast: Any, make_employer: Any) -> list[CheckTask]:
    return many_doors(cast, make_employer, 8)


@pytest.fixture
def enrolled(phone: Page, built_phone: None, cast: Any) -> Callable[..., Walker]:
    """`enrolled()` is wang with a phone that holds the doors made before."""

    def enrol() -> Walker:
        _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
        page, walker = phone, Walker(phone)
        walker.enrols(grouped(code))
        walker.sees("还剩")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return walker

    return enrol


def all_is_sent(walker: Walker, patience: float = PATIENCE) -> None:
    expect(walker.page.locator("body")).to_contain_text("全部已发送", timeout=patience * 1000)


def goes_home(walker: Walker) -> None:
    walker.page.evaluate("location.hash = '#/today'")
    # The list draws many changes at once, a moment after the last of them.
    walker.page.wait_for_timeout(400)


def comes_back(walker: Walker) -> Walker:
    """The browser is opened again after its tab was killed."""
    again = walker.page.context.new_page()
    again.goto("/phone/")
    return Walker(again)


def kill(walker: Walker) -> None:
    walker.page.close(run_before_unload=False)


@pytest.mark.timeout(1800)
def test_a_week_without_a_network(cast: Any, make_employer: Any, phone: Page, enrolled: Any) -> None:
    """300 doors, 120 visits with two photos each, the clock moving on day by day, and one exchange at the end."""
    doors = many_doors(cast, make_employer, 300)
    began = now()
    phone.clock.install(time=began)
    walker = enrolled()
    walker.sees("还剩 300 户")
    walker.loses_the_network()
    visited: list[CheckTask] = []
    for day in range(DAYS):
        phone.clock.set_system_time(began + timedelta(days=day, hours=1))
        for _door in range(A_DAY):
            at = len(visited)
            visited.append(doors[at * 2])
            is_refused(walker, visited[-1], [2 * at, 2 * at + 1])
        # Each morning the app is opened anew, from what lies on the phone alone.
        phone.reload()
        goes_home(walker)
        walker.sees(f"还剩 {300 - len(visited)} 户", f"还有 {len(visited)} 条待发送")
    assert not Visit.objects.exists()
    with moved_to(began + timedelta(days=7)):
        phone.clock.set_system_time(now())
        walker.is_on_line_again()
        all_is_sent(walker, patience=180)
    arrived(visited, 2)
    recorded = Visit.objects.order_by("recorded_at").values_list("recorded_at", flat=True)
    assert (recorded[119] - recorded[0]).days == DAYS - 1
    assert {abs(skew) <= 2 for skew in Visit.objects.values_list("skew_seconds", flat=True)} == {True}
    walker.sees("还剩 180 户")


def test_killed_while_saving(doors: list[CheckTask], enrolled: Any) -> None:
    """Either the form is still there or the visit is: never both, never neither."""
    walker = enrolled()
    walker.loses_the_network()
    for at, task in enumerate(doors[:5]):
        page = walker.page
        page.evaluate(f"location.hash = '#/fill/{task.pk}:refused'")
        walker.question("备注").get_by_role("textbox").fill(f"第{at}户")
        walker.sees("草稿已自动保存")
        page.evaluate(SAVE_AND_DIE, at * 15)
        page.wait_for_url("about:blank")
        walker = _the_rest_is_done(walker, task, f"第{at}户")
    walker.is_on_line_again()
    goes_home(walker)
    all_is_sent(walker)
    arrived(doors[:5], 0)
    remarks = Visit.objects.order_by("task_id").values_list("answers__remark", flat=True)
    assert list(remarks) == [f"第{at}户" for at in range(5)]


def _the_rest_is_done(walker: Walker, task: CheckTask, remark: str) -> Walker:
    kill(walker)
    again = comes_back(walker)
    # What the dying page had asked of the database may still be on its way there.
    again.page.wait_for_timeout(500)
    again.page.reload()
    row = again.row(task.subject.name)
    expect(again.page.get_by_role("heading", level=1)).to_contain_text("还剩")
    if row.count() and "填了一半" in row.inner_text():
        again.page.evaluate(f"location.hash = '#/fill/{task.pk}'")
        expect(again.question("备注").get_by_role("textbox")).to_have_value(remark)
        again.saves()
    return again


def test_killed_while_sending(doors: list[CheckTask], enrolled: Any) -> None:
    """The server has taken what the phone never heard of: the next start sends it again, and it counts once."""
    walker = enrolled()
    context = walker.page.context
    walker.loses_the_network()
    for at, task in enumerate(doors[:3]):
        is_refused(walker, task, [at])
    lost = threading.Event()

    def answer_is_lost(route: Route) -> None:
        route.fetch()
        lost.set()
        route.abort()

    context.route(PUSH, answer_is_lost)
    walker.is_on_line_again()
    walker.waits_until(lost.is_set)
    assert Visit.objects.count() == 3
    kill(walker)
    context.unroute(PUSH)
    again = comes_back(walker)
    all_is_sent(again)
    arrived(doors[:3], 1)


def test_an_upload_cut_off_goes_on_where_it_was(doors: list[CheckTask], enrolled: Any) -> None:
    walker = enrolled()
    context = walker.page.context
    cut: list[str] = []

    def cut_off(route: Route) -> None:
        """Three times the piece after the first is lost on its way."""
        first = route.request.headers.get("upload-offset") == "0"
        if route.request.method == "PATCH" and not first and len(cut) < 3:
            cut.append(route.request.url)
            return route.abort("connectionreset")
        return route.continue_()

    context.route(UPLOADS, cut_off)
    page = walker.page
    page.evaluate(f"location.hash = '#/fill/{doors[0].pk}:refused'")
    part = walker.question("拒访现场照片")
    for at in (1, 2):
        part.locator("input[type=file]").first.set_input_files(picture(at, 1200, 900))
        expect(part.locator("figure img")).to_have_count(at)
    walker.saves()
    goes_home(walker)
    all_is_sent(walker, patience=180)
    assert len(cut) == 3
    arrived(doors[:1], 2)


def test_two_tabs_send_once(doors: list[CheckTask], enrolled: Any) -> None:
    walker = enrolled()
    other = comes_back(walker)
    walker.loses_the_network()
    is_refused(walker, doors[0], [1])
    is_refused(other, doors[1], [2])
    for hand in (walker, other):
        goes_home(hand)
        hand.sees("还有 2 条待发送")
    walker.is_on_line_again()
    for hand in (walker, other):
        all_is_sent(hand)
    arrived(doors[:2], 1)
    assert Evidence.objects.count() == 2


# Chromium's own quota override does not reach IndexedDB in a private context, so the browser's write is made to
# fail as it does on a full phone: `full` names the stores that take no more.
FULL_PHONE = """
window.full = []
const put = IDBObjectStore.prototype.put
IDBObjectStore.prototype.put = function (...given) {
    if (window.full.includes(this.name)) throw new DOMException('full', 'QuotaExceededError')
    return put.apply(this, given)
}
"""


def test_storage_full_costs_the_photo_and_not_the_visit(doors: list[CheckTask], enrolled: Any) -> None:
    walker = enrolled()
    page = walker.page
    page.add_init_script(FULL_PHONE)
    page.reload()
    walker.loses_the_network()
    page.evaluate(f"location.hash = '#/fill/{doors[0].pk}:refused'")
    walker.question("备注").get_by_role("textbox").fill("门卫不让进")
    walker.sees("草稿已自动保存")
    page.evaluate("window.full = ['pictures']")
    part = walker.question("拒访现场照片")
    part.locator("input[type=file]").first.set_input_files(picture(1))
    expect(part.get_by_role("alert")).to_contain_text(re.compile("存储|空间"))
    page.evaluate("window.full = ['pictures', 'visits']")
    walker.presses("保存")
    expect(page.locator(".savebar").get_by_role("alert")).to_contain_text(re.compile("存储|空间"))
    page.evaluate("window.full = ['pictures']")
    walker.saves()
    walker.is_on_line_again()
    goes_home(walker)
    all_is_sent(walker)
    arrived(doors[:1], 0)
    assert Visit.objects.get().answers["remark"] == "门卫不让进"


def test_a_new_version_waits_for_what_is_half_typed(
    doors: list[CheckTask], enrolled: Any, settings: Any, tmp_path: Path
) -> None:
    settings.PHONE_BUILD = shutil.copytree(settings.PHONE_BUILD, tmp_path / "phone")
    walker = enrolled()
    page = walker.page
    page.evaluate(f"location.hash = '#/fill/{doors[0].pk}:refused'")
    walker.question("备注").get_by_role("textbox").fill("写到一半")
    walker.sees("草稿已自动保存")
    worker = tmp_path / "phone/sw.js"
    worker.write_text(worker.read_text() + "\n// the next version\n")
    page.evaluate(
        "window.before = true; navigator.serviceWorker.getRegistration().then((one) => one.update())"
    )
    page.wait_for_function("navigator.serviceWorker.getRegistration().then((one) => one.waiting !== null)")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.before") is True
    expect(walker.question("备注").get_by_role("textbox")).to_have_value("写到一半")
    walker.saves()
    goes_home(walker)
    all_is_sent(walker)
    walker.sees("新版本")
    arrived(doors[:1], 0)


def test_nothing_of_the_first_is_sent_under_the_seconds_name(
    doors: list[CheckTask], enrolled: Any, cast: Any
) -> None:
    """wang's phone is enrolled again for li while wang's work still lies on it."""
    walker = enrolled()
    walker.loses_the_network()
    is_refused(walker, doors[0], [1])
    context = walker.page.context
    context.route(PUSH, lambda route: route.abort())
    walker.is_on_line_again()
    _invited, code = invite_phone(cast.post.li, by=cast.by.zhao)
    page = walker.page
    goes_home(walker)
    page.goto("/phone/#/enrol")
    page.reload()
    page.get_by_label("登记码").fill(grouped(code))
    walker.presses("登记")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("还剩|今天|没有"))
    walker.does_not_see(doors[0].subject.name)
    context.unroute(PUSH)
    page.reload()
    arrived(doors[:1], 1)
    visit = Visit.objects.get()
    assert visit.person == cast.wang and visit.posting == cast.post.wang
    walker.does_not_see(doors[0].subject.name)


def test_the_server_is_killed_in_the_middle_of_the_uploads(
    serve: Callable[..., Served], chromium: Browser, built_phone: None, settings: Any
) -> None:
    """kill -9 three times while eight photos go up; the phone only waits and goes on."""
    served = serve()
    (served.folder / "phone").symlink_to(settings.PHONE_BUILD)
    tasks = ground(served, "fill")["tasks"][:4]
    context = chromium.new_context(
        base_url=served.url, viewport={"width": 360, "height": 740}, locale="zh-CN"
    )
    context.set_default_timeout(15_000)
    walker = Walker(context.new_page())
    walker.enrols(ground(served, "invite")["code"])
    walker.sees("还剩 60 户")
    for task in tasks:
        page = walker.page
        page.evaluate(f"location.hash = '#/fill/{task}:refused'")
        part = walker.question("拒访现场照片")
        for at in (1, 2):
            part.locator("input[type=file]").first.set_input_files(picture(task * 2 + at, 900, 700))
            expect(part.locator("figure img")).to_have_count(at)
        walker.saves()
        if task != tasks[-1]:
            served.kill()
            page.wait_for_timeout(300)
            served.start(60)
    goes_home(walker)
    walker.page.reload()
    all_is_sent(walker, patience=180)
    context.close()
    assert len(ground(served, "count")["visits"]) == len(tasks)
    held = ground(served, "photos")["photos"]
    assert len(held) == 2 * len(tasks) and all(promised == found for promised, found in held.items())
