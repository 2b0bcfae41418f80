"""A 告知书 handed over by the grid worker: asked for at the desk, served by a visit, and whatever else may happen
to it on the way is kept and decided by a named person."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grid import problems
from grid.calendar.now import CITY_TIME, now, today
from grid.ledger.models import Entry
from mobile_api.devices.actions import enrol_phone, invite_phone, revoke_phone
from mobile_api.devices.models import Device, Revoked
from mobile_api.sync.actions import take_visits
from mobile_api.sync.queries.paging import changes
from mobile_api.sync.rules import Cursor, read_cursor
from tasks.arrivals.actions.recording import bind_evidence
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.forms import tables
from tasks.visits.models import Visit
from tasks.visits.rules import Arrival, Photo
from tests.approving import approved
from tests.workflows.conftest import Walk, paper
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.clocks.models import Clock
from workflows.inspections import actions as inspecting
from workflows.inspections.models import Inspection, InspectionState
from workflows.notices import problems as notices_problems
from workflows.notices import queries
from workflows.notices.actions import Receipt, doorstep, slips
from workflows.notices.actions.slips import prove_service
from workflows.notices.models import DoorService, Fate, Notice, Service
from workflows.notices.views import deciding

INK = b"\x89PNG\r\n\x1a\n not a picture"
DRAWN = hashlib.sha256(INK).hexdigest()
SIGNED = {
    "way": "direct", "recipient": "张三", "relation": "clerk", "signature": DRAWN, "service_note": "当面签收",
}  # fmt: skip
SIGNATURE = (Photo(DRAWN, len(INK), "signature"),)
LEFT = {"way": "left", "refused_reason": "拒绝签收", "witness_1": "李四", "witness_2": "赵五"}


@pytest.fixture
def device(cast: Any) -> Device:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    return enrol_phone(code, "王建国的手机", "0.1.0")[0]


@pytest.fixture
def urging(case_at: Callable[..., Case], cast: Any) -> Notice:
    """Issued by zhao, approved by sun, not served, and nobody asked to."""
    return approved(actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao))


@pytest.fixture
def asked(urging: Notice, cast: Any) -> Notice:
    return doorstep.send_to_door(urging, by=cast.by.zhao)


def handing(notice: Notice, **fields: Any) -> Arrival:
    answers = {"notice": notice.number, **fields.pop("answers", SIGNED)}
    values: dict[str, Any] = {
        "client_id": uuid4(), "task_id": None, "subject_id": notice.case.subject_id, "premise_code": None,
        "form": "notice_service", "form_version": tables.current("notice_service").version, "outcome": "done", "answers": answers,
        "recorded_at": now(), "position": None, "photos": SIGNATURE, "replaces": None,
    }  # fmt: skip
    return Arrival(**{**values, **fields})


def take(device: Device, *arrivals: Arrival, phone_time: datetime | None = None) -> list[DoorService]:
    device.refresh_from_db()
    answers = take_visits(device, arrivals, phone_time or now())
    assert {answer.status for answer in answers} <= {"accepted", "repeated"}
    return [DoorService.objects.get(visit__client_id=arrival.client_id) for arrival in arrivals]


def doors(device: Device, cursor: int = 0) -> dict[str, Any]:
    device.refresh_from_db()
    return changes(device, read_cursor(str(cursor)), 300, ())


def arrive(visit: Visit, by: Any, photo: bytes = INK, kind: str = "signature") -> None:
    path = f"evidence/{uuid4().hex}"
    file = Path(settings.FILES) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(photo)
    bind_evidence(visit.client_id, Photo(hashlib.sha256(photo).hexdigest(), len(photo), kind), path, by=by)


# --- asking -----------------------------------------------------------------------------------------


def test_the_phone_learns_of_a_document_and_of_its_being_taken_back(
    urging: Notice, device: Device, cast: Any
) -> None:
    device.posting.feed = 1
    device.posting.save(update_fields=["feed"])
    before = doors(device)
    assert [door["notices"] for door in before["doors"]] == [[]]
    doorstep.send_to_door(urging, by=cast.by.zhao)
    after = doors(device, before["cursor"])
    (told,) = after["doors"][0]["notices"]
    assert (told["number"], told["kind"], told["ways"]) == (urging.number, "urging", ["direct", "left"])
    assert told["url"].endswith(f"/v/{urging.code}") and told["case"] == urging.case.code
    assert any("限期" in line or "期限" in line for line in told["text"])
    doorstep.recall_from_door(urging, by=cast.by.sun)
    assert doors(device, after["cursor"])["doors"][0]["notices"] == []
    verbs = Entry.objects.filter(case=urging.case.code).values_list("verb", flat=True)
    assert {"notice.sent_out", "notice.recalled"} <= set(verbs)


def test_pulling_costs_one_query_for_all_documents_and_none_without(
    urging: Notice, device: Device, cast: Any
) -> None:
    def cost() -> list[str]:
        device.refresh_from_db()
        with CaptureQueriesContext(connection) as seen:
            changes(device, Cursor(0), 300, ())
        return [query["sql"] for query in seen.captured_queries]

    without = cost()
    assert not any("workflows_notice" in sql for sql in without)
    doorstep.send_to_door(urging, by=cast.by.zhao)
    assert sum("workflows_notice" in sql for sql in cost()) == 1


def test_asking_twice_changes_nothing(asked: Notice, cast: Any) -> None:
    again = doorstep.send_to_door(asked, by=cast.by.sun)
    assert again.asked_by_id == cast.zhao.pk
    assert Entry.objects.filter(verb="notice.sent_out").count() == 1


def test_taking_back_what_nobody_asked_changes_nothing(urging: Notice, cast: Any) -> None:
    assert doorstep.recall_from_door(urging, by=cast.by.zhao).asked_at is None
    assert not Entry.objects.filter(verb="notice.recalled").exists()


def test_who_may_ask(urging: Notice, cast: Any) -> None:
    with pytest.raises(problems.NotYourPost):
        doorstep.send_to_door(urging, by=cast.by.wang)
    with pytest.raises(problems.NotHere):
        doorstep.send_to_door(urging, by=cast.by.chen)


def test_an_order_is_not_for_a_worker(inspection_at: Callable[..., Inspection], cast: Any) -> None:
    notice = inspecting.issue_order(inspection_at(InspectionState.INVESTIGATING), by=cast.by.zhou)
    with pytest.raises((notices_problems.NotForWorkers, problems.OutOfOrder)):
        doorstep.send_to_door(notice, by=cast.by.zhao)


def test_a_subject_on_nobodys_list_is_served_by_the_desk(urging: Notice, cast: Any) -> None:
    CheckTask.objects.filter(subject=urging.case.subject_id).update(state="cancelled")
    with pytest.raises(notices_problems.NoDoorToServe):
        doorstep.send_to_door(urging, by=cast.by.zhao)
    urging.refresh_from_db()
    assert urging.asked_at is None


# --- serving ----------------------------------------------------------------------------------------


def test_a_signed_visit_is_the_service_and_the_term_runs(asked: Notice, device: Device, cast: Any) -> None:
    before = list(CheckTask.objects.values("state", "question")), list(Span.objects.values())
    findings = Finding.objects.count()
    phone_time = now() + timedelta(minutes=7)
    (taken,) = take(device, handing(asked, recorded_at=phone_time), phone_time=phone_time)
    assert (taken.fate, taken.reason) == (Fate.SERVED, "")
    service = Service.objects.get(notice=asked)
    assert (service.way, service.receiver, service.receiver_role) == ("direct", "张三", "单位收件人员")
    assert service.visit_id == taken.visit_id and service.recorded_by_id == cast.wang.pk
    assert service.served_on == service.effective_on == today()
    assert service.visit is not None and service.visit.skew_seconds == pytest.approx(420, abs=5)
    asked.case.refresh_from_db()
    assert asked.case.state == CaseState.TERM
    assert Clock.objects.get(case=asked.case).started_on == today()
    assert (list(CheckTask.objects.values("state", "question")), list(Span.objects.values())) == before
    assert Finding.objects.count() == findings
    assert doors(device)["doors"][0]["notices"] == []
    entry = Entry.objects.get(verb="notice.served")
    assert entry.actor_name == "王建国" and entry.data["visit"] == taken.visit.code
    assert "张三".encode() not in bytes(entry.canonical)


def test_left_with_witnesses_or_with_a_photo(asked: Notice, device: Device, cast: Any) -> None:
    (taken,) = take(device, handing(asked, answers=LEFT, photos=()))
    service = Service.objects.get(notice=asked)
    assert taken.fate == Fate.SERVED
    assert (service.way, service.witness, service.witness_2) == ("left", "李四", "赵五")
    assert service.refused_why == "拒绝签收"
    assert service.slip_sha256
    with pytest.raises(problems.NotHere):
        slips.file_slip(asked, paper(), by=cast.by.zhao)


def test_left_with_a_photo_alone(asked: Notice, device: Device) -> None:
    (taken,) = take(device, handing(asked, answers={"way": "left", "photo": [DRAWN]}))
    assert taken.fate == Fate.SERVED and Service.objects.get(notice=asked).witness == ""


@pytest.mark.parametrize(
    "answers,reason",
    [
        ({"way": "direct", "recipient": "张三"}, "incomplete"),
        ({"way": "direct", "signature": DRAWN}, "incomplete"),
        ({"way": "left"}, "incomplete"),
    ],
)
def test_what_the_law_asks_and_is_missing_waits_for_a_person(
    asked: Notice, device: Device, answers: dict[str, Any], reason: str
) -> None:
    (taken,) = take(device, handing(asked, answers=answers, photos=()))
    assert (taken.fate, taken.reason) == (Fate.WAITING, reason)
    assert not Service.objects.exists()
    assert doors(device)["doors"][0]["notices"]


@pytest.mark.parametrize(
    "fields", [{"outcome": "nobody_in"}, {"outcome": "refused"}, {"answers": {"way": "none"}}]
)
def test_an_attempt_is_kept_and_the_document_stays_on_the_phone(
    asked: Notice, device: Device, fields: dict[str, Any]
) -> None:
    (taken,) = take(device, handing(asked, **fields))
    assert (taken.fate, taken.notice_id) == (Fate.ATTEMPTED, asked.pk)
    assert doors(device)["doors"][0]["notices"]


# --- everything else that may happen -----------------------------------------------------------------


def test_sent_again_it_changes_nothing(asked: Notice, device: Device) -> None:
    visit = handing(asked)
    take(device, visit)
    take(device, visit)
    assert DoorService.objects.count() == Service.objects.count() == 1
    assert Clock.objects.filter(case=asked.case).count() == 1


def test_a_second_service_is_kept_and_the_first_stands(asked: Notice, device: Device) -> None:
    first, second = handing(asked), handing(asked, recorded_at=now() + timedelta(seconds=1))
    taken = take(device, second, first)
    assert [(slip.fate, slip.reason) for slip in taken] == [(Fate.KEPT, "served-before"), (Fate.SERVED, "")]
    assert Service.objects.get().visit_id == taken[1].visit_id


def test_an_older_visit_arriving_later_waits_and_the_recorded_one_stands(
    asked: Notice, device: Device, cast: Any
) -> None:
    take(device, handing(asked))
    (older,) = take(device, handing(asked, recorded_at=now() - timedelta(minutes=30)))
    assert (older.fate, older.reason) == (Fate.WAITING, "served-later")
    with pytest.raises((problems.AlreadyDone, notices_problems.NoticeServed, problems.OutOfOrder)):
        doorstep.adopt_service(
            older, asked.number, Receipt("direct", today(), "张三"), "核实", by=cast.by.zhao
        )
    doorstep.dismiss_service(older, "先前的送达有效", by=cast.by.zhao)
    assert Service.objects.count() == 1


def test_served_meanwhile_at_the_desk(asked: Notice, device: Device, walk: Walk, cast: Any) -> None:
    walk.serve(asked, cast.by.zhao)
    assert doors(device)["doors"][0]["notices"] == []
    (taken,) = take(device, handing(asked))
    assert (taken.fate, taken.reason) == (Fate.KEPT, "served-before")
    assert Service.objects.get().visit is None


def test_a_withdrawn_document(asked: Notice, device: Device, cast: Any) -> None:
    actions.withdraw_case(asked.case, "登记有误", by=cast.by.qian)
    assert doors(device)["doors"][0]["notices"] == []
    (taken,) = take(device, handing(asked))
    assert (taken.fate, taken.reason) == (Fate.WAITING, "withdrawn")
    doorstep.dismiss_service(taken, "文书已撤回，已告知当事人", by=cast.by.zhao)
    taken.refresh_from_db()
    assert (taken.fate, taken.decided_by_id) == (Fate.ASIDE, cast.zhao.pk)


def test_a_document_of_another_subject_can_be_adopted(
    asked: Notice, device: Device, make_employer: Any, cast: Any
) -> None:
    (taken,) = take(device, handing(asked, subject_id=make_employer().pk))
    assert (taken.fate, taken.reason) == (Fate.WAITING, "other-subject")
    receipt = Receipt("direct", today(), "张三", "收发人员")
    service = doorstep.adopt_service(taken, asked.number, receipt, "当面核实，选错了单位", by=cast.by.zhao)
    taken.refresh_from_db()
    assert (taken.fate, service.visit_id) == (Fate.ADOPTED, taken.visit_id)
    asked.case.refresh_from_db()
    assert asked.case.state == CaseState.TERM


def test_a_number_nobody_knows_and_one_from_elsewhere_look_the_same(
    asked: Notice, device: Device, cast: Any, make_employer: Any
) -> None:
    _invited, code = invite_phone(cast.post.liu, by=cast.by.chen)
    far = enrol_phone(code, "刘洋的手机", "0.1.0")[0]
    (foreign,) = take(far, handing(asked))
    subject = make_employer().pk
    (unknown,) = take(device, handing(asked, subject_id=subject, answers={**SIGNED, "notice": "没有这个号"}))
    for taken in (foreign, unknown):
        assert (taken.fate, taken.reason, taken.notice_id) == (Fate.WAITING, "unknown-notice", None)
    assert foreign.area == cast.post.liu.area_id
    with pytest.raises(problems.NotHere):
        doorstep.adopt_service(
            foreign, asked.number, Receipt("direct", today(), "张三"), "核实", by=cast.by.chen
        )
    assert not Service.objects.exists()


def test_recalled_while_the_phone_was_off_line(asked: Notice, device: Device, cast: Any) -> None:
    doorstep.recall_from_door(asked, by=cast.by.zhao)
    (taken,) = take(device, handing(asked))
    assert (taken.fate, taken.reason) == (Fate.WAITING, "not-asked")
    doorstep.adopt_service(
        taken, asked.number, Receipt("direct", today(), "张三"), "确已送达", by=cast.by.zhao
    )
    assert Service.objects.get().recorded_by_id == cast.zhao.pk


@pytest.mark.parametrize("days", [-3, 3])
def test_a_clock_gone_wrong_waits_for_a_person(asked: Notice, device: Device, days: int) -> None:
    (taken,) = take(device, handing(asked, recorded_at=now() + timedelta(days=days)))
    assert (taken.fate, taken.reason) == (Fate.WAITING, "wrong-date")


def test_nobody_can_adopt_what_neither_witness_nor_photo_shows(
    asked: Notice, device: Device, cast: Any
) -> None:
    (taken,) = take(device, handing(asked, answers={"way": "left"}, photos=()))
    with pytest.raises(notices_problems.WitnessMissing):
        doorstep.adopt_service(taken, asked.number, Receipt("left", today()), "核实", by=cast.by.zhao)
    doorstep.adopt_service(
        taken, asked.number, Receipt("left", today(), witness="李四"), "核实", by=cast.by.zhao
    )
    assert Service.objects.get().witness == "李四"


def test_who_made_the_visit_does_not_decide_on_it(asked: Notice, device: Device, cast: Any) -> None:
    (taken,) = take(device, handing(asked, answers={"way": "left"}, photos=()))
    Visit.objects.filter(pk=taken.visit_id).update(person=cast.zhao)
    with pytest.raises(problems.SamePersonTwice):
        doorstep.dismiss_service(taken, "理由", by=cast.by.zhao)
    with pytest.raises(problems.NotHere):
        doorstep.dismiss_service(taken, "理由", by=cast.by.chen)
    with pytest.raises(problems.ReasonMissing):
        doorstep.dismiss_service(taken, " ", by=cast.by.sun)
    doorstep.dismiss_service(taken, "没有见证", by=cast.by.sun)
    with pytest.raises(problems.OutOfOrder):
        doorstep.dismiss_service(taken, "再次", by=cast.by.sun)


def test_a_fault_in_the_middle_is_told_and_leaves_neither_visit_nor_service(
    asked: Notice, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_facts: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(doorstep, "hint", fails)
        (answer,) = take_visits(device, [visit := handing(asked)], now())
    assert (answer.status, answer.code) == ("refused", "malformed-visit")
    assert not Visit.objects.filter(client_id=visit.client_id).exists()
    take(device, visit)
    assert Service.objects.count() == 1


# --- proofs -----------------------------------------------------------------------------------------


def test_the_slip_is_set_when_the_last_photo_has_come(asked: Notice, device: Device, cast: Any) -> None:
    later = b"\xff\xd8\xff a photo"
    photo = Photo(hashlib.sha256(later).hexdigest(), len(later), "photo")
    (taken,) = take(device, handing(asked, photos=(*SIGNATURE, photo)))
    assert prove_service(taken.visit.client_id) is None
    arrive(taken.visit, cast.by.wang)
    assert prove_service(taken.visit.client_id) is None
    arrive(taken.visit, cast.by.wang, later, "photo")
    service = prove_service(taken.visit.client_id)
    assert service is not None
    content = (Path(settings.FILES) / service.slip_path).read_bytes()
    assert content.startswith(b"%PDF-") and hashlib.sha256(content).hexdigest() == service.slip_sha256
    assert prove_service(taken.visit.client_id) is None
    entry = Entry.objects.get(verb="notice.proved")
    assert entry.data["sha256"] == service.slip_sha256


# --- pages ------------------------------------------------------------------------------------------


@pytest.mark.once
def test_the_case_page_asks_and_shows_the_proofs(
    asked: Notice, device: Device, client: Any, cast: Any
) -> None:
    client.force_login(cast.zhao)
    page = client.get(f"/cases/{asked.case.code}/").content.decode()
    assert "收回请网格员送达" in page and "请网格员送达</span>" in page
    take(device, handing(asked, outcome="nobody_in"))
    assert "未能送达" in client.get(f"/cases/{asked.case.code}/").content.decode()
    (taken,) = take(device, handing(asked))
    page = client.get(f"/cases/{asked.case.code}/").content.decode()
    assert "尚未传回" in page and "张三" in page and taken.visit.code in page
    assert client.get(f"/notices/{asked.pk}/slip.pdf").status_code == 404
    arrive(taken.visit, cast.by.wang)
    prove_service(taken.visit.client_id)
    answer = client.get(f"/notices/{asked.pk}/slip.pdf")
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_acts_of_the_case_page(urging: Notice, client: Any, cast: Any) -> None:
    client.force_login(cast.zhao)
    for name, is_asked in (("send-urging", True), ("recall-urging", False)):
        answer = client.post(f"/cases/{urging.case.code}/{name}/", {"at": "urging"})
        assert answer.status_code == 302
        urging.refresh_from_db()
        assert (urging.asked_at is not None) is is_asked


def test_deciding_on_the_page(asked: Notice, device: Device, client: Any, cast: Any) -> None:
    doorstep.recall_from_door(asked, by=cast.by.zhao)
    (taken,) = take(device, handing(asked))
    address = f"/notices/door/{taken.visit.code}/"
    client.force_login(cast.chen)
    assert client.get(address).status_code == 404
    client.force_login(cast.wang)
    assert client.get(address).status_code == 403
    client.force_login(cast.zhao)
    assert str(queries.REASONS["not-asked"]) in client.get("/notices/door/").content.decode()
    assert address in client.get("/").content.decode()
    assert asked.number in client.get(address).content.decode()
    assert client.post(f"{address}adopt/", {"why": "核实"}).status_code == 422
    given = {
        "number": asked.number, "way": "direct", "served_on": today().isoformat(), "receiver": "张三",
        "why": "电话核实，确已送达",
    }  # fmt: skip
    assert client.post(f"{address}adopt/", given).status_code == 302
    assert Service.objects.get(notice=asked).visit_id == taken.visit_id
    assert "核定为送达" in client.get(address).content.decode()


def test_a_visit_that_names_nothing_has_its_line_and_page(
    asked: Notice, device: Device, client: Any, cast: Any
) -> None:
    (taken,) = take(device, handing(asked, answers={"way": "direct"}, subject_id=None))
    Visit.objects.filter(pk=taken.visit_id).update(answers={"way": "direct"})
    DoorService.objects.update(notice=None)
    client.force_login(cast.zhao)
    for address in ("/notices/door/", f"/notices/door/{taken.visit.code}/", "/"):
        assert client.get(address).status_code == 200


def test_laying_aside_on_the_page(asked: Notice, device: Device, client: Any, cast: Any) -> None:
    (taken,) = take(device, handing(asked, answers={"way": "left"}, photos=()))
    client.force_login(cast.sun)
    address = f"/notices/door/{taken.visit.code}/aside/"
    assert client.post(address, {"why": ""}).status_code == 422
    assert client.post(address, {"why": "没有见证人"}).status_code == 302
    taken.refresh_from_db()
    assert taken.fate == Fate.ASIDE


def test_a_time_or_a_phone_that_cannot_be_believed_starts_no_term(
    device: Device, asked: Notice, cast: Any
) -> None:
    """The day of service comes from a named person, and never from a clock set to 2031 or 1970."""
    told = (datetime(2031, 1, 1, tzinfo=CITY_TIME), datetime(1970, 1, 2, tzinfo=CITY_TIME))
    wrong = [take(device, handing(asked, recorded_at=at))[0] for at in told]
    assert {(slip.fate, slip.reason) for slip in wrong} == {(Fate.WAITING, "wrong-date")}
    before = handing(asked, recorded_at=now() - timedelta(seconds=5))
    revoke_phone(device, "手机被盗", Revoked.LOST, by=cast.by.zhao)
    (held,) = take(device, before)
    assert (held.fate, held.reason, held.visit.route) == (Fate.WAITING, "held", "held")
    assert held.notice == asked and held.visit.after_end.verdict == "at_service"
    assert not Service.objects.exists() and not Clock.objects.filter(case=asked.case).exists()
    assert deciding._in_words(wrong[0])["served_on"] == today()
    receipt = Receipt(way="direct", served_on=today(), receiver="张三", receiver_role="店员")
    service = doorstep.adopt_service(wrong[0], asked.number, receipt, "已电话核实", by=cast.by.zhao)
    assert (service.served_on, service.effective_on) == (today(), today())
    arrive(wrong[0].visit, cast.by.wang)
    assert prove_service(wrong[0].visit.client_id) is not None
