"""Filling in a form on the phone: pictures from the camera and from a file, items that repeat, what is wrong, positions."""

import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tasks.visits.models import Evidence, Visit
from tests.browser.conftest import FIRST
from tests.journeys.people import Walker

LIMIT = 200 * 1024
# A picture lying on its side: 3000x2000 dots, left half red, right half blue, with specks that a JPEG cannot save on.
LYING = """async () => {
    const WIDTH = 3000, HEIGHT = 2000, SPECK = 8
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT), pen = canvas.getContext('2d')
    const dots = new ImageData(WIDTH, HEIGHT), pixels = new Uint32Array(dots.data.buffer)
    const specks = Uint32Array.from({length: (WIDTH / SPECK) * (HEIGHT / SPECK)}, () => Math.random() * 0x606060)
    for (let y = 0; y < HEIGHT; y++) {
        for (let x = 0; x < WIDTH; x++) {
            const speck = specks[(y / SPECK | 0) * (WIDTH / SPECK) + (x / SPECK | 0)] & 0x5f5f5f
            pixels[y * WIDTH + x] = 0xff000000 + speck + (x < WIDTH / 2 ? 0x0000a0 : 0xa00000)
        }
    }
    pen.putImageData(dots, 0, 0)
    const blob = await canvas.convertToBlob({type: 'image/jpeg', quality: .95})
    const url = await new Promise((done) => {
        const reader = new FileReader()
        reader.onload = () => done(reader.result)
        reader.readAsDataURL(blob)
    })
    return url.split(',')[1]
}"""
LOOK = """async (bytes) => {
    const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)]), {imageOrientation: 'none'})
    const canvas = new OffscreenCanvas(picture.width, picture.height), pen = canvas.getContext('2d')
    pen.drawImage(picture, 0, 0)
    const part = (y) => [...pen.getImageData(0, y, picture.width, 20).data]
    const sum = (data, at) => data.filter((_, i) => i % 4 === at).reduce((a, b) => a + b, 0)
    const top = part(picture.height * .2 | 0), bottom = part(picture.height * .8 | 0)
    return {width: picture.width, height: picture.height,
            top: sum(top, 0) > sum(top, 2) ? 'red' : 'blue', bottom: sum(bottom, 0) > sum(bottom, 2) ? 'red' : 'blue'}
}"""
TURN_RIGHT = 6


