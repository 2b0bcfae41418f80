"""The demo city from an empty database: nineteen months of work, played in the order in which they happened.

Everything goes through the actions that pages and phones use, under time that was moved back; only what has no
action of its own (grids as drawn, a thousand posts at once, door labels) is written in bulk. Nothing is random:
the same day makes the same city.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from channels import DEFAULT_CHANNEL_LAYER
from channels.layers import channel_layers
from django.core.management import call_command

from grid.calendar.now import today
from grid.codes import fresh_premise_code
from grid.ledger.actions.sealer import seal_pending
from grid.ledger.models import Entry
from grid.offices.actions.loading import load_sample_offices
from grid.placing.actions import place_subject
from grid.placing.adding.actions import add_locals
from grid.registers.actions import Meaning, decide_delivery, import_delivery, read_delivery
from grid.registers.actions.kept import kept_at
from grid.registers.actions.rhythm import ask_for_late
from grid.registers.models import Delivery, DeliveryState, Extent
from grid.scope import Role, in_area, machine
from grid.subjects.models import Placement, Premise, Subject
from grid.territory.actions import note_absence
from grid.territory.models import Area, Level, Posting
from mobile_api.devices.actions import enrol_phone, invite_phone
from project.demo import land, people, registers, rounds
from project.demo.agenda import Agenda
from project.demo.canvass import Canvass
from project.demo.cases import Cases
from project.demo.duties import Duties
from project.demo.employers import DISTRICTS, Employer, people_of
from project.demo.neighbours import more_employers, settle
from project.demo.offices import Offices
from project.demo.rounds import Rounds
from project.demo.telling import Say, Telling
from project.demo.wuhai import CITY, FAR, HOME
from project.demo.year import LastYear
from tasks.comparison.actions import compare_delivery, run_comparison
from tasks.findings.actions import return_finding
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tasks.visits.states import FindingState
from workflows.assessment.actions import compute_scheme, open_scheme
from workflows.cases.actions import rectify_cases, return_case
from workflows.cases.models import Case, CaseState
from workflows.duties.actions.loading import load_shipped_duties
from workflows.listing.actions.loading import load_shipped_grounds
from workflows.sanctions.actions.loading import load_shipped_sanctions

SETTER = machine("示例城市")
COMPARER = machine("名册比对")
SIZE = 3000
FULL = (HOME + "002", FAR + "011")  # the communities of the named accounts
BUSY = ("150302001002001", "150302001002002", FAR + "011001")  # their workers' grids have more doors


def fill(say: Say, size: int = SIZE) -> bool:
    """Fills an empty database and says each step; False where there is a city already, which only gets what a newer
    version brought of the law: pages that ask for it would stand still."""
    if Area.objects.exists():
        load_shipped()
        say("  已有数据，示例城市保持原样。")
        return False
    city = City(Telling(say), size)
    with nobody_watching():
        city.found()
        city.play()
    return True


def load_shipped() -> str:
    """Law, calendar, grounds, duties and sanctions that are not there yet; in words."""
    call_command("load_law", verbosity=0)
    load_sample_offices(land.OFFICES)
    grounds = load_shipped_grounds()
    load_shipped_duties()
    return f"事由 {grounds} 项，惩戒措施 {load_shipped_sanctions()} 项"


@contextmanager
def nobody_watching() -> Iterator[None]:
    """Without hints to open pages: no page is open on a city that is not there yet, and ten thousand hints into
    the void cost a tenth of the whole."""
    before = channel_layers.set(DEFAULT_CHANNEL_LAYER, None)
    try:
        yield
    finally:
        channel_layers.set(DEFAULT_CHANNEL_LAYER, before)
        if before is None:
            del channel_layers.backends[DEFAULT_CHANNEL_LAYER]


class City:
    def __init__(self, telling: Telling, size: int = SIZE) -> None:
        self.telling, self.size = telling, size
        self.agenda = Agenda(today())
        self.folder = Path(tempfile.mkdtemp(prefix="registers-"))
        self.employers: list[Employer] = []
        self.truth: dict[str, Employer] = {}
        self.healed: set[int] = set()  # by the comparisons that followed deliveries

    # --- what is there before anybody works

    def found(self) -> None:
        begin = self.agenda.ago(600)
        with self.telling.step("法规参数、节假日历、列入事由") as counts:
            counts.append(load_shipped())
        with self.telling.step("区划与示例网格") as counts:
            self.agenda.put(begin, lambda: counts.append(f"网格 {land.lay_out(begin, by=SETTER)} 个"))
            self.agenda.put(begin, lambda: counts.append(f"地名 {land.name_places(by=SETTER)} 条"), 10)
            self.agenda.play()
        with self.telling.step("人员与岗位") as counts:
            self.agenda.put(begin, lambda: counts.append(f"{people.post_everybody(begin, by=SETTER)} 人"), 11)
            self.agenda.play()
        with self.telling.step("生成用人单位") as counts:
            self._imagine_employers()
            counts.append(f"{len(self.employers)} 户")

    def _imagine_employers(self) -> None:
        grids = list(Area.objects.filter(level=Level.GRID).select_related("parent__parent").order_by("code"))
        taught = [g for at, g in enumerate(grids) if g.code[:12] in FULL or at % 9 == 0]
        others = [g for g in grids if g not in taught]
        self.taught = len(taught)
        weighted = taught + [g for g in taught if g.code in BUSY] * 2
        self.employers = people_of(weighted, others, self.size, self.agenda.last_day)
        self.taught = len(weighted)
        self.near = [
            g for g in grids if g.code[:12] in FULL or (g.code[:9] == HOME and g.code.endswith("001"))
        ]
        founded = self.agenda.ago(900)
        self.employers += more_employers(
            [g for g in self.near if g.code[:12] in FULL], self.size + 1, founded
        )
        random = Random("closing")
        for employer in random.sample(self.employers[self.taught : self.size], self.size // 50):
            employer.closed_on = self.agenda.ago(random.randint(96, 150))
        self.truth = {employer.code: employer for employer in self.employers}

    # --- a year and a half

    def play(self) -> None:
        self.staff = people.Staff()
        self.cases = Cases(self.agenda, self.staff, self.truth)
        self.offices = Offices(self.telling, self.agenda, self.staff, self.cases)
        self.canvass = Canvass(self.agenda, self.staff, self.truth, self.cases.begin)
        self.cases.lists.look = self.canvass.look
        self.rounds = Rounds(self.telling, self.agenda, self.staff, self.canvass, self.cases)
        self.canvass.kept = {
            employer.code for employer in self.employers[self.size :] if employer.grid in BUSY
        }
        for days, hour, act in self._programme():
            self.agenda.put(self.agenda.ago(days), act, hour)
        for days, hour, act in self._at_desks():
            self.agenda.put_at_desk(self.agenda.ago(days), act, hour)
        self.agenda.play()
        seal_pending()
        shutil.rmtree(self.folder)
        self.telling.say(
            f"  走访 {Visit.objects.count()} 次，案件 {Case.objects.count()} 件，台账 {Entry.objects.count()} 条。"
        )
        self.telling.done("示例城市已建好（示例数据）")

    def _programme(self) -> list[tuple[int, float, Callable[[], None]]]:
        """(days ago, hour, act)."""
        return [
            (578, 9, lambda: self.market("首批市场监管名册", self.employers[: self.taught])),
            (576, 9, self.place_by_hand),
            (574, 9, self.label_doors),
            (560, 9, lambda: self.rounds.play(rounds.PILOT)),
            (185, 8, lambda: self.market("市场监管名册", self.employers)),
            (184, 8, lambda: self.social()),
            (183, 8, lambda: self.tax()),
            (183, 14, self.compare),
            (182, 9, self.label_doors),
            (177, 9, lambda: self.rounds.play(rounds.BY_LEADS)),
            (124, 8, self.social), (124, 14, self.compare),
            (174, 9, lambda: self.rounds.play(rounds.NEARBY)),
            (95, 8, lambda: self.market("市场监管名册", self.employers, damaged=True)),
            (93, 8, lambda: self.tax(damaged=True)), (93, 14, self.compare),
            (92, 9, self.label_doors),
            (76, 9, lambda: self.rounds.play(rounds.UNINSURED)),
            (64, 8, self.social), (64, 14, self.compare),
            (34, 8, self.social), (34, 9, self.tax), (34, 14, self.compare),
            (24, 9, self.settle_neighbours),
            (23, 9, self.label_doors),
            (20, 9, lambda: self.rounds.play(rounds.OF_STREET)),
            (18, 9, lambda: self.rounds.play(rounds.OF_COMMUNITY)),
            (12, 8, self.social), (12, 14, self.compare),
            (40, 8, self.ask_for_late),
            (21, 10, self.enrol_phones),
            (4, 10, self.rounds.await_approval),
            (2, 15, self.ask_again),
            (3, 10, self.send_somebody_away),
            (1, 18, self.assess),
            *LastYear(self.agenda, self.staff).programme(),
            *self._departments(),
        ]  # fmt: skip

    def _at_desks(self) -> list[tuple[int, float, Callable[[], None]]]:
        """The same for what writes or hands over papers: it is done on working days."""
        return [
            (52, 15, self.offices.announce), (8, 9, self.offices.remind_lapsed), (1, 20, self.offices.bring_in_colleagues),
            *((days, 19, self.offices.watch) for days in (430, 300, 150, 90, 75, 60, 40, 28, 20, 14, 7, 1)),
        ]  # fmt: skip

    # --- departments

    def _departments(self) -> list[tuple[int, float, Callable[[], None]]]:
        """Targets are this year's, so they begin no earlier than its second day."""
        duties = Duties(*(self.staff.named[name] for name in ("wu", "qian", "han", "feng")))
        since = max(0, self.agenda.last_day.timetuple().tm_yday - 2)
        return [
            (min(200, since), 7, lambda: self.offices.post_liaisons(duties, by=SETTER)),
            (min(170, since), 15, duties.plan_the_year),
            (min(70, since), 15, duties.revise_the_year),
            (30, 15, duties.refer), (24, 15, duties.answer), (6, 15, duties.refer_lately), (1, 7, duties.watch),
        ]  # fmt: skip

    # --- registers

    def market(self, title: str, employers: Sequence[Employer], damaged: bool = False) -> None:
        path = self._path("market")
        registers.write_market(path, employers, self.agenda.day, damaged)
        self._take("market", title, path)

    def social(self) -> None:
        path = self._path("social")
        registers.write_social(path, self.employers, self.agenda.day)
        self._take("social", "社会保险参保名册（完整）", path, Extent.COMPLETE)

    def tax(self, damaged: bool = False) -> None:
        path = self._path("tax")
        registers.write_tax(path, self.employers, self.agenda.day, damaged)
        extent = Extent.PARTIAL if damaged else Extent.COMPLETE
        self._take("tax", "税务申报名册" if damaged else "税务申报名册（完整）", path, extent)

    def _path(self, register: str) -> Path:
        names = {"market": "市场监管登记", "social": "社保参保人数", "tax": "个税与社保费申报"}
        return self.folder / f"{names[register]}_{self.agenda.day:%Y%m%d}.csv"

    def _take(self, register: str, title: str, path: Path, extent: Extent = Extent.PARTIAL) -> None:
        by = self.staff.feng if register == "tax" else self.staff.wu
        with self.telling.step(f"{self.agenda.day} {title}") as counts:
            taken = import_delivery(
                Meaning(register, CITY, self.agenda.day - timedelta(days=1), extent, is_sample=True),
                path,
                by=by,
            )
            if taken.state == DeliveryState.WAITING:
                decide_delivery(taken, take=True, reason="已与报送部门核对", by=self.staff.ma)
                taken = read_delivery(Delivery.objects.get(pk=taken.pk), kept_at(taken), by=by)
            counts += [f"接收 {taken.accepted}", f"退回 {taken.refused}", f"待归格 {taken.unplaced}"]
            if taken.is_complete:
                counts.append(f"不再在册 {taken.ended}")
            # As a worker does it a moment later: the job in the queue finds it done.
            if report := compare_delivery(taken):
                self.healed |= report.healed_subjects
                counts.append(f"新线索 {report.found}")

    def compare(self) -> None:
        with self.telling.step(f"{self.agenda.day} 名册比对") as counts:
            report = run_comparison(CITY, by=self.staff.wu, as_of=self.agenda.day)
            healed = rectify_cases(self.healed | report.healed_subjects, by=COMPARER)
            self.healed = set()
            counts += [f"新线索 {report.found}", f"消除 {report.healed}", f"案件自动办结 {len(healed)}"]

    def ask_for_late(self) -> None:
        """The business register has not come since spring: its office is asked for it."""
        with self.telling.step(f"{self.agenda.day} 催交名册") as counts:
            counts.append(f"{ask_for_late()} 份")

    # --- doors

    def place_by_hand(self) -> None:
        """Each district's supervisor puts the first batch into its grids: what that teaches places the rest."""
        with self.telling.step("人工归格并记住地址") as counts:
            placed = 0
            for pk in Subject.objects.order_by("pk").values_list("pk", flat=True):
                subject = Subject.objects.get(pk=pk)
                # The one before it in the same grid may have taught its address.
                if subject.placement == Placement.UNPLACED:
                    grid = self.truth[subject.code].grid
                    by = self.staff.at(Role.DISTRICT, grid)
                    place_subject(subject, grid, by=by, why="社区实地核对")
                    placed += 1
            counts.append(f"{placed} 户")

    def label_doors(self) -> None:
        """A door with a code for every placed subject, near the middle of its grid."""
        random = Random(f"doors {self.agenda.day}")
        outlines = dict(Area.objects.filter(level=Level.GRID).values_list("code", "outline"))
        subjects = list(
            Subject.objects.filter(premise=None).exclude(placement=Placement.UNPLACED).order_by("pk")
        )
        doors = Premise.objects.bulk_create(
            Premise(code=fresh_premise_code(random), area=s.area, label=s.address[-60:] or s.name[:60], is_sample=True,
                    **_point(outlines.get(s.area), random))
            for s in subjects
        )  # fmt: skip
        for subject, door in zip(subjects, doors, strict=True):
            subject.premise = door
        Subject.objects.bulk_update(subjects, ["premise"], batch_size=500)

    def settle_neighbours(self) -> None:
        """What no business register knows: sites, households, persons, notice boards."""
        people_here = settle(self.near, BUSY, 3)
        with self.telling.step(f"{self.agenda.day} 项目、住户、灵活就业和困难人员、宣传点") as counts:
            for district in sorted({grid.code[:6] for grid in self.near}):
                rows = [person.local for person in people_here if person.local.grid.startswith(district)]
                by = self.staff.at(Role.DISTRICT, district)
                counts.append(f"{DISTRICTS[district]} {len(add_locals(rows, area=district, by=by))} 个")
        self.canvass.others = {person.local.local_code: person for person in people_here}

    # --- the named people

    def send_somebody_away(self) -> None:
        """A worker is ill; the neighbour covers."""
        first, second = Posting.objects.filter(role="worker", area__code__startswith=HOME + "003").order_by(
            "pk"
        )[:2]
        day = self.agenda.day
        note_absence(
            first,
            first_day=day,
            last_day=day + timedelta(days=12),
            cover=second,
            reason="病假",
            by=self.staff.sun,
        )

    def enrol_phones(self) -> None:
        """Phones of the named workers; whoever tries the phone app enrols another one beside them."""
        for name, by in (("wang", self.staff.sun), ("li", self.staff.sun), ("liu", self.staff.chen)):
            posting = Posting.objects.select_related("person").get(person__username=name)
            _invited, code = invite_phone(posting, by=by)
            enrol_phone(code, f"{posting.person.full_name}的手机（示例）", "demo")

    def ask_again(self) -> None:
        """One finding and one case of the named people go back to the phone with a question."""
        finding = (
            Finding.objects.filter(in_area(HOME + "002"), state=FindingState.OPEN, visit__form="employer")
            .order_by("pk")
            .first()
        )
        if finding:
            return_finding(
                finding, "自报参保人数与社保登记不一致，请再核对", ["insured_seen"], by=self.staff.zhao
            )
        waiting = Case.objects.filter(in_area(HOME), state=CaseState.STREET_APPROVAL)
        case = waiting.filter(finding__visit__form="employer").order_by("pk").first()
        if case:
            return_case(case, "请补充在岗人数的依据", ["employees"], by=self.staff.sun)

    # --- the year

    def assess(self) -> None:
        with self.telling.step("年度考核试算"):
            scheme = open_scheme(self.agenda.day.year, CITY, by=self.staff.wu)
            compute_scheme(scheme, CITY, by=self.staff.wu)


def _point(outline: dict[str, list[list[list[float]]]] | None, random: Random) -> dict[str, float]:
    if not outline:
        return {}
    ring = outline["coordinates"][0][:-1]
    lng, lat = (sum(point[at] for point in ring) / len(ring) for at in (0, 1))
    corner = random.choice(ring)
    part = random.uniform(0, 0.7)
    return {"lng": round(lng + (corner[0] - lng) * part, 6), "lat": round(lat + (corner[1] - lat) * part, 6)}
