"""Today's list, the sketch map, the door's page, scanning, and a unit no list knows; each looked at by axe."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from grid.calendar.now import today
from grid.codes import door_text, enrolment_text, fresh_premise_code, grouped, notice_address, qr_svg
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Premise, SubjectKind
from grid.subjects.rules import initials_of
from mobile_api.devices.actions import invite_phone
from tasks.findings.actions import return_finding
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.browser.conftest import FIRST, SECOND, _draw_grids
from tests.browser.everybody import serious
from tests.cast import GRID_1
from tests.journeys.people import Walker

SHOP = "老张火锅海勃湾店"
HERE = {"longitude": 106.8001, "latitude": 39.6001}
MADE = 1_000
SLOWER = 4


@pytest.fixture
def street(phone: Page, built_phone: None, plan: Callable[..., Any], make_employer: Any, cast: Any) -> Walker:
    """Three doors with places and codes, the last of them nearest to `HERE`; a phone that may ask where it is."""
    _draw_grids()
    for at, name in enumerate((FIRST, SECOND, SHOP)):
        premise = Premise.objects.create(
            code=fresh_premise_code(),
            area=GRID_1,
            label="临街一层",
            lng=106.809 - at * 0.004,
            lat=39.6045 - at * 0.002,
        )
        kind = SubjectKind.SOLE_TRADER_EMPLOYING if name == SHOP else SubjectKind.ENTERPRISE
        subject = make_employer(
            name, kind=kind, premise=premise, address=f"和平路{at + 1}号", initials=initials_of(name)
        )
        subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    plan(sent=True)
    phone.context.grant_permissions(["geolocation", "camera"])
    phone.context.set_geolocation(HERE)
    phone.add_init_script(
        """window.asked = 0
        const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation)
        navigator.geolocation.getCurrentPosition = (...rest) => { window.asked += 1; ask(...rest) }"""
    )
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    hand = Walker(phone)
    hand.enrols(grouped(code))
    hand.sees(FIRST, SECOND, SHOP)
    return hand


def names(page: Page) -> list[str]:
    """Also of rows the browser has not painted yet: those have no inner text."""
    return page.locator(".lines .row-name").all_text_contents()


def goes(walker: Walker, place: str) -> None:
    walker.page.evaluate("place => { location.hash = '#/' + place }", place)


# --- the list ---------------------------------------------------------------------------------------------


def test_the_nearest_door_first_asked_at_a_tap_only_and_told_to_nobody(street: Walker) -> None:
    page = street.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    assert names(page) == [FIRST, SECOND, SHOP]
    assert page.evaluate("asked") == 0
    street.presses("就近")
    street.sees("已按您现在的位置排好", "约")
    assert names(page) == [SHOP, SECOND, FIRST]
    page.reload()
    street.sees("位置只在这部手机上用")
    assert page.evaluate("asked") == 0 and names(page) == [FIRST, SECOND, SHOP]
    street.presses("按现在的位置排")
    street.sees("约")
    assert names(page) == [SHOP, SECOND, FIRST]
    street.presses("按街道")
    assert names(page) == [FIRST, SECOND, SHOP]
    assert sent and not [address for address in sent if "39.6001" in address or "106.8001" in address]


@pytest.mark.parametrize(
    "words", ["通安", "taqc", "TAQC", initials_of(FIRST)[:3], "和平路 １号", "９１１５０３０２"]
)
def test_a_door_is_found_by_what_one_knows_of_it(street: Walker, words: str) -> None:
    street.page.get_by_role("searchbox").fill(words)
    street.sees(FIRST)
    if not words.startswith("９"):
        street.does_not_see(SHOP)


def test_kinds_and_states_narrow_the_list_and_stay_after_a_look_at_a_door(street: Walker) -> None:
    page = street.page
    street.presses("类别")
    street.presses(re.compile("^有雇工个体工商户"))
    assert names(page) == [SHOP]
    street.comes_to(SHOP)
    street.presses("返回")
    expect(page.locator(".lines .row-name")).to_have_text([SHOP])
    street.presses(re.compile("^全部类别"))
    expect(page.locator(".lines .row-name")).to_have_count(3)


def test_a_thousand_doors_scroll_without_a_dropped_frame(street: Walker) -> None:
    """Counted in the page's own processor time, four times as slow: what the machine does besides does not matter."""
    page = street.page
    page.route("**/api/v1/changes**", _thousand)
    page.reload()
    street.sees("还剩 1000 户")
    expect(page.locator(".lines .row")).to_have_count(MADE)
    page.wait_for_timeout(500)
    chromium = page.context.new_cdp_session(page)
    chromium.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        found = chromium.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in found if metric["name"] == "TaskDuration") * 1000

    before = spent()
    page.evaluate("frames = 0; (function one() { frames += 1; if (frames) requestAnimationFrame(one) })()")
    scroll = {"x": 180, "y": 400, "yDistance": -12_000, "speed": 3_000, "gestureSourceType": "mouse"}
    chromium.send("Input.synthesizeScrollGesture", scroll)
    frames = page.evaluate("(() => { const all = frames; frames = -1e9; return all })()")
    each = (spent() - before) / frames * SLOWER
    assert page.evaluate("scrollY") > 10_000
    assert each < 1000 / 60, f"{each:.1f} ms of every frame at {SLOWER}x"


