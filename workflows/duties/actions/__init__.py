"""Referring to a department, its answer, and what the sender makes of it (its term: terms.py).

Locks are taken in this order: the referral, then (in the ledger) the counters of its own and its case's story.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from django.db import transaction

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line, record_many
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, require, require_person
from grid.territory.queries import current_area
from tasks.followups.actions import end_notes
from workflows.duties import problems as duties_problems
from workflows.duties import rules, states
from workflows.duties.models import Answer, Attachment, Department, Duty, Referral
from workflows.duties.queries import File, findings_to_refer, is_readable
from workflows.duties.queries.directory import Directory, departments_with_liaison
from workflows.duties.queries.releasing import released
from workflows.duties.reading import Given, Kept, keep_files, look_at
from workflows.duties.referring import About, Chosen, Question, Reply
from workflows.duties.terms import record_referral, term_of
from workflows.duties.verbs import DutyVerb
from workflows.engine.acts import require_whose

MOST_AT_ONCE = 2_000
# Who keeps the register of businesses (departments.json).
MARKET = "market"


def refer(
    department: Department,
    duty: Duty,
    about: About,
    question: Question,
    files: Sequence[Given] = (),
    *,
    by: Actor,
) -> Referral:
    """Sends one matter to a department.

    Raises NotHere/NotYourPost, DepartmentNotInForce, DutyOfAnother, NoLiaison, FileNotTaken, UnknownArea.
    """
    kept = look_at(files)
    with transaction.atomic():
        held = _require_referrer(department, duty, about.area, by)
        keep_files(files, kept)
        referral = Referral.objects.create(
            department=department, duty=duty, case=about.case, **_asked(about, question), **_sent(by, held),
            **term_of("duty.answer"),
        )  # fmt: skip
        _number([referral])
        _attach(referral, kept, by)
        record_referral(
            referral,
            DutyVerb.REFERRAL_SENT,
            by,
            held,
            title=referral.title,
            clause=duty.clause,
            files=len(kept),
        )
        _end_notes(department, [referral], by)
    return referral


def refer_many(
    department: Department, duty: Duty, chosen: Chosen, question: Question, *, by: Actor
) -> list[Referral]:
    """Refers every confirmed finding that was chosen, each as a row of its own, written in bulk.

    What is with the department already is left out. Raises NothingToRefer, TooManyToRefer, and as `refer`.
    """
    with transaction.atomic():
        held = _require_referrer(department, duty, chosen.area, by)
        rows = findings_to_refer(by, department, chosen)
        findings = list(rows.select_related("subject", "visit")[: MOST_AT_ONCE + 1])
        if not findings:
            raise duties_problems.NothingToRefer()
        if len(findings) > MOST_AT_ONCE:
            raise duties_problems.TooManyToRefer(count=rows.count(), most=MOST_AT_ONCE)
        shared: dict[str, object] = {"department": department, "duty": duty, "batch": uuid4().hex[:20]}
        shared |= _sent(by, held) | term_of("duty.answer")
        made = Referral.objects.bulk_create(
            Referral(**_asked(About(finding=finding), question), **shared) for finding in findings
        )
        _number(made)
        record_many(DutyVerb.REFERRAL_SENT, (_sent_line(referral) for referral in made), by=by, held=held)
        _end_notes(department, made, by)
        hint("inbox", chosen.area)
    return made


def _end_notes(department: Department, made: Sequence[Referral], by: Actor) -> None:
    """What visits had for the register of businesses is told to who keeps it, whatever its name is by now."""
    if department.code == MARKET or department.predecessors.filter(code=MARKET).exists():
        end_notes([referral.subject_id for referral in made], by=by)


def _asked(about: About, question: Question) -> dict[str, object]:
    facts = released(about.subject, about.finding, question.release) if about.subject else []
    return {
        "code": uuid4().hex[:20],  # until it has its number
        "area": about.area,
        "finding": about.finding,
        "subject": about.subject,
        "title": question.title,
        "question": question.text,
        "facts": facts,
    }


def _sent_line(referral: Referral) -> Line:
    facts = {"department": referral.department.name, "title": referral.title, "clause": referral.duty.clause}
    facts |= {"batch": referral.batch, "due_on": referral.due_on.isoformat()}
    return Line(referral.area, referral.subject_id, referral.code, facts)


def _sent(by: Actor, held: Held | None) -> dict[str, object]:
    return {"sent_by_id": require_person(by), "sent_from": held.area if held else "", "sent_at": now()}


def _number(made: Sequence[Referral]) -> None:
    for referral in made:
        referral.code = f"ZB-{today().year}-{referral.pk:06d}"
    Referral.objects.bulk_update(made, ["code"], batch_size=500)


def _require_referrer(department: Department, duty: Duty, area: str, by: Actor) -> Held | None:
    held = require(by, Right.REFER, area)
    current_area(area)
    _require_department(department, duty, area)
    return held


def _require_department(department: Department, duty: Duty, area: str) -> None:
    """Requires that the department is in force, owes this duty and has somebody to answer."""
    directory = Directory()
    carrying = directory.current(department.pk)
    if carrying.pk != department.pk:
        raise duties_problems.DepartmentNotInForce(name=department.name, successor=carrying.name)
    if directory.current(duty.department_id).pk != department.pk:
        raise duties_problems.DutyOfAnother(clause=duty.clause, name=department.name)
    if department.pk not in departments_with_liaison(area, directory):
        raise duties_problems.NoLiaison(name=department.name, area=current_area(area).name)


def _attach(referral: Referral, kept: Iterable[Kept], by: Actor, answer: Answer | None = None) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            referral=referral, answer=answer, name=file.name, kind=file.kind, size=file.size, sha256=file.sha256,
            by_id=require_person(by), at=now(),
        )
        for file in kept
    )  # fmt: skip


# --- the department --------------------------------------------------------------------------------


def receive_referral(referral: Referral, *, by: Actor, at: str = "") -> Referral:
    """The liaison signs for it."""
    with _step(referral, "receive", by, at) as (fresh, held):
        fresh.received_at = now()
        record_referral(fresh, DutyVerb.REFERRAL_RECEIVED, by, held)
    return referral


def answer_referral(referral: Referral, reply: Reply, *, by: Actor, at: str = "") -> Answer:
    """The department's answer; answering what nobody signed for signs for it as well.

    Raises ReasonMissing for an empty answer, FiguresWrong, FileNotTaken, OutOfOrder, NotHere/NotYourPost.
    """
    figures = {"checked": reply.checked, "insured": reply.insured}
    if not reply.text:
        raise problems.ReasonMissing(act=states.label_of("answer"))
    if not rules.figures_fit(reply.checked, reply.insured):
        raise duties_problems.FiguresWrong(**figures)
    kept = look_at(reply.files)
    with _step(referral, "answer", by, at) as (fresh, held):
        keep_files(reply.files, kept)
        fresh.received_at, fresh.answered_at = fresh.received_at or now(), now()
        answer = Answer.objects.create(
            referral=fresh, department_id=fresh.department_id, text=reply.text, **figures, by_id=require_person(by), at=now()
        )  # fmt: skip
        _attach(fresh, kept, by, answer)
        late = today() > fresh.due_on
        record_referral(
            fresh, DutyVerb.REFERRAL_ANSWERED, by, held, **figures, files=len(kept) or None, late=late
        )
    return answer


def return_referral(referral: Referral, to: Department, why: str, *, by: Actor, at: str = "") -> Referral:
    """不属本部门职责: back to the sender, with the department it belongs to. Raises ReasonMissing, DutyOfAnother."""
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of("send_back"))
    with _step(referral, "send_back", by, at) as (fresh, held):
        if to.pk == fresh.department_id:
            raise duties_problems.SameDepartment(name=to.name)
        fresh.returned_to, fresh.returned_why = to, why.strip()
        record_referral(fresh, DutyVerb.REFERRAL_RETURNED, by, held, to=to.name, reason=why.strip())
    return referral


# --- the sender --------------------------------------------------------------------------------------


def redirect_referral(
    referral: Referral, department: Department, duty: Duty, *, by: Actor, at: str = ""
) -> Referral:
    """To another department, with a new term. Raises as `refer`."""
    with _step(referral, "redirect", by, at) as (fresh, held):
        _require_department(department, duty, fresh.area)
        fresh.department, fresh.duty = department, duty
        fresh.returned_to, fresh.returned_why, fresh.received_at = None, "", None
        _run_again(fresh, "duty.answer")
        record_referral(fresh, DutyVerb.REFERRAL_REDIRECTED, by, held, clause=duty.clause)
    return referral


def accept_answer(referral: Referral, remark: str = "", *, by: Actor, at: str = "") -> Referral:
    """The answer will do; what follows from it is noted when the referral is closed."""
    with _step(referral, "accept", by, at) as (fresh, held):
        fresh.accepted_by_id, fresh.accepted_at = require_person(by), now()
        record_referral(fresh, DutyVerb.REFERRAL_ACCEPTED, by, held, reason=remark.strip())
    return referral


def ask_again(referral: Referral, why: str, *, by: Actor, at: str = "") -> Referral:
    """The answer will not do: the department answers once more, within a new term. Raises ReasonMissing."""
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of("ask_again"))
    with _step(referral, "ask_again", by, at) as (fresh, held):
        fresh.again_why = why.strip()
        _run_again(fresh, "duty.answer_again")
        record_referral(fresh, DutyVerb.REFERRAL_ASKED_AGAIN, by, held, reason=why.strip())
    return referral


def close_referral(referral: Referral, result: str, *, by: Actor, at: str = "") -> Referral:
    """Ends it with what came of it. Raises ReasonMissing."""
    return _end(referral, "close", DutyVerb.REFERRAL_CLOSED, result, by, at)


def withdraw_referral(referral: Referral, why: str, *, by: Actor, at: str = "") -> Referral:
    """The sender no longer asks. Raises ReasonMissing."""
    return _end(referral, "withdraw", DutyVerb.REFERRAL_WITHDRAWN, why, by, at)


def _end(referral: Referral, act: str, verb: Verb, why: str, by: Actor, at: str) -> Referral:
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of(act))
    with _step(referral, act, by, at) as (fresh, held):
        fresh.closed_at, fresh.closed_why = now(), why.strip()
        record_referral(fresh, verb, by, held, reason=why.strip())
    return referral


def _run_again(referral: Referral, key: str) -> None:
    for name, value in term_of(key).items():
        setattr(referral, name, value)
    referral.reminded_at = referral.escalated_at = None


# --- taking one step ---------------------------------------------------------------------------------


@contextmanager
def _step(referral: Referral, act: str, by: Actor, at: str) -> Iterator[tuple[Referral, Held]]:
    """Lock, ask, move, save: yields the referral, and the posting acted under, of those whose act it is by its record.

    `at` is the state the person was looking at: a page that was overtaken is refused. To whoever does not read it, it is
    not there.
    """
    with transaction.atomic():
        rows = Referral.objects.select_for_update(of=("self",)).select_related("department", "case")
        fresh, directory = rows.get(pk=referral.pk), Directory()
        if not is_readable(by, fresh, directory):
            raise problems.NotHere()
        held = require_whose("referral", act, File(fresh, directory), by)
        if at and at != fresh.state:
            raise states.out_of_order(fresh, states.label_of(act))
        states.move(fresh, act)
        yield fresh, held
        fresh.save()
    referral.refresh_from_db()
