"""What the fixed sentences after “接下来：” say on the pages of tasks, mobile_api and grid, and what the act then did.

Each sentence is read from its page as whoever may act sees it, the act is done through the form beside it, and every
clause is looked for in what came of it. A sentence of a template that stands in no test here fails `SENTENCES`.
Sentences that the code makes (a variable after the colon) are held to their rules elsewhere.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grid.calendar.now import moved_to, now, today
from grid.ledger.models import Entry
from grid.placing.batches.models import PlacingBatch
from grid.subjects.models import Alias, Subject
from grid.territory.actions import give_posting
from grid.territory.models import Posting
from grid.territory.rules import Post
from mobile_api.devices.actions import enrol_phone, invite_phone, revoke_phone
from mobile_api.devices.models import Device, Revoked
from mobile_api.suggestions.models import Suggestion
from project.inbox import inbox_of
from tasks.claims.queries.asking import asked_of
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding
from tasks.forms import tables
from tasks.forms.actions import publish_form, upload_form
from tasks.forms.models import FormVersion
from tasks.visits.models import AfterEnd, Evidence, Visit
from tasks.visits.rules import Unlisted
from tests.cast import GRID_1, GRID_2
from tests.contract.sentences import keeps, promised, sentence_beside, stand_in
from tests.doors import IN_ORDER, SHORT, UNINSURED, arrival, make_round, make_task, push
from tests.mobile_api.phones import API, Phone, visit_json
from tests.shipped import at_version, day_beside

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8\xff example"
SHA = hashlib.sha256(PHOTO).hexdigest()
SHOP = Unlisted("老王汽车修理部", "", "新华西街12号", "sole_trader_employing", 106.8, 39.6)


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Photos in a folder of the test, and no form of another test in the process."""
    settings.FILES = tmp_path
    yield
    tables.heed(None)


@pytest.fixture
def desk(cast: Any, client: Client) -> Client:
    """The page of zhao, who reviews in wang's and li's community."""
    client.force_login(cast.zhao)
    return client


@pytest.fixture
def phone(cast: Any) -> Phone:
    return phone_of(cast, cast.post.wang)


@pytest.fixture
def task(cast: Any, make_employer: Any) -> CheckTask:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def phone_of(cast: Any, posting: Posting) -> Phone:
    _invited, code = invite_phone(posting, by=cast.by.zhao)
    device, token = enrol_phone(code, "网格员的手机", "0.1.0")
    return Phone(Client(), token, device)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def done(client: Client, address: str, given: Mapping[str, Any]) -> str:
    """The page the act leads to."""
    answer = client.post(address, given, follow=True)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


# --- forms -------------------------------------------------------------------------------------------


NEXT = day_beside("employer", 1)


def table_of(day: str) -> bytes:
    """The form for employers as it was shipped, under another day, with a question in other words."""
    return at_version("employer", day).replace("| 在岗人数 |", "| 今天在岗多少人？ |", 1).encode()


@pytest.fixture
def draft(cast: Any, client: Client) -> FormVersion:
    client.force_login(cast.wu)
    return upload_form("employer.md", table_of(NEXT), by=cast.by.wu)


def of_form(row: FormVersion, act: str) -> str:
    return reverse(f"form-{act}", args=[row.code, row.version])


def pulled(phone: Phone) -> dict[str, Any]:
    """The form for employers as a pull brings it to a phone that has none."""
    forms = phone.get("changes").json()["forms"]
    return next(form for form in forms if form["code"] == "employer")


@pytest.mark.parametrize("days", [0, 1])
def test_publish(cast: Any, client: Client, phone: Phone, draft: FormVersion, days: int) -> None:
    said = promised(text(client, of_form(draft, "version")), of_form(draft, "publish"))
    before, app = pulled(phone), phone.device.app_version
    first = today() + timedelta(days=days)
    page = done(client, of_form(draft, "publish"), {"valid_from": first.isoformat()})
    assert f"手机自 {first} 起联网即换用" in page
    if days:
        assert pulled(phone)["version"] == before["version"]
    with moved_to(now() + timedelta(days=days)):
        after = pulled(phone)
    device = Device.objects.get(pk=phone.device.pk)
    keeps(
        said,
        {
            "自启用日期起": after != before,
            "手机联网即换用这个版本": after["version"] == draft.version and "今天在岗多少人？" in str(after),
            "不用更新应用": device.app_version == app,
        },
    )