def _thousand(route: Route) -> None:
    """The first answer of a server with a great many doors; nothing new after it."""
    started = "cursor=0" in route.request.url
    doors = [_door(number) for number in range(1, MADE + 1)]
    answer = {
        "cursor": 77, "fresh": True, "more": False, "server_time": f"{today()}T02:00:00Z", "gone": [],
        "doors": doors, "grids": [], "forms": [],
    }  # fmt: skip
    if not started and "cursor=77" in route.request.url:
        answer |= {"doors": [], "fresh": False}
    route.fulfill(content_type="application/json", body=json.dumps(answer))


def _door(number: int) -> dict[str, Any]:
    subject = {
        "id": number, "kind": "enterprise", "kind_label": "企业", "name": f"乌海市示例商贸{number}号有限公司",
        "credit_code": "", "address": f"海勃湾区凤凰岭街道和平路{number}号", "industry": "批发和零售业",
    }  # fmt: skip
    return {
        "task_id": number, "state": "open", "due_on": "2099-01-01", "overdue": False, "why": "登记 12 人，参保 3 人",
        "round": None, "subject": subject, "premise": None, "area": GRID_1, "area_name": "和平社区第一网格",
        "form": "employer", "prefill": {}, "returned": None,
    }  # fmt: skip


# --- the map ----------------------------------------------------------------------------------------------


def test_the_sketch_map_shows_grids_doors_and_me_without_a_network(street: Walker) -> None:
    page = street.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    street.loses_the_network()
    page.reload()
    street.presses("地图")
    expect(page.locator(".sketch .outline")).to_have_count(1)
    expect(page.locator(".sketch .dot")).to_have_count(3)
    street.sees("图上看得到的 3 户")
    assert page.evaluate("asked") == 0
    street.presses("我在哪里")
    expect(page.locator(".sketch .me")).to_have_count(1)
    street.presses("看全部")
    page.locator(".sketch .dot").first.click()
    expect(page.get_by_role("heading", name="为什么来")).to_be_visible()


def _lies(dot: Locator, x: float, y: float) -> bool:
    box = dot.bounding_box()
    return bool(box) and abs(box["x"] - x) < 3 and abs(box["y"] - y) < 3


def test_the_map_is_dragged_and_grown_by_touch_and_by_buttons(street: Walker) -> None:
    page = street.page
    goes(street, "map")
    dot = page.locator(".sketch .dot").first
    before = dot.bounding_box()
    box = page.locator(".map-frame").bounding_box()
    assert before and box
    x, y = box["x"] + 60, box["y"] + box["height"] - 30
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y - 60, steps=5)
    page.mouse.up()
    street.waits_until(lambda: _lies(dot, before["x"] + 40, before["y"] - 60))
    goes(street, "today")
    goes(street, "map")
    width = page.locator(".sketch .outline").bounding_box()
    street.presses("放大")
    grown = page.locator(".sketch .outline").bounding_box()
    assert width and grown and abs(grown["width"] / width["width"] - 2) < 0.1


# --- the door's page --------------------------------------------------------------------------------------


