"""What the OpenRosa 1.0 documents ask of a server: HTTP, form list, manifest and form submission."""

import base64
import csv
import json
import zlib
from email.utils import parsedate_to_datetime
from hashlib import md5
from io import StringIO
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from grid.calendar.now import moved_to, now
from mobile_api.devices import problems as devices_problems
from mobile_api.devices.actions import revoke_phone
from mobile_api.devices.models import Device
from mobile_api.openrosa import problems as openrosa_problems
from mobile_api.openrosa.actions import LARGEST_XML, give_key, take_part
from mobile_api.openrosa.models import CollectKey
from mobile_api.openrosa.queries.xform import collect_xml
from mobile_api.openrosa.rules import OWN
from mobile_api.openrosa.views import settings_text
from tasks.forms import tables
from tasks.visits.models import Visit
from tests.doors import IN_ORDER, make_round, make_task
from tests.mobile_api.openrosa.collect import LIST, MANIFEST, OPENROSA, Collect, instance, told
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db
EMPLOYER = "employer"


@pytest.fixture
def task(cast: Any, make_employer: Any) -> Any:
    return make_task(make_round(cast.qian), make_employer(address="新华西街1号"), cast.post.wang)


def forms(collect: Collect, **query: str) -> list[Element]:
    answer = collect.get("formList", deviceID="collect:abc", **query)
    assert answer.status_code == 200
    root = fromstring(answer.content)
    assert root.tag == f"{LIST}xforms"
    return root.findall(f"{LIST}xform")


def texts(element: Element) -> dict[str, str]:
    return {child.tag.rpartition("}")[2]: child.text or "" for child in element}


# --- HTTP requests and responses --------------------------------------------------------------------


def test_every_answer_has_the_headers(collect: Collect, task: Any) -> None:
    given = [
        collect.get("formList"),
        collect.get("xformsManifest/employer"),
        collect.get("forms/employer.xml"),
        collect.get("media/employer/doors.csv"),
        collect.get("forms/nonsense.xml"),
        collect.client.head(f"/openrosa/{collect.key}/submission"),
        collect.post(b"not xml"),
        collect.client.get("/openrosa/nobody/formList"),
        collect.client.put(f"/openrosa/{collect.key}/submission"),
    ]
    for answer in given:
        assert answer["X-OpenRosa-Version"] == "1.0"
        assert abs((parsedate_to_datetime(answer["Date"]) - now()).total_seconds()) < PATIENCE
        assert answer["Date"].endswith("GMT")
        assert int(answer["X-OpenRosa-Accept-Content-Length"]) == 10_000_000
        assert answer["Cache-Control"] == "private, no-store" and answer["Referrer-Policy"] == "no-referrer"


