"""The first week's list: what is left as a number, in words, with its way; who sees it, and when it goes away."""

import re
import shutil
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from grid.calendar.models import CalendarYear
from grid.calendar.now import now, today
from grid.law.models import Provision
from grid.ledger.actions.sealer import seal_pending
from grid.ledger.models import Entry
from grid.opening import opening_lines
from grid.registers.models import Delivery, DeliveryState, Register
from grid.scope import Role
from grid.territory.grids.actions import add_grid
from grid.territory.models import Area, Level, Person, Posting
from mobile_api.devices.models import Device
from project.backup import reports
from project.checklist.queries import CLOSED, checklist_of
from tests.cast import SINCE
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.listing.models import Ground

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgetful() -> Any:
    cache.delete(CLOSED)
    yield
    cache.delete(CLOSED)
    shutil.rmtree(settings.DATA / "reports", ignore_errors=True)


def left(viewer: Any) -> dict[str, int | None]:
    return {line.title: line.left for line in opening_lines(viewer, "1503")}


def test_each_line_counts_what_is_left(cast: Any, make_employer: Any) -> None:
    make_employer(area="150302", address="某处")
    found = left(cast.by.wu)
    # 公园社区 and its grid have nobody, and nobody reviews in 振华社区.
    assert (found["社区复核员"], found["网格员"], found["街道主管"], found["区主管"]) == (2, 1, 0, 0)
    assert (found["网格"], found["网格边界"], found["暂定网格"]) == (0, 4, 0)
    assert (found["归格"], found["网格员的手机"], found[str(Register.MARKET.label)]) == (1, 3, 1)
    assert found["对外文书所依据的参数"] and found["内部工作的参数"]
    Area.objects.filter(level=Level.GRID, parent="150302001003").update(valid_to=today() - timedelta(days=1))
    assert left(cast.by.wu)["网格"] == 1


def test_an_empty_city_says_what_does_not_apply_yet(cast: Any) -> None:
    Posting.objects.exclude(person=cast.wu).delete()
    Area.objects.exclude(code="1503").update(valid_to=SINCE + timedelta(days=1))
    found = left(cast.by.wu)
    assert found["行政区划"] == 3 and found["市级和专门岗位"]
    for title in ("区主管", "街道主管", "社区复核员", "网格员", "网格边界", "归格", "网格员的手机"):
        assert found[title] is None, title


def test_the_page_tells_and_costs_the_same_at_any_size(
    cast: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.wu)
    with django_assert_max_num_queries(60):
        text = client.get("/checklist/").content.decode()
    for words in ("须先办", "没有社区复核员", "待法制审核", "还没有采用过一批", "以此为据"):
        assert words in text, words
    assert 'href="/checklist/"' in client.get("/").content.decode()


