"""Everybody with a post: the named accounts, and generated workers, reviewers and supervisors for the rest."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import count
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from grid.ledger.actions import Line, record_many
from grid.scope import Actor, Held, Role
from grid.territory.actions import add_person, give_posting
from grid.territory.models import Area, Level, Person, Posting
from grid.territory.rules import Post
from grid.territory.verbs import TerritoryVerb
from project.demo.accounts import ACCOUNTS, PASSWORD
from workflows.certificates.actions import enter_certificate
from workflows.certificates.rules import Card
from workflows.inspections.models.certificates import CertificateKind

FAMILY = (
    "张王李赵刘陈杨黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚"
)
GIVEN = "伟芳娜静敏丽强磊军洋勇艳杰涛明超霞平刚玲桂英梅红兰华建国志文辉鹏飞斌波宇浩凯雪琴晓燕海龙春生秀云"
OF_LEVEL = {Level.GRID: Role.WORKER, Level.COMMUNITY: Role.COMMUNITY, Level.STREET: Role.STREET}
OF_DISTRICT = (Role.DISTRICT, Role.LEGAL, Role.EXAMINER, Role.INSPECTOR)
# In every district two of each: nobody audits or investigates alone (行政处罚法42条), nobody does both.
PAIRS = {Role.EXAMINER: "社保中心稽核科", Role.INSPECTOR: "劳动监察大队"}
HEADS = 3  # of a district's office: as many as discuss a weighty penalty
CARDS = {
    Role.EXAMINER: ("稽", CertificateKind.AUDIT),
    Role.INSPECTOR: ("蒙C", CertificateKind.ENFORCEMENT),
    Role.LEGAL: ("法", CertificateKind.LAW),
}
BODIES = {
    CertificateKind.AUDIT: "人力资源和社会保障部社会保险事业管理中心",
    CertificateKind.ENFORCEMENT: "内蒙古自治区司法厅",
    CertificateKind.LAW: "司法部",
}


def post_everybody(on: date, *, by: Actor, bulk: bool = True) -> int:
    """The named accounts, then one person for each area that has nobody yet; how many people."""
    for account in ACCOUNTS:
        person = add_person(account.username, account.full_name, account.area[:4], is_sample=True, by=by)
        post = Post(
            account.role,
            account.area,
            on,
            department=account.department,
            is_head=account.role == Role.DISTRICT,
        )
        give_posting(person, post, by=by)
    # Hashing is slow on purpose; one hash for the one password everybody here shares.
    names = [account.username for account in ACCOUNTS]
    Person.objects.filter(username__in=names).update(password=make_password(PASSWORD))
    posted = len(ACCOUNTS) + (_post_the_rest(on, by) if bulk else 0)
    certify(on, by=by)
    return posted


def certify(on: date, *, by: Actor) -> None:
    """Everybody who audits, inspects or reviews holds a certificate for six years."""
    until = date(on.year + 6, 12, 31)
    for role, (letters, kind) in CARDS.items():
        posts = Posting.objects.filter(role=role).select_related("person").order_by("pk")
        for number, posting in enumerate(posts, 1):
            card = Card(kind, f"{letters}-{number:04d}", on, until, BODIES[kind])
            enter_certificate(posting.person, card, by=by)


@transaction.atomic
def _post_the_rest(on: date, by: Actor) -> int:
    """In bulk, because a city has 900 of them: rows and entries are those `add_person` and `give_posting` write."""
    wanted = list(_vacancies())
    random, unusable = Random("people"), make_password(None)
    people = Person.objects.bulk_create(
        Person(
            username=f"{role.value[:1]}{area}{'b' * wanted[:place].count((role, area))}",
            full_name=name_of(random),
            password=unusable,
            is_sample=True,
        )
        for place, (role, area) in enumerate(wanted)
    )
    postings = Posting.objects.bulk_create(
        Posting(person=person, role=role, area_id=area, valid_from=on,
                department=PAIRS.get(role, ""), is_head=role == Role.DISTRICT)
        for person, (role, area) in zip(people, wanted, strict=True)
    )  # fmt: skip
    record_many(
        TerritoryVerb.PERSON_ADDED,
        (Line(p.area_id[:4], data={"person": p.person_id, "name": p.person.full_name}) for p in postings),
        by=by,
    )
    record_many(TerritoryVerb.POSTING_GIVEN, (Line(p.area_id, data=_facts(p)) for p in postings), by=by)
    return len(people)


def _facts(posting: Posting) -> dict[str, object]:
    return {
        "posting": posting.pk, "person": posting.person_id, "name": posting.person.full_name,
        "role": posting.role, "role_name": str(Role(posting.role).label), "area": posting.area_id,
        "from": posting.valid_from, "until": None,
    }  # fmt: skip


def _vacancies() -> Iterator[tuple[Role, str]]:
    held = Counter(Posting.objects.values_list("role", "area_id"))
    areas = list(Area.objects.filter(valid_to=None).order_by("level", "code").values_list("level", "code"))
    for level, code in areas:
        roles = (
            OF_DISTRICT if level == Level.DISTRICT else (OF_LEVEL[Level(level)],) if level in OF_LEVEL else ()
        )
        for role in roles:
            lacking = (2 if role in PAIRS else HEADS if role == Role.DISTRICT else 1) - held[role.value, code]
            yield from [(role, code)] * max(lacking, 0)


def name_of(random: Random) -> str:
    return random.choice(FAMILY) + "".join(random.sample(GIVEN, random.choice((1, 2, 2))))


class Staff:
    """Who acts for an area: actors by role and code, read once."""

    def __init__(self) -> None:
        self._by_place: dict[tuple[str, str], list[Actor]] = {}
        self._by_posting: dict[int, Actor] = {}
        self.named: dict[str, Actor] = {}
        self._turn = count()
        for posting in Posting.objects.select_related("person").order_by("pk"):
            held = Held(posting.pk, posting.role, posting.area_id, posting.department)
            actor = Actor(posting.person_id, posting.person.full_name, (held,))
            self._by_place.setdefault((posting.role, posting.area_id), []).append(actor)
            self._by_posting[posting.pk] = actor
            self.named.setdefault(posting.person.username, actor)

    def worker(self, posting_id: int) -> Actor:
        return self._by_posting[posting_id]

    def at(self, role: Role, area: str) -> Actor:
        """Whoever holds `role` over the area: posted to it or, above it, to what contains it."""
        for length in (15, 12, 9, 6, 4):
            if length <= len(area) and (found := self._by_place.get((role.value, area[:length]))):
                return found[0]
        raise LookupError(f"{role} {area}")

    def pair(self, role: Role, area: str) -> tuple[Actor, Actor]:
        """Two who hold `role` over the district of `area`."""
        first, second, *_more = self._by_place[role.value, area[:6]]
        return first, second

    def heads(self, area: str) -> tuple[Actor, ...]:
        """Those who lead the office of the district of `area`."""
        return tuple(self._by_place[Role.DISTRICT.value, area[:6]][:HEADS])

    def __getattr__(self, username: str) -> Actor:
        try:
            return self.named[username]
        except KeyError:
            raise AttributeError(username) from None
