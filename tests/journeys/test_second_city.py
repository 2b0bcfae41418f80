"""Another city is data: its areas, people, offices and document are rows and environment, and nothing it writes or
shows is Wuhai's. Everything of this city is invented, 示例数据."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.urls import reverse

from grid.calendar import now as clock
from grid.calendar.now import today
from grid.law.actions.loading import load_shipped_provisions
from grid.law.models import Provision
from grid.law.rules.mandate import cited
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of
from grid.offices import actions as offices
from grid.offices.models import Body
from grid.offices.queries import offices_missing
from grid.territory.models import Area
from tasks.findings.models import Finding
from tasks.findings.rules import Facts, measures_owed
from tasks.forms.rules import Known
from tests.cast import AREAS, PEOPLE, credit_code, lay_out, post_everybody
from tests.journeys import stages
from tests.journeys.entries import UNREGISTERED, lists
from tests.journeys.outside import Employer, PasserBy
from tests.journeys.pages import Page
from tests.journeys.way import Desk, Way, at
from tests.reading import words_of
from tests.test_one_city import NAMES
from tests.workflows.conftest import certify
from workflows.cases.models import Case, CaseState
from workflows.duties.actions.loading import load_shipped_duties
from workflows.listing.actions.loading import load_shipped_grounds
from workflows.notices.letters import Signer, letter_of
from workflows.notices.models import Notice
from workflows.sanctions.actions.loading import load_shipped_sanctions

pytestmark = pytest.mark.once

CODES = {"150302": "990201", "150304": "990202", "1503": "9902"}
NAMED = {"1503": "示例市", "150302": "甲山区", "150304": "乙水区"}
MANDATE = "示政发〔2026〕1号"
HEAD = "区划,种类,全称,代字,地址,电话,印章,起"


def there(code: str) -> str:
    """A code of the cast's city as one of this city."""
    ours = next(ours for ours in CODES if code.startswith(ours))
    return CODES[ours] + code[len(ours) :]


def offices_file() -> bytes:
    lines = [HEAD]
    for code, name, word in (
        ("9902", "示例市", "示"),
        ("990201", "甲山区", "示甲"),
        ("990202", "乙水区", "示乙"),
    ):
        lines += [
            f"{code},authority,{name}人力资源和社会保障局,{word}人社,{name}政务大道1号,0990-1234567,{name}人社局,2020-01-01",
            f"{code},agency,{name}社会保险中心,{word}社保,,,,2020-01-01",
            f"{code},tax,国家税务总局{name}税务局,,,,,2020-01-01",
            f"{code},office,{name}参保扩面办公室,,,,,2020-01-01",
            f"{code},review_body,{name}人民政府,,,,,2020-01-01",
            f"{code},court,{name}人民法院,,,,,2020-01-01",
        ]
    for code, name in (("990201", "甲山区"), ("990202", "乙水区")):
        lines += [
            f"{code},inspectorate,{name}劳动保障监察大队,,{name}政务大道2号,0990-1234568,,2020-01-01",
            f"{code},audit_desk,{name}社会保险中心稽核科,,{name}政务大道3号,0990-1234569,,2020-01-01",
        ]
    lines.append("9902,legal_desk,示例市人社局法规科,,示例市政务大道4号,0990-1234560,,2020-01-01")
    lines += ["990201,cases,,JSQ,,,,2020-01-01", "990202,cases,,YSQ,,,,2020-01-01"]
    return "\n".join(lines).encode()


class Overheard(Desk):
    """A desk whose pages are kept: what the city's people see."""

    def opens(self, address: str, status: int = 200) -> Page:
        page = super().opens(address, status)
        self._way.heard.append((address, page.words))  # type: ignore[attr-defined]
        return page


class Listening(Way):
    desk = Overheard

    def __init__(self, cast: Any, folder: Path) -> None:
        self.heard: list[tuple[str, str]] = []
        super().__init__(cast, folder)


@pytest.fixture
def city(db: None, settings: Any) -> dict[str, Area]:
    settings.CITY, settings.MANDATE, settings.MANDATE_CLAUSES = "9902", MANDATE, False
    Body.objects.all().delete()
    Provision.objects.all().delete()
    load_shipped_provisions()
    return lay_out((there(code), level, kind, NAMED.get(code, name)) for code, level, kind, name in AREAS)


@pytest.fixture
def cast(city: dict[str, Area]) -> Any:
    made = post_everybody(city, [(*who, there(area), office) for *who, area, office in PEOPLE])  # type: ignore[misc]
    offices.import_bodies("示例市机关.csv", offices_file(), by=made.by.fang)
    waiting = list(Body.objects.values_list("pk", flat=True))
    offices.confirm_bodies(waiting, "与机构编制文件一致", by=made.by.wu)
    return made


