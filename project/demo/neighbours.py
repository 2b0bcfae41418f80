"""Generated sites, households, persons and notice boards, and what a worker hears there.

Every one is 示例数据: names are made up, and in place of an identity number there is a running number. In each of
the named workers' grids the first of every kind is left to be visited by whoever tries the phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from grid.placing.adding.actions import Local
from grid.subjects.models import SubjectKind
from grid.territory.models import Area
from project.demo.employers import (
    COMPANIES,
    DISTRICTS,
    SAMPLE,
    WORDS,
    Employer,
    Trade,
    credit_code,
)
from project.demo.people import name_of

KINDS = (
    SubjectKind.CONSTRUCTION_SITE,
    SubjectKind.RESIDENT,
    SubjectKind.FLEXIBLE_WORKER,
    SubjectKind.HARDSHIP,
    SubjectKind.ANNOUNCEMENT_POINT,
)
OFFICES = Trade("社区服务中心", "9194", "社会事务管理", (6, 40), (4200, 6800), 1)
QUARRY = next(trade for trade in COMPANIES if trade.ending == "石料加工有限公司")
BUILDS = next(trade for trade in COMPANIES if trade.ending == "建筑工程有限公司")
# The general contractor of every site: the business register knows where it is and who represents it.
BUILDER, BUILDER_CODE = f"乌海市示例建筑工程有限公司{SAMPLE}", credit_code(89_999, "150302", "91")
WORKS = ("安置房二期", "道路改造", "管网更新", "学校扩建", "厂房建设", "老旧小区改造")


@dataclass
class Neighbour:
    local: Local
    answers: dict[str, object]
    waits: bool = False


def settle(grids: Sequence[Area], named: Sequence[str], each: int) -> list[Neighbour]:
    """`each` of every kind in the grids of the named workers, one in each of the others."""
    random, made = Random("neighbours"), list[Neighbour]()
    for grid in grids:
        for kind in KINDS:
            for turn in range(each if grid.code in named else 1):
                local = _local(kind, grid, len(made) + 1, random)
                waits = grid.code in named and turn == 0
                made.append(Neighbour(local, _answers(kind, random), waits))
    return made


def _local(kind: str, grid: Area, number: int, random: Random) -> Local:
    home = f"{grid.name}{random.randint(1, 30)}号楼{random.randint(1, 4)}单元{random.randint(101, 602)}室"
    match kind:
        case SubjectKind.CONSTRUCTION_SITE:
            name = f"{DISTRICTS[grid.code[:6]]}{grid.name}{random.choice(WORKS)}项目{number}号{SAMPLE}"
            return Local(
                kind, name, f"SL{grid.code[:6]}{number:06d}", grid.code, f"{grid.name}施工现场", "4710", True
            )
        case SubjectKind.ANNOUNCEMENT_POINT:
            name = f"{grid.name}宣传栏{number}号{SAMPLE}"
            return Local(kind, name, f"XC{grid.code}-{number:04d}", grid.code, f"{grid.name}出入口", "", True)
    name = name_of(random)
    return Local(kind, name, f"示例{number:06d}", grid.code, home, "", True)


def _answers(kind: str, random: Random) -> dict[str, object]:
    """Mostly in order: about one in four has something to be done."""
    troubled = random.random() < 0.25
    match kind:
        case SubjectKind.CONSTRUCTION_SITE:
            heads = random.randint(8, 120)
            said = {"progress": "building", "site_workers": heads}
            if troubled:
                return {**said, "project_insured": "no", **_contractor(heads)}
            return {**said, "project_insured": "yes", "certificate": "yes", "roster": "yes"}
        case SubjectKind.RESIDENT:
            said = {"adults": random.randint(1, 5), "unit_uninsured": "no"}
            if troubled:
                member = {
                    "relation": random.choice(("spouse", "child")),
                    "gap": random.choice(("never", "lapsed")),
                }
                return {**said, "all_insured": "no", "members": [member], "wish": "yes"}
            return {**said, "all_insured": "yes"}
        case SubjectKind.FLEXIBLE_WORKER:
            said = {"work": random.choice(("platform", "odd_jobs", "own"))}
            if troubled:
                return {
                    **said,
                    "own_insurance": "none",
                    "wish": random.choice(("flexible", "resident", "later")),
                }
            return {**said, "own_insurance": "flexible", "lapsed": "no"}
        case SubjectKind.HARDSHIP:
            said = {
                "hardship": "listed",
                "own_insurance": "resident",
            }
            return {**said, "paid_by": "nobody" if troubled else "government"}
    if troubled:
        return {"posted": "no", "remark": "宣传栏已拆，待补"}
    return {"posted": "yes", "materials": ["policy", "phone"]}


def _contractor(number: int) -> dict[str, object]:
    """What the board at a site says of its general contractor: the party of whatever is written about the site."""
    return {
        "contractor": BUILDER,
        "contractor_code": BUILDER_CODE,
        "permit": f"示例施许{number:04d}号",
    }


def more_employers(grids: Sequence[Area], first: int, founded: date) -> list[Employer]:
    """An institution and a dust employer in each grid, which chance gives to few of them, and the general contractor of
    the sites. All in order."""
    random, made = Random("more employers"), list[Employer]()
    for grid in grids:
        for category, head, trade in (("事业单位", "12", OFFICES), ("企业", "91", QUARRY)):
            number = first + len(made)
            heads = random.randint(*trade.heads)
            street = grid.parent.parent.name if grid.parent and grid.parent.parent else ""
            town = DISTRICTS[grid.code[:6]]
            made.append(
                Employer(
                    number=number,
                    name=f"{town if head == '12' else '乌海市'}{''.join(random.sample(WORDS, 2))}{trade.ending}{SAMPLE}",
                    code=credit_code(number, grid.code[:6], head),
                    category=category,
                    trade=trade,
                    address=f"乌海市{town}{street}{grid.name}{random.randint(1, 48)}号",
                    grid=grid.code,
                    established=founded,
                    heads=heads,
                    wage=random.randrange(*trade.wage, 50),
                    insured=heads,
                    capital=50,
                )
            )
    return [*made, _builder(first + len(made), grids[0], founded)]


def _builder(number: int, grid: Area, founded: date) -> Employer:
    return Employer(
        number=number, name=BUILDER, code=BUILDER_CODE, category="企业", trade=BUILDS,
        address=f"乌海市{DISTRICTS[grid.code[:6]]}{grid.name}1号", grid=grid.code, established=founded, heads=60, wage=6500,
        insured=60, capital=2000,
    )  # fmt: skip