def test_withdraw_the_one_in_use(cast: Any, client: Client, phone: Phone, task: CheckTask) -> None:
    former = pulled(phone)["version"]
    client.force_login(cast.wu)
    row = publish_form(upload_form("a.md", table_of(NEXT), by=cast.by.wu), today(), by=cast.by.wu)
    assert pulled(phone)["version"] == row.version
    filled = {"form_version": row.version, "answers": SHORT}
    phone.results(visit_json(task, **filled))
    said = promised(text(client, of_form(row, "version")), of_form(row, "withdraw"))
    assert "换回前一版本" in done(client, of_form(row, "withdraw"), {"why": "问法不清"})
    keeps(
        said,
        {
            "手机下次联网换回前一版本": pulled(phone)["version"] == former,
            "用这个版本填的走访照样保存": kept_with(phone, task, row, filled),
        },
    )


@pytest.mark.parametrize("why", ["not yet", "no longer"])
def test_withdraw_one_that_is_not_in_use(
    cast: Any, client: Client, phone: Phone, task: CheckTask, why: str
) -> None:
    client.force_login(cast.wu)
    first = today() + timedelta(days=5 if why == "not yet" else 0)
    row = publish_form(upload_form("a.md", table_of(NEXT), by=cast.by.wu), first, by=cast.by.wu)
    if why == "no longer":
        newer = upload_form("b.md", table_of(day_beside("employer", 2)), by=cast.by.wu)
        publish_form(newer, today(), by=cast.by.wu)
    before = pulled(phone)["version"]
    filled = {"form_version": row.version, "answers": SHORT}
    phone.results(visit_json(task, **filled))
    said = promised(text(client, of_form(row, "version")), of_form(row, "withdraw"))
    assert "手机照用现用版本" in done(client, of_form(row, "withdraw"), {"why": "问法不清"})
    same = pulled(phone)["version"] == before != row.version
    with moved_to(now() + timedelta(days=6)):
        never = pulled(phone)["version"] == before
    keeps(
        said,
        {
            "手机照用现用版本": same,
            "不再换用这个版本": never,
            "用这个版本填的走访照样保存": kept_with(phone, task, row, filled),
        },
    )


def kept_with(phone: Phone, task: CheckTask, row: FormVersion, filled: dict[str, Any]) -> bool:
    """The visit that was here stands as it came, and one the phone still held is taken in like it."""
    (late,) = phone.results(visit_json(task, **filled))
    visits = Visit.objects.filter(form_version=row.version)
    same = all(visit.answers == filled["answers"] and visit.finding.measures for visit in visits)
    return late["status"] == "accepted" and visits.count() == 2 and same


# --- two people at one door --------------------------------------------------------------------------


@pytest.fixture
def clash(cast: Any, task: CheckTask) -> Visit:
    """wang found all in order where li, later, found people uninsured."""
    push(cast.post.wang, cast.by.wang, arrival(task))
    CheckTask.objects.filter(pk=task.pk).update(posting=cast.post.li)
    (answer,) = push(cast.post.li, cast.by.li, arrival(task, answers=SHORT, recorded_at=now()))
    return Visit.objects.get(code=answer.visit)


def waits_for_review(client: Client, finding: Finding) -> bool:
    return finding.state == "open" and f"/findings/{finding.pk}/" in text(client, "/findings/")


@pytest.mark.once
@pytest.mark.parametrize(
    ("believed", "confirmed"), [("li", False), ("wang", False), ("li", True), ("wang", True)]
)
def test_settle_a_clash(cast: Any, desk: Client, clash: Visit, believed: str, confirmed: bool) -> None:
    first = Finding.objects.get(visit__person=cast.wang)
    if confirmed:
        confirm_finding(first, by=cast.by.zhao)
    address = reverse("clash", args=[clash.code])
    said = promised(text(desk, address))
    taken = Visit.objects.get(person=getattr(cast, believed))
    given = {"take-0": taken.code, "why-0": "当面核对用工名册"}
    assert "没有采用的仍在记录里" in done(desk, address, given)
    finding = taken.finding
    finding.refresh_from_db()
    reviewed = believed == "wang" and confirmed
    left = Visit.objects.exclude(pk=taken.pk).get()
    page = text(desk, address)
    keeps(
        said,
        {
            "采用的各项进入复核": reviewed or waits_for_review(desk, finding),
            "与已复核的一致的不再复核": not reviewed or not Finding.objects.filter(state="open").exists(),
            "没有采用的保留在记录里": "经核定不采用" in page and bool(left.answers["insured_seen"]),
            "不再作数": not Finding.objects.filter(visit=left, state__in=("open", "clashing")).exists()
            and bool(finding.measures) == (believed == "li"),
        },
    )


