"""What ends a matter or answers the party is handed over within its days, or somebody hears that it was not (行政处罚法 61条)."""

from grid.calendar.now import day_of, today
from grid.hints import hint
from grid.law.queries import the_law
from grid.ledger.actions import Line, record
from grid.scope import Actor
from workflows.clocks.actions import start_clock, stop_clock
from workflows.clocks.followers import cases
from workflows.clocks.models import Clock
from workflows.clocks.terms import name_of
from workflows.notices.letters import letter_of
from workflows.notices.models import Notice
from workflows.notices.verbs import NoticeVerb


def start_service_term(notice: Notice, by: Actor) -> None:
    """Part of issuing: the term in which it is to reach the party, where its letter names one."""
    if key := letter_of(notice.kind).serve_within:
        provision, since = the_law(today())[key], day_of(notice.issued_at)
        start_clock(key, by=by, case=notice.case, provision=provision, from_day=since)


def stop_service_term(notice: Notice, why: str, by: Actor) -> None:
    """Part of serving or withdrawing: of several papers of one kind the oldest term ends."""
    if key := letter_of(notice.kind).serve_within:
        running = Clock.objects.filter(case=notice.case_id, kind=key, fired_at=None, stopped_at=None)
        if (clock := running.select_related("case").order_by("pk").first()) is not None:
            stop_clock(clock, why[:100], by=by)


def note_unserved(clock: Clock, *, by: Actor) -> None:
    """The days are over and it is not handed over: said once in the ledger; the inbox of whoever serves shows it late."""
    assert clock.case_id is not None
    case = cases().locked(clock.case_id)
    facts = {"term_name": str(name_of(clock.kind)), "due_on": clock.due_on.isoformat()}
    record(
        NoticeVerb.SERVICE_LATE, Line(case.area, subject=case.subject_id, case=case.code, data=facts), by=by
    )
    hint("inbox", case.area[:4])
