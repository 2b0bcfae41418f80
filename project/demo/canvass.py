"""Rounds in the demo city: planned, approved, dispatched, walked door by door, reviewed by a second person."""

import hashlib
import struct
import threading
import zlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from grid.calendar.now import now
from grid.keeping import keep_file, stored
from grid.scope import Actor, Role
from mobile_api.uploads.actions import evidence_path
from project import jobs
from project.demo.agenda import Agenda
from project.demo.employers import Employer
from project.demo.neighbours import Neighbour
from project.demo.people import Staff
from tasks.arrivals.actions.recording import bind_evidence, record_visits
from tasks.doors.models import CheckTask, TaskState
from tasks.findings.actions import reject_finding, return_finding
from tasks.findings.models import Finding
from tasks.findings.rules import ENDINGS, GROUND
from tasks.forms import tables
from tasks.forms.judging import judge
from tasks.outcomes.rules import REASON
from tasks.rounds.actions import plan_round
from tasks.rounds.models import Round
from tasks.rounds.rules import GRID
from tasks.visits.rules import Arrival, Photo
from tasks.visits.states import FindingState
from workflows.cases.actions import confirm_and_open
from workflows.cases.models import Case
from workflows.clocks.actions import fire_due_clocks
from workflows.rounds.actions import approve_round, dispatch_round, submit_round

OnCase = Callable[[Case], None]


# Answers, question by question.
Said = dict[str, Any]


def run_jobs() -> None:
    """What was put in the queue, as the worker would do it; until nothing is left."""
    worker = jobs.Worker(threading.Event(), "demo")
    while worker.run_one():
        pass