@pytest.fixture
def way(cast: Any, tmp_path: Path) -> Iterator[Listening]:
    load_shipped_grounds()
    load_shipped_duties()
    load_shipped_sanctions()
    certify(cast)
    before = clock._ahead
    made = Listening(cast, tmp_path)
    made.goes_to(today())
    yield made
    clock.move(before)


@pytest.fixture
def opened(way: Way, make_employer: Callable[..., Any], make_finding: Callable[..., Finding]) -> Case:
    unit = make_employer(area=there("150302001002001"), credit_code=credit_code(1, "990201"))
    seen = Facts("done", {"operating": "yes", "employees": 12, "insured_seen": 0}, Known(insured=0))
    return way.opens(
        make_finding(unit, measures=[cited(measure.as_json()) for measure in measures_owed(seen)])
    )


def test_its_offices_are_whole(cast: Any) -> None:
    assert offices_missing("9902", today()) == []


def test_from_the_finding_to_the_list(way: Listening, opened: Case) -> None:
    """告知书, 立案, 责令, 听证, 处罚, 催告, 列入, 移出: the papers of the district and of the city."""
    assert opened.code == f"JSQ-{today().year}-000001"
    stages.escalated(way, opened)
    stages.filed(way, opened)
    stages.ordered(way, opened)
    stages.told(way, opened, stages.WEIGHTY)
    stages.heard(way, opened)
    stages.reviewed(way, opened)
    stages.discussed(way, opened)
    stages.decided(way, opened)
    stages.pays(way, opened, 120000)
    listing = lists(way, opened, UNREGISTERED)
    public = PasserBy()
    assert "示例市人力资源和社会保障局" in public.opens(reverse("public-listing", args=[opened.code])).words
    way.register_shows(opened, 12)
    nothing_is_wuhais(way, opened)
    assert listing.area.startswith("9902")
    assert Case.objects.get(pk=opened.pk).state == CaseState.PUBLISHED


def test_from_the_finding_to_the_tax_office(way: Listening, opened: Case) -> None:
    """稽核通知, 发现, 意见, 移送: the papers the agency signs."""
    stages.escalated(way, opened)
    stages.opined(way, opened)
    way.waits(opened, "audit.correction")
    way.tang.does(at.audit(opened), "transfer", department="市税务局", why="改正期满仍欠缴")
    letter = opened.notices.get(kind="tax_transfer")
    assert letter.values["to"] == "国家税务总局甲山区税务局"
    nothing_is_wuhais(way, opened)


# --- what is looked at -------------------------------------------------------------------------------


def nothing_is_wuhais(way: Listening, case: Case) -> None:
    for name in ("law", "offices", "duties", "announcements", "listings", "cases"):
        way.wu.opens(reverse(name))
    phone = {"number": "13800990012", "holder": "张三", "source": "法定代表人到场登记"}
    way.zhao.does(reverse("contacts", args=[case.code]), "phone", **phone)
    urging = case.notices.get(kind="urging")
    heard = [*way.heard, ("window", Employer(urging).enters().matter()), ("scan", PasserBy().scans(urging))]
    for address, words in heard:
        assert not wuhais(words), (address, wuhais(words))
    papers = list(case.notices.all())
    assert len(papers) > 4
    for paper in papers:
        is_of_this_city(paper)
    for entry in Entry.objects.all():
        assert not wuhais(f"{sentence_of(entry)}{entry.data}"), entry.pk


# A hash, and a code that somebody types from a paper: by chance they may spell anything.
BY_CHANCE = re.compile(
    r"\b[0-9a-f]{32,}\b|(?<![0-9A-Z])[0-9A-Z]{4}[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]{4}(?![0-9A-Z])"
)


def wuhais(text: str) -> str:
    """What of Wuhai is named."""
    found = NAMES.search(BY_CHANCE.sub("", text))
    return found[0] if found else ""


def test_a_case_of_wuhai_is_found_beside_a_code_that_spells_it_by_chance() -> None:
    assert not wuhais("验证码：QHBW-2K3M-7PXT。/v/QHBW2K3M7PXT")
    assert wuhais("案号：HBW-2026-000001") == "HBW"


def is_of_this_city(paper: Notice) -> None:
    words = words_of((Path(configured.FILES) / paper.path).read_bytes())
    assert not wuhais(words), (paper.kind, wuhais(words))
    signer = letter_of(paper.kind).signer
    place = "示例市" if signer is Signer.CITY else "甲山区"
    body = "社会保险中心" if signer is Signer.AGENCY else "人力资源和社会保障局"
    assert f"{place}{body}" in words, paper.kind
    # The seal's name stands in drafts; on what is served the seal itself is put.
    assert f"（{place}人社局）" not in words, paper.kind
    assert paper.values["letter"]["seal"] == ("" if signer is Signer.AGENCY else f"{place}人社局"), paper.kind
    assert paper.number.startswith("示甲" if place == "甲山区" else "示人社"), paper.number
