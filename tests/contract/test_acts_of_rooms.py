"""Every act of the rooms beside the path, in every state, by every role, through its address.

Referrals, plans, the window, tax transfers, measures, announcements, and what is set against a listing: at each
state everybody posts every act in earnest, and it is undone again. What a page offers must succeed; whatever it does
not offer must be refused with a code, and outside with 404. The table of it is `docs/acts-rooms.md`;
`REWRITE=1 pytest tests/contract/test_acts_of_rooms.py` writes it anew: read the difference.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.scope import Role
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tests.cast import PEOPLE, SINCE
from tests.contract.room_promises import Done, broken_in_room
from tests.contract.stations import (
    Where,
    announcements,
    city_plans,
    disclosures,
    district_plans,
    listings,
    orders,
    referrals,
    responses,
    submissions,
    transfers,
    years,
)
from tests.workflows.conftest import Walk
from tests.workflows.listing.conftest import listed, look, measures
from workflows.announcements.models import Announcement
from workflows.assessment.models import SchemeState, Stand
from workflows.assessment.views import PLAIN as YEAR_PLAIN
from workflows.assessment.views import REASONED as YEAR_REASONED
from workflows.audits.models import TaxTransfer, TransferState
from workflows.cases.models import Case, CaseState
from workflows.clocks.models import Clock
from workflows.counter.models import Submission, SubmissionState
from workflows.duties.actions.loading import load_shipped_duties
from workflows.duties.models import Department, Referral, ReferralState
from workflows.duties.targets.models import Plan, PlanState
from workflows.engine.acts import acts_on
from workflows.inspections.models import Inspection
from workflows.listing.actions import repairing
from workflows.listing.models import Ground, Listing
from workflows.notices.models import Notice
from workflows.sanctions.models import SanctionOrder

__all__ = ["listed", "look", "measures"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = Path(__file__).resolve().parent.parent.parent / "docs/acts-rooms.md"
# One of every role, the other of the city, the liaison of another department, and somebody from elsewhere.
TRYING = ("wang", "zhao", "sun", "qian", "zhou", "fang", "wu", "ma", "feng", "zheng", "other", "han")
ROLES = {name: str(Role(role).label) for name, _full, role, _area, _department in PEOPLE}
ROLES |= {"han": "外区人员", "feng": "所转部门的联络员", "other": "其他部门的联络员"}
_CODE = re.compile(r'class="code">[^<：]*：([a-z-]+)[ <]')
_FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
# The form of an act, after the words of what follows.
_FOLLOWS = re.compile(
    r'class="follows">接下来：([^<]*)</span></summary>\s*<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>',
    re.DOTALL,
)
_WAY = re.compile(r'name="way" value="(\w+)"')

Fill = Callable[[Any, str], dict[str, Any]]


@dataclass
class Room:
    """One kind of matter: its page, the address of each act, and a form filled in so that only the law is in its way."""

    title: str
    page: Callable[[Any], str]
    acts: Callable[[Any], dict[str, str]]
    fill: Fill
    may: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    codes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)


def act_names(kind: str, names: Any, key: str = "code") -> Callable[[Any], dict[str, str]]:
    """Act → its address, for rooms whose acts have names in their address."""
    return lambda matter: {name: reverse(kind, args=[getattr(matter, key), name]) for name in names}


# --- forms ----------------------------------------------------------------------------------------


def fill_referral(referral: Referral, act: str) -> dict[str, Any]:
    housing = Department.objects.get(code="housing")
    return {
        "at": referral.state, "text": "已核查", "checked": "3", "insured": "2", "why": "理由充分", "to": housing.pk,
        "duty": housing.duties.order_by("pk")[0].pk,
    }  # fmt: skip


def fill_plan(plan: Plan, act: str) -> dict[str, Any]:
    given: dict[str, Any] = {"why": "形势变化"}
    for target in plan.targets.select_related("goal"):
        given[f"amount-{target.goal.code}-{target.area}"] = target.amount
        given[f"gap-{target.goal.code}"] = "各区情况不同"
    return given


def fill_submission(submission: Submission, act: str) -> dict[str, Any]:
    return (
        {"way": "file", "why": "另案处理"}
        if act == "file"
        else {"answer": "已收到" if act == "answer" else ""}
    )


def fill_transfer(transfer: TaxTransfer, act: str) -> dict[str, Any]:
    return {"kind": "collected", "on": today(), "amount": "100.00", "why": "已入库"}


def fill_order(order: SanctionOrder, act: str) -> dict[str, Any]:
    return {"answer": "lifted" if order.lift_at else "done", "why": ""}


def fill_disclosure(inspection: Inspection, act: str) -> dict[str, Any]:
    return {"facts": "未办理社会保险登记", "why": "依法撤回", "committed": "on"}


def fill_announcement(announcement: Announcement, act: str) -> dict[str, Any]:
    return {
        "why": "情节轻微",
        "text": "与事实不符",
        "answer": "已核对",
        "media": "乌海日报",
    }


def office_of(who: str) -> str:
    """For which office somebody publishes."""
    return {"han": "150304", "wu": "1503", "ma": "1503"}.get(who, "150302")


def fill_listing(listing: Listing, act: str) -> dict[str, Any]:
    open_kinds = set(
        listing.case.remedies.filter(target="listing", decided_on=None).values_list("kind", flat=True)
    )
    target = "listing" if listing.decided_on else "penalty"
    open_repair = listing.repairs.filter(decided_at=None).first()
    looked = open_repair is not None and repairing.seen_at(open_repair) is not None
    return {
        "measures": [str(pk) for pk in _chosen()], "text": "与事实不符", "verdict": "rejected", "checked": "已核对",
        "answer": "依据充分", "target": target, "kind": "suit" if "review" in open_kinds else "review",
        "body": "乌海市人民政府", "filed_on": today(), "number": "乌政复〔2026〕1号", "outcome": "upheld",
        "decided_on": today(), "effective_on": today(),
        "evidence": "补缴凭证", "commitment": "不再违法", "granted": "1" if looked else "0",
        "reason": "已核查",
    }  # fmt: skip


def _chosen() -> list[int]:
    from workflows.sanctions.queries import selectable

    return list(selectable().filter(code="26").values_list("pk", flat=True))


def announcing_acts(announcement: Announcement) -> dict[str, str]:
    named = act_names("announcement-act", acts_on("announcement"))(announcement)
    return named | {"publish": reverse("announcements-publish")}


def submission_acts(submission: Submission) -> dict[str, str]:
    return {act: reverse(f"counter-{act}", args=[submission.receipt]) for act in ("take", "answer")}


def statement_acts(submission: Submission) -> dict[str, str]:
    """What would be entered may also only be kept on file; a proof of correction is kept there anyway."""
    return submission_acts(submission) | {"file": reverse("counter-take", args=[submission.receipt])}


def fill_year(one: Any, act: str) -> dict[str, Any]:
    return {"why": "与我区名册不符", "answer": "已核对"}


YEAR_ACTS = (*YEAR_PLAIN, *YEAR_REASONED, "compute")
RESPONSE_ACTS = ("agree", "object", "uphold", "reject")
PLAN_ACTS = ("change", "propose", "check", "issue", "revise", "withdraw")


def rooms() -> dict[str, Room]:
    def page(name: str, key: str = "code") -> Callable[[Any], str]:
        return lambda matter: reverse(name, args=[getattr(matter, key)])

    plan = (page("plan", "pk"), act_names("plan-act", PLAN_ACTS, "pk"), fill_plan)
    return {
        "referral": Room("转办", page("referral"), act_names("referral-act", acts_on("referral")), fill_referral),
        "city": Room("市级计划", *plan),
        "district": Room("区级计划", *plan),
        "correction": Room("单位窗口：整改证明", page("counter-submission", "receipt"), submission_acts, fill_submission),
        "statement": Room("单位窗口：陈述申辩", page("counter-submission", "receipt"), statement_acts, fill_submission),
        "transfer": Room(
            "欠费移送", page("transfer", "pk"), lambda transfer: {"answer": reverse("transfer-answer", args=[transfer.pk])},
            fill_transfer,
        ),
        "order": Room(
            "惩戒措施", page("sanction-order", "pk"), lambda order: {"answer": reverse("sanction-answer", args=[order.pk])},
            fill_order,
        ),
        "announcement": Room("社会公布", page("announcement"), announcing_acts, fill_announcement),
        "disclosure": Room(
            "处罚公示", page("disclosure"), act_names("disclosure-act", acts_on("disclosure")), fill_disclosure
        ),
        "listing": Room("名单", page("listing"), act_names("listing-act", acts_on("listing")), fill_listing),
        "year": Room("年度考核", page("assessment-year", "year"), act_names("assessment-act", YEAR_ACTS, "year"), fill_year),
        "response": Room(
            "年度考核：各区的回应", lambda response: reverse("assessment-year", args=[response.scheme.year]),
            act_names("assessment-response", RESPONSE_ACTS, "pk"), fill_year,
        ),
    }  # fmt: skip


# --- trying ---------------------------------------------------------------------------------------


class Table:
    def __init__(self, people: Mapping[str, Person]) -> None:
        self.rooms, self.faults, self.people = rooms(), list[str](), people
        self.browsers = {name: Client() for name in TRYING}
        self.told = 0
        # Act → what the page says will follow, of whoever looked last; what was read, and what was not true of it.
        self.follows: dict[str, str] = {}
        self.read: set[tuple[str, str, str]] = set()
        self.lies: list[str] = []

    def look(self, name: str, state: str, label: str, matter: Any) -> None:
        """Everybody posts every act of the matter as it stands."""
        room = self.rooms[name]
        matter = type(matter)._default_manager.get(pk=matter.pk)
        room.states[state] = label
        acts = room.acts(matter)
        forms = {act: room.fill(matter, act) for act in acts}
        self.told = Entry.objects.count()
        for who in TRYING:
            self.browsers[who].force_login(self.people[who])  # months go by between two states
            self.follows = {}
            status, offered = self._offered(room, who, matter, acts)
            for act, address in acts.items():
                self._try(room, state, act, who, address, forms[act], act in offered, status == 404, matter)

    def _offered(self, room: Room, who: str, matter: Any, acts: dict[str, str]) -> tuple[int, set[str]]:
        pages = [room.page(matter)]
        if "publish" in acts:
            pages.append(reverse("announcements"))
        answers = [self.browsers[who].get(page) for page in pages]
        found = set()
        for answer in answers:
            for address, inside in _FORM.findall(answer.content.decode()):
                act = _act_of(acts, address, inside)
                if act:
                    found.add(act)
            for words, address, inside in _FOLLOWS.findall(answer.content.decode()):
                self.follows[_act_of(acts, address, inside)] = unescape(words)
        return answers[0].status_code, found

    def _try(
        self, room: Room, state: str, act: str, who: str, address: str, form: dict[str, Any], is_offered: bool,
        is_outside: bool, matter: Any,
    ) -> None:  # fmt: skip
        done = Done(matter, matter, _keys(Clock), _keys(Notice)) if is_offered else None
        with transaction.atomic():
            answer = self.browsers[who].post(address, form | {"office": office_of(who)})
            is_done = answer.status_code == 302 and Entry.objects.count() > self.told
            if is_done and done:
                self._look_at(room, state, act, done)
            transaction.set_rollback(True)
        codes = room.codes.setdefault((state, act), set())
        found = _CODE.search(answer.content.decode())
        code = found[1] if found else ""
        if is_done:
            room.may.setdefault((state, act), set()).add(ROLES[who])
        else:
            codes.add(code)
        where = f"{room.title} {state} {act} {who}: {answer.status_code}"
        if is_done != is_offered:
            self.faults.append(f"{where} {'done, but not offered' if is_done else f'offered, but {code}'}")
        if not is_done and not code:
            self.faults.append(f"{where} refused without a code")
        if is_outside and act != "publish" and answer.status_code != 404:
            self.faults.append(f"{where} not there, and says more than 404")

    def _look_at(self, room: Room, state: str, act: str, done: Done) -> None:
        """Compares what the page said would follow with what did."""
        sentence = self.follows.get(act, "")
        if not sentence or (key := (state, act, sentence)) in self.read:
            return
        self.read.add(key)
        done.after = type(done.before)._default_manager.get(pk=done.before.pk)
        said = f"{room.title} {state} {act}“{sentence}”"
        self.lies += [f"{said}: {why}" for why in broken_in_room(sentence, done)]


def _keys(model: Any) -> set[int]:
    return set(model.objects.values_list("pk", flat=True))


def _act_of(acts: dict[str, str], address: str, inside: str) -> str:
    way = _WAY.search(inside)
    if way:
        return way[1]
    return next((act for act, at in acts.items() if at == address and act != "file"), "")


# --- the page ----------------------------------------------------------------------------------------

HEAD = """# Acts of the rooms beside the path

