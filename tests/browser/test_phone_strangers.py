"""Somebody else answers in the server's place: a hotspot, a firewall, a proxy. Counted on the server afterwards:
nothing lost, nothing doubled, nothing stuck."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from grid.calendar.now import now
from grid.codes import grouped
from mobile_api.devices.actions import invite_phone
from mobile_api.devices.models import Device
from mobile_api.suggestions.models import Suggestion
from mobile_api.uploads.models import Upload
from tasks.doors.models import CheckTask
from tasks.visits.models import Visit
from tests.browser.bad_moments import arrived, is_refused, many_doors
from tests.journeys.people import Walker

API = "**/api/v1/**"
PAGE = "<!doctype html><html><title>请先登录</title><form>上网认证</form></html>"
Answer = Callable[[Route], None]


def page(status: int, **headers: str) -> Answer:
    told = {"Content-Type": "text/html", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return lambda route: route.fulfill(status=status, headers=told, body="" if status == 204 else PAGE)


def said(text: str, status: int = 200, kind: str = "application/json") -> Answer:
    return lambda route: route.fulfill(status=status, content_type=kind, body=text)


# Every kind once; the table of all statuses is mobile_api/phone/tests/foreign.ts.
PORTALS: dict[str, Answer] = {
    "200 with a page": page(200),
    "204 of a captive check": page(204),
    "302 to another origin": page(302, Location="http://portal.invalid/login"),
    "302 to a page of the same origin": page(302, Location="/phone/nowhere.html"),
    "401 with a page": page(401),
    "403 with a page": page(403),
    "404 with a page": page(404),
    "405 with a page": page(405),
    "413 with a page": page(413),
    "429 with a page": page(429, Retry_After="900"),
    "511 with a page": page(511),
    "JSON of somebody else": said('{"code":0,"msg":"ok"}'),
    "our words about a phone without our form": said('{"code":"device-revoked"}', 401),
    "a problem of somebody else": said('{"code":"blocked"}', 403, "application/problem+json"),
}
AWAY: dict[str, Answer] = {
    "502 of a proxy": page(502),
    "an answer cut off": said('{"server_time":"2026-11-30T00:00:00Z","resu'),
    "a line cut off": lambda route: route.abort(),
}


@pytest.fixture
def doors(cast: Any, make_employer: Any) -> list[CheckTask]:
    return many_doors(cast, make_employer, 3)


@pytest.fixture
def wang(phone: Page, built_phone: None, doors: list[CheckTask], cast: Any) -> Iterator[Walker]:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    walker = Walker(phone)
    phone.clock.install(time=now())
    walker.enrols(grouped(code))
    walker.sees("还剩 3 户")
    yield walker
    phone.unroute_all(behavior="ignoreErrors")


def goes(walker: Walker, place: str) -> None:
    walker.page.evaluate("place => { location.hash = '#/' + place }", place)


def tries(walker: Walker) -> None:
    """The network came back, says the browser; what the phone then draws comes a moment later."""
    walker.page.evaluate("dispatchEvent(new Event('online'))")


def is_quiet(walker: Walker) -> None:
    expect(walker.page.locator(".outbox").first).not_to_contain_text("正在收发")


def later(walker: Walker, milliseconds: int) -> None:
    """The clock goes ahead once nothing is under way: a request would be given up, which counts as a try of its own."""
    is_quiet(walker)
    walker.page.clock.fast_forward(milliseconds)


class Between:
    """Stands between the phone and the server and answers in its place: everything, or only requests that begin
    like one of `only` (`POST visits`)."""

    def __init__(self, page: Page, answer: Answer, *only: str) -> None:
        self.page, self.answer, self.only = page, answer, only
        self.met = 0

    def __enter__(self) -> "Between":
        self.page.route(API, self._stands)
        return self

    def __exit__(self, *_error: object) -> None:
        self.page.unroute(API, self._stands)

    def _stands(self, route: Route) -> None:
        asked = f"{route.request.method} {route.request.url.split('/api/v1/')[1]}"
        if self.only and not asked.startswith(self.only):
            return route.fallback()
        self.met += 1
        return self.answer(route)


def weathers(walker: Walker, answers: dict[str, Answer], words: str, *only: str) -> None:
    """One try under each of these answers."""
    for name, answer in answers.items():
        with Between(walker.page, answer, *only) as stranger:
            tries(walker)
            walker.waits_until(lambda: stranger.met)
            is_quiet(walker)
            expect(walker.page.locator(".outbox").first, name).to_contain_text(words)
        expect(walker.page.locator("body"), name).not_to_contain_text("没送成")
        expect(walker.page.locator("body"), name).not_to_contain_text("登记已失效")


def all_is_there(walker: Walker, doors: list[CheckTask]) -> None:
    expect(walker.page.locator("body")).to_contain_text("全部已发送")
    arrived(doors, photos=1)
    assert Device.objects.get().revoked_at is None


def test_no_foreign_page_refuses_takes_or_ends_anything(wang: Walker, doors: list[CheckTask]) -> None:
    wang.loses_the_network()
    for number, door in enumerate(doors):
        is_refused(wang, door, [number])
    goes(wang, "suggest")
    wang.page.get_by_label("您想说什么").fill("门牌号写错了")
    wang.presses("交上去")
    goes(wang, "mine")
    wang.sees("没有网络信号，内容都在手机里")
    with Between(wang.page, page(403)):
        wang.is_on_line_again()
        wang.sees("这个网络要先登录，内容都在手机里")
        link = wang.page.get_by_role("link", name="打开登录页")
        assert (
            str(link.get_attribute("href")).startswith("http://") and link.get_attribute("target") == "_blank"
        )
        weathers(wang, PORTALS, "这个网络要先登录")
        weathers(wang, AWAY, "服务器连不上，内容都在手机里，会自动再送")
    assert not Visit.objects.exists() and not Suggestion.objects.exists()
    # Now the visits get through, and their pictures do not.
    with Between(wang.page, AWAY["a line cut off"], "POST uploads"):
        tries(wang)
        wang.sees("还有 3 张照片待发送")
    pictures = ("POST uploads", "PATCH uploads", "HEAD uploads", "POST visits")
    weathers(wang, PORTALS, "这个网络要先登录", *pictures)
    weathers(wang, {"502 of a proxy": AWAY["502 of a proxy"]}, "服务器连不上", *pictures)
    assert not Upload.objects.exists()
    tries(wang)
    all_is_there(wang, doors)
    assert Suggestion.objects.count() == 1


def test_what_a_firewall_never_lets_pass_stands_alone_and_says_what_to_do(
    wang: Walker, doors: list[CheckTask]
) -> None:
    wang.loses_the_network()
    for number, door in enumerate(doors):
        is_refused(wang, door, [number])
    stopped, tried = doors[1].pk, 0

    def firewall(route: Route) -> None:
        nonlocal tried
        visits = json.loads(route.request.post_data or "{}")["visits"]
        if all(visit["task_id"] != stopped for visit in visits):
            return route.fallback()
        tried += 1
        return page(403)(route)

    with Between(wang.page, firewall, "POST visits"):
        goes(wang, "mine")
        wang.is_on_line_again()
        wang.sees("还有 1 条待发送")
        for _later in range(3):
            before = tried
            later(wang, 600_000)
            tries(wang)
            wang.waits_until(lambda before=before: tried > before)
            is_quiet(wang)
        wang.sees("有 1 条总送不过去", "途中有设备答复 403", "关掉 Wi-Fi 用流量", "导出成文件交给主管")
    # Three to find it among others, then once each time its rest was over; twice more where a slow machine let one pass.
    assert tried <= 8
    assert Visit.objects.exclude(task=stopped).count() == 2
    wang.presses("全部再送一次")
    all_is_there(wang, doors)


def test_a_busy_or_full_server_is_told_as_such_and_visits_go_on(wang: Walker, doors: list[CheckTask]) -> None:
    full = {"type": "/problems/no-room", "title": "存储空间不足", "status": 507, "code": "no-room"}

    def no_room(route: Route) -> None:
        kind = {"Content-Type": "application/problem+json", "Retry-After": "600"}
        route.fulfill(status=507, headers=kind, body=json.dumps(full))

    goes(wang, "mine")
    with Between(wang.page, no_room, "POST uploads") as server:
        is_refused(wang, doors[0], [1])
        goes(wang, "mine")
        wang.sees("还有 1 张照片待发送", "服务器暂时存不下照片，照片先留在手机里，走访照常送出")
        is_refused(wang, doors[1], [2])
        goes(wang, "mine")
        wang.sees("还有 2 张照片待发送")
        assert Visit.objects.count() == 2 and server.met == 1
    later(wang, 11 * 60_000)
    is_refused(wang, doors[2], [3])
    goes(wang, "mine")
    all_is_there(wang, doors)


def test_a_visit_saved_under_a_clock_of_2031_is_sent(wang: Walker, doors: list[CheckTask]) -> None:
    wang.page.clock.set_system_time(now() + timedelta(days=5 * 365))
    wang.loses_the_network()
    is_refused(wang, doors[0], [1])
    goes(wang, "mine")
    with Between(wang.page, page(403)):
        wang.is_on_line_again()
        wang.sees("这个网络要先登录")
    tries(wang)
    all_is_there(wang, doors[:1])
    wang.sees("手机时间快了约 1825 天")
    visit = Visit.objects.get()
    assert abs(visit.skew_seconds - 5 * 365 * 86_400) < 600


def ends(walker: Walker) -> None:
    dialog = walker.page.locator(".van-dialog")
    walker.page.get_by_role("main").get_by_role("button", name="清除并退出").click()
    dialog.get_by_role("button", name="清除并退出").click()
    expect(dialog).to_be_hidden()


def test_a_phone_is_not_cleared_on_a_strangers_word(wang: Walker) -> None:
    goes(wang, "leave")
    wang.sees("都已交清")
    for answer in (page(204), page(200), page(401), said('{"code":"device-revoked"}', 401)):
        with Between(wang.page, answer):
            ends(wang)
            wang.sees("后台还没有确认")
    assert Device.objects.get().revoked_at is None
    ends(wang)
    wang.sees("登记这部手机")
    assert Device.objects.get().revoked_at


# --- the app itself ---------------------------------------------------------------------------------------


@pytest.fixture
def own_build(built_phone: None, settings: Any, tmp_path: Path) -> Path:
    """The built app in a folder of this test, to be released anew in its middle."""
    folder = tmp_path / "phone"
    shutil.copytree(settings.PHONE_BUILD, folder)
    settings.PHONE_BUILD = folder
    return folder


def test_the_app_opens_from_the_phone_and_is_never_replaced_by_a_strangers_page(
    own_build: Path, wang: Walker
) -> None:
    wang.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wang.page.context.route("**/*", page(302, Location="http://portal.invalid/login"))
    wang.page.reload()
    wang.sees("还剩 3 户", "这个网络要先登录")
    wang.page.context.unroute_all(behavior="ignoreErrors")
    # An update begins on a clean network, and then the hotspot answers for a piece of it.
    worker, (piece,) = own_build / "sw.js", (own_build / "assets").glob("index-*.js")
    renamed = piece.with_name("index-released.js")
    (own_build / "index.html").write_text(
        (own_build / "index.html").read_text().replace(piece.name, renamed.name)
    )
    worker.write_text(worker.read_text().replace(piece.name, renamed.name))
    renamed.write_text(PAGE)
    update = (
        "navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true, () => true)"
    )
    wang.page.evaluate(update)
    wang.page.wait_for_function(
        "navigator.serviceWorker.getRegistration().then((one) => !one.installing && !one.waiting)"
    )
    wang.page.reload()
    wang.sees("还剩 3 户")