@pytest.mark.parametrize("confirmed", [False, True])
def test_settle_a_clash_that_is_none_any_more(cast: Any, desk: Client, clash: Visit, confirmed: bool) -> None:
    """Corrections end a clash by themselves; where one still waits though nothing is contested, one word ends it."""
    first = Finding.objects.get(visit__person=cast.wang)
    if confirmed:
        confirm_finding(first, by=cast.by.zhao)
    Visit.objects.filter(pk=clash.pk).update(answers=IN_ORDER)
    address = reverse("clash", args=[clash.code])
    page = text(desk, address)
    assert "各份所报已经一致" in page and "take-0" not in page
    said = promised(page)
    done(desk, address, {})
    first.refresh_from_db()
    waiting = Finding.objects.filter(state__in=("open", "clashing"))
    keeps(
        said,
        {
            "所报进入复核": confirmed or waits_for_review(desk, waiting.get()),
            "与已复核的一致的不再复核": waiting.exists() != confirmed,
        },
    )


# --- doors nobody knows ------------------------------------------------------------------------------


@pytest.fixture
def make_stray(cast: Any) -> Callable[..., Visit]:
    """A visit of wang's to a unit no register knows, with a photo."""

    def make(**fields: Any) -> Visit:
        sent = arrival(unlisted=SHOP, **{"answers": UNINSURED, **fields})
        (answer,) = push(cast.post.wang, cast.by.wang, sent)
        visit = Visit.objects.get(code=answer.visit)
        photo_of(visit)
        return visit

    return make


def photo_of(visit: Visit) -> None:
    Evidence.objects.create(
        visit=visit,
        sha256=SHA,
        size=len(PHOTO),
        kind="photo",
        question="photo",
        received_at=now(),
        path="evidence/x",
    )


MET = [("done", UNINSURED), ("refused", {}), ("closed", {}), ("nobody_in", {})]


def goes_to_review(client: Client, visit: Visit) -> bool:
    finding = Finding.objects.filter(visit=visit).first()
    return finding is not None and waits_for_review(client, finding)


@pytest.mark.parametrize(("outcome", "answers"), MET)
def test_claim(
    desk: Client, make_stray: Any, make_employer: Any, outcome: str, answers: dict[str, Any]
) -> None:
    stray, subject = make_stray(outcome=outcome, answers=answers), make_employer("老王修车铺", area=GRID_2)
    action = reverse("claim-visit", args=[stray.code])
    said = promised(text(desk, reverse("unclaimed-visit", args=[stray.code]) + "?q=修车铺"), action)
    page = done(desk, action, {"subject": subject.pk, "why": "店主姓名一致"})
    stray.refresh_from_db()
    belongs = stray.subject == subject and stray.area == GRID_2 and stray.code not in page
    is_reviewed = goes_to_review(desk, stray)
    assert ("请复核" in page) == is_reviewed
    keeps(
        said, {"走访归入这一户": belongs, **to_review(outcome, is_reviewed, "送复核", "无人在场的不送复核")}
    )


@pytest.mark.parametrize(("outcome", "answers"), MET)
def test_accept(desk: Client, make_stray: Any, outcome: str, answers: dict[str, Any]) -> None:
    stray = make_stray(outcome=outcome, answers=answers)
    action = reverse("accept-visit", args=[stray.code])
    said = promised(text(desk, reverse("unclaimed-visit", args=[stray.code])), action)
    given = {"name": SHOP.name, "kind": SHOP.kind, "address": SHOP.address, "why": "名册中没有"}
    page = done(desk, action, given)
    stray.refresh_from_db()
    assert stray.subject
    belongs = stray.subject.name == SHOP.name and stray.subject.area == GRID_1 == stray.posting.area_id
    is_reviewed = goes_to_review(desk, stray)
    assert ("走访送复核" in page) == is_reviewed
    seen = to_review(outcome, is_reviewed, "走访送复核", "无人在场的走访不送复核")
    keeps(said, {"成为走访所在网格的对象": belongs, **seen})