Who may do what, and where: tried, not declared, like [acts.md](acts.md). `tests/contract/test_acts_of_rooms.py` takes \
each matter to every state, lets somebody of every role post every act to its address, and writes this page \
(`REWRITE=1`); without it, it compares. Somebody who did an earlier step that asks for another person is refused \
although the role may. Codes are those of `docs/problems.md`; for whom a matter is not there at all, its acts are not \
either: `not-here`.
"""


def section_of(room: Room) -> str:
    lines = ["| state | act | who may | everybody else |", "|---|---|---|---|"]
    for state, label in room.states.items():
        acts = [act for at, act in room.may if at == state]
        lines += [_row(room, state, label, act) for act in sorted(acts)]
        if not acts:
            lines.append(f"| {label} `{state}` | — | nobody | |")
    lines += ["", f"Outside these states ({room.title}):", "", "| act | refused with |", "|---|---|"]
    acts = sorted({act for _state, act in room.codes})
    lines += [f"| `{act}` | {_outside(room, act)} |" for act in acts]
    return "\n".join(lines)


def _row(room: Room, state: str, label: str, act: str) -> str:
    roles = "、".join(sorted(room.may[state, act]))
    return f"| {label} `{state}` | `{act}` | {roles} | {_words(room.codes[state, act])} |"


def _outside(room: Room, act: str) -> str:
    return _words(
        {c for at, codes in room.codes.items() if at[1] == act and at not in room.may for c in codes}
    )


def _words(codes: set[str]) -> str:
    return " ".join(f"`{code}`" for code in sorted(codes))


def written() -> dict[str, str]:
    """Title → section, as the page has them."""
    text = PAGE.read_text(encoding="utf8") if PAGE.exists() else ""
    parts = [part.split("\n\n", 1) for part in text.split("\n## ")[1:]]
    return {title: section.strip() for title, section in parts}


def write(room: Room) -> None:
    sections = written() | {room.title: section_of(room)}
    titles = [room_listed.title for room_listed in rooms().values() if room_listed.title in sections]
    told = "".join(f"\n## {title}\n\n{sections[title]}\n" for title in titles)
    PAGE.write_text(HEAD + told, encoding="utf8")


@pytest.fixture
def people(cast: Any, city: Any) -> dict[str, Person]:
    """The cast with a liaison of another department; feng's office is the one that is asked."""
    other = Person.objects.create_user("other", password="x", full_name="何平")
    Posting.objects.create(
        person=other,
        role=Role.LIAISON,
        area=city["150302"],
        department="海勃湾区住房和城乡建设局",
        valid_from=SINCE,
    )
    load_shipped_duties()
    return {name: other if name == "other" else getattr(cast, name) for name in TRYING}


