"""Generated employers: what is true of each behind its door, and where that is.

Every name ends in （示例）. What the registers show is derived from the truth in registers.py; what a worker finds
at the door in canvass.py. `flaw` is what is wrong with the employer until it is mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from grid.subjects.rules import credit_check, organisation_check
from grid.territory.models import Area

SAMPLE = "（示例）"
WORDS = "海晟恒泰瑞丰鑫源宏达兴盛金河蒙腾煜嘉诚远弘祥润泽启明华岳朗博安顺利隆通广聚融创越锦程万德信合立拓"
FAMILY = "张王李赵刘陈杨黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐"
ROADS = {
    "150302": ("人民南路", "人民北路", "新华东街", "新华西街", "海北东街", "黄河东街", "千里山东街", "狮城东街",
               "鄂尔多斯东街", "乌兰北路", "双拥大街", "滨河东街", "机场路", "学府街", "凤凰岭大街"),
    "150303": ("拉僧仲大街", "卓山路", "海南大街", "祥和街", "建设路", "西来峰大街", "平安路"),
    "150304": ("巴音赛大街", "胜利西街", "解放北路", "解放南路", "五虎山大街", "苏海图路", "建设北路", "新达街"),
}  # fmt: skip
ALL_TYPES = ("pension", "unemployment", "injury")


class Trade(NamedTuple):
    """Name ending, industry code and words, heads from-to, monthly wage from-to, share, whether by the mines."""

    ending: str
    code: str
    words: str
    heads: tuple[int, int]
    wage: tuple[int, int]
    share: int
    is_heavy: bool = False


COMPANIES = (
    Trade("商贸有限公司", "5199", "其他未列明批发业", (2, 18), (4200, 6500), 22),
    Trade("建材有限公司", "5165", "建材批发", (3, 20), (4300, 6800), 8),
    Trade("物流有限公司", "5430", "道路货物运输", (6, 60), (5200, 9000), 10),
    Trade("餐饮管理有限公司", "6210", "正餐服务", (6, 40), (3800, 5600), 9),
    Trade("酒店管理有限公司", "6110", "旅游饭店", (10, 60), (3600, 5400), 4),
    Trade("物业服务有限公司", "7020", "物业管理", (8, 70), (3300, 4800), 6),
    Trade("劳务有限公司", "7263", "劳务派遣服务", (10, 120), (4200, 7200), 4),
    Trade("建筑工程有限公司", "4710", "住宅房屋建筑", (12, 150), (5000, 9500), 8),
    Trade("机电设备有限公司", "3599", "其他专用设备制造", (5, 50), (4800, 7800), 5, True),
    Trade("煤炭洗选有限公司", "0610", "烟煤和无烟煤开采洗选", (20, 180), (5600, 9800), 4, True),
    Trade("化工有限公司", "2614", "有机化学原料制造", (25, 220), (5800, 9900), 4, True),
    Trade("石料加工有限公司", "3032", "建筑用石加工", (8, 60), (4600, 7600), 3, True),
    Trade("汽车服务有限公司", "8111", "汽车修理与维护", (3, 20), (4000, 6200), 5),
    Trade("药房有限公司", "5251", "西药零售", (2, 12), (3600, 5200), 4),
    Trade("幼儿教育有限公司", "8310", "学前教育", (8, 36), (3400, 5000), 3),
    Trade("网络科技有限公司", "6513", "应用软件开发", (2, 25), (5200, 9200), 6),
)
SHOPS = (
    Trade("面馆", "6210", "正餐服务", (0, 5), (3200, 4600), 14),
    Trade("便利店", "5212", "超级市场零售", (0, 3), (3000, 4200), 12),
    Trade("理发店", "8040", "理发及美容服务", (0, 4), (3400, 5200), 9),
    Trade("五金店", "5283", "五金零售", (0, 3), (3200, 4400), 8),
    Trade("火锅店", "6210", "正餐服务", (3, 14), (3400, 5000), 8),
    Trade("服装店", "5232", "服装零售", (0, 3), (3000, 4200), 9),
    Trade("汽修部", "8111", "汽车修理与维护", (1, 8), (3800, 5800), 6),
    Trade("水果店", "5224", "果品、蔬菜零售", (0, 3), (3000, 4200), 8),
)
COOPERATIVE = Trade("种植农民专业合作社", "0141", "蔬菜种植", (3, 20), (3000, 4600), 1)
SCHOOL = Trade("民办养老服务中心", "8514", "老年人养护服务", (6, 30), (3400, 5200), 1)

# Flaw → how many of a thousand employers with staff have it. The rest are in order.
FLAWS = (
    ("unregistered", 60),
    ("short", 70),
    ("low_base", 45),
    ("types", 25),
    ("lapsed", 35),
    ("vanished", 30),
)


@dataclass
class Employer:
    number: int
    name: str
    code: str
    category: str
    trade: Trade
    address: str
    grid: str
    established: date
    heads: int
    wage: int
    flaw: str = ""
    insured: int = 0
    mended_on: date | None = None
    legacy: str = ""
    capital: int = 0
    closed_on: date | None = None

    def flaw_on(self, day: date) -> str:
        return "" if self.mended_on and day >= self.mended_on else self.flaw

    def insured_on(self, day: date) -> int:
        return self.heads if self.mended_on and day >= self.mended_on else self.insured


def credit_code(number: int, district: str, head: str) -> str:
    """A code whose two check characters are right; the organisation part is counted, not copied."""
    organisation = f"MAY{number:05d}"
    body = head + district + organisation + organisation_check(organisation)
    return body + credit_check(body)


class Place(NamedTuple):
    grid: Area
    address: str


class Addresses:
    """Where an employer says it is: road + 街坊 mostly, sometimes its grid, sometimes only a road.

    Each grid with employers has one road + 街坊 of its own, so that one placing by hand teaches for all of them.
    """

    def __init__(self, grids: Sequence[Area], random: Random) -> None:
        self._random = random
        self._block: dict[str, str] = {}
        taken: dict[str, int] = {}
        for grid in grids:
            district = grid.code[:6]
            turn = taken[district] = taken.get(district, -1) + 1
            roads = ROADS[district]
            self._block[grid.code] = f"{roads[turn % len(roads)]}{turn // len(roads) + 1}街坊"

    def of(self, grid: Area, plain: bool = False) -> Place:
        return Place(grid, self._words(grid, plain))

    def _words(self, grid: Area, plain: bool) -> str:
        """`plain`: road + 街坊, whatever the dice say."""
        district = DISTRICTS[grid.code[:6]]
        head = self._random.choice(("内蒙古自治区乌海市", "乌海市", "内蒙古乌海市", "内蒙古自治区乌海市"))
        door = self._random.choice(("{n}号", "{n}号商铺", "{n}栋底商", "{n}号楼1单元", "{n}-{m}号"))
        door = door.format(n=self._random.randint(1, 48), m=self._random.randint(1, 9))
        dice = 0.0 if plain else self._random.random()
        if dice < 0.70 and grid.code in self._block:
            return f"{head}{district}{self._block[grid.code]}{door}"
        if dice < 0.86 and grid.parent:
            street = grid.parent.parent.name if grid.parent.parent else ""
            return f"{head}{district}{street}{grid.name}{door}"
        road = self._random.choice(ROADS[grid.code[:6]])
        if dice < 0.92 and grid.parent:
            return f"{head}{district}{grid.parent.name}{road}"
        return f"{head}{district}{road}{door}" if dice < 0.985 else f"{head}{district}"


DISTRICTS = {"150302": "海勃湾区", "150303": "海南区", "150304": "乌达区"}


def people_of(
    taught: Sequence[Area], others: Sequence[Area], many: int, today: date, seed: str = "employers"
) -> list[Employer]:
    """`many` employers; the same seed makes the same ones. The first len(taught) are one in each of these grids:
    placing them by hand teaches the address of all others there. Three of ten are in a grid nobody taught."""
    random = Random(seed)
    places = Addresses(taught, random)
    made: dict[str, Employer] = {}
    parks = [grid for grid in (*taught, *others) if grid.kind == "园区网格"]
    while len(made) < many:
        number = len(made) + 1
        kind, trade = _kind(random)
        if number <= len(taught):
            place = places.of(taught[number - 1], plain=True)
        elif parks and trade.is_heavy and random.random() < 0.6:
            place = places.of(random.choice(parks))
        else:
            place = places.of(random.choice(others if others and random.random() < 0.3 else taught))
        employer = _employer(number, kind, trade, place, today, random)
        if employer.name not in made:
            made[employer.name] = employer
    return list(made.values())


def _kind(random: Random) -> tuple[str, Trade]:
    dice = random.random()
    if dice < 0.55:
        return "企业", random.choices(COMPANIES, [trade.share for trade in COMPANIES])[0]
    if dice < 0.955:
        return "个体工商户", random.choices(SHOPS, [trade.share for trade in SHOPS])[0]
    return ("农民专业合作社", COOPERATIVE) if dice < 0.985 else ("民办非企业单位", SCHOOL)


HEADS = {"企业": "91", "个体工商户": "92", "农民专业合作社": "93", "民办非企业单位": "52"}


def _employer(number: int, kind: str, trade: Trade, place: Place, today: date, random: Random) -> Employer:
    low, high = trade.heads
    heads = low + int((high - low) * random.random() ** 2.2)
    employer = Employer(
        number=number,
        name=_name(kind, trade, place.grid, random) + SAMPLE,
        code=credit_code(number, place.grid.code[:6], HEADS[kind]),
        category=kind,
        trade=trade,
        address=place.address,
        grid=place.grid.code,
        established=today - timedelta(days=random.randint(240, 7600)),
        heads=heads,
        wage=random.randrange(*trade.wage, 50),
        capital=random.choice((5, 10, 30, 50, 100, 200, 500, 1000))
        if kind != "个体工商户"
        else random.choice((2, 3, 5, 10)),
    )
    _flaw(employer, random)
    return employer


def _name(kind: str, trade: Trade, grid: Area, random: Random) -> str:
    if kind == "个体工商户":
        owner = random.choice(FAMILY) + random.choice(("记", "家", "氏", "师傅", "小"))
        return f"{DISTRICTS[grid.code[:6]]}{owner}{random.choice(WORDS)}{trade.ending}"
    town = "内蒙古" if random.random() < 0.12 else "乌海市"
    return town + "".join(random.sample(WORDS, 2)) + trade.ending


def _flaw(employer: Employer, random: Random) -> None:
    """Chooses what is wrong, and how many are insured. A sole trader without staff owes nothing."""
    if not employer.heads:
        return
    dice = random.randrange(1000)
    for flaw, share in FLAWS:
        if dice < share:
            employer.flaw = flaw
            break
        dice -= share
    if employer.flaw == "short" and employer.heads < 3:
        employer.flaw = ""
    employer.insured = {
        "unregistered": 0,
        "short": max(1, round(employer.heads * random.uniform(0.25, 0.8))),
    }.get(employer.flaw, employer.heads)