class Canvass:
    """Walks rounds through their days. `truth` is what a worker finds behind an employer's door, `others` what is
    heard of whoever has a local code only."""

    def __init__(self, agenda: Agenda, staff: Staff, truth: dict[str, Employer], on_case: OnCase) -> None:
        self.agenda, self.staff, self.truth, self.on_case = agenda, staff, truth, on_case
        self.others: dict[str, Neighbour] = {}
        self.kept: set[str] = set()
        self.random = Random("canvass")

    # --- rounds

    def plan(
        self, title: str, area: str, rules: Sequence[str], days: int, *, by: Actor, most: int = 60
    ) -> Round:
        due_on = self.agenda.day + timedelta(days=days)
        round = plan_round(title=title, area=area, lead_rules=rules, due_on=due_on, per_worker=most, by=by)
        submit_round(round, by=by)
        return round

    def approve(self, round: Round, *by: Actor) -> None:
        for approver in by:
            approve_round(round, "同意", by=approver)

    def send(self, round: Round, *, by: Actor, share: float = 1.0) -> None:
        """Dispatches, and promises the days on which the workers go; `share` of the doors is reached in time."""
        dispatch_round(round, by=by)
        run_jobs()
        length = (round.due_on - self.agenda.day).days
        waiting = CheckTask.objects.filter(round=round).values_list("posting_id", flat=True)
        for posting in sorted(set(waiting)):
            for _time in range(1 if share < 1 else 2):
                day = self.random.randint(1, max(2, int(length * 0.6)))
                walk = partial(self.walk, round, posting, share)
                self.agenda.after(day, walk, 10 + self.random.random() * 6)
        for day in range(3, length + 12, 3):
            self.agenda.after(day, lambda: self.review(round), 17)
        self.agenda.put(round.due_on + timedelta(days=1), self.close_due, 1)

    @staticmethod
    def close_due() -> None:
        """The deadline's clock closes the round; the doors nobody went to are taken back by a job."""
        fire_due_clocks()
        run_jobs()

    # --- doors

    def walk(self, round: Round, posting_id: int, share: float = 1.0) -> None:
        """One worker's outing: about half of the doors still open."""
        waiting = CheckTask.objects.filter(
            round=round, posting=posting_id, state__in=(TaskState.OPEN, TaskState.RETURNED)
        )
        doors = list(waiting.select_related("subject").order_by("pk"))
        chosen = [
            door for door in doors if self.random.random() < min(0.85, share) and not self._is_kept(door)
        ]
        self.push(self.staff.worker(posting_id), [self.seen(door) for door in chosen])

    def push(self, worker: Actor, arrivals: Sequence[Arrival]) -> None:
        if arrivals:
            record_visits(arrivals, now(), worker.held[0], by=worker)
        for arrival in arrivals:
            for photo in arrival.photos:
                content = picture(arrival.client_id.int)
                bind_evidence(arrival.client_id, photo, kept(content), by=worker)

    def look(self, door: CheckTask) -> Finding:
        """A door that was sent out by itself: its worker goes there and is let in."""
        arrival = self.seen(door, "done")
        self.push(self.staff.worker(door.posting_id), [arrival])
        return Finding.objects.select_related("visit").get(visit__client_id=arrival.client_id)

    def _is_kept(self, door: CheckTask) -> bool:
        """Doors of the named workers that whoever tries the phone shall find open."""
        other = self.others.get(door.subject.local_code or "")
        return other.waits if other else door.subject.code in self.kept

    def seen(self, door: CheckTask, outcome: str = "") -> Arrival:
        """`outcome`: known beforehand, else as it turns out."""
        outcome, answers = self._heard(door, outcome)
        form = tables.current(door.form)
        if outcome in ENDINGS:
            reasons = form.question(GROUND)
            offered = [name for name, _label in reasons.choices if name in SEEN_THERE] if reasons else []
            answers = {**answers, GROUND: offered[door.pk % len(offered)]}
            # Some phones are older and give no reason.
            if door.form in ASKED_WHY and door.pk % 3:
                answers |= {f"{REASON}{outcome}": WHY[outcome][door.pk % len(WHY[outcome])]}
        # Whoever finds a door of which the community alone was known says in which grid it lies.
        grid = door.posting.area_id if outcome == "done" and len(door.area) < GRID else ""
        number = UUID(int=self.random.getrandbits(128), version=4)
        photos: tuple[Photo, ...] = ()
        if "poster_photo" in judge(form, {**answers, "poster_photo": "0" * 64}, outcome).sound:
            photos = _photos(number, "poster_photo")
            answers = {**answers, "poster_photo": photos[0].sha256}
        elif outcome == "refused":
            photos = _photos(number, "refusal_photo")
        return Arrival(
            client_id=number, task_id=door.pk, subject_id=door.subject_id, premise_code=None, form=form.code,
            form_version=form.version, outcome=outcome, answers=answers, recorded_at=now(),
            position=None, photos=photos, replaces=None, grid=grid,
        )  # fmt: skip

    def _heard(self, door: CheckTask, outcome: str) -> tuple[str, Said]:
        other = self.others.get(door.subject.local_code or "")
        if other:
            outcome = "done" if self.random.random() < 0.9 else "not_found"
            return outcome, other.answers if outcome == "done" else {}
        employer = self.truth[door.subject.code]
        outcome = outcome or self._outcome(employer)
        return outcome, ASKED.get(door.form, as_said)(self.answers(employer, outcome))

    def _outcome(self, employer: Employer) -> str:
        if employer.flaw_on(self.agenda.day) == "vanished":
            return self.random.choice(("closed", "closed", "moved", "not_found"))
        rest = ("refused", "closed", "moved", "not_found", "nobody_in", "not_a_subject")
        return self.random.choices(("done", *rest), (90, 2.5, 1.5, 1.2, 0.8, 3.4, 0.6))[0]

    def answers(self, employer: Employer, outcome: str) -> Said:
        """What the employer says when asked: nearly the truth."""
        if outcome != "done":
            return {}
        day = self.agenda.day
        insured, flaw = employer.insured_on(day), employer.flaw_on(day)
        said: Said = {"operating": "yes", "employees": employer.heads}
        if employer.heads:
            said |= {
                "contracts": max(0, employer.heads - self.random.choice((0, 0, 0, 1))),
                "insured_seen": insured,
            }
        if insured:
            types = ["pension"] if flaw == "types" else ["pension", "unemployment", "injury"]
            said |= {"types_seen": types, "wage_base": "below" if flaw == "low_base" else "full"}
            said["lapsed"] = "yes" if flaw == "lapsed" else "no"
        return said

    # --- the second pair of eyes

    def review(self, round: Round, most: int = 400) -> None:
        """The communities' reviewers settle what came in up to the day before yesterday."""
        upto = now() - timedelta(days=2)
        rows = Finding.objects.filter(visit__task__round=round, state=FindingState.OPEN, made_at__lt=upto)
        for finding in rows.select_related("visit").order_by("pk")[:most]:
            by = self.staff.at(Role.COMMUNITY, finding.area)
            dice = self.random.random()
            if finding.measures and dice < 0.03 and "employees" in finding.visit.answers:
                return_finding(
                    finding, "在岗人数与税务申报相差较多，请核对花名册", ["employees", "insured_seen"], by=by
                )
            elif finding.measures and dice < 0.05:
                reject_finding(finding, "差额人员为退休返聘，不属漏保", by=by)
            elif dice < 0.95 and (case := confirm_and_open(finding, by=by)):
                self.on_case(case)


