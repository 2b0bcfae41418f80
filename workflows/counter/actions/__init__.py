"""What happens at the employer's window: things handed in, taken over, answered (entering.py opens its door).

The employer is no user of this system: what comes in is recorded under the machine EMPLOYER, which may do nothing
but hand in for the subject its session was opened for.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, day_of, now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import due_on
from grid.hints import hint
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, require_person
from workflows.cases.models import Case
from workflows.clocks.actions import start_clock, start_clock_until, stop_clock
from workflows.clocks.models import Clock
from workflows.clocks.rules import unit_of
from workflows.counter import acts, queries, rules
from workflows.counter import problems as counter_problems
from workflows.counter.actions.entering import EMPLOYER
from workflows.counter.models import Kind, Material, Submission, SubmissionState
from workflows.counter.verbs import CounterVerb
from workflows.engine.actions.steps import locked
from workflows.notices.actions import take_number
from workflows.notices.models import Notice
from workflows.notices.reading import Given, keep_given
from workflows.reminders.actions import queue_message
from workflows.reminders.models import Purpose

# --- handing in --------------------------------------------------------------------------------


def hand_in(
    notice: Notice, kind: str, text: str, signer: str, files: Sequence[Given] = (), *, by: Actor = EMPLOYER
) -> tuple[Submission, bool]:
    """Keeps what the employer hands in, and starts the clock of our answer. (the submission, whether it is new).

    The same words and files again, while nobody has answered them, are the submission there is. Raises NotOffered,
    SubmissionEmpty, TooManySubmissions.
    """
    text, label = text.strip(), Kind(kind).label
    if not text and not files:
        raise counter_problems.SubmissionEmpty(kind=label)
    _refuse_flood(notice)
    _refuse_unasked(notice, kind, text, files)
    # Written before anything is locked: a file without a row harms nobody, a row without a file would.
    paths = {given.sha256: keep_given(given, f"counter/{given.sha256[:2]}/{given.sha256}") for given in files}
    with transaction.atomic():
        case = locked(Case, notice.case_id)
        same, former = _former(case, kind, text, list(paths))
        if former:
            return former, False
        offer = rules.offer_of(kind, queries.standing_of(case), today())
        if offer is None:
            raise counter_problems.NotOffered(kind=label)
        made = _made(notice, case, offer, text, signer.strip(), same)
        Material.objects.bulk_create(
            Material(
                submission=made, name=given.name, kind=given.kind, size=len(given.content),
                sha256=given.sha256, path=paths[given.sha256],
            )
            for given in files
        )  # fmt: skip
        _record_arrival(made, len(files), by)
    return made, True


def _refuse_unasked(notice: Notice, kind: str, text: str, files: Sequence[Given]) -> None:
    """Asked before a file is kept, too, so that what is refused leaves none. Raises NotOffered."""
    case = Case.objects.get(pk=notice.case_id)
    _same, known = _former(case, kind, text, list(dict.fromkeys(given.sha256 for given in files)))
    if known is None and rules.offer_of(kind, queries.standing_of(case), today()) is None:
        raise counter_problems.NotOffered(kind=Kind(kind).label)


def _former(case: Case, kind: str, text: str, files: list[str]) -> tuple[str, Submission | None]:
    """What makes a submission the one it is, and the one that says the same and still waits. What is said again after
    an answer is said anew: a repair that was refused may be applied for in the same words."""
    before = Submission.objects.filter(case=case, kind=kind)
    answered = before.filter(state=SubmissionState.ANSWERED).count()
    hashes = [rules.content_hash(kind, text, files, n) for n in range(answered + 1)]
    waiting = before.exclude(state=SubmissionState.ANSWERED).filter(content_hash__in=hashes)
    return hashes[-1], waiting.first()


def _refuse_flood(notice: Notice) -> None:
    """Asked before a file is kept, and so not to the last one at once: it guards the disk, not a right."""
    since = now() - timedelta(days=1)
    if Submission.objects.filter(case=notice.case_id, given_at__gt=since).count() >= rules.MOST_A_DAY:
        raise counter_problems.TooManySubmissions(most=rules.MOST_A_DAY)


def _made(notice: Notice, case: Case, offer: rules.Offer, text: str, signer: str, same: str) -> Submission:
    provision = the_law(today())[f"counter.{offer.kind}"]
    _start_answer(case, offer.kind, provision)
    year = today().year
    return Submission.objects.create(
        receipt=rules.receipt_code(case.area, year, take_number(f"receipt {case.area[:6]}", year)),
        kind=offer.kind,
        notice=notice,
        case=case,
        subject_id=case.subject_id,
        area=case.area,
        text=text,
        signer=signer,
        content_hash=same,
        given_at=now(),
        due_on=offer.term.due_on if offer.term else None,
        is_late=offer.is_late,
        answer_due=_answer_due(provision),
        answer_basis=provision.basis,
        answer_reviewed=provision.reviewed,
    )


def _answer_due(provision: Provision) -> date:
    due = due_on(today(), int(provision.value), unit_of(provision.unit), workdays())
    assert due is not None  # without a pause every term ends
    return due


def _record_arrival(made: Submission, files: int, by: Actor) -> None:
    facts = {"files": files, "answer_due": made.answer_due.isoformat()}
    late = {"late": _("逾期提出")} if made.is_late else {}
    _record_about(CounterVerb.SUBMISSION_ARRIVED, made, by, facts | late, people={"signer": made.signer})


# --- the clock of our answer -------------------------------------------------------------------


def _start_answer(case: Case, kind: str, provision: Provision) -> None:
    """One clock for each kind: it runs for whichever has waited longest."""
    if _running(case, kind) is None:
        start_clock(f"counter.{kind}", by=EMPLOYER, case=case, provision=provision, from_day=today())


def _running(case: Case, kind: str) -> Clock | None:
    return Clock.objects.filter(case=case, kind=f"counter.{kind}", fired_at=None, stopped_at=None).first()


def _settle_clock(answered: Submission, by: Actor) -> None:
    """The clock stops with the answer, and begins for the next one that waits."""
    if running := _running(answered.case, answered.kind):
        stop_clock(running, _("已答复"), by=by)
    _begin_next(answered.case, answered.kind, by)


def _begin_next(case: Case, kind: str, by: Actor) -> None:
    waiting = Submission.objects.filter(case=case, kind=kind, overdue_at=None)
    following = waiting.exclude(state=SubmissionState.ANSWERED).order_by("answer_due", "pk").first()
    if following:
        begun = day_of(following.given_at)
        provision = the_law(begun)[f"counter.{kind}"]
        start_clock_until(
            following.answer_due, f"counter.{kind}", by=by, matter=case, provision=provision, from_day=begun
        )


def mark_overdue(clock: Clock, *, by: Actor) -> None:
    """The term of an answer is over: it is told once, and the answer is owed all the same."""
    assert clock.case is not None
    kind = clock.kind.removeprefix("counter.")
    late = Submission.objects.filter(
        case=clock.case, kind=kind, overdue_at=None, answer_due__lte=clock.due_on
    )
    for submission in late.exclude(state=SubmissionState.ANSWERED).select_related("case"):
        submission.overdue_at = now()
        submission.save(update_fields=["overdue_at"])
        facts = {"answer_due": submission.answer_due.isoformat()}
        _record_about(CounterVerb.SUBMISSION_OVERDUE, submission, by, facts)
    _begin_next(clock.case, kind, by)


# --- the desk ----------------------------------------------------------------------------------


def take_submission(
    submission: Submission, *, by: Actor, only_note: bool = False, why: str = "", answer: str = ""
) -> Submission:
    """接办: enters the submission where it belongs by law, and answers it where `answer` says something.

    `only_note` keeps it on file without entering it, with a reason. Raises SubmissionTaken, ReasonMissing, and
    whatever the act it is entered by refuses.
    """
    with transaction.atomic():
        row, held = _opened(submission, by)
        if row.taken_by:
            raise _taken(row)
        route = None if only_note else acts.route_of(row)
        if only_note and not why.strip():
            raise problems.ReasonMissing(act=_("只存卷"))
        if route:
            route.take(row, by)
        row.state, row.taken_by_id, row.taken_at = SubmissionState.TAKEN, require_person(by), now()
        row.entered = str(route.label) if route else ""
        row.save(update_fields=["state", "taken_by", "taken_at", "entered"])
        facts = {"entered": row.entered, "reason": why.strip()}
        _record_about(CounterVerb.SUBMISSION_TAKEN, row, by, facts, held=held)
        if answer.strip():
            _answer(row, answer, by, held)
    submission.refresh_from_db()
    return submission


def answer_submission(submission: Submission, text: str, *, by: Actor) -> Submission:
    """Answers the employer, who reads it on the page of the document. Raises ReasonMissing, SubmissionNotTaken,
    SubmissionAnswered.
    """
    with transaction.atomic():
        row, held = _opened(submission, by)
        if not row.taken_by:
            raise counter_problems.SubmissionNotTaken(receipt=row.receipt)
        _answer(row, text, by, held)
    submission.refresh_from_db()
    return submission


def _opened(submission: Submission, by: Actor) -> tuple[Submission, Held | None]:
    """The submission locked after its case, and the posting under which `by` handles its kind. Raises NotHere,
    NotYourPost.
    """
    locked(Case, submission.case_id)
    rows = Submission.objects.select_for_update(of=("self",)).select_related(
        "case__subject", "taken_by", "answered_by", "notice"
    )
    row = rows.get(pk=submission.pk)
    return row, acts.require_handler(by, row)


def _answer(row: Submission, text: str, by: Actor, held: Held | None) -> None:
    if not text.strip():
        raise problems.ReasonMissing(act=_("答复"))
    if row.answered_by and row.answered_at:
        who = row.answered_by.full_name
        raise counter_problems.SubmissionAnswered(who=who, when=_when(row.answered_at), receipt=row.receipt)
    row.state, row.answer, row.answered_at = SubmissionState.ANSWERED, text.strip(), now()
    row.answered_by_id = require_person(by)
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    _settle_clock(row, by)
    _message_employer(row, by)
    _record_about(CounterVerb.SUBMISSION_ANSWERED, row, by, {}, held=held)


def _message_employer(row: Submission, by: Actor) -> None:
    """A line to the registered phone that there is an answer; nothing of what it says."""
    if phone := queries.phone_of(row.subject_id):
        text = _("【人社】您单位提交的{kind}（{receipt}）已经答复，请凭 {number} 的核验码查看。")
        words = text.format(kind=row.get_kind_display(), receipt=row.receipt, number=row.notice.number)
        words = f"示例 {words}" if row.case.subject.is_sample else words
        queue_message(phone, Purpose.ANSWER, words, by=by, case=row.case)


def _taken(row: Submission) -> counter_problems.SubmissionTaken:
    assert row.taken_by and row.taken_at
    return counter_problems.SubmissionTaken(
        who=row.taken_by.full_name, when=_when(row.taken_at), receipt=row.receipt
    )


def _when(moment: datetime) -> str:
    return moment.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")


# --- ledger ------------------------------------------------------------------------------------


def _record_about(
    verb: Verb,
    submission: Submission,
    by: Actor,
    facts: Mapping[str, object],
    *,
    held: Held | None = None,
    people: Mapping[str, str] | None = None,
) -> None:
    case = submission.case
    told = {
        "submission": submission.pk,
        "receipt": submission.receipt,
        "kind_name": str(submission.get_kind_display()),
    }
    record(
        verb,
        Line(
            case.area,
            subject=case.subject_id,
            case=case.code,
            data=told | dict(facts),
            personal=dict(people) if people else None,
        ),
        by=by,
        held=held,
    )
    hint("case", case.area)
    hint("inbox", case.area)
