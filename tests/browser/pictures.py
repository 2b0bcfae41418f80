"""The pictures of the README, taken from a demo city that is being served: `make pictures`.

`python -m tests.browser.pictures http://127.0.0.1:8000` writes docs/pictures/*.png.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsers import FLAGS, HOME
from tests.servers import must_have

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"
PASSWORD = "shili-2026"
DESK = {"width": 1280, "height": 860}
HAND = {"width": 360, "height": 740}


def main(origin: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=must_have("chromium-headless-shell"), args=FLAGS)
        desk_pictures(browser, origin)
        due_process_pictures(browser, origin)
        phone_pictures(browser, origin)
        browser.close()


def desk_pictures(browser: Browser, origin: str) -> None:
    sun = signed_in(browser, origin, "sun")
    take(sun, "/", "inbox")
    take(sun, "/coverage/", "coverage")
    sun.goto(f"{origin}/cases/?state=term")
    take(sun, str(sun.locator("table.data tbody a").first.get_attribute("href")), "case")
    qian = signed_in(browser, origin, "qian")
    qian.goto(f"{origin}/rounds/?state=district_approval")
    take(qian, str(qian.locator("table.data tbody a").first.get_attribute("href")), "round")
    wu = signed_in(browser, origin, "wu")
    take(wu, "/assessment/", "assessment")
    zheng = signed_in(browser, origin, "zheng")
    zheng.goto(f"{origin}/public/listings/")
    name = zheng.locator("table.data tbody a").first.inner_text()
    take(zheng, "/public/listings/", "listings")
    zheng.goto(f"{origin}/audit/?q={name}")
    take(zheng, str(zheng.locator("table.data tbody a").last.get_attribute("href")), "story")


def due_process_pictures(browser: Browser, origin: str) -> None:
    qian = signed_in(browser, origin, "qian")
    files = [f"{case}inspection/" for case in listed(qian, f"{origin}/cases/?state=inspected")]
    take(qian, first_with(qian, origin, files, ("待负责人决定", "现在可以办理"), "还在等待"), "inspection")
    entries = listed(qian, f"{origin}/listings/")
    take(qian, first_with(qian, origin, entries, ("公示", "实施"), "没有选定"), "listing")
    take(signed_in(browser, origin, "fang"), "/law/?q=处罚", "law")
    file = listed(qian, f"{origin}/cases/?state=defence")[0]
    qian.goto(origin + file)
    qian.goto(
        origin + str(qian.locator("a[href^='/notices/']:not([href$='.pdf'])").first.get_attribute("href"))
    )
    window_picture(browser, origin, str(qian.locator("a[href*='/v/']").first.get_attribute("href")))


def listed(page: Page, address: str) -> list[str]:
    """Where the rows of a list lead to."""
    page.goto(address)
    links = page.locator("table.data tbody td:first-child a")
    return [str(links.nth(at).get_attribute("href")) for at in range(links.count())]


def first_with(page: Page, origin: str, paths: list[str], words: tuple[str, ...], not_with: str) -> str:
    """The first of the pages that says all of `words`, and not `not_with`."""
    for path in paths:
        page.goto(origin + path)
        said = page.locator("main").inner_text()
        if all(word in said for word in words) and not_with not in said:
            return path
    return paths[0]


def window_picture(browser: Browser, origin: str, address: str) -> None:
    """The employer's page as somebody without an account sees it on a phone."""
    page = browser.new_context(viewport=HAND, is_mobile=True, device_scale_factor=2, **HOME).new_page()
    page.goto(f"{origin}/v/{address.rstrip('/').rsplit('/', 1)[1]}/unit/")
    page.locator("form[action$='/code/'] button").click()
    code = re.search(r"\b\d{6}\b", page.locator("main").inner_text())
    assert code, "the demo shows the code that would be sent"
    page.locator("input[name=code]").fill(code[0])
    page.locator("form[action$='/unit/'] button").click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / "window.png")


def phone_pictures(browser: Browser, origin: str) -> None:
    zhao = signed_in(browser, origin, "zhao")
    zhao.goto(f"{origin}/devices/")
    zhao.locator("tr", has_text="王建国").get_by_role("button", name="出示登记码").click()
    code = zhao.locator("code.big").inner_text().replace("-", "").replace(" ", "")
    hand = browser.new_context(viewport=HAND, is_mobile=True, has_touch=True, device_scale_factor=2, **HOME)
    phone = hand.new_page()
    phone.goto(f"{origin}/phone/#/enrol/{code}")
    phone.wait_for_load_state("networkidle")
    if phone.locator("button[type=submit]").count():
        phone.locator("button[type=submit]").click()
    phone.locator("button.row").first.wait_for()
    phone.wait_for_timeout(600)
    phone.screenshot(path=FOLDER / "phone-today.png")
    phone.locator("button.row").first.click()
    phone.wait_for_timeout(800)
    phone.screenshot(path=FOLDER / "phone-door.png")
    phone.locator("button.begin").click()
    phone.wait_for_timeout(800)
    phone.screenshot(path=FOLDER / "phone-form.png")
    phone.goto(f"{origin}/phone/#/map")
    phone.wait_for_timeout(1200)
    phone.screenshot(path=FOLDER / "phone-map.png")


def signed_in(browser: Browser, origin: str, name: str) -> Page:
    page = browser.new_context(viewport=DESK, **HOME).new_page()
    page.goto(f"{origin}/accounts/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(lambda address: "login" not in address)
    return page


def take(page: Page, path: str, name: str) -> None:
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