@pytest.mark.once
@pytest.mark.parametrize(
    ("who", "status"), [("wu", 200), ("bai", 200), ("qian", 404), ("sun", 404), ("zheng", 404), ("feng", 404)]
)
def test_who_sees_it(cast: Any, client: Client, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get("/checklist/").status_code == status
    assert ('href="/checklist/"' in client.get("/").content.decode()) == (status == 200)
    assert client.post("/checklist/close/").status_code == (
        302 if who == "wu" else 403 if who == "bai" else 404
    )


def test_whoever_gives_posts_alone_is_told_of_people_alone(cast: Any) -> None:
    assert {line.group for line in opening_lines(cast.by.bai, "1503")} == {"people"}


def test_it_goes_away_only_when_nothing_blocks(cast: Any, client: Client) -> None:
    client.force_login(cast.wu)
    client.post("/checklist/close/")
    assert not Entry.objects.filter(verb="checklist.closed").exists()
    assert "不办完就不能对外开展" in client.get("/checklist/").content.decode()
    _finish(cast)
    assert [line.title for line in checklist_of(cast.by.wu).blocking] == []
    client.post("/checklist/close/")
    client.post("/checklist/close/")
    assert Entry.objects.filter(verb="checklist.closed").count() == 1
    cache.set(CLOSED, True, None)  # as on_commit does
    assert 'href="/checklist/"' not in client.get("/").content.decode()
    cache.delete(CLOSED)
    assert "收起" in client.get("/checklist/").content.decode()
    assert 'href="/checklist/"' not in client.get("/").content.decode()


def _finish(cast: Any) -> None:
    """Everything that blocks, done in the plainest way."""
    reports.note("backup", {"name": "示例"})
    Provision.objects.update(reviewed=True)
    Ground.objects.update(reviewed=True)
    for year in (today().year, today().year + 1):
        CalendarYear.objects.get_or_create(year=year, defaults={"basis": "示例"})
    for number, area in enumerate(Area.objects.filter(level=Level.COMMUNITY)):
        extra = Person.objects.create(username=f"extra{number}", full_name="某")
        Posting.objects.create(person=extra, role=Role.COMMUNITY, area=area, valid_from=SINCE)
    lawyer = Person.objects.create(username="lawyer", full_name="某")
    _certify(lawyer, CertificateKind.LAW)
    for area in Area.objects.filter(level=Level.DISTRICT):
        Posting.objects.create(person=lawyer, role=Role.LEGAL, area=area, valid_from=SINCE)
        _staff(area)
    for register in Register:
        Delivery.objects.create(
            register=register, area="1503", as_of=today(), state=DeliveryState.DONE, sha256=register.value,
            delivered_at=now(), file_name="示例.csv",
        )  # fmt: skip
    Device.objects.create(
        posting=cast.post.wang, area=cast.post.wang.area_id, token_hash="x", enrolled_at=now()
    )
    add_grid("150302001002", "新网格", by=cast.by.sun)
    seal_pending()


def _staff(area: Area) -> None:
    """Three who lead the district's office, two who audit and two who inspect, with what they show."""
    posts = (
        *[(Role.DISTRICT, "")] * 3,
        *[(Role.EXAMINER, CertificateKind.AUDIT)] * 2,
        *[(Role.INSPECTOR, CertificateKind.ENFORCEMENT)] * 2,
    )
    for number, (role, kind) in enumerate(posts):
        person = Person.objects.create(username=f"staff{area.pk}{number}", full_name="某")
        is_head = role == Role.DISTRICT
        Posting.objects.create(person=person, role=role, area=area, valid_from=SINCE, is_head=is_head)
        if kind:
            _certify(person, kind)


def _certify(person: Person, kind: str) -> None:
    span = {"valid_from": SINCE, "valid_to": today() + timedelta(days=900)}
    Certificate.objects.create(person=person, kind=kind, number=f"证-{person.pk}", **span)


def test_a_checkpoint_is_taken_away_and_said_where(cast: Any, client: Client) -> None:
    client.force_login(cast.wu)
    assert client.get("/checklist/checkpoint/").status_code == 503
    add_grid("150302001002", "新网格", by=cast.by.sun)
    seal_pending()
    assert left(cast.by.wu)["台账封存点取出保管"] == 1
    page = client.get("/checklist/checkpoint/").content.decode()
    assert "下载封存点" in page
    assert client.post("/checklist/checkpoint/", {"where": ""}).status_code == 422
    size = re.search(r'name="size" value="(\d+)"', page)[1]  # type: ignore[index]
    add_grid("150302001002", "又一网格", by=cast.by.sun)
    seal_pending()
    client.post("/checklist/checkpoint/", {"where": "市档案馆", "size": size})
    # What was shown and taken away, whatever was sealed since.
    told = Entry.objects.get(verb="checkpoint.kept").data
    assert (told["where"], str(told["size"])) == ("市档案馆", size)
    assert left(cast.by.wu)["台账封存点取出保管"] == 0
    client.force_login(cast.bai)
    assert client.get("/checklist/checkpoint/").status_code == 403