# --- what each form hears of it -------------------------------------------------------------------------


def as_said(said: Said) -> Said:
    return said


def _of_institution(said: Said) -> Said:
    kept = ("types_seen", "wage_base", "lapsed")
    rest: Said = {name: said[name] for name in kept if name in said}
    return {"hired": said["employees"], "hired_insured": said.get("insured_seen", 0), **rest} if said else {}


def _of_dust(said: Said) -> Said:
    """About half of them work in the dust; who is insured at all is insured against injury too."""
    kept = {
        name: value for name, value in said.items() if name not in ("contracts", "types_seen", "wage_base")
    }
    if not said.get("employees"):
        return kept
    exposed = (said["employees"] + 1) // 2
    return {**kept, "dust_workers": exposed, "injury_insured": min(exposed, said["insured_seen"])}


def _of_trader(said: Said) -> Said:
    kept = {name: value for name, value in said.items() if name not in ("contracts", "wage_base")}
    return {**kept, "own_insurance": "flexible", "lapsed": said.get("lapsed", "no")} if said else {}


def _of_lone_trader(said: Said) -> Said:
    return {name: value for name, value in _of_trader(said).items() if name != "types_seen"}


# Employers' forms, and why it came to an outcome that asks for no more than its ground.
ASKED_WHY = ("employer", "dust_employer", "sole_trader", "sole_trader_employing")
WHY = {
    "closed": ("closed_down",), "moved": ("moved_out", "moved_unknown"), "not_found": ("unknown_here",),
    "not_a_subject": ("home", "no_duty"),
}  # fmt: skip
# What a worker sees of a door that is over, whatever its form calls it.
SEEN_THERE = ("sealed", "vacant", "removed", "witness")
ASKED: dict[str, Callable[[Said], Said]] = {
    "institution": _of_institution,
    "dust_employer": _of_dust,
    "sole_trader_employing": _of_trader,
    "sole_trader": _of_lone_trader,
}


# --- photos --------------------------------------------------------------------------------------------


def _photos(number: UUID, kind: str) -> tuple[Photo, ...]:
    content = picture(number.int)
    return (Photo(hashlib.sha256(content).hexdigest(), len(content), kind),)


def kept(content: bytes) -> str:
    """Puts the bytes where a finished upload puts them, and answers the path below FILES."""
    path = evidence_path(hashlib.sha256(content).hexdigest())
    keep_file(stored(path), [content], len(content))
    return path


def picture(seed: int, wide: int = 240, high: int = 180) -> bytes:
    """A small PNG of a closed shop front, a little different for each seed: 示例 photos show no real place."""
    random = Random(seed)
    wall, door, ground = (bytes(random.randrange(60, 220) for _ in range(3)) for _ in range(3))
    left = random.randrange(40, 110)
    rows = []
    for y in range(high):
        row = bytearray(ground * wide if y > high * 0.82 else wall * wide)
        if high * 0.3 < y <= high * 0.82:
            shade = bytes(max(0, part - (24 if y % 9 < 2 else 0)) for part in door)
            row[left * 3 : (left + 90) * 3] = shade * 90
        rows.append(b"\0" + bytes(row))
    header = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
