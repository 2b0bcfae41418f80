"""Bodies of phones: every field of every shape with what no phone sends, in batches whose good things are recorded and
whose answers say exactly that."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from mobile_api.devices.actions import enrol_phone, invite_phone
from mobile_api.openrosa.actions import give_key
from mobile_api.schemas import EnrolIn, LookupIn, PhotoIn, PositionIn, UnlistedIn, VisitIn
from mobile_api.suggestions.api.schemas import SuggestionIn
from mobile_api.suggestions.models import Suggestion
from tasks.forms import tables
from tasks.visits.models import Visit
from tests.mobile_api.openrosa.collect import instance
from tests.mobile_api.phones import visit_json

pytestmark = pytest.mark.django_db
# As JSON, for json.dumps writes neither NaN nor 1e9999 the way a stranger does.
HOSTILE = (
    '"\\u0000"', '"\\ud800"', '"\\ud83d\\u0000x"', '"²"', '"٣"', f'"{"9" * 4400}"', "9" * 4300, "9223372036854775808",
    "-1", "1e9999", "-1e9999", "NaN", "null", "true", "[]", "{}", "[[[[1]]]]", '{"\\ud800": "\\u0000"}',
    '"2057-12-26T21:20:03+22:46"', '"0000-01-01T00:00:00Z"', '"0001-01-01T00:00:00+14:00"',
    '"9999-12-31T23:59:59-14:00"', '"10000-01-01"', '"9999-12-31"', f'"{"长" * 5000}"',
)  # fmt: skip
HEADERS = (
    "²",
    "٣".encode().decode("latin-1"),
    "9" * 4400,
    "-1",
    "1e9",
    "",
    "9" * 19,
    "Mon, 01 Jan 2057 00:00:00 +2246",
)


class Phone:
    def __init__(self, cast: Any) -> None:
        _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
        self.device, self.token = enrol_phone(code, "手机", "1")
        self.client = Client(raise_request_exception=False)

    def sends(self, path: str, body: str | bytes, method: str = "POST", **headers: str) -> Any:
        given = {
            "Authorization": f"Bearer {self.token}",
            **{n.replace("_", "-"): v for n, v in headers.items()},
        }
        kind = given.pop("Content-Type", "application/json")
        return self.client.generic(method, f"/api/v1/{path}", body, content_type=kind, headers=given)


@pytest.fixture
def phone(cast: Any) -> Phone:
    return Phone(cast)


def spoilt(honest: dict[str, Any], names: Any) -> list[str]:
    """The honest thing as JSON, once for each of its fields and each hostile value in its place."""
    made = []
    for name in names:
        for value in HOSTILE:
            fresh = {**honest, "client_id": str(uuid4())} if "client_id" in honest else honest
            made.append(json.dumps({**fresh, name: "HERE"}).replace('"HERE"', value, 1))
    return made


def visits() -> list[str]:
    made = spoilt(visit_json(), VisitIn.model_fields)
    for name, shape in (("photos", PhotoIn), ("position", PositionIn), ("unlisted", UnlistedIn)):
        for inner in spoilt({}, shape.model_fields):
            held = f"[{inner}]" if name == "photos" else inner
            made.append(json.dumps(visit_json(**{name: "HERE"})).replace('"HERE"', held, 1))
    remark = spoilt({}, ["remark"])
    return made + [json.dumps(visit_json(answers="HERE")).replace('"HERE"', value, 1) for value in remark]


def test_visits_are_answered_one_by_one_and_truly(phone: Phone) -> None:
    sent = visits()
    for start in range(0, len(sent), 150):
        part, good = sent[start : start + 150], visit_json()
        answer = phone.sends(
            "visits", f'{{"visits": [{",".join([*part, json.dumps(good)])}], "phone_time": "²"}}'
        )
        assert answer.status_code == 200, answer.content[:300]
        results = answer.json()["results"]
        assert len(results) == len(part) + 1 and results[-1]["status"] == "accepted"
        recorded = {str(number) for number in Visit.objects.values_list("client_id", flat=True)}
        told = {result["client_id"] for result in results if result["status"] in ("accepted", "repeated")}
        assert told <= recorded and good["client_id"] in recorded
        refused = {result["client_id"] for result in results if result["status"] == "refused"}
        assert not refused & (recorded - told)


def test_suggestions_are_answered_one_by_one_and_truly(phone: Phone) -> None:
    honest = {"client_id": "", "text": "路灯坏了", "task_id": None, "written_at": "2026-11-30T08:00:00+08:00"}
    sent = spoilt(honest, SuggestionIn.model_fields)
    for start in range(0, len(sent), 99):
        part, good = sent[start : start + 99], {**honest, "client_id": str(uuid4())}
        answer = phone.sends("suggestions", f'{{"items": [{",".join([*part, json.dumps(good)])}]}}')
        assert answer.status_code == 200 and answer.json()["results"][-1]["status"] == "accepted"
    far = json.dumps({**honest, "client_id": str(uuid4()), "written_at": "2057-12-26T21:20:03+22:46"})
    (refused,) = phone.sends("suggestions", f'{{"items": [{far}]}}').json()["results"]
    assert refused["status"] == "refused" and "时区超出范围" in refused["message"]
    assert Suggestion.objects.filter(text="路灯坏了").exists()


def test_one_that_breaks_what_nobody_foresaw_costs_no_other(phone: Phone, monkeypatch: Any) -> None:
    from tasks.visits import rules

    bad, good, former = visit_json(outcome="refused"), visit_json(), rules.fingerprint

    def breaks(arrival: Any) -> str:
        if str(arrival.client_id) == bad["client_id"]:
            raise ValueError("nobody foresaw this")
        return former(arrival)

    monkeypatch.setattr(rules, "fingerprint", breaks)
    answer = phone.sends("visits", json.dumps({"visits": [bad, good]}))
    assert [result["status"] for result in answer.json()["results"]] == ["refused", "accepted"]
    assert [str(number) for number in Visit.objects.values_list("client_id", flat=True)] == [
        good["client_id"]
    ]


def test_other_bodies_paths_and_queries(phone: Phone) -> None:
    bodies = [("lookup", body) for body in spoilt({"name": "某"}, LookupIn.model_fields)]
    bodies += [("enrol", body) for body in spoilt({"code": "x"}, EnrolIn.model_fields)]
    bodies += [(path, f'{{"{name}": {value}}}') for path, name in (("visits", "visits"), ("suggestions", "items"))
               for value in HOSTILE]  # fmt: skip
    bodies += [
        ("visits", raw)
        for raw in (b"\xff", b'{"visits": [{"\xed\xa0\x80": 1}]}', b"[" * 900, b"\xef\xbb\xbf{}")
    ]
    asked = [phone.sends(path, body) for path, body in bodies]
    for value in ("%C2%B2", "%D9%A3", "9" * 19, "-1", "1e9999", "9.9,1:%D9%A3"):
        asked += [
            phone.sends(f"changes?{name}={value}", b"", "GET")
            for name in ("cursor", "limit", "budget", "forms")
        ]
        asked.append(phone.sends(f"doors/{value}", b"", "GET"))
    assert [answer.status_code for answer in asked if answer.status_code >= 500] == []


def test_headers(phone: Phone, cast: Any) -> None:
    asked = []
    for value in HEADERS:
        tus = {"Tus_Resumable": "1.0.0", "Upload_Metadata": value}
        asked.append(phone.sends("uploads/", b"", Upload_Length=value, **tus))
        asked.append(phone.sends("uploads/", b"", Upload_Length="9", Tus_Resumable=value))
        where, kind = f"uploads/{uuid4()}", {"Content_Type": "application/offset+octet-stream"}
        asked.append(phone.sends(where, b"x", "PATCH", Upload_Offset=value, Tus_Resumable="1.0.0", **kind))
        asked.append(phone.sends("changes", b"", "GET", If_None_Match=value, Accept_Encoding=value))
        asked.append(phone.client.get("/phone/", headers={"If-Modified-Since": value}))
    _device, key = give_key(cast.post.wang, by=cast.by.zhao)
    for value in (*HEADERS, "Mon, 01 Jan 10000 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 +1400"):
        xml = instance(tables.current("employer"), {}, visit_end=value[:60], door=value[:60], outcome="done")
        part = b'--x\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n\r\n'
        body = part + xml + b"\r\n--x--\r\n"
        asked.append(phone.client.generic(
            "POST", f"/openrosa/{key}/submission", body, content_type="multipart/form-data; boundary=x",
            headers={"Date": value},
        ))  # fmt: skip
    assert [answer.status_code for answer in asked if answer.status_code >= 500] == []
    assert Visit.objects.exists()
