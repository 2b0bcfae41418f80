"""Attacks on evidence: one bad piece costs no visit, no photo tells where it was taken, nobody fills the disk."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.conf import settings

from grid import keeping, problems
from grid.calendar.now import moved_to, now
from mobile_api.devices.actions import enrol_phone, invite_phone, revoke_phone
from mobile_api.openrosa.actions import give_key
from mobile_api.openrosa.models import Submission
from mobile_api.openrosa.queries.xform import collect_xml, hash_of
from mobile_api.openrosa.rules import safe_name
from mobile_api.uploads.actions import evidence_file, part_file
from mobile_api.uploads.models import Allowance, Upload
from mobile_api.uploads.sweeping import give_up_uploads
from tasks.doors.models import CheckTask
from tasks.forms import tables
from tasks.forms.rules import Form, Question
from tasks.visits.actions import look_at_new
from tasks.visits.models import Evidence, Visit
from tests import pictures
from tests.doors import SHORT, make_round, make_task
from tests.mobile_api.conforming import CheckedClient
from tests.mobile_api.openrosa.collect import Collect, instance, told
from tests.mobile_api.phones import Phone, visit_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> CheckedClient:
    return CheckedClient()


@pytest.fixture
def task(cast: Any, make_employer: Any) -> CheckTask:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


@pytest.fixture
def collect(cast: Any, client: Any) -> Collect:
    device, key = give_key(cast.post.wang, by=cast.by.zhao)
    return Collect(client, device, key)


@pytest.fixture
def phone(cast: Any, client: Any) -> Phone:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, token = enrol_phone(code, "王建国的手机", "0.1.0")
    return Phone(client, token, device)


def employer(answers: dict[str, Any], **own: Any) -> bytes:
    return instance(tables.current("employer"), answers, **own)


def refused(task: CheckTask, photo: str, **own: Any) -> bytes:
    return employer({"refusal_photo": photo}, door=task.pk, outcome="refused", **own)


def page(client: Any, cast: Any, visit: Visit) -> str:
    client.force_login(cast.zhao)
    answer = client.get(f"/visits/{visit.code}/")
    assert answer.status_code == 200
    return answer.content.decode()


# --- one bad piece -----------------------------------------------------------------------------------

BAD_PIECES: dict[str, tuple[bytes, bytes, str]] = {
    "an outcome nobody knows": (b"<outcome>done<", b"<outcome>sleeping<", "结果不明"),
    "no outcome": (b"<outcome>done<", b"<outcome><", "结果不明"),
    "a long text": (b"<remark />", b"<remark>" + "长".encode() * 4001 + b"</remark>", "文字过长（4001 字"),
    "a text beyond all": (b"<remark />", b"<remark>" + "长".encode() * 25_000 + b"</remark>", "全文见下"),
    "a number too large": (b"<employees>12<", b"<employees>" + b"9" * 5000 + b"<", "不是这一题要的内容"),
    "a choice of another form": (b"<operating>yes<", b"<operating>perhaps<", "不在可选范围内"),
    "a form version of 99 characters": (b'version="2026', b'version="' + b"1" * 99, "表单版本"),
    "a question of 300 characters": (b"<remark />", b"<" + b"q" * 300 + b">x</" + b"q" * 300 + b">", "不能归入表单"),
    "300 strange questions": (
        b"<remark />", b"".join(b"<q%d>x</q%d>" % (n, n) for n in range(300)), "不能归入表单",
    ),
    "a door that is no number": (b"<door>%d<", b"<door>here<", ""),
    "a date beyond the calendar": (b"<visit_end />", b"<visit_end>2026-13-45T99:00</visit_end>", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_PIECES)
def test_a_bad_piece_is_marked_and_the_visit_is_taken(
    what: str, cast: Any, client: Any, collect: Collect, task: CheckTask
) -> None:
    before, after, words = BAD_PIECES[what]
    before = before % task.pk if b"%d" in before else before
    xml = employer(SHORT, door=task.pk, outcome="done")
    assert before in xml
    bad = xml.replace(before, after)
    assert [collect.post(bad).status_code for _time in range(2)] == [201, 201]
    assert words in page(client, cast, Visit.objects.get())


def test_the_51st_person_costs_nobody(cast: Any, client: Any, collect: Collect, task: CheckTask) -> None:
    people = [{"surname": f"第{n}", "job": "焊工", "insured": "no"} for n in range(1, 52)]
    xml = employer({**SHORT, "people": people}, door=task.pk, outcome="done")
    assert collect.post(xml).status_code == 201
    shown = page(client, cast, Visit.objects.get())
    assert "登记了 51 项，超过表单上限（最多 20 项），已全部保留" in shown and "第51" in shown


def test_what_our_phone_pushes_is_marked_the_same_way(
    cast: Any, client: Any, phone: Phone, task: CheckTask
) -> None:
    photo = {"sha256": "a" * 64, "size": 0, "kind": "refusal_photo"}
    body = visit_json(
        task, outcome="gone fishing", photos=[photo], recorded_at="yesterday",
        answers={"remark": "字" * 20_001, "employees": 10**400, "people": [{"who": "甲"}] * 501, "tree": [[["x"]]]},
    )  # fmt: skip
    (first,), (again,) = phone.results(body), phone.results(body)
    assert (first["status"], again["status"]) == ("accepted", "repeated")
    visit = Visit.objects.get()
    assert len(visit.answers["remark"]) == 20_000 and len(visit.answers["people"]) == 500
    assert visit.answers["employees"] == str(10**400)
    shown = page(client, cast, visit)
    for words in ("照片是空文件", "文字过长（共 20001 字）", "结果不明", "共 501 项", "手机时间：无法识别"):
        assert words in shown, words
    (unknown,) = phone.results({**body, "client_id": "7"})
    assert (unknown["status"], unknown["code"]) == ("refused", "malformed-visit")


def test_nothing_of_a_text_is_lost(collect: Collect, task: CheckTask) -> None:
    text = "".join(chr(0x4E00 + n % 20_000) for n in range(60_000))
    xml = employer({**SHORT, "remark": text}, door=task.pk, outcome="done")
    assert collect.post(xml).status_code == 201
    assert text in Visit.objects.get().marks


def test_limits_stand_in_the_form_collect_gets() -> None:
    inner = (Question("who", "text", "姓名"), Question("face", "photo", "照片"))
    asked = (
        Question("remark", "text", "备注"), Question("n", "integer", "人数", constraint=". > 0"),
        Question("people", "repeat", "人员", questions=inner),
    )  # fmt: skip
    form = Form("employer", "9", "试", asked)
    xml = collect_xml(form).decode()
    binds = {
        element.get("nodeset"): element for element in fromstring(xml).iter() if element.tag.endswith("}bind")
    }
    said = {name.rpartition("/")[2]: bind.get("constraint") for name, bind in binds.items()}
    assert said["remark"] == "string-length(.) <= 4000"
    assert said["n"].startswith("(. > 0) and (. <= 1000000000")
    assert said["who"] == "(string-length(.) <= 4000) and (position(..) <= 50)"
    assert 'max-pixels="1600"' in xml
    assert hash_of(collect_xml(form)) == hash_of(collect_xml(form))
    assert "unclear" not in xml


# --- photos ------------------------------------------------------------------------------------------


def test_an_empty_photo_and_one_that_is_none_are_marked(
    cast: Any, client: Any, collect: Collect, task: CheckTask
) -> None:
    assert collect.post(refused(task, "p.jpg"), {"p.jpg": b""}).status_code == 201
    visit = Visit.objects.get()
    assert visit.answers["refusal_photo"] == "p.jpg" and not Evidence.objects.exists()
    assert "照片是空文件" in page(client, cast, visit)
    html = b"<html><script>1</script></html>"
    assert collect.post(refused(task, "q.jpg"), {"q.jpg": html}).status_code == 201
    visit, digest = Visit.objects.latest("pk"), hashlib.sha256(html).hexdigest()
    assert "不是图片，无法显示" in page(client, cast, visit)
    assert client.get(f"/visits/{visit.code}/photos/{digest}/").status_code == 404


def test_no_photo_tells_where_it_was_taken_and_the_original_stays(
    cast: Any, client: Any, collect: Collect, task: CheckTask
) -> None:
    for name, content in pictures.with_position().items():
        assert collect.post(refused(task, name), {name: content}).status_code == 201
        visit, digest = Visit.objects.latest("pk"), hashlib.sha256(content).hexdigest()
        client.force_login(cast.zhao)
        answer = client.get(f"/visits/{visit.code}/photos/{digest}/")
        shown = b"".join(answer.streaming_content)
        assert answer["Content-Type"] in ("image/jpeg", "image/png"), name
        assert b"SECRET" not in shown and b"Exif" not in shown, name
        assert evidence_file(digest).read_bytes() == content
    assert look_at_new() == 0


def test_a_photo_is_opened_once(
    cast: Any, client: Any, collect: Collect, task: CheckTask, monkeypatch: Any
) -> None:
    content = pictures.jpeg_with_position()
    collect.post(refused(task, "p.jpg"), {"p.jpg": content})
    assert (look_at_new(), look_at_new()) == (1, 0)
    monkeypatch.setattr("grid.pictures.queries.READER", "nowhere:nothing")
    assert "<img" in page(client, cast, Visit.objects.get())


NAMES = ("店招 (1).jpg", "IMG [2].JPG", "a  b.jpg", "a&b;.jpg", "é.jpg", "x'y.jpg", "《证》.jpg", "p%20q.jpg")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_s_name_is_read_alike_on_both_sides(collect: Collect, task: CheckTask, name: str) -> None:
    content = pictures.saved(pictures.noise(20, 20), "JPEG")
    assert collect.post(refused(task, name), {name: content}).status_code == 201
    assert Visit.objects.get().answers["refusal_photo"] == hashlib.sha256(content).hexdigest()
    assert safe_name(safe_name(name)) == safe_name(name)


def test_case_differs_and_names_alike_stay_apart(collect: Collect, task: CheckTask) -> None:
    one, two = (pictures.saved(pictures.noise(20, 20), "JPEG") for _ in range(2))
    collect.post(refused(task, "IMG_1.HEIC"), {"img_1.heic": one})
    assert Visit.objects.get().answers["refusal_photo"] == hashlib.sha256(one).hexdigest()
    collect.post(refused(task, "a(1).jpg"), {"a(1).jpg": one, "a[1].jpg": two})
    assert Visit.objects.latest("pk").evidence.count() == 2


def test_other_bytes_under_the_same_name_are_said_to_be(
    cast: Any, client: Any, collect: Collect, task: CheckTask
) -> None:
    one, two = (pictures.saved(pictures.noise(20, 20), "JPEG") for _ in range(2))
    xml = refused(task, "p.jpg")
    assert [collect.post(xml, {"p.jpg": content}).status_code for content in (one, two, two, one)] == [
        201
    ] * 4
    visit = Visit.objects.get()
    assert visit.answers["refusal_photo"] == hashlib.sha256(one).hexdigest()
    assert [came for (came,) in visit.evidence.order_by("pk").values_list("came")] == ["", "resent"]
    assert "又送来一张同名照片" in page(client, cast, visit)


# --- the disk ----------------------------------------------------------------------------------------

PICTURE = b"\xff\xd8\xff" + bytes(5_000)
HASH = hashlib.sha256(PICTURE).hexdigest()


def stored() -> list[str]:
    return [str(file) for file in Path(settings.FILES).rglob("*") if file.is_file()]


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    settings.FILES.mkdir()
    return settings.FILES


def full(settings: Any, *, visits_too: bool = False) -> None:
    """The disk as it is, with a reserve that it does not have."""
    settings.ROOM_KEPT_FREE = 10**18
    settings.ROOM_FOR_VISITS = 10**18 if visits_too else 0


def test_a_full_disk_takes_visits_and_lets_photos_wait(
    settings: Any, files: Path, cast: Any, client: Any, phone: Phone, collect: Collect, task: CheckTask
) -> None:
    body = visit_json(task, photos=[{"sha256": HASH, "size": len(PICTURE), "kind": "door"}])
    begun = phone.begin(body["client_id"], HASH, len(PICTURE))["Location"]
    full(settings)
    assert phone.results(body)[0]["status"] == "accepted"
    for answer in (phone.begin(body["client_id"], "b" * 64, 10), phone.patch(begun, 0, PICTURE)):
        assert (answer.status_code, answer.json()["code"]) == (507, "no-room")
        assert answer["Content-Type"] == "application/problem+json" and int(answer["Retry-After"]) > 0
    assert collect.post(employer(SHORT, door=task.pk, outcome="done")).status_code == 201
    xml = refused(task, "p.jpg")
    waits = collect.post(xml, {"p.jpg": PICTURE})
    assert waits.status_code == 507 and "磁盘空间不足" in told(waits) and int(waits["Retry-After"]) > 0
    assert Submission.objects.filter(taken_at=None).exclude(xml="").count() == 1
    full(settings, visits_too=True)
    assert phone.push(body).status_code == 507
    settings.ROOM_KEPT_FREE = settings.ROOM_FOR_VISITS = 0
    assert phone.patch(begun, 0, PICTURE).status_code == 204
    assert collect.post(xml, {"p.jpg": PICTURE}).status_code == 201
    assert Evidence.objects.exclude(received_at=None).count() == 2


def test_the_desk_is_told(settings: Any, cast: Any, client: Any) -> None:
    from workflows.engine.actions.stuck import find_stuck

    settings.ROOM_KEPT_FREE = 10**18
    assert [snag.key for snag in find_stuck()] == ["disk"]
    client.force_login(cast.wu)
    shown = client.get("/clocks/stuck/").content.decode()
    assert "磁盘空间不足" in shown and "系统管理员" in shown
    settings.ROOM_KEPT_FREE = 0
    assert find_stuck() == []


def test_a_write_that_fails_in_the_middle_leaves_nothing_that_counts(
    files: Path, phone: Phone, collect: Collect, task: CheckTask
) -> None:
    """In a process whose files may not grow beyond 3,000 bytes, as on a disk that ends there."""
    where = phone.begin(visit_json(task)["client_id"], HASH, len(PICTURE))["Location"]
    with small_files(3_000):
        assert phone.patch(where, 0, PICTURE).status_code == 507
        with pytest.raises(problems.NoRoom):
            keeping.keep_file(files / "x" / "y", [PICTURE])
        assert stored() == [str(part_file(Upload.objects.get()))]
    upload = Upload.objects.get()
    assert (upload.offset, upload.finished_at) == (0, None)
    assert phone.patch(where, 0, PICTURE).status_code == 204
    assert evidence_file(HASH).read_bytes() == PICTURE


class small_files:
    def __init__(self, size: int) -> None:
        self.size = size

    def __enter__(self) -> None:
        import resource

        self.before = resource.getrlimit(resource.RLIMIT_FSIZE)
        # SQLite's own files are larger: the limit holds for the moment in which a file of ours is written.
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.size, self.before[1]))

    def __exit__(self, *_error: object) -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, self.before)


def test_one_phone_cannot_fill_the_disk(settings: Any, phone: Phone, cast: Any, task: CheckTask) -> None:
    settings.EARLY_PHOTOS_A_DAY_MB = 1
    from uuid import uuid4

    def tries(count: int) -> list[int]:
        return [phone.begin(str(uuid4()), f"{n:064x}", 300_000).status_code for n in range(count)]

    assert tries(6) == [201, 201, 201, 429, 429, 429]
    body = visit_json(task)
    phone.results(body)
    answer = phone.begin(body["client_id"], HASH, 300_000)
    assert answer.status_code == 201, "a photo whose visit is here is not held up by those that have none"
    settings.REVOKED_PHOTOS_A_DAY_MB = 1
    revoke_phone(phone.device, "遗失", by=cast.by.zhao)
    late = phone.begin(body["client_id"], "c" * 64, 300_000)
    assert (late.status_code, late.json()["code"]) == (429, "photo-allowance") and late["Retry-After"]
    assert Allowance.objects.get().used <= 5 * 300_000
    with moved_to(now() + timedelta(days=1)):
        assert phone.begin(body["client_id"], "d" * 64, 300_000).status_code == 201


def sweep() -> int:
    return give_up_uploads(now() - timedelta(days=settings.UPLOADS_KEPT_DAYS))


def test_uploads_without_a_visit_go_after_a_month_and_not_before(
    files: Path, phone: Phone, task: CheckTask
) -> None:
    early, other = visit_json(task), visit_json(task)
    early["photos"] = [{"sha256": HASH, "size": len(PICTURE), "kind": "door"}]
    for body in (early, other):
        content = PICTURE + body["client_id"].encode()
        digest = hashlib.sha256(content).hexdigest()
        where = phone.begin(body["client_id"], digest, len(content))["Location"]
        assert phone.patch(where, 0, content).status_code == 204
    half = phone.begin(early["client_id"], HASH, len(PICTURE))["Location"]
    phone.patch(half, 0, PICTURE[:1000])
    with moved_to(now() + timedelta(days=20)):
        assert sweep() == 0
        assert phone.patch(half, 1000, PICTURE[1000:]).status_code == 204, "it resumes after weeks"
        (taken,) = phone.results(early)
        assert taken["missing_photos"] == []
    with moved_to(now() + timedelta(days=40)):
        assert sweep() == 1, "and the photo its visit did not promise is bound"
        assert Evidence.objects.exclude(received_at=None).count() == 2
        assert all((files / evidence.path).is_file() for evidence in Evidence.objects.all())
        assert len([path for path in stored() if "/shown/" not in path]) == 2
        assert sweep() == 0


def test_a_file_that_is_just_claimed_stays(files: Path) -> None:
    file = files / "evidence" / "x"
    file.parent.mkdir()
    file.write_bytes(b"x")
    os.utime(file, (0, 0))
    assert keeping.touch(file)
    assert not keeping.clear_away(file, now().timestamp() - 60) and file.read_bytes() == b"x"
    os.utime(file, (0, 0))
    assert keeping.clear_away(file, now().timestamp() - 60) and not keeping.touch(file)
    assert stored() == []
