"""Every act in every state by every role, tried and compared with what the page offers and with docs/acts.md.

At each state of a case, its inspection and its audit every act is tried in earnest by somebody of every role, and
undone again. What the page offers must succeed, whatever it does not offer must be refused with a code. The table of
it is `docs/acts.md`; `REWRITE=1 pytest tests/contract/test_acts_table.py` writes it anew: read the difference.

Somebody who works at one act tries that one alone, and compares its rows: `pytest tests/contract/test_acts_table.py
-k serve-order`.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.scope import Actor, Role
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tests.approving import approve_all
from tests.cast import PEOPLE, SINCE
from tests.contract.promises import Change, Look, broken
from tests.forward import go_to
from tests.workflows.conftest import (
    HEARD,
    MINUTES,
    SERVERS,
    UNKNOWN_MEANS,
    Walk,
    certify,
    found,
    gathered,
    heads_of_the_district,
    paper,
    someone,
)
from workflows.audits import actions as auditing
from workflows.audits.actions.auditing import Record
from workflows.audits.acts import offers as audit_offers
from workflows.audits.models import Audit, AuditState, RecordKind
from workflows.audits.queries import file_of as audit_file
from workflows.cases import actions as cases
from workflows.cases.actions import rectify_cases
from workflows.cases.models import Case, CaseState
from workflows.cases.queries import file_of as case_file
from workflows.clocks.actions import fire_due_clocks
from workflows.engine.acts import acts_on, offers_for
from workflows.engine.kind import owner_of
from workflows.inspections import actions as inspecting
from workflows.inspections.models import Inspection, InspectionState
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.inspections.models.insurances import Insurance
from workflows.inspections.queries import file_of as inspection_file
from workflows.inspections.queries.offences import Suspected
from workflows.inspections.rules.dues import Found
from workflows.listing import actions as listings
from workflows.listing.actions.proving import Document, Seen
from workflows.notices.actions import Receipt
from workflows.notices.models import NoticeKind
from workflows.persons.actions import Named
from workflows.remedies.actions import close_remedy, note_remedy
from workflows.remedies.rules import Challenge, Ending

# Minutes of trying, and more on a machine that has other work.
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.timeout(1800)]
PAGE = Path(__file__).resolve().parent.parent.parent / "docs/acts.md"
# Acts that follow one another within a state are tried this deep.
DEPTH = 3
# Other answers of a form of which its sentence speaks.
OTHERWISE: dict[str, tuple[dict[str, Any], ...]] = {
    "close-remedy": ({"outcome": "quashed"},),
    "pay": ({"amount": Decimal(10**6)},),
    "mend": ({"facts": "未为十二名职工办理社会保险登记"},),
}
# Whoever takes an officer's place may what that officer might, and nobody is left to take the next one's.
CHANGES_HANDS = {"recuse"}
# Asked for once more what was already done so: neither refused nor done again.
NOTHING = "nothing-changed"
# One of every role, an inspector who has no part in the matter, the others of the two whose acts must be by different
# people, and somebody from elsewhere.
TRYING = ("wang", "zhao", "sun", "qian", "tang", "zhou", "fang", "wu", "feng", "zheng", "han", "gao")
ALSO = ("jiang", "he", "shi", "ma")
ROLES = {name: str(Role(role).label) for name, _full, role, _area, _department in PEOPLE}
ROLES |= {"han": "外区人员", "gao": str(Role.INSPECTOR.label)}


@dataclass
class Room:
    """One kind of matter: its acts, and what its page offers."""

    title: str
    model: Any
    states: Any
    perform: Mapping[str, Callable[..., Any]]
    offered: Callable[[Mapping[str, Actor], Any], dict[str, dict[str, Any]]]
    labels: dict[str, str] = field(default_factory=dict)
    # (state, act) → roles that may, and the codes with which everybody else is refused.
    may: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    codes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    known: set[Any] = field(default_factory=set)


# Person → the acts offered to them, each with its offer. The file is read once: it is the same for every reader.
Offered = dict[str, dict[str, Any]]


def _cases(viewers: Mapping[str, Actor], case: Case) -> Offered:
    file = case_file(case)
    return {name: _named(offers_for("case", viewer, case, file)) for name, viewer in viewers.items()}


def _inspections(viewers: Mapping[str, Actor], inspection: Inspection) -> Offered:
    file = inspection_file(inspection)
    return {
        name: _named(offers_for("inspection", viewer, inspection, file)) for name, viewer in viewers.items()
    }


def _audits(viewers: Mapping[str, Actor], audit: Audit) -> Offered:
    file = audit_file(audit)
    return {name: _named(audit_offers(viewer, audit.case, file)) for name, viewer in viewers.items()}


def _named(offers: Iterable[Any]) -> dict[str, Any]:
    return {offer.name: offer for offer in offers if not offer.on}


def rooms() -> dict[type, Room]:
    return {
        Case: Room("案件", Case, CaseState, _done("case"), _cases),
        Inspection: Room("劳动监察", Inspection, InspectionState, _done("inspection"), _inspections),
        Audit: Room("社会保险稽核", Audit, AuditState, _done("audit"), _audits),
    }


def _done(page: str) -> dict[str, Callable[..., Any]]:
    """What each act of the page does; one that begins the matter is tried where it begins."""
    return {name: act.do for name, act in acts_on(page).items() if not act.on}


# --- a form filled in as well as can be ------------------------------------------------------------


class Filled:
    """Whatever an act asks for, filled in so that nothing but the law can be in its way."""

    def __init__(self, cast: Any, matter: Any, grounds: Any) -> None:
        self.matter, self.at_state, self.cast = matter, matter.state, cast
        proven = isinstance(matter, Case) and matter.looks.exists()
        day = today()
        self.cleaned_data = {
            "remark": "已核对", "why": "理由充分", "fields_asked": self._asked(), "days": None,
            "facts": "未办理社会保险登记", "text": "申辩与答复",
            "opinion": "同意", "ground": grounds["5-1" if proven else "5-3"], "officer_1": cast.zhou.pk, "officer_2": cast.he.pk,
            "on": day, "place": "会议室", "chair": cast.shi.pk, "clerk": "书记员", "hour": "上午9时", "times": None,
            "members": [head.pk for head in heads_of_the_district()], "to": "investigating", "officer": cast.zhou.pk,
            "instead": cast.gao.pk, "amount": Decimal(100), "paid_on": day, "slip": f"缴-{matter.pk}",
            "department": "市税务局", "old": cast.zhou.pk, "new": cast.gao.pk, "insurance": Insurance.values[0],
            "orders": "补缴", "heard": "不采纳", "decision": "", "kind": "review", "body": "乌海市人民政府", "filed_on": day,
            "number": "文1号", "outcome": "upheld", "decided_on": day, "effective_on": day, "because": "matter", "fine": None,
            "violation": "", "exemption": "first", "names": "张三\n李四",
        }  # fmt: skip
        if isinstance(matter, Audit):
            staff = (cast.tang.pk, cast.jiang.pk, cast.lu.pk)
            other = next(pk for pk in staff if pk not in matter.auditors)
            self.cleaned_data |= {"old": matter.auditor_1_id, "new": other}
        if isinstance(matter, Inspection):
            waiting = matter.records.filter(seconded_at=None).order_by("pk").first()
            known = [record.pk for record in matter.records.all() if record.is_evidence]
            self.cleaned_data |= {
                "record": waiting.pk if waiting else 0,
                "proof": f"record-{known[0]}" if known else "",
            }
        if isinstance(matter, Inspection) and matter.state == InspectionState.HEARING:
            self.cleaned_data["on"] = day + timedelta(days=20)

    def again(self) -> "Filled":
        """The same answers for whoever tries next: looking them up costs more than most refusals."""
        filled = copy(self)
        filled.cleaned_data = dict(self.cleaned_data)
        return filled

    def _asked(self) -> list[str]:
        """What is to be asked at the door again, where a case is sent back there."""
        at_door = (CaseState.STREET_APPROVAL, CaseState.DISTRICT_APPROVAL)
        return ["employees"] if isinstance(self.matter, Case) and self.matter.state in at_door else []

    def receipt(self) -> Receipt:
        return Receipt(
            way="direct", served_on=today(), receiver="张三", receiver_role="法定代表人", **SERVERS
        )

    def circumstances(self) -> dict[str, Any]:
        return {"amount": 20000}

    def seen(self) -> Seen:
        return Seen(
            today(), "登记住所", (self.cast.zhou.pk, self.cast.he.pk), "在岗12人，参保0人", False, (paper(),)
        )

    def document(self) -> Document:
        return Document("record", "", today(), "经办机构", (paper(),))

    def concluded(self) -> inspecting.Concluded:
        return inspecting.Concluded("一致同意")

    def minutes(self) -> inspecting.Minutes:
        return MINUTES

    def hearing_report(self) -> inspecting.HearingReport:
        return HEARD

    def suspected(self) -> Suspected:
        return Suspected()

    def named(self) -> Named:
        known = [record.pk for record in self.matter.records.all() if record.is_evidence]
        return someone(known[0] if known else 0)

    def asked(self) -> inspecting.Asked:
        return UNKNOWN_MEANS

    def found(self) -> Any:
        if isinstance(self.matter, Audit):
            return Found(
                str(Insurance(Insurance.values[0]).label), "2026-01", "2026-06", 12, 0, Decimal(6000)
            )
        return found()

    def record(self) -> Any:
        if isinstance(self.matter, Inspection):
            return gathered()
        return Record(RecordKind.values[0], today(), "工作记录", "张三", True, "")


def attempt(
    room: Room,
    matter: Any,
    act: str,
    by: Actor,
    form: Filled,
    told: int,
    seen: Callable[[], None] = lambda: None,
) -> str:
    """The code with which the act is refused; nothing when it was done: then `seen` looks at what it did. Undone in
    any case."""
    with transaction.atomic():
        try:
            room.perform[act](copy(matter), form, by)
            code = "" if Entry.objects.count() > told else NOTHING
        except problems.Problem as refused:
            code = refused.code
        if not code:
            seen()
        transaction.set_rollback(True)
    return code


class Table:
    """Looks at matters wherever they stand and keeps what was seen."""

    def __init__(self, cast: Any, grounds: Any, only: str = "") -> None:
        self.cast, self.grounds, self.rooms, self.only = cast, grounds, rooms(), only
        self.faults: list[str] = []
        # Sentences read, by state and act, and what of them was not true.
        self.read: set[tuple[str, str, str, str]] = set()
        self.lies: list[str] = []

    def look(self, matter: Any) -> None:
        """Everybody tries everything on the matter as it stands, and again after each act that leaves its state."""
        room = self.rooms[type(matter)]
        room.seen.add(room.model.objects.get(pk=matter.pk).state)
        self._look(room, matter, set(room.perform), DEPTH)

    def _look(self, room: Room, matter: Any, acts: set[str], depth: int) -> None:
        """Tries `acts` and whatever is offered besides: what only became lawful on the way here is tried here. Papers are
        approved: what is a draft is tried in tests/workflows/notices/test_approving.py."""
        matter = room.model.objects.get(pk=matter.pk)
        approve_all(owner_of(matter))
        offered = room.offered({name: self._actor(name) for name in (*TRYING, *ALSO)}, matter)
        situation = (
            matter.state,
            tuple(tuple(sorted(own)) for own in offered.values()),
        )
        if situation in room.known:
            return
        room.known.add(situation)
        room.labels |= {act: str(offer.label) for own in offered.values() for act, offer in own.items()}
        told = Entry.objects.count()
        here = {act for own in offered.values() for act in own}
        for act in sorted(acts | here):
            if self.only in ("", act):
                self._try(room, matter, act, offered, told)
        if depth:
            for act in sorted(here - CHANGES_HANDS):
                self._follow(room, matter, act, offered, depth)

    def _try(self, room: Room, matter: Any, act: str, offered: dict[str, dict[str, str]], told: int) -> None:
        filled = Filled(self.cast, matter, self.grounds)
        for name in (*TRYING, *ALSO):
            is_offered = act in offered[name]
            if name in ALSO and not is_offered:
                continue
            form, seen = filled.again(), self._seen(room, matter, act, offered[name])
            code = attempt(room, matter, act, self._actor(name), form, told, seen)
            where = (str(matter.state), act)
            room.codes.setdefault(where, set())
            if not code:
                room.may.setdefault(where, set()).add(ROLES[name])
                self._otherwise(room, matter, act, name, offered)
            else:
                room.codes[where].add(code)
            if is_offered == bool(code):
                said = f"offered, but refused: {code}" if code else "done, but not offered"
                self.faults.append(f"{room.title} {matter.state} {act} {name}: {said}")

    def _otherwise(self, room: Room, matter: Any, act: str, name: str, offered: Offered) -> None:
        """What a sentence says of another answer of the same form is looked at too."""
        for answers in OTHERWISE.get(act, ()):
            form = Filled(self.cast, matter, self.grounds)
            form.cleaned_data |= answers
            seen = self._seen(room, matter, act, offered.get(name, {}), str(answers))
            attempt(room, matter, act, self._actor(name), form, 0, seen)

    def _seen(
        self, room: Room, matter: Any, act: str, offers: Mapping[str, Any], answers: str = ""
    ) -> Callable[[], None]:
        """Compares what the page said would follow with what did; once for each sentence in a state."""
        sentence = str(offers[act].follows) if act in offers else ""
        key = (sentence, matter.state, act, answers)
        if not sentence or key in self.read:
            return lambda: None
        self.read.add(key)
        before = Look.at(matter)

        def offered() -> set[str]:
            fresh = room.model.objects.get(pk=matter.pk)
            people = {name: self._actor(name) for name in (*TRYING, *ALSO)}
            return {act_name for acts in room.offered(people, fresh).values() for act_name in acts}

        def look() -> None:
            said = f"{room.title} {matter.state} {act}“{sentence}”"
            self.lies += [
                f"{said}: {why}" for why in broken(sentence, Change(before, Look.at(matter), offered))
            ]

        return look

    def _follow(
        self, room: Room, matter: Any, act: str, offered: dict[str, dict[str, str]], depth: int
    ) -> None:
        """After an act that leaves the state: what may be done then? Undone again."""
        by = self._actor(next(name for name, acts in offered.items() if act in acts))
        with transaction.atomic():
            try:
                form = Filled(self.cast, matter, self.grounds)
                room.perform[act](room.model.objects.get(pk=matter.pk), form, by)
                fresh = room.model.objects.get(pk=matter.pk)
                if fresh.state == matter.state:
                    self._look(
                        room,
                        fresh,
                        {a for own in offered.values() for a in own} | {act},
                        depth - 1,
                    )
            except problems.Problem:
                pass
            transaction.set_rollback(True)

    def _actor(self, name: str) -> Actor:
        return getattr(self.cast.by, name)


# --- where matters stand ---------------------------------------------------------------------------


@pytest.fixture
def crew(cast: Any, city: Any) -> Any:
    """The cast with a third inspector and a third auditor, so that one of the two can be replaced."""
    span = {"valid_from": today() - timedelta(2000), "valid_to": today() + timedelta(2000)}
    third = {}
    for name, role, number, kind in (
        ("gao", Role.INSPECTOR, "蒙C-0199", CertificateKind.ENFORCEMENT),
        ("lu", Role.EXAMINER, "稽-0199", CertificateKind.AUDIT),
    ):
        third[name] = Person.objects.create_user(name, password="x", full_name=f"{name}第三")
        Posting.objects.create(person=third[name], role=role, area=city["150302"], valid_from=SINCE)
        Certificate.objects.create(person=third[name], number=number, kind=kind, **span)
    certify(cast)
    by = SimpleNamespace(**vars(cast.by), **{name: actor_of(person) for name, person in third.items()})
    return SimpleNamespace(**{**vars(cast), **third, "by": by})


def on_the_path(walk: Walk, case: Case, table: Table) -> None:
    """The whole way, looking at the case and its inspection wherever they stand."""
    for _step in range(60):
        case = Case.objects.get(pk=case.pk)
        table.look(case)
        for inspection in case.inspections.all():
            table.look(inspection)
        if case.state == CaseState.REMOVED:
            return
        getattr(walk, f"at_{case.state}")(case)


def beside_the_path(walk: Walk, make: Callable[[], Case], crew: Any) -> Iterator[Any]:
    """The states the way does not pass: sent back, heard, discussed, demanded, and every other end."""
    by = crew.by
    for state, who in ((CaseState.STREET_APPROVAL, by.sun), (CaseState.LISTING_REVIEW, by.fang)):
        case = walk.to(make(), state)
        yield cases.return_case(case, "请补正", [], by=who)
    yield cases.withdraw_case(walk.to(make(), CaseState.URGING), "重复立案", by=by.qian)
    yield listings.drop_listing(walk.to(make(), CaseState.PENALISED), "情节轻微", by=by.qian)
    healed = walk.to(make(), CaseState.TERM)
    rectify_cases([healed.subject_id], by=by.qian)
    yield healed
    yield from _inspected(walk, make, crew)
    yield from _audited(walk, make, crew)


def _inspected(walk: Walk, make: Callable[[], Case], crew: Any) -> Iterator[Any]:
    by = crew.by
    for ending in (inspecting.withdraw_inspection, inspecting.impose_no_penalty):
        inspection = walk.inspection_at(make(), InspectionState.INVESTIGATING)
        record = walk.gather(inspection, text="复查：已为全部职工办理登记")
        ending(inspection, "轻微并已改正", by=by.qian, proof=f"record-{record.pk}")
        yield inspection
        yield Case.objects.get(pk=inspection.case_id)
    inspection = walk.inspection_at(make(), InspectionState.INVESTIGATING)
    inspecting.transfer_inspection(inspection, "公安机关", "涉嫌犯罪", by=by.qian)
    yield inspection
    yield Case.objects.get(pk=inspection.case_id)
    healed = walk.inspection_at(make(), InspectionState.DECIDED)
    rectify_cases([healed.case.subject_id], by=by.qian)
    healed = walk.inspection_at(healed.case, InspectionState.PERFORMING)
    inspecting.record_payment(healed, healed.fine, today(), "缴-0002", by=by.zhou)
    yield Case.objects.get(pk=healed.case_id)
    for state in (InspectionState.DEMANDED, InspectionState.COURT, InspectionState.ENFORCED):
        yield walk.inspection_at(make(), state)
    inspection = walk.inspection_at(make(), InspectionState.PERFORMING)
    remedy = note_remedy(
        inspection.case, Challenge("suit", "人民法院", today(), target="penalty"), by=by.zhou
    )
    yield inspection
    close_remedy(remedy, Ending("quashed", "判1号", today(), effective_on=today()), by=by.zhou)
    yield Inspection.objects.get(pk=inspection.pk)
    yield Case.objects.get(pk=inspection.case_id)
    walk.arrears = Decimal(200000)
    inspection = walk.inspection_at(make(), InspectionState.NOTICED)
    yield inspection
    inspecting.request_hearing(inspection, "要求听证", today(), by=by.zhou)
    yield inspection
    yield walk.inspection_at(inspection.case, InspectionState.COLLECTIVE)


def _audited(walk: Walk, make: Callable[[], Case], crew: Any) -> Iterator[Any]:
    by, ends = crew.by, ("propose", "tax", "correct", "clear")
    for end in ends:
        case = walk.to(make(), CaseState.ESCALATED)
        audit = auditing.open_audit(case, (crew.tang.pk, crew.jiang.pk), by=by.tang)
        if end == ends[0]:
            yield Case.objects.get(pk=case.pk)
        for step in (_begin, _inform, _opine):
            if end in ends[:2]:
                yield audit
            audit = Audit.objects.get(pk=audit.pk)
            if end == "clear" and audit.state == AuditState.EXAMINING:
                break
            step(walk, crew, audit)
        audit = Audit.objects.get(pk=audit.pk)
        if end in ends[:2]:
            yield audit
        _end(audit, end, crew)
        yield Audit.objects.get(pk=audit.pk)
        yield Case.objects.get(pk=case.pk)


def _letter(walk: Walk, audit: Audit, kind: str) -> None:
    walk.serve(audit.case.notices.get(kind=kind, withdrawn_at=None, service=None), walk.by.tang)


def _begin(walk: Walk, crew: Any, audit: Audit) -> None:
    _letter(walk, audit, NoticeKind.AUDIT_NOTICE)
    held_on = Audit.objects.get(pk=audit.pk).held_on
    if held_on and held_on > today():
        go_to(held_on)


def _inform(walk: Walk, crew: Any, audit: Audit) -> None:
    filled = Filled(crew, audit, walk.grounds)
    auditing.note_record(audit, filled.record(), by=crew.by.tang)
    auditing.note_finding(audit, filled.cleaned_data["insurance"], filled.found(), by=crew.by.tang)
    auditing.issue_findings(audit, by=crew.by.tang)
    _letter(walk, audit, NoticeKind.AUDIT_FINDINGS)


def _opine(walk: Walk, crew: Any, audit: Audit) -> None:
    auditing.record_answer(audit, "已知悉", today(), by=crew.by.tang)
    auditing.draft_opinion(audit, "补缴", "不采纳", by=crew.by.tang)
    auditing.approve_opinion(audit, by=crew.by.qian)
    _letter(walk, audit, NoticeKind.AUDIT_OPINION)


def _end(audit: Audit, end: str, crew: Any) -> None:
    by = crew.by
    if end == "clear":
        record = Record(RecordKind.values[0], today(), "逐人核对，均已参保", "张三", True, "")
        auditing.note_record(audit, record, by=by.tang)
        auditing.clear_audit(audit, "已全员参保", by=by.qian)
        return
    if end == "correct":
        auditing.confirm_correction(audit, "已补缴", by=by.tang)
        return
    go_to(audit.case.clocks.filter(fired_at=None, stopped_at=None).latest("due_on").due_on + timedelta(1))
    fire_due_clocks()
    audit = Audit.objects.get(pk=audit.pk)
    if end == "propose":
        auditing.propose_penalty(audit, "逾期未改正", by=by.tang)
    else:
        auditing.transfer_to_tax(audit, "市税务局", "欠费", by=by.tang)


# --- the page --------------------------------------------------------------------------------------


def page_of(table: Table) -> str:
    lines = [
        "# Acts",
        "",
        "Who may do what, and where: tried, not declared. `tests/contract/test_acts_table.py` takes cases, inspections "
        "and audits to every state, lets somebody of every role try every act there, and writes this page "
        "(`REWRITE=1`); without it, it compares. Somebody who did an earlier step that asks for another person is "
        "refused although the role may. Codes are those of `docs/problems.md`; `nothing-changed`: done before by a "
        "colleague, and asked for once more without effect.",
    ]
    for room in table.rooms.values():
        lines += [
            "",
            f"## {room.title}",
            "",
            "| state | act | who may | everybody else |",
            "|---|---|---|---|",
        ]
        for state in room.states.values:
            acts = sorted(act for at, act in room.may if at == state)
            lines += [_row(room, state, act) for act in acts]
            if not acts and state in room.seen:
                lines.append(f"| {room.states(state).label} `{state}` | — | nobody | |")
        lines += ["", f"Outside these states ({room.title}):", "", "| act | refused with |", "|---|---|"]
        for act in sorted(room.perform):
            codes = {
                c
                for (at, act_name), found in room.codes.items()
                if act_name == act and (at, act_name) not in room.may
                for c in found
            }
            lines.append(f"| {room.labels.get(act, act)} `{act}` | {_codes(codes)} |")
    return "\n".join(lines) + "\n"


def _row(room: Room, state: str, act: str) -> str:
    roles = "、".join(sorted(room.may[state, act]))
    codes = _codes(room.codes[state, act])
    return (
        f"| {room.states(state).label} `{state}` | {room.labels.get(act, act)} `{act}` | {roles} | {codes} |"
    )


def _codes(codes: set[str]) -> str:
    return " ".join(f"`{code}`" for code in sorted(codes))


@pytest.fixture
def look(crew: Any, grounds: Any, walk: Walk, make_case: Callable[..., Case]) -> Callable[..., Table]:
    """`look("approve")`: the table of one act; of all, left out."""
    walk.cast, walk.by = crew, crew.by

    def everywhere(only: str = "") -> Table:
        table = Table(crew, grounds, only)
        on_the_path(walk, make_case(), table)
        for matter in beside_the_path(walk, make_case, crew):
            table.look(matter)
        assert not table.faults, "\n".join(table.faults)
        assert not table.lies, "\n".join(table.lies)
        return table

    return everywhere


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each act that `-k` names in whole or part; none else (tests/contract/conftest.py)."""
    if "one_act" in metafunc.fixturenames:
        words = re.findall(r"[\w-]+", metafunc.config.getoption("keyword"))
        acts = sorted({act for room in rooms().values() for act in room.perform})
        metafunc.parametrize("one_act", [act for act in acts if any(word in act for word in words)])


def test_what_is_offered_is_done_and_everything_else_refused(look: Callable[..., Table]) -> None:
    table = look()
    assert len(table.read) > 100, "too few sentences were read"
    for room in table.rooms.values():
        assert set(room.states.values) - room.seen == set(), f"never looked at in {room.title}"
    page = page_of(table)
    if os.environ.get("REWRITE"):
        PAGE.write_text(page, encoding="utf8")
    assert PAGE.read_text(encoding="utf8") == page


def test_one_act_is_done_where_the_page_of_acts_says_so(one_act: str, look: Callable[..., Table]) -> None:
    def rows(page: str) -> list[str]:
        return [line for line in page.splitlines() if f" `{one_act}` |" in line]

    assert rows(page_of(look(one_act))) == rows(PAGE.read_text(encoding="utf8"))