def test_a_door_says_what_is_known_and_by_whom_before_anything_is_asked(street: Walker) -> None:
    street.comes_to(FIRST)
    street.sees("为什么来", "登记里的情况", "期限", "见到人，开始核查", "没查成")
    street.presses(re.compile("^没查成"))
    offered = street.page.locator("#instead button")
    expect(offered).to_have_count(6)
    closed = offered.filter(has_text="歇业").inner_text()
    offered.filter(has_text="歇业").click()
    expect(street.page.get_by_role("radio", name=closed)).to_have_attribute("aria-checked", "true")
    street.presses("返回")
    expect(street.page.get_by_role("heading", name="为什么来")).to_be_visible()


def test_a_returned_door_shows_the_question_on_its_item_with_the_former_answer(
    street: Walker, cast: Any
) -> None:
    street.opens(FIRST)
    street.answers("现在是否在经营", "在经营")
    street.answers("在岗人数", 8)
    street.answers("自报参保人数", 0)
    street.saves()
    street.presses("回到今天")
    street.has_sent(1)
    return_finding(Finding.objects.get(), "门牌上写 80 人,请再数一次", ["employees"], by=cast.by.zhao)
    street.page.reload()
    street.sees("退回待改")
    assert names(street.page)[0] == FIRST
    street.comes_to(FIRST)
    item = street.page.locator(".asked-items li")
    expect(item).to_have_count(1)
    expect(item).to_contain_text("在岗人数")
    expect(item).to_contain_text("上次填的：8")
    street.sees("我以前来过")
    looked_at(street.page, "a returned door")
    street.presses("回答并改正")
    expect(street.question("在岗人数")).to_contain_text("请再核这一项")


# --- codes ------------------------------------------------------------------------------------------------


@pytest.fixture
def picture(chromium: Browser) -> Callable[[str], bytes]:
    """A photo of this text as a QR code."""

    def taken(text: str) -> bytes:
        page = chromium.new_page(viewport={"width": 400, "height": 400})
        page.set_content(f"<div style='width:380px'>{qr_svg(text)}</div>")
        photo = page.screenshot()
        page.close()
        return photo

    return taken


def shows(street: Walker, photo: bytes) -> None:
    goes(street, "today")
    goes(street, "scan")
    street.sees("对准门牌")
    photos = street.page.locator("input[type=file]")
    photos.set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": photo})


def test_codes_are_told_apart(street: Walker, picture: Any) -> None:
    page = street.page
    door = Premise.objects.get(subjects__name=FIRST)
    subject = door.subjects.get()
    shows(street, picture(door_text(door.code)))
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    shows(street, picture(f"http://www.gsxt.gov.cn/index/notsearch?uniscid={subject.credit_code}&tab=ent"))
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    for text, answer in (
        ("http://www.gsxt.gov.cn/%7B7D3A%7D", "里面没有信用代码"),
        ("wxp://f2f0Abc", "这是收款码"),
        ("https://elsewhere.example/shop", "这是别处的网址（elsewhere.example）"),
        ("GC1:AAAAAAAA:XYZ", "像是门牌码，但内容不对"),
        ("https://elsewhere.example/v/V2GNX8GM8KLC", "不是本系统的告知书"),
        (enrolment_text("K7MXVU4BL9PQ"), "这部手机已经登记过了"),
        ("早上好", "认不出这个码"),
    ):
        shows(street, picture(text))
        street.sees(answer)
    origin = page.evaluate("location.origin")
    shows(street, picture(f"{origin}/v/{notice_address('V2GNX8GM8KLC').rsplit('/', 1)[-1]}"))
    street.sees("不归您送达", "查验这份告知书")


def test_typing_finds_a_door_by_code_and_by_initials(street: Walker) -> None:
    page = street.page
    goes(street, "scan")
    field = page.get_by_label("手工输入")
    field.fill("lzhg")
    expect(page.locator(".typing .row-name")).to_have_text([SHOP])
    field.fill("91150302MA0N123453")
    street.presses("查找")
    street.sees("校验位不对")
    code = Premise.objects.get(subjects__name=SECOND).code
    field.fill(grouped(code).lower())
    street.presses("查找")
    expect(page.get_by_role("heading", name=SECOND)).to_be_visible()


