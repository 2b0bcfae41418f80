"""The way of a case without a browser: everybody at a desk of their own, pressing what their page offers.

    way.zhou.does(at.case(case), "inspect", officer_1="周正", officer_2="何敏", why="逾期未改正")
    way.waits(case, "order.term")
    way.ends(case, CaseState.HEALED)

Every state a case and its proceedings pass through is watched: one that may not follow the one before fails.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import wraps
from http.cookies import SimpleCookie
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from grid.calendar import now as clock
from grid.calendar.now import CITY_TIME, today
from grid.ledger.actions.sealer import seal_pending
from grid.ledger.models import Entry
from grid.ledger.verify import check
from grid.registers.actions import Meaning, import_delivery
from grid.territory.queries import actor_of
from tasks.findings.models import Finding
from tests.cast import PEOPLE
from tests.forward import forward_to
from tests.journeys.pages import Page, read
from tests.remembered import MEMORY
from tests.workflows.conftest import certify
from workflows.audits import states as audits
from workflows.audits.models import Audit, AuditState, TaxTransfer, TransferState
from workflows.cases import states as cases
from workflows.cases.actions import close_rectified
from workflows.cases.models import ENDED, Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.clocks.models import Clock
from workflows.engine import procedures
from workflows.engine.actions.stuck import find_stuck
from workflows.inspections import states as inspections
from workflows.inspections.models import Inspection, InspectionState
from workflows.listing.actions.loading import load_shipped_grounds
from workflows.notices.queries.approvals import unsigned

DAY = timedelta(days=1)


class Addresses:
    """Where one reads and acts: `at.case(case)`."""

    def case(self, case: Case) -> str:
        return reverse("case", args=[case.code])

    def inspection(self, case: Case) -> str:
        return reverse("inspection", args=[case.code])

    def audit(self, case: Case) -> str:
        return reverse("case-audit", args=[case.code])

    def listing(self, case: Case) -> str:
        return reverse("listing", args=[case.code])


at = Addresses()
# Everybody of the cast who might be asked for something; those of the other district never see a case of this one.
ASKED = [name for name, *_rest in PEOPLE if name not in ("chen", "han", "liu")]


class Desk:
    """Somebody signed in, before one page after the other."""

    def __init__(self, person: Any, way: "Way") -> None:
        self.person, self._way = person, way
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies = way.remembers(lambda: signed_in(person), "desk", person)
        # The page that lies open: its address, and how much had happened when it was read.
        self._open: tuple[str, int, Page] = ("", -1, Page("", "", []))

    def opens(self, address: str, status: int = 200) -> Page:
        answer = self.client.get(address)
        assert answer.status_code == status, f"{self.person.full_name} {address}: {answer.status_code}"
        page = read(answer.content.decode())
        self._open = (address, self._way.happened, page)
        return page

    def does(self, address: str, act: str, **given: Any) -> Page:
        """One act the page at `address` offers: its form as it stands there, with what is `given` filled in. The
        page it leads to."""
        answer = self.sends(address, act, **given)
        if answer.status_code != 302:
            said = read(answer.content.decode()).words[:1500]
            raise AssertionError(f"{self.person.full_name} {act}: {answer.status_code} {said}")
        self._way.watches()
        return self.opens(answer.headers["Location"])

    def sends(self, address: str, act: str, **given: Any) -> Any:
        """What the server answers to a form of the page."""
        form = self._page(address).form(act)
        return self.client.post(form.action or address, form.filled(**given))

    def _page(self, address: str) -> Page:
        """The page that lies open, where nothing happened since; else as it is now."""
        where, happened, page = self._open
        return page if (where, happened) == (address, self._way.happened) else self.opens(address)

    def may_not(self, address: str, act: str) -> None:
        assert act not in self.opens(address).acts

    def serves(self, address: str, act: str, **receipt: Any) -> None:
        """Hands a paper over today, once it is approved; the slip is signed, unless the receipt says otherwise."""
        self._way.signs()
        slip = {"way": "direct", "served_on": today(), "receiver": "张三", "receiver_role": "法定代表人"}
        self.does(address, act, **(slip | receipt))


def signed_in(person: Any) -> SimpleCookie:
    client = Client()
    client.force_login(person)
    return client.cookies


class Way:
    """`way.zhou` is zhou's desk; time, registers and the clock's list are moved from here."""

    desk = Desk

    def __init__(self, cast: Any, folder: Path) -> None:
        self.cast, self._folder = cast, folder
        self._desks: dict[str, Desk] = {}
        self._seen: dict[tuple[type, int], str] = {}
        # How often something happened: an act, a day, a register.
        self.happened = 0
        # (class of the state, state) of whatever was passed through, cases and proceedings alike.
        self.reached: set[tuple[type, str]] = set()

    def __getattr__(self, name: str) -> Desk:
        if name not in self._desks:
            self._desks[name] = self.desk(getattr(self.cast, name), self)
        return self._desks[name]

    def brings_in(self, *people: Any) -> None:
        """Desks of people who came after the cast."""
        vars(self.cast).update({person.username: person for person in people})

    def remembers(self, step: Callable[[], Any], *name: Any) -> Any:
        """The answer of `step`: walked by the first journey of a process that comes this way, written again for the
        others (tests/remembered.py), with what was passed through. `name`: what it depends on beside the rows."""
        before = self.happened

        def walked() -> tuple[Any, int, Any, Any]:
            return step(), self.happened - before, self._seen, self.reached

        answer, more, seen, reached = MEMORY.lay(walked, *name)
        self.happened = before + more
        self._seen |= seen
        self.reached |= reached
        return answer

    # --- from the door to the desks

    def opens(self, finding: Finding) -> Case:
        """zhao confirms what was found at a door; the case it opens."""
        self.zhao.does(reverse("finding", args=[finding.pk]), "confirm", remark="属实")
        return Case.objects.get(finding=finding)

    def urges(self, case: Case) -> None:
        """Street and district approve, the 告知书 is issued and handed over: its term runs."""
        self.sun.does(at.case(case), "approve")
        self.qian.does(at.case(case), "approve")
        self.zhao.does(at.case(case), "urge")
        self.zhao.serves(at.case(case), "serve-urging")

    def signs(self) -> None:
        """Whoever's word papers wait for finds them in the inbox and approves them together."""
        for name in ("sun", "qian", "wu", "ma"):
            if unsigned(actor_of(getattr(self.cast, name))).exists():
                getattr(self, name).does(reverse("papers-to-sign"), "sign")

    # --- time and registers

    def goes_to(self, day: date) -> None:
        """To ten in the morning of a day; whatever was due by then happens."""
        forward_to(datetime.combine(day, time(10), CITY_TIME))
        self.remembers(self._has_come, "day", day)

    def _has_come(self) -> None:
        fire_due_clocks()
        self.watches()
        assert find_stuck() == []

    def waits(self, case: Case, kind: str) -> None:
        """To the day after the running term of that kind."""
        running = case.clocks.get(kind=kind, fired_at=None, stopped_at=None)
        self.goes_to(running.due_on + DAY)

    def register_shows(self, case: Case, insured: int) -> None:
        """A new social-insurance register with so many heads of the employer, and the sweep after it."""
        subject, path = case.subject, self._folder / f"社保-{insured}-{today()}.csv"
        head = "统一社会信用代码,单位名称,养老参保人数,失业参保人数,工伤参保人数"
        row = f"{subject.credit_code},{subject.name},{insured},{insured},{insured}"
        path.write_text(f"{head}\n{row}\n", encoding="utf8")
        import_delivery(Meaning("social", settings.CITY, today()), path, by=self.cast.by.wu)
        close_rectified()
        self.watches()

    # --- what is watched

    def watches(self) -> None:
        """No case and no proceeding goes from one state to another that may not follow it."""
        self.happened += 1
        for kind, rows in _ROWS.items():
            for pk, state in rows.objects.values_list("pk", "state"):
                before, table = self._seen.get((kind, pk), state), _TABLES.get(kind)
                lawful = table is None or state == before or (before, state) in table
                assert lawful, f"{kind.__name__}: {before} → {state}"
                self._seen[kind, pk] = state
                self.reached.add((kind, state))

    # --- how it ends

    def ends(self, case: Case, state: str, *words: str) -> Case:
        """The case has come to this lawful end, and everything with it."""
        case = Case.objects.get(pk=case.pk)
        assert (case.state, case.state in ENDED) == (state, True), case.get_state_display()
        assert not [after for before, after in _TABLES[CaseState] if before == state], "an end leads nowhere"
        self.nothing_runs(case)
        self.nobody_is_asked(case)
        self.is_told(case, *words)
        self.papers_are_kept(case)
        self.ledger_proves(case)
        return case

    def nothing_runs(self, case: Case) -> None:
        """No term, no open step of the case or of a proceeding, nothing that stands still without a reason. What a
        penalty ordered to be corrected stays to be done."""
        running = Clock.objects.filter(case=case, fired_at=None, stopped_at=None)
        running = running.exclude(kind="penalty.correction")
        assert not list(running.values_list("kind", flat=True))
        matters: list[Any] = [case, *case.inspections.all(), *case.audits.all()]
        for matter in matters:
            assert procedures.open_steps(matter.process) == [], str(matter)
        assert find_stuck() == []

    def nobody_is_asked(self, case: Case) -> None:
        for name in ASKED:
            words = getattr(self, name).opens("/").words
            assert case.code not in words and case.subject.name not in words, name

    def is_told(self, case: Case, *words: str) -> None:
        """The page says the end beside the name, when and why, and offers nothing more that moves the case."""
        page = self.qian.opens(at.case(case))
        assert page.tag == case.get_state_display()
        assert f"{today()} 办结" in page.words
        for word in words:
            assert word in page.words, word

    def papers_are_kept(self, case: Case) -> None:
        """Each has a number of its own, its bytes as they were issued, and the ledger knows them."""
        notices = list(case.notices.all())
        # Set again with its date where it was approved on a later day.
        told = Entry.objects.filter(case=case.code, verb__in=("notice.issued", "notice.approved"))
        hashes = {entry.data["number"]: entry.data["sha256"] for entry in told.order_by("pk")}
        assert len(hashes) == len(notices)
        for notice in notices:
            content = (Path(settings.FILES) / notice.path).read_bytes()
            assert content.startswith(b"%PDF")
            assert hashlib.sha256(content).hexdigest() == notice.sha256 == hashes[notice.number]

    def ledger_proves(self, case: Case) -> None:
        """What the auditor takes home is proven without us."""
        seal_pending()
        entries = Entry.objects.filter(case=case.code, nth__isnull=False).count()
        export = self.zheng.sends(reverse("audit-case", args=[case.code]), "export")
        report = check(export.content, Client().get(reverse("ledger-key")).content.decode())
        assert (report.findings, report.checked) == ([], entries)


