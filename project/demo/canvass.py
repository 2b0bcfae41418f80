"""Rounds in the demo city: planned, approved, dispatched, walked door by door, reviewed by a second person."""

import hashlib
import struct
import threading
import zlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings

from grid.calendar.now import now
from grid.scope import Actor, Role
from mobile_api.uploads.actions import evidence_path
from project import jobs
from project.demo.agenda import Agenda
from project.demo.employers import Employer
from project.demo.people import Staff
from tasks.findings.actions import reject_finding, return_finding
from tasks.findings.models import Finding, FindingState
from tasks.forms import tables
from tasks.rounds.actions import plan_round
from tasks.rounds.models import Round
from tasks.visits.actions import bind_evidence, record_visits
from tasks.visits.models import CheckTask, TaskState
from tasks.visits.rules import Arrival, Photo
from workflows.cases.actions import confirm_and_open
from workflows.cases.models import Case
from workflows.clocks.actions import fire_due_clocks
from workflows.rounds.actions import approve_round, dispatch_round, submit_round

OnCase = Callable[[Case], None]


def run_jobs() -> None:
    """What was put in the queue, as the worker would do it; until nothing is left."""
    worker = jobs.Worker(threading.Event(), "demo")
    while worker.run_one():
        pass


class Canvass:
    """Walks rounds through their days. `truth` is what a worker finds behind a subject's door."""

    def __init__(self, agenda: Agenda, staff: Staff, truth: dict[str, Employer], on_case: OnCase) -> None:
        self.agenda, self.staff, self.truth, self.on_case = agenda, staff, truth, on_case
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
        for one in by:
            approve_round(round, "同意", by=one)

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
        chosen = [door for door in doors if self.random.random() < min(0.85, share)]
        self.push(self.staff.worker(posting_id), [self.seen(door) for door in chosen])

    def push(self, worker: Actor, arrivals: Sequence[Arrival]) -> None:
        if arrivals:
            record_visits(arrivals, now(), worker.held[0], by=worker)
        for arrival in arrivals:
            for photo in arrival.photos:
                content = picture(arrival.client_id.int)
                bind_evidence(
                    arrival.client_id, photo.sha256, photo.size, photo.kind, kept(content), by=worker
                )

    def seen(self, door: CheckTask) -> Arrival:
        one = self.truth[door.subject.code]
        outcome = self._outcome(one)
        number = UUID(int=self.random.getrandbits(128), version=4)
        form = tables.current(door.form)
        return Arrival(
            client_id=number, task_id=door.pk, subject_id=door.subject_id, premise_code=None, form=form.code,
            form_version=form.version, outcome=outcome, answers=self.answers(one, outcome), recorded_at=now(),
            position=None, photos=_photos(number) if outcome == "refused" else (), replaces=None,
        )  # fmt: skip

    def _outcome(self, one: Employer) -> str:
        if one.flaw_on(self.agenda.day) == "vanished":
            return self.random.choice(("closed", "closed", "moved", "not_found"))
        rest = ("refused", "closed", "moved", "not_found", "nobody_in", "not_a_subject")
        return self.random.choices(("done", *rest), (90, 2.5, 1.5, 1.2, 0.8, 3.4, 0.6))[0]

    def answers(self, one: Employer, outcome: str) -> dict[str, Any]:
        """What the employer says when asked: nearly the truth."""
        if outcome != "done":
            return {}
        day = self.agenda.day
        insured, flaw = one.insured_on(day), one.flaw_on(day)
        said: dict[str, Any] = {"operating": "yes", "employees": one.heads}
        if one.heads:
            said |= {
                "contracts": max(0, one.heads - self.random.choice((0, 0, 0, 1))),
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
            if finding.measures and dice < 0.03:
                return_finding(
                    finding, "在岗人数与税务申报相差较多，请核对花名册", ["employees", "insured_seen"], by=by
                )
            elif finding.measures and dice < 0.05:
                reject_finding(finding, "差额人员为退休返聘，不属漏保", by=by)
            elif dice < 0.95 and (case := confirm_and_open(finding, by=by)):
                self.on_case(case)


# --- photos --------------------------------------------------------------------------------------------


def _photos(number: UUID) -> tuple[Photo, ...]:
    content = picture(number.int)
    return (Photo(hashlib.sha256(content).hexdigest(), len(content), "refusal_photo"),)


def kept(content: bytes) -> str:
    """Puts the bytes where a finished upload puts them, and answers the path below FILES."""
    path = evidence_path(hashlib.sha256(content).hexdigest())
    target = Path(settings.FILES) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
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
