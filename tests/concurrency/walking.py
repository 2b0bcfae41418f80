"""The way of a case from the approval to the removal, taken up by a process that finds it wherever it lies.

It walks in a child of a process that has done nothing but load this: the typesetter's threads do not survive a
fork, so that a child of the test's own process would wait for them for ever.
"""

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from grid.calendar import now as clock
from grid.ledger.models import Entry
from grid.territory.models import Person
from grid.territory.queries import actor_of
from tests.cast import PEOPLE
from tests.workflows.conftest import Walk, found, heads_of_the_district, noon
from workflows.cases import actions as cases
from workflows.cases.models import Case, CaseState
from workflows.inspections import actions as inspecting
from workflows.inspections.models import Inspection
from workflows.listing import actions as listings
from workflows.listing.models import Ground
from workflows.notices.models import Notice, NoticeKind


class Resumed(Walk):
    """The walk of somebody who finds the file as it lies: what was issued is served, what was said stays said."""

    def issued(self, case: Case, kind: str, issue: Callable[[], Notice]) -> None:
        lying = case.notices.filter(kind=kind, withdrawn_at=None, service=None).first()
        self.serve(lying or issue(), self.by.zhao if kind == NoticeKind.URGING else self.by.zhou)

    def at_urging(self, case: Case) -> None:
        self.issued(case, NoticeKind.URGING, lambda: cases.issue_notice(case, by=self.by.zhao))

    def at_escalated(self, case: Case) -> None:
        officers = (self.cast.zhou.pk, self.cast.he.pk)
        inspecting.file_inspection(case, officers, "督促期满仍未改正", by=self.by.zhou)

    def at_penalised(self, case: Case) -> None:
        if case.inspections.latest("pk").is_open:
            inspection = case.inspections.latest("pk")
            inspecting.record_payment(inspection, inspection.fine, clock.today(), "缴-0001", by=self.by.zhou)
        if not case.looks.exists():
            self.look_again(case)
        facts = "未办理社会保险登记，经处罚后仍未改正"
        listings.propose_listing(case, self.grounds["5-1"], facts, by=self.by.zhou)

    def at_listing_proposed(self, case: Case) -> None:
        kind = NoticeKind.LISTING_NOTICE
        self.issued(case, kind, lambda: listings.give_listing_notice(case, by=self.by.ma))

    def inspection_investigating(self, case: Case, inspection: Inspection) -> None:
        self.gather_once(inspection)
        self.issued(case, NoticeKind.ORDER, lambda: inspecting.issue_order(inspection, by=self.by.zhou))

    def inspection_order_expired(self, case: Case, inspection: Inspection) -> None:
        def issue() -> Notice:
            return inspecting.issue_penalty_notice(inspection, found(self.arrears), by=self.by.zhou)

        self.issued(case, NoticeKind.PENALTY_NOTICE, issue)

    def inspection_noticed(self, case: Case, inspection: Inspection) -> None:
        if inspection.reported_on is None and not self.second_lying(inspection):
            self.report(inspection)
        super().inspection_noticed(case, inspection)

    def gather_once(self, inspection: Inspection) -> None:
        if inspection.evidenced_on is None and not self.second_lying(inspection):
            self.gather(inspection)

    def second_lying(self, inspection: Inspection) -> bool:
        """What zhou had written and he had not signed yet."""
        lying = inspection.records.filter(seconded_at=None).first()
        if lying is not None:
            inspecting.second_record(inspection, lying.pk, by=self.by.he)
        return lying is not None

    def inspection_collective(self, case: Case, inspection: Inspection) -> None:
        heads = {head.pk: head for head in heads_of_the_district()}
        if not inspection.opinions.exists():
            inspecting.call_members(inspection, list(heads), by=self.by.qian)
        for silent in inspection.opinions.filter(said_at=None):
            inspecting.give_opinion(inspection, "同意拟处罚意见", by=actor_of(heads[silent.person_id]))
        inspecting.conclude_discussion(inspection, inspecting.Concluded("一致同意"), by=self.by.qian)


def people() -> Any:
    """The cast as another process finds it."""
    found = {name: Person.objects.get(username=name) for name, *_rest in PEOPLE}
    by = {name: actor_of(person) for name, person in found.items()}
    return SimpleNamespace(**found, by=SimpleNamespace(**by))


def take_up(case_id: int) -> None:
    """From what is in the database to the end; time goes on from the last entry."""
    last = Entry.objects.latest("pk").at
    clock.move(noon(clock.day_of(last)) + timedelta(seconds=1) - timezone.now())
    if last > clock.now():
        clock.move(last + timedelta(seconds=1) - timezone.now())
    grounds = {ground.code: ground for ground in Ground.objects.all()}
    Resumed(people(), grounds).to(Case.objects.get(pk=case_id), CaseState.REMOVED)


@dataclass(frozen=True)
class Place:
    """Where the test keeps its database and its files."""

    database: dict[str, Any]
    folders: dict[str, Path]


def walk_to_death(case_id: int, before: bool, said: Path, place: Place) -> None:
    """Walks until the first commit, and dies there; says in `said` why it failed otherwise."""
    connection.settings_dict.update(place.database)
    for name, folder in place.folders.items():
        setattr(settings, name, folder)
    try:
        die_at_commit(before)
        take_up(case_id)
    except BaseException:
        said.write_text(traceback.format_exc())
        os._exit(1)
    os._exit(0)


def die_at_commit(before: bool) -> None:
    """This process kills itself at the next commit, just before or just after it."""
    commit = BaseDatabaseWrapper.commit

    def last(self: BaseDatabaseWrapper) -> None:
        if not before:
            commit(self)
        os.kill(os.getpid(), signal.SIGKILL)

    BaseDatabaseWrapper.commit = last  # type: ignore[method-assign]