def to_review(outcome: str, is_reviewed: bool, goes: str, stays: str) -> dict[str, bool]:
    return {stays: not is_reviewed} if outcome == "nobody_in" else {goes: is_reviewed}


def test_lay_a_stray_aside(cast: Any, desk: Client, make_stray: Any) -> None:
    stray = make_stray()
    action = reverse("lay-aside-visit", args=[stray.code])
    said = promised(text(desk, reverse("unclaimed-visit", args=[stray.code])), action)
    assert "/visits/unclaimed/" in str(inbox_of(cast.by.zhao).items)
    page = done(desk, action, {"why": "流动摊点"})
    waits = stray.code in page or "/visits/unclaimed/" in str(inbox_of(cast.by.zhao).items)
    keeps(said, {"不再待办": not waits, "走访和照片仍然保存": is_kept(desk, stray)})


def is_kept(client: Client, visit: Visit) -> bool:
    """The visit as it came, with its photo, and its page."""
    now_here = Visit.objects.get(pk=visit.pk)
    page = text(client, reverse("visit", args=[visit.code]))
    same = (now_here.answers, now_here.hash) == (visit.answers, visit.hash)
    return same and Evidence.objects.filter(visit=visit).count() == 1 and visit.person.full_name in page


# --- after the end of their authority ----------------------------------------------------------------


@pytest.fixture
def make_held(cast: Any, phone: Phone) -> Callable[..., Visit]:
    """What a phone of wang's sends after it was reported lost, with a photo."""

    def make(task: CheckTask | None = None, **fields: Any) -> Visit:
        if phone.device.revoked_at is None:
            revoke_phone(phone.device, "手机被盗", Revoked.LOST, by=cast.by.zhao)
            phone.device.refresh_from_db()
        (result,) = phone.results(visit_json(task, **fields))
        assert result["route"] == "held", result
        visit = Visit.objects.get(code=result["visit"])
        photo_of(visit)
        return visit

    return make


def is_open(cast: Any, client: Client, *visits: Visit) -> list[bool]:
    """Whether each waits in the list of held visits, of which the inbox tells."""
    page, inbox = text(client, reverse("held-visits")), str(inbox_of(cast.by.zhao).items)
    listed = [visit.code in page for visit in visits]
    assert any(listed) == ("/visits/held/" in inbox)
    return listed


def test_lay_several_held_visits_aside(cast: Any, desk: Client, make_held: Any, task: CheckTask) -> None:
    *chosen, other = [make_held(task, answers=SHORT) for _n in range(3)]
    action = reverse("lay-held-aside")
    said = promised(text(desk, reverse("held-visits")), action)
    assert is_open(cast, desk, *chosen, other) == [True] * 3
    page = done(desk, action, {"visit": [visit.code for visit in chosen], "why": "本人不在岗"})
    entries = Entry.objects.filter(verb="visit.decided", actor=cast.zhao.pk)
    leads_to = reverse("held-visit", args=[other.code])
    keeps(
        said,
        {
            "选中的不再待办": is_open(cast, desk, *chosen, other) == [False, False, True],
            "走访和照片仍然保存": all(is_kept(desk, visit) for visit in chosen),
            "每条各记一笔台账": sorted(entry.data["visit"] for entry in entries)
            == sorted(visit.code for visit in chosen),
            "要采用的请逐条点开": leads_to in page
            and reverse("accept-held", args=[other.code]) in text(desk, leads_to),
        },
    )


def test_lay_one_held_visit_aside(cast: Any, desk: Client, make_held: Any, task: CheckTask) -> None:
    held = make_held(task, answers=SHORT)
    action = reverse("lay-held-aside")
    said = promised(text(desk, reverse("held-visit", args=[held.code])), action)
    assert is_open(cast, desk, held) == [True]
    done(desk, action, {"visit": held.code, "why": "本人不在岗"})
    keeps(
        said,
        {
            "不再待办": is_open(cast, desk, held) == [False] and not Finding.objects.exists(),
            "走访和照片存卷": is_kept(desk, held),
        },
    )


