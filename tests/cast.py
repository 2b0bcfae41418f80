"""The cast: a small city and the people who work in it. Tests speak of them by name.

wang and li knock on doors in two grids of 和平 community; zhao reviews there; sun runs its street,
qian its district; tang and jiang audit for the agency; zhou and he inspect; wu sits in the city office,
ma beside her; fang keeps the law, shi reviews and chairs in the district; zheng looks through the books of all;
feng is the tax office's liaison; bai gives the posts that watch and decide.
chen (street) and han (district) are in another district: should have no
access to any of it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from grid.calendar.now import now
from grid.law.models import Provision
from grid.offices.actions.loading import load_sample_offices
from grid.offices.models import Body
from grid.scope import Actor, Role
from grid.subjects.models import Placement, Subject, SubjectKind
from grid.territory.models import Area, Level, Person, Posting
from grid.territory.queries import actors_of
from project.demo.land import OFFICES
from tests.remembered import MEMORY

SINCE = date(2020, 1, 1)
GRID_1, GRID_2 = "150302001002001", "150302001002002"
FAR_GRID = "150304011011001"

AREAS = [
    ("1503", Level.CITY, "地级市", "乌海市"),
    ("150302", Level.DISTRICT, "市辖区", "海勃湾区"),
    ("150304", Level.DISTRICT, "市辖区", "乌达区"),
    ("150302001", Level.STREET, "街道", "凤凰岭街道"),
    ("150304011", Level.STREET, "街道", "苏海图街道"),
    ("150302001002", Level.COMMUNITY, "居委会", "和平社区居委会"),
    ("150302001003", Level.COMMUNITY, "居委会", "公园社区居委会"),
    ("150304011011", Level.COMMUNITY, "居委会", "振华社区居委会"),
    (GRID_1, Level.GRID, "基础网格", "和平社区第一网格"),
    (GRID_2, Level.GRID, "基础网格", "和平社区第二网格"),
    ("150302001003001", Level.GRID, "基础网格", "公园社区第一网格"),
    (FAR_GRID, Level.GRID, "基础网格", "振华社区第一网格"),
]
PEOPLE = [
    ("wang", "王建国", Role.WORKER, GRID_1, ""),
    ("li", "李秀英", Role.WORKER, GRID_2, ""),
    ("zhao", "赵敏", Role.COMMUNITY, "150302001002", ""),
    ("sun", "孙强", Role.STREET, "150302001", ""),
    ("qian", "钱卫东", Role.DISTRICT, "150302", ""),
    ("tang", "唐静", Role.EXAMINER, "150302", "社保中心稽核科"),
    ("jiang", "蒋伟", Role.EXAMINER, "150302", "社保中心稽核科"),
    ("zhou", "周正", Role.INSPECTOR, "150302", "劳动监察大队"),
    ("he", "何敏", Role.INSPECTOR, "150302", "劳动监察大队"),
    ("wu", "吴霞", Role.CITY, "1503", "市扩面办"),
    ("ma", "马骏", Role.CITY, "1503", "市扩面办"),
    ("zheng", "郑清", Role.AUDITOR, "1503", "市审计局"),
    ("shi", "石磊", Role.LEGAL, "150302", "区人社局法规股"),
    ("fang", "方文", Role.LEGAL, "1503", "市人社局法规科"),
    ("feng", "冯涛", Role.LIAISON, "1503", "市税务局"),
    ("bai", "白洁", Role.PERSONNEL, "1503", "市委组织部"),
    ("chen", "陈远", Role.STREET, "150304011", ""),
    ("han", "韩冰", Role.DISTRICT, "150304", ""),
    ("liu", "刘洋", Role.WORKER, FAR_GRID, ""),
]
PASSWORD = "knock-knock-2026"


@pytest.fixture
def law(db: None) -> None:
    """It lies in the template; a test that emptied the whole database took it along."""
    if not Provision.objects.exists():
        call_command("load_law", verbosity=0)
    if not Body.objects.exists():
        load_sample_offices(OFFICES)


def lay_out(rows: Iterable[tuple[str, Level, str, str]]) -> dict[str, Area]:
    """The areas of a city, from above to below."""
    areas: dict[str, Area] = {}
    for code, level, kind, name in rows:
        parent = max(
            (a for c, a in areas.items() if code.startswith(c)), key=lambda a: len(a.code), default=None
        )
        areas[code] = Area(
            code=code, level=level, kind=kind, name=name, short_name=name[:4], parent=parent, valid_from=SINCE
        )
    Area.objects.bulk_create(areas.values())
    return areas


@pytest.fixture
def city(db: None, law: None) -> dict[str, Area]:
    laid: dict[str, Area] = MEMORY.lay(lambda: lay_out(AREAS), "city")
    return laid


@pytest.fixture
def cast(city: dict[str, Area]) -> Any:
    """People by first name: `cast.zhao` is the person, `cast.by.zhao` the actor, `cast.post.zhao` the posting."""
    return MEMORY.lay(lambda: post_everybody(city, PEOPLE), "cast")


def post_everybody(city: dict[str, Area], posts: Sequence[tuple[str, str, Role, str, str]]) -> Any:
    password = make_password(PASSWORD)
    people = {
        name: Person(username=name, password=password, full_name=full_name)
        for name, full_name, *_post in posts
    }
    Person.objects.bulk_create(people.values())
    postings = {
        name: Posting(
            person=people[name],
            role=role,
            area=city[area],
            department=department,
            valid_from=SINCE,
            is_head=role == Role.DISTRICT,
        )
        for name, _full, role, area, department in posts
    }
    Posting.objects.bulk_create(postings.values())
    known = actors_of(people.values())
    actors: dict[str, Actor] = {name: known[person.pk] for name, person in people.items()}
    return SimpleNamespace(**people, by=SimpleNamespace(**actors), post=SimpleNamespace(**postings))


def check_character(body: str) -> str:
    """The 18th character of a credit code (GB 32100-2015) for its first 17."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return alphabet[(31 - total % 31) % 31]


def credit_code(number: int, district: str = "150302") -> str:
    body = f"91{district}{number:09d}"
    return body + check_character(body)


@pytest.fixture
def make_employer(db: None) -> Callable[..., Subject]:
    """An employer in a grid (default: wang's). Every field may be given."""
    made = 0

    def make(name: str = "", area: str = GRID_1, **fields: Any) -> Subject:
        nonlocal made
        made += 1
        name = name or f"示例商贸{made}号有限公司"
        values: dict[str, Any] = {
            "kind": SubjectKind.ENTERPRISE,
            "match_name": name,
            "credit_code": credit_code(made),
            "placement": Placement.HAND if len(area) == 15 else Placement.UNPLACED,
            "placement_why": "测试",
            "added_at": now(),
            "established_on": date(2015, 3, 1),
        }
        with MEMORY.noted("employer", name, area, fields):
            return Subject.objects.create(name=name, area=area, **{**values, **fields})

    return make
