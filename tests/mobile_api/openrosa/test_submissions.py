"""Submissions of ODK Collect become the visits our own phone would have made: once, with their photos, whatever
happens on the way."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from grid.calendar.now import moved_to, now, today
from mobile_api.openrosa import rules
from mobile_api.openrosa.actions import take_waiting
from mobile_api.openrosa.models import Submission
from mobile_api.openrosa.rules import File
from mobile_api.schemas import VisitIn
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.forms import tables
from tasks.forms.rules import Form, Question
from tasks.visits.models import Evidence, Outcome, Visit
from tests.approving import approved
from tests.doors import IN_ORDER, SHORT, make_round, make_task
from tests.mobile_api.openrosa.collect import Collect, instance, told
from tests.mobile_api.phones import visit_json

PHOTO, OTHER = b"\xff\xd8\xff one", b"\xff\xd8\xff other"
HASH, OTHER_HASH = (hashlib.sha256(content).hexdigest() for content in (PHOTO, OTHER))


@pytest.fixture
def task(cast: Any, make_employer: Any) -> CheckTask:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def employer(answers: dict[str, Any], **own: Any) -> bytes:
    return instance(tables.current("employer"), answers, **own)


# --- one visit ---------------------------------------------------------------------------------------


def test_a_submission_is_a_visit_like_any_other(collect: Collect, task: CheckTask) -> None:
    number, at = uuid4(), now().replace(microsecond=0) - timedelta(minutes=5)
    collect.clock = now() + timedelta(minutes=3)
    xml = employer(
        SHORT, door=task.pk, outcome="done", visit_end=at.isoformat(), instance_id=f"uuid:{number}"
    )
    assert collect.post(xml).status_code == 201
    visit = Visit.objects.get()
    assert (visit.client_id, visit.task_id, visit.subject_id) == (number, task.pk, task.subject_id)
    assert visit.person_id == collect.device.posting.person_id
    assert {name: visit.answers[name] for name in ("operating", "employees", "insured_seen")} == {
        "operating": "yes", "employees": 12, "insured_seen": 3,
    }  # fmt: skip
    assert visit.recorded_at == at and visit.skew_seconds == pytest.approx(180, abs=3)
    assert visit.form_version == tables.current("employer").version
    assert Finding.objects.get().measures
    task.refresh_from_db()
    assert task.state == "visited"


@pytest.mark.once
def test_sent_again_it_changes_nothing(collect: Collect, task: CheckTask) -> None:
    xml = employer(IN_ORDER, door=task.pk, outcome="done")
    answers = [collect.post(xml) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert Visit.objects.count() == Submission.objects.count() == 1


def test_an_edited_submission_replaces_the_former(collect: Collect, task: CheckTask) -> None:
    first = f"uuid:{uuid4()}"
    collect.post(employer(SHORT, door=task.pk, outcome="done", instance_id=first))
    collect.post(employer(IN_ORDER, door=task.pk, outcome="done", deprecated=first))
    former, later = Visit.objects.order_by("pk")
    assert later.replaces_id == former.pk


def test_another_content_under_the_same_name_is_kept_as_a_correction(
    collect: Collect, task: CheckTask
) -> None:
    name = f"uuid:{uuid4()}"
    one = employer(SHORT, door=task.pk, outcome="done", instance_id=name)
    two = employer(IN_ORDER, door=task.pk, outcome="done", instance_id=name)
    assert [collect.post(xml).status_code for xml in (one, two, one, two)] == [201] * 4
    former, later = Visit.objects.order_by("pk")
    assert later.replaces_id == former.pk and later.answers["insured_seen"] == 12


def test_somebody_elses_number_does_not_cost_the_visit(
    collect: Collect, collect_of: Any, task: CheckTask
) -> None:
    xml = employer(SHORT, door=task.pk, outcome="done", instance_id=f"uuid:{uuid4()}")
    other = collect_of("li")
    assert [who.post(xml).status_code for who in (collect, other, other)] == [201] * 3
    mine, theirs = Visit.objects.order_by("pk")
    assert mine.client_id != theirs.client_id and theirs.person_id != mine.person_id


def test_the_same_person_with_a_new_key_makes_no_second_visit(
    collect: Collect, collect_of: Any, task: CheckTask
) -> None:
    xml = employer(SHORT, door=task.pk, outcome="done", visit_end=now().isoformat())
    assert [who.post(xml).status_code for who in (collect, collect_of("wang"))] == [201, 201]
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("name", ["", "collected:17", "uuid:not-one"])
def test_an_instance_with_an_odd_name(collect: Collect, task: CheckTask, name: str) -> None:
    xml = employer(SHORT, door=task.pk, outcome="done", instance_id=name or "x").replace(
        b">x</instanceID>", f">{name}</instanceID>".encode()
    )
    assert [collect.post(xml).status_code for _time in range(2)] == [201, 201]
    assert Visit.objects.count() == 1


def test_a_door_that_is_not_ones_own_is_kept_to_be_claimed(
    collect: Collect, cast: Any, task: CheckTask
) -> None:
    assert collect.post(employer(SHORT, door=999_999, outcome="done")).status_code == 201
    visit = Visit.objects.get()
    assert (visit.route, visit.claim) == ("unknown_task", {"task": 999_999})


def test_a_form_nobody_knows_is_kept(collect: Collect, task: CheckTask) -> None:
    xml = employer(SHORT, door=task.pk, outcome="done").replace(b'version="2026', b'version="1999')
    answer = collect.post(xml)
    assert answer.status_code == 201 and "版本" in told(answer)
    assert Visit.objects.get().answers["employees"] == "12"


# --- photos ------------------------------------------------------------------------------------------


def refused(task: CheckTask, photo: str = "1700000000000.jpg", **own: Any) -> bytes:
    return employer({"refusal_photo": photo}, door=task.pk, outcome="refused", **own)


def test_a_photo_is_bound_by_its_hash(collect: Collect, task: CheckTask) -> None:
    assert collect.post(refused(task), {"1700000000000.jpg": PHOTO}).status_code == 201
    evidence, visit = Evidence.objects.get(), Visit.objects.get()
    assert (evidence.visit_id, evidence.sha256, evidence.size) == (visit.pk, HASH, len(PHOTO))
    assert evidence.received_at and (Path(settings.FILES) / evidence.path).read_bytes() == PHOTO
    assert visit.answers["refusal_photo"] == HASH


def test_several_posts_of_one_instance_make_one_visit(collect: Collect, task: CheckTask) -> None:
    xml = refused(task)
    first = collect.post(xml, {"extra.jpg": OTHER}, incomplete=True)
    assert first.status_code == 202 and told(first)
    assert not Visit.objects.exists()
    assert collect.post(xml, {"1700000000000.jpg": PHOTO}).status_code == 201
    assert set(Evidence.objects.values_list("sha256", flat=True)) == {HASH, OTHER_HASH}
    assert collect.post(xml, {"extra.jpg": OTHER}, incomplete=True).status_code == 201
    assert (Visit.objects.count(), Evidence.objects.count()) == (1, 2)


def test_a_split_post_that_holds_all_it_names_waits_for_nothing(collect: Collect, task: CheckTask) -> None:
    assert collect.post(refused(task), {"1700000000000.jpg": PHOTO}, incomplete=True).status_code == 201
    assert Visit.objects.count() == 1


def test_a_photo_that_comes_again_empty_leaves_the_one_that_is_here(
    collect: Collect, task: CheckTask
) -> None:
    xml = refused(task)
    collect.post(xml, {"1700000000000.jpg": PHOTO, "extra.jpg": OTHER})
    assert collect.post(xml, {"extra.jpg": b""}).status_code == 201
    assert Submission.objects.get().files["extra.jpg"][0] == OTHER_HASH
    assert set(Evidence.objects.values_list("sha256", flat=True)) == {HASH, OTHER_HASH}


def test_a_photo_that_comes_after_its_visit(collect: Collect, task: CheckTask) -> None:
    xml = refused(task)
    assert collect.post(xml).status_code == 201
    assert Visit.objects.get().answers["refusal_photo"] == "1700000000000.jpg"
    assert collect.post(xml, {"1700000000000.jpg": PHOTO}).status_code == 201
    assert Evidence.objects.get().sha256 == HASH and Visit.objects.count() == 1


def test_a_last_part_that_never_comes_costs_nothing(collect: Collect, task: CheckTask) -> None:
    collect.post(refused(task), {"extra.jpg": OTHER}, incomplete=True)
    assert take_waiting() == 0
    with moved_to(now() + timedelta(days=1, minutes=1)):
        assert (take_waiting(), take_waiting()) == (1, 0)
    assert Visit.objects.count() == 1 and Evidence.objects.get().sha256 == OTHER_HASH
    assert Submission.objects.get().xml == ""


def test_a_crash_between_the_visit_and_its_photos_is_mended_by_the_next_try(
    collect: Collect, task: CheckTask
) -> None:
    xml = refused(task)
    collect.post(xml, {"1700000000000.jpg": PHOTO})
    Submission.objects.update(taken_at=None, xml=xml.decode())
    Evidence.objects.update(received_at=None, path="")
    assert collect.post(xml, {"1700000000000.jpg": PHOTO}).status_code == 201
    assert Visit.objects.count() == 1 and Evidence.objects.get().received_at is not None


def test_a_file_too_large_costs_itself_and_not_the_visit(
    collect: Collect, task: CheckTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mobile_api.openrosa.actions.LARGEST_PHOTO", 10)
    assert collect.post(refused(task), {"1700000000000.jpg": PHOTO + PHOTO}).status_code == 201
    assert "photo-large" in Visit.objects.get().marks and not Evidence.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\win.ini", "a\x01b.jpg", "照片 1.jpg"])
def test_a_file_s_name_is_never_a_path(name: str) -> None:
    safe = rules.safe_name(name)
    assert "/" not in safe and "\\" not in safe and "\x01" not in safe


# --- what is no instance -----------------------------------------------------------------------------

BOMB = b"""<?xml version="1.0"?><!DOCTYPE data [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<data id="employer"><remark>&b;</remark></data>"""
STRANGER = b"""<?xml version="1.0"?><!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<data id="employer"><remark>&x;</remark></data>"""


@pytest.mark.parametrize(
    "xml",
    [
        BOMB,
        STRANGER,
        b'<!DOCTYPE data SYSTEM "http://example.org/x.dtd"><data id="employer"/>',
        b"",
        b"\xff\xfe\x00",
        b"<data id='employer'>",
        b"<data/>",
        b"<a id='x'>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</a>",
        b'<?xml version="1.0" encoding="nonsense"?><data id="employer"/>',
    ],
)
def test_what_cannot_be_read_is_refused_with_words(collect: Collect, xml: bytes) -> None:
    answer = collect.post(xml)
    assert answer.status_code == 400
    assert len(told(answer)) > 8 and "/etc" not in told(answer) and "root:" not in told(answer)
    assert not Visit.objects.exists()


def test_a_post_without_its_xml_part(collect: Collect) -> None:
    answer = collect.client.post(f"/openrosa/{collect.key}/submission", {"other": "x"})
    assert answer.status_code == 400 and "xml_submission_file" in told(answer)
    address = f"/openrosa/{collect.key}/submission"
    broken = collect.client.generic("POST", address, b"--x", content_type="multipart/form-data; boundary=y")
    assert broken.status_code == 400 and told(broken)


@given(st.binary(max_size=300))
def test_no_bytes_are_a_fault(content: bytes) -> None:
    try:
        rules.read_instance(content)
    except rules.Unreadable as error:
        assert str(error)


# --- the same visit through the bridge ---------------------------------------------------------------

# What XML 1.0 can hold and a keyboard can type; a lone return becomes a line feed in any XML.
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
).filter(lambda text: text.strip() != "")  # fmt: skip
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat)
CLOCKS = st.times().map(lambda at: at.strftime("%H:%M:%S"))
PLACES = st.fixed_dictionaries(
    {"lng": st.integers(-180, 180), "lat": st.integers(-90, 90), "accuracy": st.integers(0, 500)}
)
PHOTOS = st.sampled_from([HASH, OTHER_HASH])


def answer_to(question: Question) -> st.SearchStrategy[Any]:
    names = [name for name, _label in question.choices]
    match question.type:
        case "integer":
            return st.integers(-(10**9), 10**9)
        case "decimal":
            return st.floats(-1e9, 1e9, allow_nan=False)
        case "select_one":
            return st.sampled_from(names)
        case "select_multiple":
            return st.lists(st.sampled_from(names), unique=True, min_size=1)
        case "date":
            return DAYS
        case "time":
            return CLOCKS
        case "photo" | "signature":
            return PHOTOS
        case "position":
            return PLACES
        case "repeat":
            return st.lists(answers_to(question.questions, at_least=1), min_size=1, max_size=3)
    return WORDS


@st.composite
def answers_to(draw: st.DrawFn, questions: tuple[Question, ...], at_least: int = 0) -> dict[str, Any]:
    asked = [question for question in questions if question.type not in ("note", "calculate")]
    chosen = draw(st.lists(st.sampled_from(asked), unique=True, min_size=at_least)) if asked else []
    return {question.name: draw(answer_to(question)) for question in chosen}


FORMS = st.sampled_from([form for form in tables.all_current() if form.code != "notice_service"])


@st.composite
def visits(draw: st.DrawFn) -> tuple[Form, dict[str, Any]]:
    form = draw(FORMS)
    at = draw(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
    zone = draw(st.sampled_from([UTC, timezone(timedelta(hours=8))]))
    return form, {
        "client_id": draw(st.uuids(version=4)),
        "task_id": draw(st.none() | st.integers(1, 10**9)),
        "form": form.code,
        "form_version": form.version,
        "outcome": draw(st.sampled_from(Outcome.values)),
        "answers": draw(answers_to(form.questions)),
        "recorded_at": at.replace(tzinfo=zone),
        "position": draw(st.none() | PLACES),
    }


def named_files(answers: dict[str, Any], form: Form) -> tuple[dict[str, Any], dict[str, File]]:
    """Hashes as the names Collect would have given the files, and those files."""
    photos = {question.name for question in form.every_question() if question.type in ("photo", "signature")}
    files = {f"{digest[:8]}.jpg": File(digest, 7) for digest in (HASH, OTHER_HASH)}

    def renamed(name: str, value: Any) -> Any:
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [
                {inner: renamed(inner, inner_value) for inner, inner_value in item.items()} for item in value
            ]
        return f"{value[:8]}.jpg" if name in photos else value

    return {name: renamed(name, value) for name, value in answers.items()}, files


@given(visits())
def test_any_answers_give_the_same_visit_through_the_bridge(made: tuple[Form, dict[str, Any]]) -> None:
    form, visit = made
    by_phone = VisitIn.model_validate(json.loads(json.dumps(visit, default=str))).arrival()
    written, files = named_files(visit["answers"], form)
    place = visit["position"]
    xml = instance(
        form, written, instance_id=f"uuid:{visit['client_id']}", door=visit["task_id"], outcome=visit["outcome"],
        visit_end=visit["recorded_at"].isoformat(timespec="microseconds"),
        visit_position=f"{place['lat']} {place['lng']} 0.0 {place['accuracy']}" if place else None,
    )  # fmt: skip
    read = rules.read_instance(xml)
    number = rules.client_id_of(read.instance_id, "")
    found = rules.visit_of(read, tables.known(read.form, read.version), number, None, files, now())
    by_bridge = VisitIn.model_validate(found).arrival()
    for name in (
        "client_id",
        "task_id",
        "form",
        "form_version",
        "outcome",
        "answers",
        "recorded_at",
        "position",
    ):
        assert getattr(by_bridge, name) == getattr(by_phone, name), name
    hashes = {digest for digest in (HASH, OTHER_HASH) if digest in json.dumps(visit["answers"])}
    assert {photo.sha256 for photo in by_bridge.photos} == hashes


def test_the_same_visit_in_the_database(
    collect: Collect, cast: Any, client: Any, make_employer: Any, task: CheckTask
) -> None:
    from mobile_api.devices.actions import enrol_phone, invite_phone
    from tests.mobile_api.phones import Phone

    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, token = enrol_phone(code, "手机", "0.1.0")
    other = make_task(task.round, make_employer(), cast.post.wang)
    at = (now() - timedelta(minutes=1)).replace(microsecond=0)
    Phone(client, token, device).results(
        visit_json(other, answers=SHORT, position=None, recorded_at=at.isoformat())
    )
    collect.post(employer(SHORT, door=task.pk, outcome="done", visit_end=at.isoformat()))
    one, two = (Visit.objects.get(task=which) for which in (other, task))
    names = (
        "outcome",
        "form",
        "form_version",
        "recorded_at",
        "route",
        "area",
        "person_id",
        "posting_id",
        "position",
    )
    assert [getattr(one, name) for name in names] == [getattr(two, name) for name in names]
    known = {question.name for question in tables.current("employer").questions}
    assert two.answers == {name: value for name, value in one.answers.items() if name in known | set(SHORT)}
    measures = [Finding.objects.get(visit=which).measures for which in (one, two)]
    assert measures[0] == measures[1]


# --- a document at the door --------------------------------------------------------------------------


@pytest.fixture
def asked(case_at: Any, cast: Any) -> Any:
    from workflows.cases import actions
    from workflows.cases.models import CaseState
    from workflows.notices.actions import doorstep

    notice = approved(actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao))
    return doorstep.send_to_door(notice, by=cast.by.zhao)


def test_a_document_is_served_through_collect(asked: Any, collect: Collect) -> None:
    import csv
    from io import StringIO

    content = collect.get("media/notice_service/notices.csv").content.decode()
    (row,) = csv.DictReader(StringIO(content))
    assert row["name"] == asked.number and row["subject"] == str(asked.case.subject_id)
    answers = {
        "notice": row["name"], "way": "direct", "recipient": "张三", "relation": "clerk", "signature": "s.png",
    }  # fmt: skip
    xml = instance(
        tables.current("notice_service"), answers, outcome="done", notice_subject=row["subject"],
        visit_end=now().isoformat(),
    )  # fmt: skip
    assert collect.post(xml, {"s.png": PHOTO}).status_code == 201
    asked.refresh_from_db()
    assert asked.service.served_on == today() and asked.service.receiver_role == "单位收件人员"
    assert Evidence.objects.get().kind == "signature"
    assert asked.service.slip_sha256
    assert collect.get("forms/notice_service.xml").status_code == 404


def test_numbers_are_stable() -> None:
    number = UUID("00000000-0000-4000-8000-000000000001")
    assert rules.client_id_of(f"uuid:{number}", "") == number
    assert rules.client_id_of("", "ab") == rules.client_id_of("", "ab") != rules.client_id_of("", "cd")