def test_accept_a_held_visit(cast: Any, desk: Client, make_held: Any, make_employer: Any) -> None:
    """One sentence for all that may become of it: each is tried."""
    round = make_round(cast.qian)

    def door(name: str) -> CheckTask:
        return make_task(round, make_employer(name), cast.post.wang)

    alone, outrun, met, empty = (door(name) for name in ("独一户", "又去的一户", "两人的一户", "没人的一户"))
    wang = phone_of(cast, cast.post.wang)
    first = make_held(alone, answers=SHORT)
    former = make_held(outrun, answers=SHORT)
    later = (now() + timedelta(seconds=2)).isoformat()
    (newer,) = wang.results(visit_json(outrun, recorded_at=later))
    CheckTask.objects.filter(pk=met.pk).update(posting=cast.post.li)
    push(cast.post.li, cast.by.li, arrival(met, recorded_at=now() - timedelta(seconds=40)))
    clashing = make_held(met, answers=SHORT)
    nowhere = make_held(None, task_id=999_999, answers=SHORT)
    nobody = make_held(empty, outcome="nobody_in", answers={})
    said = set()
    for visit in (first, former, clashing, nowhere, nobody):
        action = reverse("accept-held", args=[visit.code])
        said.add(promised(text(desk, reverse("held-visit", args=[visit.code])), action))
        done(desk, action, {"why": "已向本人核实"})
        visit.refresh_from_db()
    (sentence,) = said
    alone.refresh_from_db()
    states = dict(Finding.objects.values_list("visit__code", "state"))
    keeps(
        sentence,
        {
            "按走访时间排入这一户": first.subject == alone.subject and alone.state == "visited",
            "后来另有走访的以后来的为准": (states[former.code], states[newer["visit"]])
            == ("replaced", "open"),
            "所得发现送复核": goes_to_review(desk, first) and nobody.code not in states,
            "与他人所报不一致的先送核定": states[clashing.code] == "clashing"
            and clashing.code in text(desk, reverse("clashes")),
            "单位不明的待认领": nowhere.code in text(desk, reverse("unclaimed")),
            "标记保留": AfterEnd.objects.filter(verdict="accepted", ground="lost").count() == 5
            and "核定采用" in text(desk, reverse("visit", args=[first.code])),
        },
    )


# --- what phones say and hand in ---------------------------------------------------------------------


def suggest(phone: Phone, words: str) -> Suggestion:
    one = {"client_id": str(uuid4()), "text": words, "task_id": None, "written_at": now().isoformat()}
    answer = phone.client.post(
        API + "suggestions", json.dumps({"items": [one]}), content_type="application/json",
        headers={"Authorization": f"Bearer {phone.token}"},
    )  # fmt: skip
    assert answer.json()["results"][0]["status"] == "accepted"
    return Suggestion.objects.get(text=words)


def test_answer_a_suggestion(desk: Client, phone: Phone) -> None:
    row, cursor = suggest(phone, "表单太长"), phone.get("changes").json()["cursor"]
    action = reverse("suggestion-answer", args=[row.pk])
    said = sentence_beside(text(desk, reverse("suggestions")), action)
    assert "下次联网时即可看到" in done(desk, action, {"answer": "下个版本改。"})
    (heard,) = phone.get(f"changes?cursor={cursor}").json()["suggestions"]
    is_answer = (heard["text"], heard["answer"], heard["by"]) == ("表单太长", "下个版本改。", "赵敏")
    keeps(said, {"答复回到对方手机": is_answer})


def test_answer_a_suggestion_of_somebody_who_left(cast: Any, desk: Client, phone: Phone) -> None:
    row = suggest(phone, "表单太长")
    Posting.objects.filter(pk=cast.post.wang.pk).update(valid_to=today() - timedelta(days=1))
    action = reverse("suggestion-answer", args=[row.pk])
    said = sentence_beside(text(desk, reverse("suggestions")), action)
    assert "重新上岗后在手机上看到" in done(desk, action, {"answer": "下个版本改。"})
    again = give_posting(cast.wang, Post("worker", GRID_2, today()), by=cast.by.qian)
    heard = phone_of(cast, again).get("changes").json()["suggestions"]
    keeps(
        said,
        {
            "答复存在这里": "下个版本改。" in text(desk, reverse("suggestions") + "?state=answered"),
            "对方重新上岗后在手机上看到": [suggestion["answer"] for suggestion in heard] == ["下个版本改。"],
        },
    )


