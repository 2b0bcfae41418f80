"""Where the story plays: two streets, the named people, and registers with two employers that owe something."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from grid.calendar.now import CITY_TIME, moved_to, now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import next_workday
from grid.codes import fresh_premise_code
from grid.ledger.actions.sealer import seal_pending
from grid.offices.actions.loading import load_sample_offices
from grid.registers.actions import Meaning, decide_delivery, import_delivery, read_delivery
from grid.registers.actions.kept import kept_at
from grid.registers.models import Delivery, DeliveryState
from grid.scope import machine
from grid.subjects.models import Premise, Subject
from project.demo import land, people, registers
from project.demo.employers import COMPANIES, Employer, Trade, credit_code
from project.demo.telling import Say
from tasks.comparison.actions import Report, run_comparison
from workflows.cases.actions import rectify_cases
from workflows.listing.actions.loading import load_shipped_grounds
from workflows.sanctions.actions.loading import load_shipped_sanctions

CITY = "1503"
STREETS = ("150302001", "150304011")
GRID = "150302001002001"
STUBBORN = "乌海市海晟恒物流有限公司（示例）"
WILLING = "乌海市启明诚餐饮管理有限公司（示例）"


def _trade(ending: str) -> Trade:
    return next(trade for trade in COMPANIES if trade.ending == ending)


def employers_of(day: date) -> list[Employer]:
    """Seven in 王建国's grid: one never registered anybody, one registered three of nine, the rest are in order."""
    rows = (
        (STUBBORN, "物流有限公司", 12, 0, "unregistered"),
        (WILLING, "餐饮管理有限公司", 9, 3, "short"),
        ("乌海市广聚建材有限公司（示例）", "建材有限公司", 6, 6, ""),
        ("乌海市朗博药房有限公司（示例）", "药房有限公司", 4, 4, ""),
        ("乌海市通安汽车服务有限公司（示例）", "汽车服务有限公司", 8, 8, ""),
        ("乌海市祥润酒店管理有限公司（示例）", "酒店管理有限公司", 21, 21, ""),
        ("乌海市越创网络科技有限公司（示例）", "网络科技有限公司", 5, 5, ""),
    )
    where = "内蒙古自治区乌海市海勃湾区凤凰岭街道和平社区第一网格{}号商铺"
    return [
        Employer(
            number=number, name=name, code=credit_code(90_000 + number, GRID[:6], "91"), category="企业",
            trade=_trade(ending), address=where.format(number), grid=GRID, established=day - timedelta(days=2000),
            heads=heads, wage=5600, flaw=flaw, insured=insured, capital=100,
        )
        for number, (name, ending, heads, insured, flaw) in enumerate(rows, 1)
    ]  # fmt: skip


@dataclass
class Stage:
    """The people by their account names, the employers, and the day the story has reached."""

    say: Say
    staff: people.Staff
    employers: list[Employer]
    folder: Path
    clock: datetime
    title: str = ""

    @property
    def day(self) -> date:
        """The city's day on which the story stands."""
        return self.clock.astimezone(CITY_TIME).date()

    @contextmanager
    def later(self, days: int = 0, *, on: date | None = None, hour: int = 10) -> Iterator[date]:
        """Time goes on: so many days after where the story stands, to a working day; or to a day, as the clock goes.
        What was done is sealed."""
        day = on or next_workday(self.day + timedelta(days=days), workdays())
        then = datetime.combine(day, datetime.min.time(), CITY_TIME) + timedelta(hours=hour)
        with moved_to(max(then, self.clock + timedelta(seconds=1))):
            self._begin()
            yield today()
            seal_pending()
            self.clock = now()

    def chapter(self, title: str) -> None:
        """Its heading is printed with the day on which it begins."""
        self.title = title

    def _begin(self) -> None:
        if self.title:
            self.say("")
            self.say(f"【{today()}】{self.title}")
            self.title = ""

    def tell(self, line: str) -> None:
        self.say(f"    {line}")

    def subject(self, name: str) -> Subject:
        return Subject.objects.get(name=name)

    # --- registers

    def deliver(self, register: str) -> Delivery:
        writers = {
            "market": registers.write_market,
            "social": registers.write_social,
            "tax": registers.write_tax,
        }
        path = self.folder / f"{register}-{today():%Y%m%d}.csv"
        writers[register](path, self.employers, today())
        by = self.staff.feng if register == "tax" else self.staff.wu
        taken = import_delivery(Meaning(register, CITY, today(), is_sample=True), path, by=by)
        if taken.state == DeliveryState.WAITING:
            self.tell("这份名册将一次办结较多事项，由市扩面办另一位同事核对后采用")
            decide_delivery(taken, take=True, reason="已与报送部门核对", by=self.staff.ma)
            taken = read_delivery(Delivery.objects.get(pk=taken.pk), kept_at(taken), by=by)
        counts = f"接收 {taken.accepted} 行，退回 {taken.refused} 行，待归格 {taken.unplaced} 户"
        self.tell(f"{taken.get_register_display()} {path.name}:{counts}")
        return taken

    def compare(self) -> tuple[Report, list[str]]:
        report = run_comparison(CITY, by=self.staff.wu, as_of=today())
        healed = rectify_cases(report.healed_subjects, by=machine("名册比对"))
        self.tell(
            f"比对 {report.compared} 户：新线索 {report.found} 条，仍在 {report.kept} 条，消除 {report.healed} 条"
        )
        return report, healed


def set_stage(say: Say) -> Stage:
    """On an empty database: law, areas, grids of two streets, the named people, doors."""
    setter, day = machine("示例城市"), today()
    call_command("load_law", verbosity=0)
    load_sample_offices(land.OFFICES)
    load_shipped_grounds()
    load_shipped_sanctions()
    begun = day - timedelta(days=400)
    grids = land.lay_out(begun, by=setter, only=STREETS)
    posted = people.post_everybody(begun, by=setter, bulk=False)
    say(f"示例城市（小）：网格 {grids} 个，人员 {posted} 人。")
    folder = Path(settings.DATA) / "story"
    folder.mkdir(parents=True, exist_ok=True)
    # The static files' middleware complains of a folder that the server has not made yet.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    return Stage(say, people.Staff(), employers_of(day), folder, now())


def label_doors(subjects: Sequence[Subject]) -> None:
    """A label with a code on every door."""
    for subject in subjects:
        subject.premise = Premise.objects.create(
            code=fresh_premise_code(),
            area=subject.area,
            label=subject.address[-40:],
            lng=106.82,
            lat=39.67,
            is_sample=True,
        )
        subject.save(update_fields=["premise"])