def exif(orientation: int) -> bytes:
    """An APP1 part as cameras write it: how the picture lies, and where it was taken (39 degrees north)."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2, "big") + b"\x00\x00"
    gps = b"\x88\x25\x00\x04\x00\x00\x00\x01" + (38).to_bytes(4, "big")
    first = b"\x00\x02" + entry + gps + b"\x00\x00\x00\x00"
    latitude = (
        b"\x00\x01" + b"\x00\x02\x00\x05\x00\x00\x00\x03" + (56).to_bytes(4, "big") + b"\x00\x00\x00\x00"
    )
    degrees = b"".join(n.to_bytes(4, "big") for n in (39, 1, 40, 1, 15, 1))
    body = b"Exif\x00\x00" + b"MM\x00\x2a\x00\x00\x00\x08" + first + latitude + degrees
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


@pytest.fixture
def lying(walker: Walker, tmp_path: Path) -> Path:
    """A photo of a phone held upright: its dots lie on their side and it says so; it also says where it was taken."""
    plain = b64decode(walker.page.evaluate(LYING))
    file = tmp_path / "IMG_0001.jpg"
    file.write_bytes(plain[:2] + exif(TURN_RIGHT) + plain[2:])
    assert file.stat().st_size > 3 * LIMIT
    return file


def comes_to(walker: Walker, outcome: str) -> None:
    walker.opens(FIRST)
    walker.presses("没查成？选原因")
    walker.page.get_by_role("radio", name=outcome).click()


def refuses(walker: Walker) -> None:
    comes_to(walker, "拒绝配合")


def sent(walker: Walker) -> Visit:
    walker.saves()
    walker.presses("回到今天")
    walker.has_sent(1)
    return Visit.objects.get()


@pytest.mark.parametrize("way", ["拍照", "从相册选"])
def test_a_photo_arrives_upright_small_and_says_nothing_of_where_it_was_taken(
    walker: Walker, lying: Path, way: str
) -> None:
    refuses(walker)
    part = walker.question("拒访现场照片")
    field = part.locator("label").filter(has_text=way).locator("input[type=file]")
    assert field.get_attribute("accept") == "image/*"
    assert field.get_attribute("capture") == ("environment" if way == "拍照" else None)
    field.set_input_files(lying)
    expect(part.get_by_role("img")).to_be_visible()
    visit = sent(walker)
    evidence = Evidence.objects.get(visit=visit)
    assert (evidence.kind, evidence.question) == ("photo", "refusal_photo")
    assert visit.answers["refusal_photo"] == evidence.sha256
    kept = (Path(settings.FILES) / evidence.path).read_bytes()
    assert len(kept) <= LIMIT and b"Exif" not in kept and b"\xff\xe1" not in kept[:200]
    seen = walker.page.evaluate(LOOK, list(kept))
    assert seen["height"] > seen["width"] and (seen["top"], seen["bottom"]) == ("red", "blue")
    assert seen["height"] >= 1000


def test_what_is_no_picture_is_said_and_a_photo_can_be_taken_back(
    walker: Walker, lying: Path, tmp_path: Path
) -> None:
    refuses(walker)
    part = walker.question("拒访现场照片")
    field = part.locator("input[capture]")
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    field.set_input_files(broken)
    expect(part).to_contain_text("这张照片打不开")
    field.set_input_files(lying)
    expect(part.get_by_role("img")).to_have_count(1)
    part.get_by_role("button", name="删掉这张照片").click()
    expect(part.get_by_role("img")).to_have_count(0)
    visit = sent(walker)
    assert not visit.evidence.exists() and "refusal_photo" not in visit.answers


def short_of_people(walker: Walker) -> None:
    """Answers that make the form ask for the people met."""
    walker.opens(FIRST)
    walker.answers("现在是否在经营", "在经营")
    walker.answers("在岗人数", 8)
    walker.answers("自报参保人数", 0)


def item(page: Page, place: int) -> Any:
    return page.locator(f"#q-people-{place}")


def write_item(page: Page, place: int, surname: str, job: str) -> None:
    part = item(page, place)
    part.get_by_role("textbox", name=re.compile("^姓")).fill(surname)
    part.get_by_role("textbox", name=re.compile("^工种")).fill(job)


def test_people_met_are_added_one_by_one_and_survive_a_killed_tab(walker: Walker) -> None:
    page = walker.page
    short_of_people(walker)
    for place, (surname, job) in enumerate([("张", "钣金"), ("李", "喷漆"), ("王", "学徒")], 1):
        page.get_by_role("button", name=re.compile("添加见到的|再加一个")).click()
        write_item(page, place, surname, job)
    item(page, 2).get_by_role("button", name=re.compile("删除")).click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(item(page, 2).get_by_role("textbox", name=re.compile("^姓"))).to_have_value("王")
    walker.sees("草稿已自动保存")
    page.reload()
    expect(item(page, 2).get_by_role("textbox", name=re.compile("^姓"))).to_have_value("王")
    walker.presses("保存")
    walker.sees("还有 2 处要改")
    for place in (1, 2):
        item(page, place).get_by_role("radio", name="没参保").click()
    people = sent(walker).answers["people"]
    assert people == [
        {"surname": "张", "job": "钣金", "insured": "no"},
        {"surname": "王", "job": "学徒", "insured": "no"},
    ]


def test_the_first_thing_wrong_is_brought_into_sight(walker: Walker) -> None:
    page = walker.page
    short_of_people(walker)
    page.get_by_role("button", name=re.compile("添加见到的")).click()
    write_item(page, 1, "欧阳上官司马", "电工")
    page.get_by_role("button", name="再加一个").click()
    page.evaluate("scrollTo(0, 0)")
    walker.presses("保存")
    walker.sees("还有 3 处要改")
    wrong = page.locator(".question.faulty").first
    expect(wrong).to_contain_text("只写姓")
    expect(wrong).to_be_in_viewport()
    expect(item(page, 2)).to_contain_text("这一项还没有填")


def test_nobody_in_is_given_a_day_to_come_again(walker: Walker) -> None:
    comes_to(walker, "当时没人")
    walker.page.get_by_role("button", name=re.compile("周六上午")).click()
    visit = sent(walker)
    assert visit.outcome == "nobody_in" and visit.come_again_on and visit.come_again_on.weekday() == 5
