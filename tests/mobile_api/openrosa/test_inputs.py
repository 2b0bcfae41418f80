"""Submissions that failed once, posted as ODK Collect posts them: each is taken, and its bad piece is marked."""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import fromstring

import pytest

from grid.calendar.now import day_of, moved_to, now
from mobile_api.openrosa.queries.xform import collect_xml
from mobile_api.uploads.actions import evidence_file
from tasks.doors.models import CheckTask
from tasks.forms import tables
from tasks.visits.models import Evidence, Visit
from tests.doors import IN_ORDER, make_round, make_task
from tests.mobile_api.openrosa.collect import Collect, instance
from tests.patience import PATIENCE

pytestmark = pytest.mark.once

INPUTS = Path(__file__).with_name("inputs")


@pytest.fixture
def task(cast: Any, make_employer: Any) -> CheckTask:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def input_of(name: str, task: CheckTask) -> bytes:
    """An input with its blanks filled: {{now}}, {{a door of doors.csv}}, {{version …}}, {{fresh}}."""
    fill = {
        "now": now().isoformat(),
        "a door": str(task.pk),
        "version": tables.current("employer").version,
        "fresh": str(uuid4()),
    }
    text = (INPUTS / name).read_text()
    return re.sub(
        r"\{\{(.+?)\}\}",
        lambda found: next(to for blank, to in fill.items() if found[1].startswith(blank)),
        text,
    ).encode()


def taken(collect: Collect, xml: bytes, files: dict[str, bytes] | None = None) -> Visit:
    """Posted twice, as after a dropped connection: one visit."""
    assert [collect.post(xml, files).status_code for _time in range(2)] == [201, 201]
    return Visit.objects.get()


def page(client: Any, cast: Any, visit: Visit) -> str:
    client.force_login(cast.zhao)
    return client.get(f"/visits/{visit.code}/").content.decode()


def photo(name: str) -> bytes:
    return (INPUTS / name).read_bytes()


def test_c01_an_empty_photo_costs_itself(cast: Any, client: Any, collect: Collect, task: CheckTask) -> None:
    visit = taken(collect, input_of("c01_zero_byte_photo.xml", task), {"p.jpg": photo("p_zero_bytes.jpg")})
    assert (visit.task_id, visit.outcome, visit.answers["refusal_photo"]) == (task.pk, "refused", "p.jpg")
    assert not Evidence.objects.exists() and "照片是空文件" in page(client, cast, visit)


def test_c02_no_position_is_shown_or_handed_out(
    cast: Any, client: Any, collect: Collect, task: CheckTask
) -> None:
    content = photo("p_exif_gps.jpg")
    assert b"Exif" in content
    visit = taken(collect, input_of("c02_exif_gps.xml", task), {"p.jpg": content})
    digest = hashlib.sha256(content).hexdigest()
    assert visit.answers["refusal_photo"] == digest == Evidence.objects.get().sha256
    assert evidence_file(digest).read_bytes() == content, "the original is sealed as it came"
    shown = page(client, cast, visit)
    answer = client.get(f"/visits/{visit.code}/photos/{digest}/")
    if answer.status_code == 200:
        assert b"Exif" not in b"".join(answer.streaming_content)
    else:
        assert answer.status_code == 404 and "无法显示" in shown


def test_c05_a_heic_that_is_none_is_marked_where_it_is_decided(
    cast: Any, client: Any, collect: Collect, task: CheckTask
) -> None:
    content = photo("p_heic_header.heic")
    visit = taken(collect, input_of("c05_heic.xml", task), {"IMG_1.HEIC": content})
    digest = hashlib.sha256(content).hexdigest()
    assert visit.answers["refusal_photo"] == digest and Evidence.objects.get().visit_id == visit.pk
    assert "无法显示" in page(client, cast, visit)
    assert client.get(f"/visits/{visit.code}/photos/{digest}/").status_code == 404


def test_c06_a_text_too_long_is_kept_whole_and_the_form_says_the_limit(
    cast: Any, client: Any, collect: Collect, task: CheckTask
) -> None:
    visit = taken(collect, input_of("c06_text_4001.xml", task))
    assert (visit.outcome, visit.answers["employees"], visit.answers["insured_seen"]) == ("done", 5, 3)
    shown = page(client, cast, visit)
    assert "文字过长（4001 字" in shown and "长" * 500 in shown
    binds = [
        element
        for element in fromstring(collect_xml(tables.current("employer"))).iter()
        if element.tag.endswith("}bind")
    ]
    texts = [
        bind for bind in binds if bind.get("type") == "string" and "remark" in (bind.get("nodeset") or "")
    ]
    assert texts and all("string-length(.) <=" in (text.get("constraint") or "") for text in texts)


def test_c10_a_time_to_come_is_kept_marked_and_counts_from_its_arrival(
    cast: Any, client: Any, collect: Collect, task: CheckTask
) -> None:
    visit = taken(collect, input_of("c10_future_clock.xml", task))
    assert day_of(visit.recorded_at) == date(2031, 1, 1)
    assert (visit.doubt, visit.counts_at) == ("ahead", visit.received_at)
    # Collect's clock says whole seconds, and a busy machine takes some to answer.
    assert abs(visit.skew_seconds) < PATIENCE
    shown = page(client, cast, visit)
    assert "2031" in shown and "手机时间晚于收到时间" in shown
    with moved_to(now() + timedelta(days=1)):
        xml = instance(
            tables.current("employer"), IN_ORDER, door=task.pk, outcome="done", visit_end=now().isoformat()
        )
        assert collect.post(xml).status_code == 201
    later = Visit.objects.latest("pk")
    assert later.doubt == "" and later.counts_at > visit.counts_at


@pytest.mark.parametrize(
    ("told", "doubt"),
    [
        ("2031-01-01T00:00:00.000+08:00", "ahead"),
        ("2999-12-31T23:59:59+14:00", "ahead"),
        ("1970-01-01T00:00:00.000Z", "before_phone"),
        ("0001-01-01T00:00:00.000+08:00", "before_phone"),
    ],
)
def test_siblings_of_c10(collect: Collect, task: CheckTask, told: str, doubt: str) -> None:
    xml = input_of("c10_future_clock.xml", task)
    visit = taken(collect, xml.replace(b"2031-01-01T00:00:00.000+08:00", told.encode()))
    assert visit.counts_at == visit.received_at and visit.doubt in (doubt, "")
    assert visit.recorded_at >= datetime(1, 1, 1, tzinfo=UTC)


def test_siblings_of_c01_every_piece_of_one_visit_may_be_bad(
    cast: Any, client: Any, collect: Collect, task: CheckTask
) -> None:
    """All kinds at once: an empty photo, a text too long, a time to come, a number too large."""
    xml = input_of("c06_text_4001.xml", task).replace(b"<employees>5<", b"<employees>" + b"9" * 40 + b"<")
    xml = re.sub(rb"<visit_end>.*?<", b"<visit_end>2031-01-01T00:00:00.000+08:00<", xml)
    xml = xml.replace(b"<meta>", b"<refusal_photo>p.jpg</refusal_photo><meta>")
    visit = taken(collect, xml, {"p.jpg": b"", "extra (1).jpg": b"<html>"})
    shown = page(client, cast, visit)
    for words in ("文字过长", "照片是空文件", "不是这一题要的内容"):
        assert words in shown
    assert visit.doubt == "ahead" and visit.answers["insured_seen"] == 3