def test_hand_in_a_file(cast: Any, desk: Client, task: CheckTask) -> None:
    said = promised(text(desk, "/devices/handin/"))
    promise = [{"sha256": SHA, "size": len(PHOTO), "kind": "refusal_photo"}]
    seen = visit_json(task, outcome="refused", answers={}, photos=promise)
    known = visit_json(subject_id=task.subject_id)
    words = {
        "client_id": str(uuid4()),
        "text": "多一些门牌",
        "task_id": None,
        "written_at": now().isoformat(),
    }
    photo = {
        "visit": seen["client_id"], "question": "refusal_photo", "sha256": SHA, "size": len(PHOTO),
        "kind": "refusal_photo", "jpeg": base64.b64encode(PHOTO).decode(),
    }  # fmt: skip
    wrong = {**photo, "sha256": "a" * 64}

    def give(visits: list[Any], photos: list[Any], suggestions: list[Any]) -> str:
        told = {
            "format": "grid-canvass-unsent-1", "written_at": "", "visits": visits, "photos": photos,
            "suggestions": suggestions,
        }  # fmt: skip
        file = SimpleUploadedFile("x.json", json.dumps(told).encode())
        return done(desk, "/devices/handin/", {"posting": cast.post.wang.pk, "file": file})

    give([known], [], [])
    page = give([seen, known, {"client_id": "无"}], [photo, wrong], [words, {**words, "text": ""}])
    visits, suggestions = (part.split("</table>")[0] for part in page.split("<table")[1:3])
    lines = [
        re.sub(r"<[^>]+>|\s+", " ", line) for line in re.findall(r"<tr>(<td.*?)</tr>", visits, re.DOTALL)
    ]
    heard = [
        re.sub(r"<[^>]+>|\s+", " ", line) for line in re.findall(r"<tr>(<td.*?)</tr>", suggestions, re.DOTALL)
    ]
    results = ("新收到", "此前已收到", "未能接收")
    keeps(
        said,
        {
            "逐条告诉您收到了什么": [[word in line for word in results].index(True) for line in lines]
            == [0, 1, 2]
            and all(visit.code in visits for visit in Visit.objects.all())
            and [[word in line for word in results].index(True) for line in heard] == [0, 2]
            and "<b>1</b><span>照片" in page,
            "没能接收的说明原因": "这条走访无法读取：" in lines[2]
            and "这条意见无法读取：" in heard[1]
            and "内容与指纹不符或无法读取" in page,
        },
    )
    assert Visit.objects.count() == 2 and Evidence.objects.exclude(received_at=None).count() == 1


# --- placing by hand ---------------------------------------------------------------------------------


def test_place_by_hand(cast: Any, client: Client, make_employer: Any) -> None:
    road = "凤凰岭西街北二街坊"
    park = "150302001003001"
    one, alike = (make_employer(area="150302", address=f"乌海市海勃湾区{road}{n}号") for n in (1, 2))
    # Its address says another community, of two grids: what the text says outweighs what is taught.
    elsewhere = make_employer(area="150302001002", address=f"乌海市海勃湾区和平社区{road}3号")
    other = make_employer(area="150302", address="乌海市海勃湾区新华西街5号")
    Subject.objects.update(placement="unplaced")
    client.force_login(cast.qian)
    address = reverse("pool-place", args=[one.pk])
    said = promised(text(client, address))
    page = done(client, address, {"grid": park, "why": "现场核实"})
    alias = Alias.objects.get()
    areas = dict(Subject.objects.values_list("pk", "area"))
    keeps(
        said,
        {
            "记住“凤凰岭西街北2街坊”属于所选网格": (alias.pattern, alias.grid) == ("凤凰岭西街北2街坊", park),
            "待归格的对象中还有 2 户含有它": areas[other.pk] == "150302",
            "除地址写明在别处的": areas[elsewhere.pk] == "150302001002",
            "会随之归格": areas[alike.pk] == park and "1 户也随之归格" in page,
        },
    )


def test_place_the_only_one_by_hand(cast: Any, client: Client, make_employer: Any) -> None:
    one = make_employer(area="150302", address="乌海市海勃湾区凤凰岭西街北二街坊1号")
    other = make_employer(area="150302", address="乌海市海勃湾区新华西街5号")
    Subject.objects.update(placement="unplaced")
    client.force_login(cast.qian)
    address = reverse("pool-place", args=[one.pk])
    said = promised(text(client, address))
    page = done(client, address, {"grid": GRID_1})
    alias = Alias.objects.get()
    other.refresh_from_db()
    keeps(
        said,
        {
            "记住“凤凰岭西街北2街坊”属于所选网格": (alias.pattern, alias.grid)
            == ("凤凰岭西街北2街坊", GRID_1),
            "待归格的对象中没有别的含有它": other.placement == "unplaced" and "也随之归格" not in page,
        },
    )


