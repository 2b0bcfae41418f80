"""The pictures of the README, taken from a demo city that is being served: `make pictures`.

`python -m tests.browser.pictures http://127.0.0.1:8000` writes docs/pictures/*.png.
"""

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
        browser = playwright.chromium.launch(executable_path=must_have("chromium"), args=FLAGS)
        desk_pictures(browser, origin)
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