def test_messages_come_in_the_envelope(collect: Collect) -> None:
    answer = collect.post(b"not xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = fromstring(answer.content)
    assert root.tag == f"{OPENROSA}OpenRosaResponse"
    assert [child.tag for child in root] == [f"{OPENROSA}message"]
    assert root[0].get("nature") == "submit_error"


# --- form list --------------------------------------------------------------------------------------


def test_the_list_names_each_form_once_with_all_it_must(collect: Collect, task: Any) -> None:
    answer = collect.get("formList")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    (form,) = forms(collect)
    said = texts(form)
    current = tables.current(EMPLOYER)
    assert list(said) == ["formID", "name", "version", "hash", "downloadUrl", "manifestUrl"]
    assert (said["formID"], said["name"], said["version"]) == (EMPLOYER, current.title, current.version)
    assert said["downloadUrl"].startswith("http") and said["manifestUrl"].startswith("http")


def test_the_hash_is_that_of_the_file(collect: Collect, task: Any) -> None:
    said = texts(forms(collect)[0])
    answer = collect.at(said["downloadUrl"])
    assert answer.status_code == 200 and answer["Content-Type"] == "text/xml; charset=utf-8"
    assert said["hash"] == "md5:" + md5(answer.content).hexdigest()
    data = fromstring(answer.content).find(".//{*}instance/{*}data")
    assert data is not None and data.get("id") == said["formID"] and data.get("version") == said["version"]


def test_query_parameters(collect: Collect, cast: Any, task: Any, make_employer: Any) -> None:
    make_task(task.round, make_employer(), cast.post.wang, form="sole_trader")
    assert [texts(form)["formID"] for form in forms(collect)] == ["employer", "sole_trader"]
    assert [texts(form)["formID"] for form in forms(collect, formID="sole_trader")] == ["sole_trader"]
    assert forms(collect, formID="nonsense") == []
    assert all("descriptionText" in texts(form) for form in forms(collect, verbose="true"))
    assert all("descriptionText" not in texts(form) for form in forms(collect, verbose="false"))
    assert len(forms(collect, listAllVersions="true")) == 2
    assert len(forms(collect, strange="1")) == 2


def test_a_phone_without_doors_has_an_empty_list(collect: Collect) -> None:
    assert forms(collect) == []


# --- manifest ---------------------------------------------------------------------------------------


def test_the_manifest_names_the_list_of_own_doors(
    collect: Collect, cast: Any, task: Any, make_employer: Any
) -> None:
    other = make_task(task.round, make_employer("别人的商店", area="150302001002002"), cast.post.li)
    done = make_task(task.round, make_employer("已办的商店"), cast.post.wang, state="done")
    answer = collect.at(texts(forms(collect)[0])["manifestUrl"])
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = fromstring(answer.content)
    assert root.tag == f"{MANIFEST}manifest"
    (file,) = root.findall(f"{MANIFEST}mediaFile")
    said = texts(file)
    assert list(said) == ["filename", "hash", "downloadUrl"] and said["filename"] == "doors.csv"
    content = collect.at(said["downloadUrl"]).content
    assert said["hash"] == "md5:" + md5(content).hexdigest()
    rows = list(csv.DictReader(StringIO(content.decode())))
    assert [row["name"] for row in rows] == [str(task.pk)]
    assert task.subject.name in rows[0]["label"] and "新华西街1号" in rows[0]["label"]
    assert str(other.pk) not in content.decode() and str(done.pk) not in [row["name"] for row in rows]


def test_the_form_chooses_its_door_from_that_list(collect: Collect, task: Any) -> None:
    xml = collect.get("forms/employer.xml").content.decode()
    assert 'src="jr://file-csv/doors.csv"' in xml
    assert "instance('doors')/root/item" in xml


@pytest.mark.parametrize("form", [form.code for form in tables.all_current()])
def test_every_form_of_ours_can_be_made_for_collect(form: str) -> None:
    current = tables.current(form)
    assert not {question.name for question in current.every_question()} & (OWN - {"outcome"})
    root = fromstring(collect_xml(current))
    data = root.find(".//{*}instance/{*}data")
    assert data is not None
    asked = {child.tag.rpartition("}")[2] for child in data}
    assert {question.name for question in current.questions} <= asked
    assert "meta" in asked and collect_xml(current) == collect_xml(current)


# --- submission -------------------------------------------------------------------------------------


def test_head_says_204_and_how_much_a_post_may_hold(collect: Collect) -> None:
    answer = collect.client.head(f"/openrosa/{collect.key}/submission", headers=collect.headers())
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["X-OpenRosa-Accept-Content-Length"].isdigit()


def test_a_post_is_received_with_201(collect: Collect, task: Any) -> None:
    xml = instance(tables.current(EMPLOYER), IN_ORDER, door=task.pk, outcome="done")
    answer = collect.post(xml)
    assert answer.status_code == 201, answer.content.decode()
    assert told(answer)
    assert Visit.objects.get().task_id == task.pk


def test_a_post_needs_no_length(site: Any, collect: Collect, task: Any) -> None:
    """HTTP 1.1 chunked transfer encoding, over a real connection."""
    import http.client
    from urllib.parse import urlsplit

    xml = instance(tables.current(EMPLOYER), IN_ORDER, door=task.pk, outcome="done")
    edge = "----collect"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n'
        "Content-Type: text/xml\r\n\r\n"
    ).encode() + xml + f"\r\n--{edge}--\r\n".encode()  # fmt: skip
    where = urlsplit(site.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-OpenRosa-Version": "1.0"}
    connection.request(
        "POST", f"/openrosa/{collect.key}/submission", iter(pieces), headers, encode_chunked=True
    )
    answer = connection.getresponse()
    assert answer.status == 201, answer.read().decode()
    connection.close()
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_other_methods(collect: Collect, method: str) -> None:
    answer = getattr(collect.client, method)(f"/openrosa/{collect.key}/submission")
    assert answer.status_code == 405 and answer["Allow"] == "HEAD, POST"


# --- who may ----------------------------------------------------------------------------------------


def test_a_wrong_key_is_not_there(client: Any, cast: Any, collect: Collect) -> None:
    for path in ("formList", "xformsManifest/employer", "forms/employer.xml", "media/employer/doors.csv"):
        assert client.get(f"/openrosa/wrong/{path}").status_code == 404
    assert client.head("/openrosa/wrong/submission").status_code == 404
    assert client.post("/openrosa/wrong/submission").status_code == 404


def test_a_key_is_kept_as_a_hash_and_is_no_token_of_the_api(collect: Collect, client: Any) -> None:
    kept = CollectKey.objects.get()
    assert collect.key not in (kept.key_hash, collect.device.token_hash)
    for key in (collect.key, kept.key_hash):
        answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 401


def test_a_key_comes_into_no_log(collect: Collect, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", "django"):
        collect.get("forms/nonsense.xml")
        collect.post(b"not xml")
        collect.client.put(f"/openrosa/{collect.key}/submission")
    assert collect.key not in caplog.text


def test_a_revoked_phone_sees_nothing_and_still_hands_in(collect: Collect, cast: Any, task: Any) -> None:
    revoke_phone(collect.device, "手机遗失", by=cast.by.zhao)
    for path in ("formList", "xformsManifest/employer", "forms/employer.xml", "media/employer/doors.csv"):
        answer = collect.get(path)
        assert answer.status_code == 403 and "停用" in told(answer)
    xml = instance(tables.current(EMPLOYER), IN_ORDER, door=task.pk, outcome="done")
    assert collect.post(xml).status_code == 201


def test_forms_without_own_doors_are_not_there(collect: Collect, collect_of: Any, task: Any) -> None:
    other = collect_of("li")
    for path in ("xformsManifest/employer", "forms/employer.xml", "media/employer/doors.csv"):
        assert collect.get(path).status_code == 200
        assert other.get(path).status_code == 404
    assert collect.get("media/employer/notices.csv").status_code == 404


def test_the_supervisor_shows_the_settings(client: Any, cast: Any, collect: Collect) -> None:
    address = f"/devices/postings/{cast.post.wang.pk}/collect/"
    for name, status in (("chen", 404), ("wang", 404), ("zhao", 200)):
        client.force_login(getattr(cast, name))
        assert client.post(address).status_code == status, name
    assert client.get(address).status_code == 405
    page = client.post(address).content.decode()
    assert "/openrosa/" in page and "<svg" in page
    assert "ODK Collect" in client.get("/devices/").content.decode()
    assert Device.objects.filter(label="ODK Collect").count() == 3


def test_the_settings_are_as_collect_reads_them() -> None:
    told_in = json.loads(zlib.decompress(base64.b64decode(settings_text("key", "第一网格"))))
    assert told_in["general"]["server_url"].endswith("/openrosa/key")
    assert set(told_in) == {"general", "admin", "project"}


def test_a_cover_sees_the_absent_ones_doors_that_day_only(collect_of: Any, cast: Any, task: Any) -> None:
    from datetime import timedelta

    from grid.calendar.now import today
    from grid.territory.models import Absence

    other = collect_of("li")
    Absence.objects.create(posting=cast.post.wang, cover=cast.post.li, first_day=today(), last_day=today())
    assert len(forms(other)) == 1
    with moved_to(now() + timedelta(days=2)):
        assert forms(other) == []


def test_keys_are_for_posts_that_visit_and_bodies_have_a_limit(cast: Any, collect: Collect) -> None:
    with pytest.raises(devices_problems.NotAFieldPost):
        give_key(cast.post.zhao, by=cast.by.sun)
    with pytest.raises(openrosa_problems.UnreadableSubmission):
        take_part(collect.device, b" " * (LARGEST_XML + 1), [], True, None)