def _edges(room: ModuleType, path: type) -> set[tuple[str, str]]:
    """Which state may follow which, by the table of a room."""
    steps = [step for act in room.ACTS for step in getattr(path, act).get_transitions()]
    return {(str(step.source), str(target)) for step in steps for target in step.declared_targets()}


_TABLES: dict[type, set[tuple[str, str]]] = {
    CaseState: _edges(cases, cases.CasePath),
    InspectionState: _edges(inspections, inspections.InspectionPath),
    AuditState: _edges(audits, audits.AuditPath),
}
# What is watched; the states of a transfer are the tax office's, and follow no table of ours.
_ROWS: dict[type, Any] = {
    CaseState: Case,
    InspectionState: Inspection,
    AuditState: Audit,
    TransferState: TaxTransfer,
}


def remembered(stage: Callable[..., Any]) -> Callable[..., Any]:
    """A stage many journeys pass."""

    @wraps(stage)
    def passed(way: Way, *given: Any, **named: Any) -> Any:
        return way.remembers(lambda: stage(way, *given, **named), stage.__name__, given, named)

    return passed


def reaches(*states: str) -> Callable[[Any], Any]:
    """Says of a journey which ends it comes to, and asks whether it did."""

    def said(journey: Any) -> Any:
        @wraps(journey)
        def walked(*, way: Way, **asked: Any) -> None:
            journey(way=way, **asked)
            missed = [state for state in states if (type(state), str(state)) not in way.reached]
            assert not missed, f"never reached: {missed}"

        walked.reaches = states  # type: ignore[attr-defined]
        return walked

    return said


def told_ends(modules: Iterable[ModuleType]) -> set[tuple[type, str]]:
    """The ends the journeys of these modules come to."""
    journeys = [thing for module in modules for thing in vars(module).values()]
    return {(type(state), str(state)) for journey in journeys for state in getattr(journey, "reaches", ())}


@pytest.fixture
def way(cast: Any, tmp_path: Path) -> Iterator[Way]:
    before = clock._ahead
    made = Way(cast, tmp_path)
    made.remembers(lambda: (load_shipped_grounds(), certify(cast)), "grounds and certificates")
    made.goes_to(today())
    yield made
    clock.move(before)


@pytest.fixture
def opened(way: Way, make_finding: Callable[..., Finding]) -> Case:
    """A case just opened, by zhao's confirming what wang found."""
    case: Case = way.remembers(lambda: way.opens(make_finding()), "opened")
    return case
