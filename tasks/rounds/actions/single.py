"""One door sent out by itself, because a decision waits for what is seen there: a round of a single task.

It needs no approval and no agenda of its own: whoever sends it has asked who may, and closes it with the decision.
"""

from datetime import date
from uuid import uuid4

from grid.calendar.now import now, today
from grid.hints import hint
from grid.law.queries import the_law
from grid.ledger.actions import Line, record
from grid.scope import Actor, Held, require_person
from grid.subjects.models import Subject
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask, TaskState
from tasks.forms.rules import form_for
from tasks.rounds import problems as rounds_problems
from tasks.rounds import rules
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries.drafting import workers_near
from tasks.rounds.states import move
from tasks.rounds.verbs import RoundVerb


def send_one(
    subject: Subject, title: str, why: str, due_on: date, *, by: Actor, held: Held | None = None
) -> CheckTask:
    """Part of the act that needs the inspection: gives the door of `subject` to its worker.

    Raises NoWorkerThere where nobody could go.
    """
    candidate = rules.Candidate(subject.pk, subject.area, why, form=_form_of(subject))
    plan = rules.plan([candidate], workers_near(subject.area, today()), per_worker=1_000_000)
    if not plan.assigned:
        raise rounds_problems.NoWorkerThere(name=subject.name)
    posting, how = plan.assigned[0].posting, plan.assigned[0].how
    task = CheckTask.objects.create(
        round=_round(subject, title, due_on, by),
        subject=subject,
        area=subject.area,
        posting_id=posting,
        why=why[:200],
        form=candidate.form,
        due_on=due_on,
        feed=raise_feeds([posting])[posting],
        dispatched_at=now(),
    )
    mark_state([subject.pk], CoverState.TO_CHECK, by=by)
    facts = {"round": task.round.code, "posting": posting, "worker": str(task.posting.person), "why": why}
    facts |= {"how": how, "due_on": due_on.isoformat()}
    record(RoundVerb.TASK_DISPATCHED, Line(subject.area, subject=subject.pk, data=facts), by=by, held=held)
    hint("round", subject.area)
    return task


def close_one(task: CheckTask) -> None:
    """Part of the decision that waited: the round of this one door is over. A door nobody went to is taken back."""
    round = Round.objects.select_for_update().get(pk=task.round_id)
    if round.state == RoundState.WORKED:
        move(round, "close")
        round.closed_at = now()
        round.save(update_fields=["state", "closed_at"])
    waiting = CheckTask.objects.filter(pk=task.pk, state__in=(TaskState.OPEN, TaskState.RETURNED))
    if posting := waiting.values_list("posting_id", flat=True).first():
        waiting.update(state=TaskState.CANCELLED, feed=raise_feeds([posting])[posting])


def _form_of(subject: Subject) -> str:
    listed = the_law(today()).get("dust.industries")
    return form_for(subject.kind, subject.industry, tuple(listed.value) if listed else ())


def _round(subject: Subject, title: str, due_on: date, by: Actor) -> Round:
    round = Round.objects.create(
        code=uuid4().hex[:20],
        title=title[:80],
        area=subject.area,
        due_on=due_on,
        state=RoundState.WORKED,
        planned_by_id=require_person(by),
        planned_at=now(),
        dispatch_total=1,
        dispatch_done=1,
    )
    round.code = f"LC-{today().year}-{round.pk:06d}"
    round.save(update_fields=["code"])
    return round