@pytest.fixture
def stations(
    people: dict[str, Person], walk: Walk, make_case: Callable[..., Case], listed: Callable[..., Listing],
    look: Callable[..., Any], measures: Any, grounds: dict[str, Ground],
) -> dict[str, Callable[[], Where]]:  # fmt: skip
    by = {name: actor_of(person) for name, person in people.items()}
    return {
        "referral": lambda: referrals(by),
        "city": lambda: city_plans(by),
        "district": lambda: district_plans(by),
        "correction": lambda: submissions(walk.to(make_case(), CaseState.TERM), "correction", by["zhao"]),
        "statement": lambda: submissions(walk.to(make_case(), CaseState.DEFENCE), "statement", by["fang"]),
        "transfer": lambda: transfers(walk, make_case, by),
        "announcement": lambda: announcements(walk, make_case, by),
        "disclosure": lambda: disclosures(walk, make_case, by),
        "order": lambda: orders(listed(), measures, by),
        "listing": lambda: listings(listed, look, by),
        "year": lambda: years(by),
        "response": lambda: responses(by),
    }


# States no matter of a room may be without.
STATES = {
    "referral": ReferralState, "city": PlanState, "district": PlanState, "correction": SubmissionState,
    "statement": SubmissionState, "transfer": TransferState, "year": SchemeState, "response": Stand,
}  # fmt: skip


@pytest.mark.parametrize("name", list(rooms()))
def test_what_a_page_offers_is_done_and_everything_else_refused(
    name: str, people: dict[str, Person], stations: dict[str, Callable[[], Where]]
) -> None:
    table = Table(people)
    for state, label, matter in stations[name]():
        table.look(name, state, label, matter)
    room = table.rooms[name]
    assert not table.faults, "\n".join(table.faults)
    assert not table.lies, "\n".join(table.lies)
    assert table.read or name in ("transfer", "order"), "no sentence was read"
    assert set(STATES[name].values if name in STATES else room.states) == set(room.states)
    if os.environ.get("REWRITE"):
        write(room)
    assert written()[room.title] == section_of(room)


def test_the_page_has_every_room_and_no_other() -> None:
    titles = [room.title for room in rooms().values()]
    assert list(written()) == titles and PAGE.read_text(encoding="utf8").startswith(HEAD)