def group_of(make_employer: Any, address: str) -> dict[str, list[int]]:
    pks = [make_employer(area="150302", address=f"乌海市海勃湾区{address}{n}号").pk for n in (1, 2)]
    Subject.objects.filter(pk__in=pks).update(placement="unplaced")
    return {"shown": pks, "chosen": pks}


def test_place_a_group(cast: Any, client: Client, make_employer: Any) -> None:
    client.force_login(cast.qian)
    whole, part = (group_of(make_employer, f"凤凰岭西街{side}二街坊") for side in "北南")
    said = ""
    for side, listed in (("北", whole), ("南", part | {"chosen": part["chosen"][:1]})):
        key = f"150302:block:凤凰岭西街{side}2街坊"
        said = said or promised(text(client, f"{reverse('pool-group')}?key={key}"))
        done(client, reverse("pool-group"), {"key": key, "grid": GRID_1, **listed})
    areas = dict(Subject.objects.values_list("pk", "area"))
    taught = list(Alias.objects.values_list("pattern", flat=True))
    keeps(
        said,
        {
            "勾选的归入所选之处": {areas[pk] for pk in (*whole["shown"], part["shown"][0])} == {GRID_1},
            "全部勾选的": areas[part["shown"][1]] == "150302",
            "记住“凤凰岭西街北2街坊”": "凤凰岭西街北2街坊" in taught,
            "有取消勾选的": len(Subject.objects.filter(area="150302")) == 1,
            "不记": taught == ["凤凰岭西街北2街坊"],
        },
    )


def test_place_a_road(cast: Any, client: Client, make_employer: Any) -> None:
    client.force_login(cast.qian)
    listed = group_of(make_employer, "新华西街")
    key = "150302:road:新华西街"
    said = promised(text(client, f"{reverse('pool-group')}?key={key}"))
    done(client, reverse("pool-group"), {"key": key, "grid": GRID_1, **listed})
    areas = set(Subject.objects.values_list("area", flat=True))
    keeps(
        said,
        {
            "勾选的归入所选之处": areas == {GRID_1},
            "道路穿过多处": not Alias.objects.exists(),
            "不记": not Alias.objects.exists(),
        },
    )


def test_undo_a_placing(cast: Any, client: Client, make_employer: Any) -> None:
    client.force_login(cast.qian)
    listed = group_of(make_employer, "凤凰岭西街北二街坊")
    done(client, reverse("pool-group"), {"key": "150302:block:凤凰岭西街北2街坊", "grid": GRID_1, **listed})
    elsewhere, sent, visited = (make_employer(area=GRID_1).pk for _ in range(3))
    batch = PlacingBatch.objects.get()
    for pk in (elsewhere, sent, visited):
        batch.lines.create(subject_id=pk, before="150302", before_why="", after=GRID_1)
    Subject.objects.filter(pk=elsewhere).update(area=GRID_2)
    for pk in (sent, visited):
        make_task(make_round(cast.qian), Subject.objects.get(pk=pk), cast.post.wang, dispatched_at=now())
    address = reverse("pool-batch", args=[batch.pk])
    said = promised(text(client, address))
    page = done(client, address, {"why": "选错了网格"})
    areas = dict(Subject.objects.values_list("pk", "area"))
    keeps(
        said,
        {
            "归入的各户回到原来的待归格": {areas[pk] for pk in listed["shown"]} == {"150302"},
            "教过的地址片段恢复原来的意思": not Alias.objects.exists(),
            "此后又归入别处、已派发或走访过的不撤销": areas[elsewhere] == GRID_2 and areas[sent] == GRID_1,
            "逐户写明原因": "此后又归入" in page and "此后已派发核查" in page,
        },
    )