def test_a_camera_that_is_refused_or_missing_is_explained(street: Walker) -> None:
    page = street.page
    for fault, words in (
        ("NotAllowedError", "没有相机权限"),
        ("NotFoundError", "没有相机"),
        ("NotReadableError", "被别的应用占用"),
    ):
        page.evaluate(
            "name => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name) } }",
            fault,
        )
        goes(street, "today")
        goes(street, "scan")
        street.sees(words)
        looked_at(page, f"scan after {fault}")


# --- a unit no list knows ---------------------------------------------------------------------------------


def test_a_unit_of_the_street_is_compared_before_it_is_written_down(street: Walker) -> None:
    page = street.page
    goes(street, "scan")
    street.presses("街上看到册外单位")
    street.presses("查一查有没有登记过")
    street.sees("请写单位名称")
    looked_at(page, "a street unit without a name")
    page.get_by_label("单位名称").fill("老张火锅")
    street.loses_the_network()
    street.presses("查一查有没有登记过")
    street.sees("可能就是这几家", SHOP, "名称相近", "只查了手机里的名单")
    looked_at(page, "candidates")
    street.presses("是这一家")
    expect(page.get_by_role("heading", name=SHOP)).to_be_visible()
    goes(street, "mine")
    street.does_not_see("填了一半的")


def test_a_unit_nobody_knows_goes_on_to_its_form_and_what_was_typed_is_kept(street: Walker) -> None:
    page = street.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    street.loses_the_network()
    goes(street, "unlisted/12150300460123456K")
    page.get_by_label("单位名称").fill("鑫源建材商店")
    street.sees("草稿已自动保存")
    page.reload()
    expect(page.get_by_label("单位名称")).to_have_value("鑫源建材商店")
    expect(page.get_by_label("统一社会信用代码")).to_have_value("12150300460123456K")
    street.presses("查一查有没有登记过")
    street.sees("没有查到相近的单位")
    street.presses("继续登记")
    expect(page.get_by_role("heading", name="鑫源建材商店")).to_be_visible()
    street.answers("现在是否在经营", "在经营")
    street.answers("在岗人数", 3)
    street.answers("自报参保人数", 0)
    street.saves()
    street.is_on_line_again()
    street.presses("回到今天")
    street.has_sent(1)
    assert Visit.objects.get().task_id is None


# --- every state before axe -------------------------------------------------------------------------------


def looked_at(page: Page, what: str) -> None:
    """No serious violation, nothing wider than the screen, nothing too small for a finger."""
    found = serious(page)
    assert not found, (what, found)
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], (what, wide)
    small = page.evaluate(
        """[...document.querySelectorAll('main button, main a[href], footer button')].filter((it) => {
          const { width, height } = it.getBoundingClientRect()
          return width > 0 && height < 47.5
        }).map((it) => it.outerHTML.slice(0, 90))"""
    )
    assert not small, (what, small)


@pytest.mark.parametrize("look", ["light", "dark", "large"])
@pytest.mark.parametrize("size", [(360, 740), (412, 915)])
def test_every_state_of_these_screens_is_fit_to_use(street: Walker, look: str, size: tuple[int, int]) -> None:
    page = street.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if look == "dark" else "light")

    def state(what: str) -> None:
        page.evaluate("big => document.documentElement.classList.toggle('large', big)", look == "large")
        page.wait_for_timeout(150)
        looked_at(page, f"{what}, {look}, {size}")

    state("today")
    street.presses("就近")
    street.presses("类别")
    state("today with kinds, near")
    street.presses(re.compile("^企业"))
    page.get_by_role("searchbox").fill("zzzz")
    state("nothing found")
    page.get_by_role("searchbox").fill("")
    goes(street, "map")
    expect(page.locator(".sketch .dot").first).to_be_visible()
    state("map")
    goes(street, "today")
    street.comes_to(FIRST)
    state("door")
    street.presses(re.compile("^没查成"))
    state("door with outcomes")
    goes(street, "door/999999")
    state("no such door")
    goes(street, "scan")
    page.get_by_label("手工输入").fill("91150302MA0N123452")
    street.presses("查找")
    street.sees("登记为册外单位")
    state("scan with a strange licence")
    street.presses("登记为册外单位")
    state("street unit")