def test_answer_what_nobody_claimed(cast: Any, client: Client, make_employer: Any) -> None:
    community, old = GRID_1[:12], now() - timedelta(days=20)
    here, elsewhere, nowhere = (make_employer(area=community, added_at=old) for _number in range(3))
    client.force_login(cast.zhao)
    pages = [reverse("claims-reply", args=[subject.pk]) for subject in (here, elsewhere, nowhere)]
    said = promised(text(client, pages[0]))
    done(client, pages[0], {"reply": "place", "grid": GRID_1})
    done(client, pages[1], {"reply": "not_ours", "why": "在公园社区"})
    done(client, pages[2], {"reply": "not_there", "why": "门牌不存在"})
    areas = dict(Subject.objects.values_list("pk", "area"))
    states = dict(Span.objects.filter(until=None).values_list("subject", "state"))
    keeps(
        said,
        {
            "归入网格的随即归格": areas[here.pk] == GRID_1,
            "不在本辖区的改问上一级": elsewhere in asked_of(cast.by.sun, community[:9]),
            "查无此户的在覆盖账上记为“查无”": states[nowhere.pk] == "not_found",
            "不再询问": not asked_of(cast.by.zhao, community).exists(),
        },
    )


# --- the table ---------------------------------------------------------------------------------------

SENTENCES: dict[str, dict[str, Callable[..., None]]] = {
    "tasks/forms/version.html": {
        "自启用日期起，手机联网即换用这个版本，不用更新应用。": test_publish,
        "手机下次联网换回前一版本；用这个版本填的走访照样保存。": test_withdraw_the_one_in_use,
        "手机照用现用版本，不再换用这个版本；用这个版本填的走访照样保存。": test_withdraw_one_that_is_not_in_use,
    },
    "tasks/arrivals/clash.html": {
        "采用的各项进入复核，与已复核的一致的不再复核；没有采用的保留在记录里，不再作数。": test_settle_a_clash,
        "所报进入复核，与已复核的一致的不再复核。": test_settle_a_clash_that_is_none_any_more,
    },
    "tasks/arrivals/claim.html": {
        "走访归入这一户，送复核。": test_claim,
        "走访归入这一户，无人在场的不送复核。": test_claim,
        "成为走访所在网格的对象，走访送复核。": test_accept,
        "成为走访所在网格的对象，无人在场的走访不送复核。": test_accept,
        "不再待办；走访和照片仍然保存。": test_lay_a_stray_aside,
    },
    "tasks/arrivals/held.html": {
        "选中的不再待办，走访和照片仍然保存；每条各记一笔台账。要采用的请逐条点开。": test_lay_several_held_visits_aside,
    },
    "tasks/arrivals/held_visit.html": {
        "按走访时间排入这一户，后来另有走访的以后来的为准；所得发现送复核，与他人所报不一致的先送核定，"
        "单位不明的待认领；标记保留。": test_accept_a_held_visit,
        "不再待办，走访和照片存卷。": test_lay_one_held_visit_aside,
    },
    "tasks/claims/reply.html": {
        "归入网格的随即归格；不在本辖区的改问上一级；查无此户的在覆盖账上记为“查无”，不再询问。":
            test_answer_what_nobody_claimed,
    },
    "mobile_api/suggestions/list.html": {
        "答复回到对方手机": test_answer_a_suggestion,
        "答复存在这里，对方重新上岗后在手机上看到": test_answer_a_suggestion_of_somebody_who_left,
    },
    "mobile_api/handin/page.html": {"逐条告诉您收到了什么，没能接收的说明原因。": test_hand_in_a_file},
    "grid/placing/group.html": {
        "勾选的归入所选之处；全部勾选的，记住“{{ piece }}”；有取消勾选的，不记。": test_place_a_group,
        "勾选的归入所选之处，道路穿过多处，不记。": test_place_a_road,
    },
    "grid/placing/batches/detail.html": {
        "归入的各户回到原来的待归格，教过的地址片段恢复原来的意思；此后又归入别处、已派发或走访过的不撤销，"
        "逐户写明原因。": test_undo_a_placing,
    },
    "grid/placing/place.html": {
        "记住“{{ piece }}”属于所选网格；待归格的对象中还有 {{ n }} 户含有它，"
        "除地址写明在别处的，会随之归格。": test_place_by_hand,
        "记住“{{ piece }}”属于所选网格；待归格的对象中没有别的含有它。": test_place_the_only_one_by_hand,
    },
}  # fmt: skip


def test_no_sentence_of_the_field_stands_unchecked() -> None:
    assert stand_in(("tasks", "mobile_api", "grid")) == {
        name: sorted(said) for name, said in SENTENCES.items()
    }
    assert all(globals()[test.__name__] is test for said in SENTENCES.values() for test in said.values())
